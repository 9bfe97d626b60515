"""Look around for what changed since the last look, with no inbound port: issues, due dates, pages.

The search index lags behind, so each look goes back a little further than the last one; what was
seen already has the same identifier and is known to the store. A deleted issue is in no list of
changes: it is missed among the due dates. Reads only.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any, Final

from bridge.monthpage import last_day
from bridge.operations.month import next_month, pages_of_months
from bridge.petition import REQUEST
from bridge.ports import Clock, Tracker, Wiki
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.tracker import Stamp
from bridge.workspace import Workspace

OVERLAP: Final = timedelta(minutes=5)  # how far the index may lag behind
AT_FIRST: Final = timedelta(days=30)  # how far the very first look goes back
AHEAD: Final = 12  # months after this one whose due dates are watched
PAGES_AHEAD: Final = 2  # months after this one whose pages are watched for people's edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where the last look ended: its moment, the due date of each issue, the version of each page."""

    at: datetime
    dues: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the mark as the store keeps it."""
        return {"at": self.at.isoformat(), "dues": dict(self.dues), "pages": dict(self.pages)}

    @classmethod
    def read(cls, value: Any) -> "Mark | None":
        """Read back what :meth:`as_json` wrote; None where nothing was kept."""
        if value is None:
            return None
        return cls(at=datetime.fromisoformat(value["at"]), dues=value["dues"], pages=value["pages"])


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look around found: hints to take, jobs to do, and where the next look begins."""

    hints: tuple[Hint, ...]
    jobs: tuple[Job, ...]
    mark: Mark


def look_at_issues(mark: Mark | None, workspace: Workspace, tracker: Tracker, clock: Clock) -> Seen:
    """Return what changed in Jira since the mark; raises a SiteError, and then nothing is marked."""
    now, today = clock.now(), clock.today()
    changed = _changed(mark, workspace, tracker, now)
    dues = _dues(workspace, tracker, today)
    before = mark or Mark(at=now, dues=dues)
    hints = [*_of_changes(changed), *_of_dates(before.dues, dues, now)]
    return Seen(tuple(hints), (), Mark(at=now, dues=dues, pages=before.pages))


def look_at_pages(mark: Mark, workspace: Workspace, wiki: Wiki, clock: Clock) -> Seen:
    """Return which pages changed since the mark; raises a SiteError or MemoryDamaged.

    Apart from the issues: Jira is followed also while Confluence is away.
    """
    pages = _pages(workspace, wiki, clock.today())
    touched = sorted(
        month for month, version in pages.items() if mark.pages.get(month, version) != version
    )
    jobs = tuple(Job("month", month) for month in touched)
    return Seen((), jobs, replace(mark, pages=pages))


def _changed(
    mark: Mark | None, workspace: Workspace, tracker: Tracker, now: datetime
) -> Iterable[Stamp]:
    """Ask in minutes before now: JQL reads a moment in the time zone of the account's profile."""
    since = now - mark.at + OVERLAP if mark else AT_FIRST
    minutes = max(1, ceil(since / timedelta(minutes=1)))
    return tracker.stamps(f"{_projects(workspace)} AND updated >= -{minutes}m ORDER BY updated")


def _dues(workspace: Workspace, tracker: Tracker, today: date) -> Mapping[str, str]:
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    last = last_day(_months_after(today, AHEAD))
    when = f'duedate >= "{first}" AND duedate <= "{last}" ORDER BY duedate, key'
    found = tracker.stamps(f"{_projects(workspace)} AND {when}")
    return {stamp.key: stamp.due.isoformat() for stamp in found if stamp.due}


def _pages(workspace: Workspace, wiki: Wiki, today: date) -> Mapping[str, int]:
    """Return the versions of the pages around today that exist."""
    known = pages_of_months(workspace, wiki)
    wanted = [f"{_months_after(today, n):%Y-%m}" for n in range(PAGES_AHEAD + 1)]
    found = {month: wiki.page(known[month]) for month in wanted if month in known}
    return {month: page.version for month, page in found.items() if page is not None}


def _months_after(today: date, number: int) -> date:
    month = today.replace(day=1)
    for _ in range(number):
        month = next_month(month)
    return month


def _of_changes(changed: Iterable[Stamp]) -> Iterator[Hint]:
    for stamp in changed:
        moment = stamp.updated.astimezone(UTC)
        yield Hint(f"polled-{stamp.key}-{moment:%Y%m%dT%H%M%S%f}", "polled", stamp.key)


def _of_dates(before: Mapping[str, str], now: Mapping[str, str], at: datetime) -> Iterator[Hint]:
    """Yield a hint for each due date that moved or went, with both dates."""
    for key, old in before.items():
        new = now.get(key)
        if new != old:
            dates = tuple(date.fromisoformat(day) for day in (old, new) if day)
            moment = at.astimezone(UTC)
            yield Hint(f"moved-{key}-{moment:%Y%m%dT%H%M%S}", "polled", key, dates=dates)


def nightly(
    workspace: Workspace, tracker: Tracker, wiki: Wiki, templates: Iterable[str], clock: Clock
) -> Seen:
    """Return everything that stands open, whether or not it changed: what a look may have missed.

    Open requests and open epics that ask for a template, and every month from the last one on that
    has a page. The mark is that of a look which saw nothing new.
    """
    now, today = clock.now(), clock.today()
    labels = ", ".join(f'"{label}"' for label in (REQUEST, *map(asking_label, templates)))
    query = f"{_projects(workspace)} AND labels in ({labels}) AND statusCategory != Done"
    stamps = tracker.stamps(query)
    hints = [Hint(f"nightly-{now:%Y%m%d}-{stamp.key}", "polled", stamp.key) for stamp in stamps]
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    known = pages_of_months(workspace, wiki)
    months = sorted(month for month in known if month >= f"{last:%Y-%m}")
    return Seen(tuple(hints), tuple(Job("month", month) for month in months), Mark(at=now))


def asking_label(template: str) -> str:
    """Return the label by which people ask for a campaign from a template."""
    return f"bridge-template-{template}"


def _projects(workspace: Workspace) -> str:
    # Quoted: a project key may be a reserved word of JQL.
    keys = ", ".join(f'"{key}"' for key in sorted(set(workspace.projects.values())))
    return f"project in ({keys})"
