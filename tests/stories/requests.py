"""A shop whose marketing asks and whose IT decides: rules, people, and who signs in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bridge.bootstrap import open_desk
from bridge.cli import output
from bridge.config import workspace as workspace_file
from bridge.config import yamlfile
from bridge.guardrails.circumstances import Acceptance, Circumstances
from bridge.guardrails.fields import FieldType, Level, Lexicon
from bridge.guardrails.policy import Bundle, Limit, Module, Rule
from bridge.guardrails.request import Request
from bridge.operations import review, submit
from bridge.operations.case import Rules
from bridge.operations.granting import Grant
from bridge.operations.sources import Reader
from bridge.ports import Tools
from bridge.settings import Settings
from bridge.text import Bilingual
from tests.stories.conftest import SMALL, Shop

TODAY = date(2027, 1, 4)
STAFF = """\
roles: {marketing: vanessa, design: studio-x, it: nadia, it-security: nadia, it-architecture: jonathan, dpo: vanessa}
deputies:
  dpo: {person: jonathan, from: 2027-01-01, to: 2027-01-31}
  it-security: {person: jonathan, from: 2027-06-01, to: 2027-06-30}
"""
TEMPLATE = SMALL.replace("role: it, estimate", "role: it, request: form, estimate")

NEWSLETTER = """\
# Ce que nous demandons
format: bridge/request/v1
kind: form
title: Newsletter
campaign: noel-2027
requester: camille
needed_by: 2027-02-19
form:
  use: form.lead@2
  purpose: newsletter
  retention_months: 24
  fields:
    - {name: email, label: E-mail, data: email}
