"""The actions of a month and how they stand: what the page shows, before any markup."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bridge.memory import Damaged, Memory, digest, is_record, of
from bridge.retroplan.workdays import Workdays
from bridge.tracker import Issue, Status
from bridge.workspace import Workspace

Standing = Literal["done", "blocked", "late", "today", "soon", "open"]
SOON = 3  # worked days

# Decisions and the requests they are about are no actions of the month, whoever labels them.
APART = frozenset({"bridge-approval", "bridge-request"})
_NO_LAUNCH = "9999"


@dataclass(frozen=True, slots=True)
class Action:
    """One action: what, when, who, how it stands. ``day`` None: undated."""

    key: str
    title: str
    day: date | None
    responsible: str
    standing: Standing
    campaign: str = ""
    url: str = ""
    order: tuple[str, int, int] = ("", 0, 0)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid."""

    day: date
    in_month: bool
    worked: bool
    holiday: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday; ``past`` once its Sunday is over."""

    days: tuple[Day, ...]
    past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """Everything the month's page shows. ``today`` None: the month is not the current one."""

    month: date
    today: date | None
    next_day: date | None
    todays: tuple[Action, ...]
    next_days: tuple[Action, ...]
    late: tuple[Action, ...]
    undated: tuple[Action, ...]
    actions: tuple[Action, ...]
    weeks: tuple[Week, ...]
    holidays: tuple[tuple[date, str], ...]

    @property
    def finished(self) -> int:
        """Return how many of the month's actions are finished."""
        return sum(action.standing == "done" for action in self.actions)

    @property
    def past_actions(self) -> tuple[Action, ...]:
        """Return the actions of past weeks, which the page folds."""
        past = self._past_days
        return tuple(action for action in self.actions if action.day in past)

    @property
    def coming_actions(self) -> tuple[Action, ...]:
        """Return the other actions."""
        past = self._past_days
        return tuple(action for action in self.actions if action.day not in past)

    @property
    def _past_days(self) -> frozenset[date]:
        return frozenset(day.day for week in self.weeks if week.past for day in week.days)


