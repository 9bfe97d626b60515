"""The sites that one suite of behaviours is held against: twin, sandbox in both flavours, a live one.

Each opens a Tracker and a Wiki, and lets a test arrange what a person or an administrator would do.
"""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest

from bridge.bootstrap import Desk, SystemClock, open_desk, open_hooks, open_instruments
from bridge.config import workspace as configuration
from bridge.operations.checkup import Instruments
from bridge.ports import Hooks, Tracker, Wiki
from bridge.prose import Paragraph
from bridge.sandbox import Sandbox
from bridge.settings import Settings
from bridge.team import Person
from bridge.text import Text
from bridge.tracker import Account, FieldName
from bridge.wiki import Page
from tests.judge.contracts import are_here
from tests.judge.watch import watch
from tests.twin.hooks import TwinHooks
from tests.twin.tracker import RIGHTS, TwinProject, TwinTracker, TwinUser
from tests.twin.wiki import TwinWiki

SEEDED = ("Camille", "Jonathan", "Vanessa", "Nadia")
WORKSPACE = """\
format: bridge/workspace/v1
id: {id}
jira: {{projects: {{marketing: {marketing}, it: {it}{more}}}{fields}}}
confluence: {{space: {space}, parent: "Calendrier marketing"}}
"""


class Site:
    """A site under test. ``marketing``, ``it`` are project keys; ``team`` a team-managed project's."""

    tracker: Tracker
    wiki: Wiki
    hooks: Hooks
    marketing = "MKT"
    it = "IT"
    team = "TEAM"
    label = "bridge-c-contract"
    prefix = ""
    flavour = "cloud"

    def person(self, name: str) -> Person:
        """Somebody the site knows, as bridge.yaml names them."""
        slug = name.casefold()
        return Person(id=slug, name=name, email=f"{slug}@boutique.example", dc_user=slug)

    # What administrators and other people do; a live site is left as it is.

    def freeze_index(self) -> None:
        """Let the search index stand still."""
        _not_arranged()

    def settle(self) -> None:
        """Let it catch up."""
        _not_arranged()

    def pass_time(self, passed: timedelta) -> None:
        """Let time go on."""
        _not_arranged()

    def deactivate(self, name: str) -> None:
        """Close somebody's account."""
        _not_arranged()

    def shut_out(self, name: str, project: str) -> None:
        """Make somebody unassignable in a project."""
        _not_arranged()

    def add_person(self, name: str, email: str) -> None:
        """Open an account."""
        _not_arranged()

    def take_right(self, right: str, project: str) -> None:
        """Take a right from the bridge's own account."""
        _not_arranged()

    def add_start_field(self, name: str, kind: Literal["date", "text"]) -> str:
        """Add a custom field to every screen; return its id."""
        _not_arranged()

    def hide(self, project: str, field: FieldName) -> None:
        """Take a field off a project's screens."""
        _not_arranged()

    def require_budget(self, project: str) -> None:
        """Make a field required that the bridge knows nothing of, and call it Budget."""
        _not_arranged()

    def delete_issue(self, key: str) -> None:
        """Delete an issue for good."""
        _not_arranged()

    def rename_issue(self, key: str, summary: str) -> None:
        """Edit an issue as a person does."""
        _not_arranged()

    def damage(self, key: str, value: Any) -> None:
        """Write over the bridge's memory."""
        _not_arranged()

    def allow_webhooks(self) -> None:
        """Let the bridge's own account administer the site."""
        _not_arranged()

    def say(self, key: str, words: str, by: str) -> None:
        """Comment an issue as a person does."""
        _not_arranged()

    def mark(self, key: str, *labels: str, by: str) -> None:
        """Give an issue these labels and no others, as a person does."""
        _not_arranged()

    def attach(self, key: str, name: str, content: bytes) -> None:
        """Attach a file as a person does."""
        _not_arranged()

    def leave_no_way_to_done(self, project: str, *, but_by_a_question: bool = False) -> None:
        """Give a project a workflow that does not end, or one whose last step asks for something."""
        _not_arranged()

    def save_page(self, page: Page, body: str) -> None:
        """Save a page as a person does."""
        _not_arranged()

    def archive(self, page: Page) -> None:
        """Archive a page."""
        _not_arranged()

    def trash(self, page: Page) -> None:
        """Move a page to the trash."""
        _not_arranged()

    def with_start_field(self, field: str) -> Tracker:
        """The same tracker for a workspace whose configuration names the start date field."""
        _not_arranged()


