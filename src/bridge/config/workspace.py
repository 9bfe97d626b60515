"""Read ``bridge.yaml`` into a :class:`~bridge.workspace.Workspace`."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bridge.config import shape, yamlfile
from bridge.config.shape import Shape
from bridge.config.values import Notes
from bridge.config.yamlfile import Document, KeyPath
from bridge.errors import NoWorkspace, ProblemsFound, near_miss
from bridge.nearmiss import nearest
from bridge.retroplan.workdays import WEEK, CalendarRules, Span
from bridge.team import Deputy, Person, Team
from bridge.text import text
from bridge.workspace import Decider, Freeze, Service, Workspace

FILE = "bridge.yaml"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def find(start: Path) -> Path:
    """Return the folder of the nearest ``bridge.yaml``, here or above; else NoWorkspace."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise NoWorkspace(str(start))


def load(folder: Path) -> Workspace:
    """Read a workspace; raise ProblemsFound with everything that is wrong."""
    if not (folder / FILE).is_file():
        raise NoWorkspace(str(folder))
    return of_document(yamlfile.read(folder / FILE, FILE))


def of_document(document: Document) -> Workspace:
    """Read a workspace from a document that was parsed already; the same refusals."""
    found = shape.check(document, "workspace")
    reading = _Reading(
        Notes(document), found, document.data if isinstance(document.data, dict) else {}
    )
    workspace = reading.workspace()
    problems = [*found.problems, *reading.notes.problems]
    if problems or workspace is None:
        raise ProblemsFound(problems)
    return workspace


