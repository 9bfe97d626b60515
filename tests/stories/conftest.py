"""A shop to play stories in: a sandbox, a workspace, and the command line as people use it."""

import contextlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bridge import bootstrap
from bridge.cli.run import run
from bridge.sandbox import Sandbox
from tests.contract.coverage import used_on_page
from tests.judge.contracts import are_here
from tests.judge.watch import watch

WORKSPACE = """\
format: bridge/workspace/v1
id: boutique-fr
lang: fr
jira:
  projects: {marketing: MKT, it: IT}
  departments: {it: it}
confluence: {space: MKT, parent: "Calendrier marketing"}
people:
  camille:  {name: Camille, email: camille@boutique.example}
  jonathan: {name: Jonathan, email: jonathan@boutique.example}
  nadia:    {name: Nadia, email: nadia@boutique.example}
  vanessa:  {name: Vanessa, email: vanessa@boutique.example}
  studio-x: {name: "Studio X", external: true, referent: vanessa}
roles: {marketing: vanessa, ecommerce: vanessa, design: studio-x, content: camille, crm: camille,
        ads: jonathan, social: camille, merchandising: vanessa, it: nadia, logistics: jonathan,
        support: jonathan, photo: camille}
intentions: {deciders: [{person: vanessa, function: ecommerce}]}
"""

# Four steps over two projects, with links in between: the smallest campaign that has everything.
SMALL = """\
format: bridge/retroplan/v1
id: small
version: 1.0.0
title: {fr: "Petite campagne", en: "Small campaign"}
roles: [marketing, it, design]
steps:
  - {id: brief, offset: J-20, title: {fr: "Rédiger le brief", en: "Write the brief"}, department: marketing, role: marketing,
     estimate: [1, 1, 1], result: {fr: "Un brief publié", en: "A published brief"}, importance: high,
     checklist: [{fr: "Le public", en: "The audience"}, {fr: "Le budget", en: "The budget"}]}
  - {id: visuals, offset: J-10, title: {fr: "Créer les visuels", en: "Create the visuals"}, department: design, role: design, needs: [brief]}
  - {id: page, offset: J-5, title: {fr: "Monter la page", en: "Build the page"}, department: it, role: it, estimate: [1, 2, 2], needs: [brief, visuals]}
  - {id: go, offset: J, title: {fr: "Lancer", en: "Launch"}, department: marketing, role: marketing, needs: [page]}
"""


@dataclass
class Result:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shop:
    """A sandbox with a workspace; ``bridge(...)`` is the command line."""

    box: Sandbox
    folder: Path
    patch: pytest.MonkeyPatch
    slept: list[float] = field(default_factory=list)

    def bridge(self, *arguments: str, lang: str = "en", today: str | None = "2027-01-04") -> Result:
        out, err = io.StringIO(), io.StringIO()
        words = [*arguments]
        if today and words[:2] in (
            ["campaign", "create"],
            ["month", "publish"],
            ["month", "preview"],
        ):
            words += ["--today", today]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["-w", str(self.folder), "--lang", lang, *words])
        return Result(code, out.getvalue(), err.getvalue())

    def create(
        self, *more: str, name: str = "Noël", launch: str = "2027-02-26", **how: Any
    ) -> Result:
        """Create the small campaign."""
        return self.bridge(
            "campaign", "create", "small", "--name", name, "--launch", launch, *more, **how
        )

    def create_json(self, *more: str, **how: Any) -> Any:
        result = self.create(*more, "--format", "json", **how)
        assert result.code == 0, result.err
        return result.json

    def publish(self, month: str, *more: str, **how: Any) -> Any:
        result = self.bridge("month", "publish", month, "--format", "json", *more, **how)
        assert result.code == 0, result.err
        return result.json

    def issues(self, project: str | None = None) -> Mapping[str, Any]:
        """The issues that exist, by key, straight from the sandbox's store."""
        return {issue.key: issue for issue in self.box.site.jira.all_issues(project)}

    def by_step(self) -> Mapping[str, str]:
        """The key of each step's issue, by the memory it carries; '' is the epic."""
        found: dict[str, str] = {}
        for key in self.issues():
            memory = self.box.site.jira.properties_of(key).get("bridge")
            if memory is not None:
                assert memory["step"] not in found, f"two issues for {memory['step']!r}"
                found[memory["step"]] = key
        return found

    def by_step_of(self, step: str) -> str:
        """The key of one step's issue, whatever else the bridge keeps; '' is the epic."""
        kept = {
            key: self.box.site.jira.properties_of(key).get("bridge", {}) for key in self.issues()
        }
        return next(
            key
            for key, memory in kept.items()
            if memory.get("step") == step and "template" in memory
        )

    def written(self) -> list[str]:
        """The requests so far that changed something, as 'METHOD path'."""
        reads = ("/search", "/search/jql", "/bulkfetch", "/approximate-count")
        return [
            f"{r.method} {r.path}"
            for r in self.box.requests
            if r.method != "GET" and not r.path.endswith(reads)
        ]

    def page(self, page_id: str) -> str:
        return self.box.site.confluence.body(page_id)

    def configure(self, before: str, after: str) -> None:
        """Edit bridge.yaml."""
        file = self.folder / "bridge.yaml"
        content = file.read_text("utf-8")
        assert before in content
        file.write_text(content.replace(before, after), "utf-8")


# Data Center doubles a story's time: only `make test` plays both.
BOTH_FLAVOURS = pytest.mark.parametrize(
    "shop", ["cloud", pytest.param("datacenter", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Shop]:
    (tmp_path / "bridge.yaml").write_text(WORKSPACE, "utf-8")
    templates = tmp_path / "templates" / "retroplans"
    templates.mkdir(parents=True)
    (templates / "small.yaml").write_text(SMALL, "utf-8")
    with Sandbox(flavour=getattr(request, "param", "cloud")) as box:
        for name, value in {
            "BRIDGE_JIRA_URL": box.ready["jira"],
            "BRIDGE_CONFLUENCE_URL": box.ready["confluence"],
            "BRIDGE_TOKEN": box.ready["token"],
        }.items():
            monkeypatch.setenv(name, value)
        if box.flavour == "cloud":
            monkeypatch.setenv("BRIDGE_EMAIL", box.ready["email"])
        else:  # a token alone: a personal access token
            monkeypatch.delenv("BRIDGE_EMAIL", raising=False)
        one = Shop(box, tmp_path, monkeypatch)
        monkeypatch.setattr(
            bootstrap.SystemClock, "sleep", lambda _, seconds: one.slept.append(seconds)
        )
        yield one


@pytest.fixture(autouse=True)
def contracts(shop: Shop) -> Iterator[None]:
    """Judge every request of the bridge and every answer of the sandbox, in every story."""
    judge = watch(shop.box) if are_here() else None
    yield
    if judge:
        judge.agrees()
        new = judge.operations() - used_on_page()
        assert not new, f"give {new} a scene in tests/contract/tour.py, then make contracts"