class TwinSite(Site):
    """The hand-written fakes."""

    def __init__(self) -> None:
        users = [
            TwinUser(Account(f"id-{n.casefold()}", n), f"{n.casefold()}@boutique.example")
            for n in SEEDED
        ]
        projects = {key: TwinProject(key) for key in (self.marketing, self.it, self.team)}
        self.twin = TwinTracker(projects, users, Account("id-bridge", "Bridge"))
        self.pages = TwinWiki()
        self.tracker, self.wiki = self.twin, self.pages
        self.hooks = self.webhooks = TwinHooks()

    def freeze_index(self) -> None:
        self.twin.lags = self.pages.lags = True

    def settle(self) -> None:
        self.twin.lags = self.pages.lags = False
        self.twin.settle()
        self.pages.settle()

    def pass_time(self, passed: timedelta) -> None:
        self.twin.moment += passed

    def _user(self, name: str) -> TwinUser:
        return next(user for user in self.twin.users if user.account.name == name)

    def deactivate(self, name: str) -> None:
        user = self._user(name)
        user.account = replace(user.account, active=False)

    def shut_out(self, name: str, project: str) -> None:
        self._user(name).not_in |= {project}

    def add_person(self, name: str, email: str) -> None:
        self.twin.users.append(TwinUser(Account(f"id-{email}", name), email))

    def take_right(self, right: str, project: str) -> None:
        assert right in RIGHTS
        self.twin.projects[project].rights -= {right}

    def add_start_field(self, name: str, kind: Literal["date", "text"]) -> str:
        key = "customfield_10099"
        for project in self.twin.projects.values():
            if kind == "date" and name.casefold() in ("start date", "date de début"):
                project.start_fields = (*project.start_fields, (key, name))
        return key

    def hide(self, project: str, field: FieldName) -> None:
        self.twin.projects[project].hidden.add(field)

    def require_budget(self, project: str) -> None:
        self.twin.projects[project].required.add("Budget")

    def delete_issue(self, key: str) -> None:
        self.twin.drop(key)

    def rename_issue(self, key: str, summary: str) -> None:
        self.twin.change(key, self._user("Camille").account, summary=summary)

    def allow_webhooks(self) -> None:
        self.webhooks.allowed = True

    def damage(self, key: str, value: Any) -> None:
        self.twin.put(replace(self.twin.store[key], memory=value))

    def say(self, key: str, words: str, by: str) -> None:
        self.twin.say(key, (Paragraph(words),), self._user(by).account)

    def mark(self, key: str, *labels: str, by: str) -> None:
        self.twin.change(key, self._user(by).account, labels=frozenset(labels))

    def attach(self, key: str, name: str, content: bytes) -> None:
        self.twin.attach(key, name, content)

    def leave_no_way_to_done(self, project: str, *, but_by_a_question: bool = False) -> None:
        self.twin.projects[project].done = None

    def save_page(self, page: Page, body: str) -> None:
        self.pages.save(page.id, page.title, body)

    def archive(self, page: Page) -> None:
        self.pages.archived.add(page.id)

    def trash(self, page: Page) -> None:
        self.pages.trashed.add(page.id)

    def with_start_field(self, field: str) -> Tracker:
        for project in self.twin.projects.values():
            project.start_fields = tuple(f for f in project.start_fields if f[0] == field)
        return self.twin