"""
TOO_LONG = NEWSLETTER.replace("24", "48")
TOO_MUCH = TOO_LONG + "    - {name: phone, label: Téléphone, data: phone}\n"
INCOMPLETE = NEWSLETTER.replace("  retention_months: 24\n", "")

_W = Bilingual("parce que", "because")


def bundle() -> Bundle:
    """One form module: the DPO decides about retention, IT security about phone numbers."""
    form = Module(
        id="form.lead", version="2.1.0", mode="enforce", owner="it-security", review_by=date(2030, 1, 1),
        applies_to=("form",), title=Bilingual("Formulaire", "Form"),
        parameters={"type": "object", "additionalProperties": False, "properties": {
            "purpose": {"type": "string"}, "retention_months": {"type": "number"},
            "fields": {"type": "array", "items": {"type": "object"}}}},
        limits=(
            Limit(id="F03", path="retention_months", operator="max", operand=36, approver="dpo", why=_W),
            Limit(id="F05", each="fields", path="data", operator="one_of", operand=("email",), approver="it-security", why=_W),
        ),
    )  # fmt: skip
    personal = Module(
        id="personal-data", version="1.0.0", mode="enforce", owner="dpo", review_by=date(2030, 1, 1),
        applies_to=("form",), title=_W, rules=(Rule(id="D1", check="declared", approver="dpo", why=_W),),
    )  # fmt: skip
    types = {
        name: FieldType(id=name, level=level, title=_W)
        for name, level in (("email", Level.N1), ("phone", Level.N2))
    }
    return Bundle(
        id="b" * 64,
        modules={m.id: m for m in (form, personal)},
        registers={},
        lexicon=Lexicon(types),
    )


def rules(today: date = TODAY, **more: Any) -> Rules:
    found = bundle()
    accepted = tuple(
        Acceptance(m.id, m.version, "nadia", m.owner, date(2026, 1, 1))
        for m in found.modules.values()
    )
    return Rules(
        bundle=found,
        circumstances=Circumstances(today=today, acceptances=accepted),
        reader=Reader(
            lambda words, name: Request(yamlfile.parse(words, name).data), yamlfile.scalar
        ),
        steps=lambda _: {"page": "form"},
        **more,
    )


@dataclass
class Office:
    """A shop with a campaign; ``submit`` and the rest act as the bridge or as a person."""

    shop: Shop
    tokens: dict[str, str] = field(default_factory=dict)
    today: date = TODAY

    def settings(self, person: str | None) -> Settings:
        if person is None:
            return Settings.of_environment()
        mail = f"{person}@boutique.example"
        token = self.tokens.setdefault(person, self.shop.box.site.people.issue_token(mail))
        ours = Settings.of_environment()
        return Settings(ours.jira, ours.confluence, mail if ours.email else None, token)

    @contextmanager
    def tools(self, person: str | None = None) -> Iterator[Tools]:
        workspace = workspace_file.load(self.shop.folder)
        desk = open_desk(
            self.shop.folder,
            workspace,
            output.tell,
            today=self.today,
            settings=self.settings(person),
        )
        with desk.writing() as journal:
            yield Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell)

    def submit(self, what: str, person: str | None = None, **how: Any) -> submit.Submitted:
        workspace = workspace_file.load(self.shop.folder)
        agree = how.pop("agree", lambda _: True)
        by = how.pop("rules", rules(self.today))
        with self.tools(person) as tools:
            if "\n" not in what:
                return submit.submit_issue(what, workspace, tools, by, agree)
            request = by.reader.parse(what, "request.yaml")
            return submit.submit_file(request, what, workspace, tools, by, agree)

    def approve(
        self, key: str, person: str | None, *findings: str, grant: Grant | None = None
    ) -> review.Decided:
        workspace = workspace_file.load(self.shop.folder)
        with self.tools(person) as tools:
            return review.approve(
                key, findings, grant, workspace, tools, rules(self.today), lambda _: True
            )

    def reject(self, key: str, person: str | None, reason: str) -> review.Decided:
        workspace = workspace_file.load(self.shop.folder)
        with self.tools(person) as tools:
            return review.reject(key, reason, workspace, tools, rules(self.today), lambda _: True)

    def show(self, key: str, person: str | None = None) -> review.Item:
        with self.tools(person) as tools:
            return review.show(key, workspace_file.load(self.shop.folder), tools, rules(self.today))

    def queue(self, person: str | None = None) -> review.Queue:
        with self.tools(person) as tools:
            return review.queue(workspace_file.load(self.shop.folder), tools, rules(self.today))

    # --- what people do in the browser -----------------------------------------------------------

    def label(self, key: str, label: str, person: str, *, off: bool = False) -> None:
        labels = [one for one in self.jira.issue(key).labels if one != label]
        self.jira.edit(key, by=mail(person), labels=labels if off else [*labels, label])

    def say(self, key: str, words: str, person: str) -> None:
        self.jira.comment(key, words, by=mail(person))

    # --- what the site shows ---------------------------------------------------------------------

    @property
    def jira(self) -> Any:
        return self.shop.box.site.jira

    def labels(self, key: str | None) -> set[str]:
        return set(self.jira.issue(key).labels)

    def record(self, key: str | None) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.jira.properties_of(key)["bridge"]
        return found

    def of_kind(self, kind: str) -> list[str]:
        """The keys of issues with such a record, straight from the store."""
        return [
            k
            for k in self.shop.issues()
            if self.jira.properties_of(k).get("bridge", {}).get("kind") == kind
        ]

    def writes(self) -> list[str]:
        return self.shop.written()

    def words(self, key: str | None) -> list[str]:
        """What the comments of an issue say."""
        with self.tools() as tools:
            return [comment.words for comment in tools.tracker.comments(str(key))]

    def attach(self, key: str, name: str, content: bytes, person: str) -> None:
        issue = self.jira.issue(key)
        self.jira.files.add(
            issue, name, "application/yaml", content, self.shop.box.site.people.find(mail(person))
        )

    def assignee(self, key: str) -> str:
        """The first name of whom an issue is assigned to."""
        person = self.shop.box.site.people.get(self.jira.issue(key).assignee)
        return person.name if person else ""


def mail(person: str) -> str:
    return f"{person}@boutique.example"


def start_clock(shop: Shop, day: date = TODAY) -> None:
    """Let the site's time begin on a day at nine, and go on by a second with every look."""
    seconds = iter(range(10**9))
    begin = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    shop.box.now = lambda: begin + timedelta(seconds=next(seconds))


def office(shop: Shop) -> Office:
    """The shop with roles, deputies and a campaign whose step ``page`` waits for a form."""
    workspace = shop.folder / "bridge.yaml"
    lines = workspace.read_text("utf-8")
    before, _, rest = lines.partition("roles: {")
    after = rest.partition("}\n")[2]
    workspace.write_text(before + STAFF + after, "utf-8")
    (shop.folder / "templates" / "retroplans" / "small.yaml").write_text(TEMPLATE, "utf-8")
    start_clock(shop)
    shop.create_json()
    return Office(shop)
