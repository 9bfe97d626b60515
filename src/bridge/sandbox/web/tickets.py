"""Issues as the web face shows them: cards, rows, progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bridge.sandbox import moments
from bridge.sandbox.jira.kinds import IssueType, Status
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.people import Person
from bridge.sandbox.site import Site
from bridge.sandbox.web.due import Due, due
from bridge.sandbox.web.pictures import hue

ON_BOARD = 500


@dataclass(frozen=True)
class Row:
    """One issue, with everything a card or a table row shows."""

    key: str
    summary: str
    kind: IssueType
    status: Status
    project: Project
    owner: Person | None
    start: str | None
    due: Due | None
    priority: str | None
    epic_key: str | None = None
    epic_name: str = ""
    epic_hue: int = 0

    @property
    def done(self) -> bool:
        """Whether it is finished."""
        return self.status.category == "done"


@dataclass(frozen=True)
class Progress:
    """Finished actions, n of m; never a percentage of one action."""

    finished: int
    total: int

    @property
    def share(self) -> int:
        """How much of the bar is filled, 0 to 100."""
        return round(100 * self.finished / self.total) if self.total else 0


def today(site: Site, person: Person) -> date:
    """Return the day it is where the person is."""
    return site.clock().astimezone(moments.zone(person.timezone)).date()


def row(site: Site, issue: Issue, present: date, epic: Issue | None = None) -> Row:
    """Make an issue ready to be shown."""
    setup = site.jira.setup
    status = setup.statuses[issue.status]
    return Row(
        key=issue.key,
        summary=issue.summary,
        kind=setup.types[issue.type],
        status=status,
        project=setup.projects[issue.project],
        owner=site.people.get(issue.assignee),
        start=issue.values.get(setup.start_date or ""),
        due=due(issue.duedate, present, done=status.category == "done"),
        priority=issue.values.get("priority"),
        epic_key=epic.key if epic else None,
        epic_name=epic.summary if epic else "",
        epic_hue=hue(epic.key) if epic else 0,
    )


def progress(rows: Iterable[Row]) -> Progress:
    """How many of some issues are finished."""
    listed = list(rows)
    return Progress(sum(r.done for r in listed), len(listed))


def by_date(rows: Iterable[Row]) -> list[Row]:
    """By due date, undated last, then by key."""
    return sorted(
        rows,
        key=lambda r: (
            r.due is None,
            r.due.iso if r.due else "",
            r.project.key,
            int(r.key.rpartition("-")[2]),
        ),
    )


@dataclass(frozen=True)
class Column:
    """One status of a board."""

    status: Status
    rows: list[Row]


@dataclass(frozen=True)
class EpicCard:
    """An epic above a board."""

    row: Row
    progress: Progress


def visible_epics(site: Site, person: Person, most: int) -> list[Issue]:
    """Return the newest epics somebody may see, oldest first."""
    found = site.jira.book.above(0, 4 * most)
    return [e for e in found if site.jira.issues.may(person, "BROWSE_PROJECTS", e)][:most][::-1]


def board(site: Site, project: Project, person: Person) -> tuple[list[EpicCard], list[Column]]:
    """Return the epics and the columns of a project's board, as somebody may see them.

    Only the newest :data:`ON_BOARD` issues are on it: nobody reads more on one page.
    """
    present, book, setup = today(site, person), site.jira.book, site.jira.setup
    newest = book.newest(project.id, ON_BOARD)
    visible = [i for i in newest if site.jira.issues.may(person, "BROWSE_PROJECTS", i)]
    epics = (
        {e.id: e for e in book.several([i.parent for i in visible if i.parent]).values()}
        if visible
        else {}
    )
    cards = [
        row(site, i, present, epics.get(i.parent or 0))
        for i in visible
        if setup.types[i.type].level == 0
    ]
    columns = [
        Column(setup.statuses[status], by_date(c for c in cards if c.status.id == status))
        for status in project.statuses()
    ]
    tops = [i for i in visible if setup.types[i.type].level > 0]
    return [epic_card(site, epic, present) for epic in tops], columns


def epic_card(site: Site, epic: Issue, present: date) -> EpicCard:
    """Return an epic with the progress of its children."""
    children = [row(site, c, present) for c in site.jira.book.children(epic.id)]
    return EpicCard(row(site, epic, present), progress(children))