class SandboxSite(Site):
    """A sandbox over HTTP, opened as the command line opens a site."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.box = box
        self.folder = folder
        self.called: set[str] = set()  # the methods of the ports that a tour called
        self.flavour = box.flavour
        self.jira, self.confluence = box.site.jira, box.site.confluence
        style = "next-gen" if box.flavour == "cloud" else "classic"  # Data Center has no other
        self.jira.setup.add_project(
            self.team, "Team", style=style, lead="Camille", admins=["bridge@boutique.example"]
        )
        desk = self._open("")
        self.tracker, self.wiki = desk.tracker, desk.wiki
        self.hooks = open_hooks(self._settings(), desk.workspace, _say_nothing)

    def _open(self, fields: str) -> Desk:
        written = WORKSPACE.format(id="contract", marketing=self.marketing, it=self.it,
                                   more=f", team: {self.team}", fields=fields, space="MKT")  # fmt: skip
        (self.folder / "bridge.yaml").write_text(written, "utf-8")
        return open_desk(
            self.folder,
            configuration.load(self.folder),
            _say_nothing,
            settings=self._settings(),
        )

    def _settings(self) -> Settings:
        ready = self.box.ready
        environment = {
            "BRIDGE_JIRA_URL": ready["jira"],
            "BRIDGE_CONFLUENCE_URL": ready["confluence"],
            "BRIDGE_TOKEN": ready["token"],
            **({"BRIDGE_EMAIL": ready["email"]} if self.box.flavour == "cloud" else {}),
        }
        return Settings.of_environment(environment)

    def instruments(self) -> Instruments:
        """What the doctor looks around with."""
        return open_instruments(self._settings(), SystemClock("Europe/Paris"), _say_nothing)

    def freeze_index(self) -> None:
        self.box.lag.requests = 1_000_000

    def settle(self) -> None:
        self.box.lag.requests = 0
        self.jira.index.settle(everything=True)

    def pass_time(self, passed: timedelta) -> None:
        before = self.box.now
        self.box.now = lambda: before() + passed

    def deactivate(self, name: str) -> None:
        self.box.site.people.deactivate(name)

    def shut_out(self, name: str, project: str) -> None:
        self.jira.setup.revoke(name, "ASSIGNABLE_USER", project)

    def add_person(self, name: str, email: str) -> None:
        self.box.site.people.add(name, email)

    def take_right(self, right: str, project: str) -> None:
        self.jira.setup.revoke("bridge@boutique.example", right, project)

    def add_start_field(self, name: str, kind: Literal["date", "text"]) -> str:
        return str(self.jira.setup.add_field(name, kind).id)

    def hide(self, project: str, field: FieldName) -> None:
        self.jira.setup.hide(project, {"due": "duedate", "start": "Start date"}.get(field, field))

    def require_budget(self, project: str) -> None:
        self.jira.setup.require(project, self.jira.setup.add_field("Budget").id)

    def delete_issue(self, key: str) -> None:
        self.jira.delete(key, by="bridge@boutique.example")

    def rename_issue(self, key: str, summary: str) -> None:
        self.jira.edit(key, by="Camille", summary=summary)

    def allow_webhooks(self) -> None:
        self.box.site.people.allow("bridge@boutique.example", "ADMINISTER")

    def damage(self, key: str, value: Any) -> None:
        self.jira.set_property(key, "bridge", value)

    def say(self, key: str, words: str, by: str) -> None:
        self.jira.comment(key, words, by=by)

    def mark(self, key: str, *labels: str, by: str) -> None:
        self.jira.edit(key, by=by, labels=list(labels))

    def attach(self, key: str, name: str, content: bytes) -> None:
        person = self.box.site.people.find("Camille")
        self.jira.files.add(self.jira.issue(key), name, "text/plain", content, person)

    def leave_no_way_to_done(self, project: str, *, but_by_a_question: bool = False) -> None:
        asked = {"name": "Finish", "to": "Done", "required": ["resolution"]}
        steps: list[Any] = [("Start", "In Progress", ()), *([asked] if but_by_a_question else [])]
        self.jira.setup.set_workflow(project, steps)

    def save_page(self, page: Page, body: str) -> None:
        self.confluence.edit(page.id, body, by="Camille")

    def archive(self, page: Page) -> None:
        if self.flavour == "datacenter":
            pytest.skip("Data Center archives whole spaces, not pages")
        self.confluence.archive(page.id)

    def trash(self, page: Page) -> None:
        self.confluence.delete(page.id, by="Camille")

    def with_start_field(self, field: str) -> Tracker:
        return self._open(f", fields: {{start_date: {field}}}").tracker


class LiveSite(Site):
    """A real site, by environment variables; writes only what carries a label of its own."""

    NEEDED = ("JIRA_URL", "TOKEN", "PROJECTS", "SPACE", "PEOPLE")

    def __init__(self, given: Mapping[str, str], folder: Path) -> None:
        self.marketing, self.it, *team = given["PROJECTS"].split(",")
        self.team = team[0] if team else self.it
        run = secrets.token_hex(4)
        self.label, self.prefix = f"bridge-contract-test-{run}", f"Bridge contract test {run} "
        self._emails = given["PEOPLE"].split(",")
        written = WORKSPACE.format(id=f"contract-{run}", marketing=self.marketing, it=self.it, space=given["SPACE"],
                                   more=f", team: {self.team}" if team else "", fields="")  # fmt: skip
        (folder / "bridge.yaml").write_text(written, "utf-8")
        environment = {f"BRIDGE_{name}": value for name, value in given.items()}
        settings = Settings.of_environment(environment)
        desk = open_desk(folder, configuration.load(folder), _say_nothing, settings=settings)
        self.tracker, self.wiki = desk.tracker, desk.wiki
        self.hooks = open_hooks(settings, desk.workspace, _say_nothing)

    def person(self, name: str) -> Person:
        email = self._emails[SEEDED.index(name) % len(self._emails)]
        return Person(id=name.casefold(), name=name, email=email, dc_user=email)


def _not_arranged() -> NoReturn:
    pytest.skip("a live site is not arranged by tests")


def _say_nothing(words: Text) -> None:
    assert words.one


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Site]:
    """Open a site by its name; skips, visibly, what is not to be had."""
    if name == "twin":
        yield TwinSite()
    elif name == "live":
        yield _live(folder)
    else:
        with Sandbox(name, start_date=True) as box:  # Data Center has none unless asked
            judge = watch(box) if are_here() else None
            yield SandboxSite(box, folder)
            if judge:
                judge.agrees()


def _given() -> dict[str, str]:
    prefix = "BRIDGE_LIVE_"
    return {k.removeprefix(prefix): v for k, v in os.environ.items() if k.startswith(prefix)}


def is_live_wanted() -> bool:
    """Whether the environment names a live site."""
    return bool(_given())


def _live(folder: Path) -> LiveSite:
    given = _given()
    missing = [f"BRIDGE_LIVE_{name}" for name in LiveSite.NEEDED if not given.get(name)]
    if missing:
        pytest.skip(f"no live site: {', '.join(missing)} not set")
    assert re.fullmatch(r"[^,]+,[^,]+(,[^,]+)?", given["PROJECTS"]), "two or three project keys"
    return LiveSite(given, folder)