def last_day(month: date) -> date:
    """Return the month's last day."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def is_action(issue: Issue, workspace: Workspace) -> bool:
    """Tell whether an issue belongs on the page at all (``interfaces.md``, the month's actions)."""
    if issue.kind != "task" or issue.secured:
        return False
    if APART & issue.labels or is_record(issue):
        return False
    return is_ours(issue, workspace)


def is_ours(issue: Issue, workspace: Workspace) -> bool:
    """Tell whether an issue is not another workspace's: several may share a project."""
    memory = _memory(issue)
    return memory is None or memory.workspace == workspace.id


def is_done(issue: Issue, workspace: Workspace) -> bool:
    """Tell whether an issue is finished."""
    return means_done(issue.status, workspace)


def means_done(status: Status, workspace: Workspace) -> bool:
    """Tell whether a status means finished: by Jira's category, or named so in bridge.yaml."""
    named = map(str.casefold, workspace.done_statuses)
    return status.category == "done" or status.name.casefold() in named


def means_blocked(status: Status, workspace: Workspace) -> bool:
    """Tell whether a status means blocked: named so in bridge.yaml, else by its usual names."""
    named = workspace.blocked_statuses or ("Blocked", "Bloqué")
    return status.name.casefold() in map(str.casefold, named)


def standing(issue: Issue, workspace: Workspace, today: date, workdays: Workdays) -> Standing:
    """Return how an issue stands; due soon means within three worked days."""
    if is_done(issue, workspace):
        return "done"
    if means_blocked(issue.status, workspace):
        return "blocked"
    if issue.due is None:
        return "open"
    if issue.due < today:
        return "late"
    if issue.due == today:
        return "today"
    return "soon" if issue.due <= workdays.nth_day_after(today, SOON) else "open"


def action_of(  # an action is told from its issue and everything around it
    issue: Issue,
    epics: Mapping[str, Issue],
    workspace: Workspace,
    today: date,
    workdays: Workdays,
    url: Callable[[str], str],
    together: Callable[[str, str], str],
) -> Action:
    """Return an issue as an action of the month.

    Order within a day: the campaign's launch, the step's place in the plan, the key.
    """
    memory = _memory(issue)
    epic = epics.get(issue.parent or "")
    launch = _launch(epic)
    number = int(issue.key.rpartition("-")[2])
    place = memory.order if memory and launch != _NO_LAUNCH else 10**6
    return Action(
        key=issue.key,
        title=issue.summary,
        day=issue.due,
        responsible=responsible(issue, memory, workspace, together),
        standing=standing(issue, workspace, today, workdays),
        campaign=epic.summary if epic else "",
        url=url(issue.key),
        order=(launch, place, number),
    )


def view(  # a month is seen from its actions, a day and a calendar
    month: date,
    dated: Iterable[Action],
    undated: Iterable[Action],
    today: date,
    workdays: Workdays,
    holidays: Mapping[date, str],
) -> MonthView:
    """Arrange the actions for the page of ``month`` (its first day), as seen on ``today``."""
    dated = sorted(dated, key=_by_day)
    end = last_day(month)
    current = month <= today <= end
    next_day = workdays.nth_day_after(today, 1) if current else None

    def is_inside(action: Action) -> bool:
        return action.day is not None and month <= action.day <= end

    inside = tuple(filter(is_inside, dated))
    return MonthView(
        month=month,
        today=today if current else None,
        next_day=next_day,
        todays=tuple(a for a in dated if current and a.day == today),
        next_days=tuple(a for a in dated if next_day and a.day == next_day),
        late=tuple(a for a in dated if a.standing == "late" and (current or is_inside(a))),
        undated=tuple(sorted(undated, key=lambda a: a.order)),
        actions=inside,
        weeks=tuple(_weeks(month, end, inside, today if current else None, workdays, holidays)),
        holidays=tuple(sorted((d, name) for d, name in holidays.items() if month <= d <= end)),
    )


def _weeks(  # as above
    month: date,
    end: date,
    actions: Sequence[Action],
    today: date | None,
    workdays: Workdays,
    holidays: Mapping[date, str],
) -> Iterable[Week]:
    by_day: dict[date, list[Action]] = {}
    for action in actions:
        if action.day:
            by_day.setdefault(action.day, []).append(action)
    monday = month - timedelta(days=month.weekday())
    while monday <= end:
        days = tuple(
            Day(
                day=day,
                in_month=month <= day <= end,
                worked=workdays.is_worked(day),
                holiday=holidays.get(day, "") if month <= day <= end else "",
                actions=tuple(by_day.get(day, ())),
            )
            for day in (monday + timedelta(days=n) for n in range(7))
        )
        yield Week(days, past=today is not None and days[-1].day < today)
        monday += timedelta(days=7)


def _by_day(action: Action) -> tuple[date, tuple[str, int, int]]:
    return action.day or date.max, action.order


def _launch(epic: Issue | None) -> str:
    """Return the launch of a campaign's epic as text, something late where there is none."""
    memory = _memory(epic) if epic else None
    if memory and memory.launch:
        return memory.launch
    return epic.due.isoformat() if epic and epic.due else _NO_LAUNCH


def responsible(
    issue: Issue,
    memory: Memory | None,
    workspace: Workspace,
    together: Callable[[str, str], str],
) -> str:
    """Return who is responsible, as the site names them; with the external person, if there is one."""
    name = issue.assignee.name if issue.assignee else ""
    external = next(
        (
            person
            for person in workspace.team.people.values()
            if person.external and memory and memory.with_whom == digest(person.id)
        ),
        None,
    )
    return together(name, external.name) if external and name else name


def _memory(issue: Issue) -> Memory | None:
    """Return the memory; a damaged one says nothing here, and is refused where it would be written."""
    try:
        return of(issue)
    except Damaged:
        return None