class _Reading:
    """Read the sound parts; whatever the shape check refused is left alone."""

    def __init__(self, notes: Notes, found: Shape, data: dict[str, Any]) -> None:
        self.notes = notes
        self.shape = found
        self.data = data

    def part(self, *path: str) -> Any:
        """Return the value at ``path`` if it is there and sound, else None."""
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value if self.shape.is_sound(*path) else None

    def workspace(self) -> Workspace | None:
        team = self._team()
        calendar = self._calendar()
        departments = self.part("jira", "departments") or {}
        self._check_departments(departments)
        deciders, freezes = self._deciders(team), self._freezes()
        self._check_timezone()
        self._check_jql()
        token_expires = self._day("token", "expires")
        if self.shape.problems:
            return None
        jira = self.data["jira"]
        statuses, types = jira.get("statuses", {}), jira.get("issue_types", {})
        return Workspace(
            id=self.data["id"],
            lang=self.data.get("lang", "fr"),
            mode=self.data.get("mode", "write"),
            projects=jira["projects"],
            departments=departments,
            done_statuses=tuple(statuses.get("done", ())),
            blocked_statuses=tuple(statuses.get("blocked", ())),
            epic_type=types.get("epic"),
            task_type=types.get("task"),
            start_date_field=jira.get("fields", {}).get("start_date"),
            link_type=jira.get("link_type"),
            space=self.data["confluence"]["space"],
            parent=self.data["confluence"]["parent"].strip(),
            token_expires=token_expires,
            timezone=self.data.get("timezone", "Europe/Paris"),
            calendar=calendar,
            month_jql=self.data.get("month", {}).get("jql"),
            team=team,
            deciders=deciders,
            freezes=freezes,
            service=Service(**self.data.get("service", {})),
        )

    def _team(self) -> Team:
        people = {}
        for name in (
            self.data.get("people") or {} if isinstance(self.data.get("people"), dict) else {}
        ):
            written = self.part("people", name)
            if written is not None:
                people[name] = self._person(name, written)
        self._check_referents(people)
        roles = self.part("roles") or {}
        for role, person in roles.items():
            self._check_person(("roles", role), person, people)
        return Team(people, roles, self._deputies(people))

    def _person(self, name: str, written: dict[str, Any]) -> Person:
        path: KeyPath = ("people", name)
        self.notes.calendar((*path, "calendar"), written.get("calendar"))
        away = [
            self.notes.span((*path, "away", number), span)
            for number, span in enumerate(written.get("away", ()))
        ]
        return Person(
            id=name,
            name=written["name"],
            account=written.get("account"),
            email=written.get("email"),
            dc_user=written.get("dc_user"),
            calendar=written.get("calendar"),
            away=tuple(span for span in away if span),
            external=written.get("external", False),
            referent=written.get("referent"),
        )

    def _check_referents(self, people: Mapping[str, Person]) -> None:
        for name, person in people.items():
            path = ("people", name)
            if person.external and not person.referent:
                self.notes.add(
                    path,
                    text("“{person}” is external and has no referent.", person=name),
                    text("Name who inside answers for them: referent: PERSON."),
                )
            elif person.referent:
                self._check_person((*path, "referent"), person.referent, people)
                referent = people.get(person.referent)
                if referent is not None and referent.external:
                    self.notes.add(
                        (*path, "referent"),
                        text(
                            "A referent must be somebody inside; “{person}” is external.",
                            person=person.referent,
                        ),
                    )

    def _check_person(self, path: KeyPath, person: str, people: Mapping[str, Person]) -> None:
        if person not in people and self.shape.is_sound("people"):
            self.notes.add(
                path,
                text("Nobody is called “{person}” under “people”.", person=person),
                near_miss(nearest(person, people), people),
            )

    def _deputies(self, people: Mapping[str, Person]) -> Mapping[str, Deputy]:
        deputies = {}
        for role, written in (self.part("deputies") or {}).items():
            path: KeyPath = ("deputies", role)
            self._check_person((*path, "person"), written["person"], people)
            span = self.notes.span(path, written)
            if span:
                deputies[role] = Deputy(written["person"], span.first, span.last)
        return deputies

    def _calendar(self) -> CalendarRules:
        written = self.part("calendar") or {}
        self.notes.calendar(("calendar", "country"), written.get("country"))
        closed: list[Span | None] = [
            self.notes.span(("calendar", "closed", number), span)
            for number, span in enumerate(written.get("closed", ()))
        ]
        worked: list[date | None] = [
            self.notes.date(("calendar", "worked", number), day)
            for number, day in enumerate(written.get("worked", ()))
        ]
        half = {
            day: part
            for key, part in written.get("half", {}).items()
            if (day := self.notes.date(("calendar", "half", key), key))
        }
        return CalendarRules(
            written.get("country", "FR"),
            tuple(span for span in closed if span),
            frozenset(day for day in worked if day),
            half,
            _week(written["weekdays"]) if "weekdays" in written else WEEK,
        )

    def _day(self, *path: str) -> date | None:
        written = self.part(*path)
        return self.notes.date(path, written) if written is not None else None

    def _check_departments(self, departments: Mapping[str, str]) -> None:
        projects = self.part("jira", "projects")
        for department, project in departments.items():
            if projects is not None and project not in projects:
                self.notes.add(
                    ("jira", "departments", department),
                    text("There is no project “{project}” under “projects”.", project=project),
                    near_miss(nearest(project, projects), projects),
                )

    def _check_jql(self) -> None:
        jql = self.part("month", "jql")
        if jql and re.search(r"\border\s+by\b", jql, re.IGNORECASE):
            self.notes.add(
                ("month", "jql"),
                text("The condition must not contain ORDER BY."),
                text("The bridge adds the month's dates and its own order."),
            )

    def _deciders(self, team: Team) -> tuple[Decider, ...]:
        written = self.part("intentions", "deciders") or []
        for number, decider in enumerate(written):
            self._check_person(
                ("intentions", "deciders", number, "person"), decider["person"], team.people
            )
        return tuple(Decider(d["person"], d["function"]) for d in written)

    def _freezes(self) -> tuple[Freeze, ...]:
        freezes = []
        for number, written in enumerate(self.part("freezes") or []):
            span = self.notes.span(("freezes", number), written)
            if span:
                freezes.append(Freeze(written["surface"], span.first, span.last))
        return tuple(freezes)

    def _check_timezone(self) -> None:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415  # 8 ms for workspaces only

        name = self.part("timezone")
        if name is None:
            return
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.notes.add(
                ("timezone",),
                text("There is no time zone “{name}”.", name=name),
                text("Write it such as Europe/Paris."),
            )


def _week(written: Mapping[str, str]) -> frozenset[int]:
    """Return the worked half-days of a week by number: 0 is Monday morning (rule 2)."""
    halves = {"day": (0, 1), "am": (0,), "pm": (1,)}
    return frozenset(
        2 * WEEKDAYS.index(day) + half for day, part in written.items() for half in halves[part]
    )
