"""Actions with a due date as a calendar or a list shows them, and whose they are. Pure.

Nothing here depends on the day one looks: what did not change in Jira is told in the same words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from bridge.memory import Damaged, Memory, digest, of
from bridge.monthpage import is_done, responsible
from bridge.tracker import Issue
from bridge.workspace import Workspace

# As in schemas/workspace.schema.json.
DEPARTMENTS: Final = ("marketing", "design", "it", "logistics", "support", "ecommerce")
_DEPARTMENT_LABEL: Final = "bridge-d-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One action on its due day.

    ``account``: the assignee's, '' for nobody; ``with_whom``: the digest of the external person it is
    done with; ``teams``: the departments it belongs to; ``updated``: when Jira last saw it change.
    """

    key: str
    title: str
    day: date
    url: str
    status: str
    is_done: bool
    responsible: str
    account: str
    with_whom: str
    campaign: str
    teams: frozenset[str]
    updated: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whose actions: one person's (an id of bridge.yaml), one team's, or, with neither, all."""

    person: str = ""
    team: str = ""

    def of(self, entries: Iterable[Entry], account: str | None) -> tuple[Entry, ...]:
        """Return what is shown of all; ``account`` is the person's on the site, None if unknown."""
        return tuple(entry for entry in entries if self._shows(entry, account))

    def _shows(self, entry: Entry, account: str | None) -> bool:
        if self.team:
            return self.team in entry.teams
        if self.person:
            is_with = entry.with_whom == digest(self.person)
            return is_with or (account is not None and entry.account == account)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address at which actions can be read, known here by its secret's digest alone.

    ``alarm``: the time of the due day at which calendars ring, None for never; ``since``: the day it
    was made; ``label``: what people call it.
    """

    digest: str
    shown: Shown
    since: date
    label: str = ""
    alarm: time | None = None

    @property
    def id(self) -> str:
        """Return what people name it by: the beginning of the digest, which opens nothing."""
        return self.digest[:8]

    def as_json(self) -> dict[str, Any]:
        """Return the feed as the store keeps it."""
        return {
            "digest": self.digest,
            "person": self.shown.person,
            "team": self.shown.team,
            "label": self.label,
            "since": self.since.isoformat(),
            "alarm": f"{self.alarm:%H:%M}" if self.alarm else None,
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> "Feed":
        """Read back what :meth:`as_json` wrote."""
        return cls(
            digest=value["digest"],
            shown=Shown(person=value["person"], team=value["team"]),
            label=value["label"],
            since=date.fromisoformat(value["since"]),
            alarm=time.fromisoformat(value["alarm"]) if value["alarm"] else None,
        )


def entries(
    issues: Iterable[Issue],
    epics: Mapping[str, Issue],
    workspace: Workspace,
    url: Callable[[str], str],
    together: Callable[[str, str], str],
) -> tuple[Entry, ...]:
    """Return dated issues as entries, by day and key; ``together`` says a person with whom they work."""
    found = [
        _entry(issue, issue.due, epics, workspace, url, together)
        for issue in issues
        if issue.due is not None
    ]
    return tuple(sorted(found, key=lambda entry: (entry.day, len(entry.key), entry.key)))


def _entry(
    issue: Issue,
    day: date,
    epics: Mapping[str, Issue],
    workspace: Workspace,
    url: Callable[[str], str],
    together: Callable[[str, str], str],
) -> Entry:
    memory = _memory(issue)
    epic = epics.get(issue.parent or "")
    return Entry(
        key=issue.key,
        title=issue.summary,
        day=day,
        url=url(issue.key),
        status=issue.status.name,
        is_done=is_done(issue, workspace),
        responsible=responsible(issue, memory, workspace, together),
        account=issue.assignee.id if issue.assignee else "",
        with_whom=memory.with_whom if memory else "",
        campaign=epic.summary if epic else "",
        teams=frozenset(_teams(issue, workspace)),
        updated=issue.updated,
    )


def _memory(issue: Issue) -> Memory | None:
    """Return the memory; a damaged one says nothing here, as on the page of the month."""
    try:
        return of(issue)
    except Damaged:
        return None


def _teams(issue: Issue, workspace: Workspace) -> Iterator[str]:
    """Return the department of a step's label; without one, whatever department has the project."""
    labelled = [name for name in DEPARTMENTS if f"{_DEPARTMENT_LABEL}{name}" in issue.labels]
    if labelled:
        yield from labelled
        return
    placed = {workspace.project_of(name) for name in workspace.departments}
    yield from (
        name for name in workspace.departments if workspace.project_of(name) == issue.project
    )
    if issue.project == workspace.main_project and issue.project not in placed:
        yield "marketing"
