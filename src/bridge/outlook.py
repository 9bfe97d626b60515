"""What is ahead of a campaign: its open steps as a network of work, and what that leads to. Pure.

The network is what stands in the tracker: its issues, the links that block, who is assigned. The
template adds the estimates and the lags; where it is unknown, an issue's own dates are its duration.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError

from bridge.findings import Finding
from bridge.memory import Memory, mark
from bridge.monthpage import is_done
from bridge.prose import one_line
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.forecast import Forecast, Task, forecast
from bridge.retroplan.offsets import Window
from bridge.retroplan.template import Need, Step, Template
from bridge.retroplan.workdays import OutOfHorizon, Workdays, afternoon, morning
from bridge.team import Person
from bridge.text import text, texts
from bridge.tracker import Issue
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Member:
    """A step's issue with the bridge's memory on it."""

    issue: Issue
    memory: Memory

    @property
    def start(self) -> date | None:
        """Return the start as the issue shows it, else as the plan has it."""
        return self.issue.start or _day(self.memory.meant.get("start"))

    @property
    def planned_due(self) -> date | None:
        """Return the due date of the plan, which a person's edit does not move; else the issue's."""
        return _day(self.memory.meant.get("due")) or self.issue.due


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is ahead: float in days by issue key, keys on the critical path, the earliest launch.

    ``requests``: the kind of request that each step needs, by step id, as far as its template says.
    """

    float_days: Mapping[str, float] = field(default_factory=dict)
    critical: tuple[str, ...] = ()
    earliest_launch: date | None = None
    requests: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[tuple[str, Finding], ...] = ()


def outlook(
    members: Sequence[Member],
    template: Template | None,
    workspace: Workspace,
    calendars: Calendars,
    launch: date | None,
    today: date,
) -> Outlook:
    """Return what is ahead of a campaign's steps; where it cannot be computed, a finding says why."""
    steps = _steps(members, template, workspace.lang)
    requests = {name: step.request for name, step in steps.items() if step.request}
    said = list(_about_template(members, template))
    if launch is None:
        return Outlook(requests=requests, findings=tuple(said))
    network = _Network(steps, workspace, calendars, template, launch, today)
    try:
        ahead = forecast(network.tasks(members), launch, network.project, today)
    except CycleError as cycle:
        circle: tuple[str, ...] = tuple(reversed(cycle.args[1]))
        links = text("These block each other in a circle: {keys}.", keys=" → ".join(circle))
        said.append(("", Finding("E-CYCLE", links)))
        return Outlook(requests=requests, findings=tuple(said))
    except OutOfHorizon:
        far = text("The work left leads past the end of the calendars: no date is computed.")
        said.append(("", Finding("E-HORIZON", far)))
        return Outlook(requests=requests, findings=tuple(said))
    return Outlook(
        float_days=ahead.float_days,
        critical=ahead.critical,
        earliest_launch=ahead.earliest_launch,
        requests=requests,
        findings=(*said, *_about_launch(ahead, launch)),
    )


def _steps(members: Iterable[Member], template: Template | None, lang: str) -> dict[str, Step]:
    """Return what the template says of each member's step, by step id.

    Variants share ids: the title that the bridge gave the issue tells which one it is.
    """
    found: dict[str, Step] = {}
    for member in members:
        named = [s for s in template.steps if s.id == member.memory.step] if template else []
        meant = member.memory.meant.get("summary")
        same = [s for s in named if mark("summary", one_line(s.title.in_(lang))) == meant]
        if same or len(named) == 1:
            found[member.memory.step] = (same or named)[0]
    return found


class _Network:
    """Turns a campaign's issues into tasks."""

    def __init__(
        self,
        steps: Mapping[str, Step],
        workspace: Workspace,
        calendars: Calendars,
        template: Template | None,
        launch: date,
        today: date,
    ) -> None:
        self.steps = steps
        self.workspace = workspace
        self.calendars = calendars
        self.project = calendars.named(template.calendar if template else None)
        self.launch = launch
        self.today = today

    def tasks(self, members: Sequence[Member]) -> list[Task]:
        """Return the open tasks before the launch: what comes later does not threaten it (rule 24)."""
        ids = {member.issue.key: member.memory.step for member in members}
        return [
            Task(
                id=member.issue.key,
                left=self._left(member),
                available=self._available(member),
                needs=tuple(self._needs(member, ids)),
            )
            for member in members
            if not is_done(member.issue, self.workspace) and self._is_before_launch(member)
        ]

    def _is_before_launch(self, member: Member) -> bool:
        due = member.planned_due
        return due is None or due < self.launch

    def _needs(self, member: Member, ids: Mapping[str, str]) -> Iterable[Need]:
        """Return what blocks an issue in the tracker, with the lag that the template gives."""
        step = self.steps.get(member.memory.step)
        lags = {need.step: need.lag for need in step.needs} if step else {}
        for key, _ in sorted(member.issue.blockers, key=lambda blocker: blocker[0]):
            yield Need(key, lags.get(ids.get(key, ""), 0))

    def _left(self, member: Member) -> int:
        """Return the half-days still to do; of what has begun, those since its start are done."""
        work = self._work(member)
        if member.issue.status.category != "doing" or member.start is None:
            return work
        done = self._available(member).count(morning(member.start), morning(self.today) - 1)
        return max(min(work, 1), work - done)

    def _work(self, member: Member) -> int:
        """Return a step's duration in half-days (rules 16 and 17), 0 for a mere date."""
        step = self.steps.get(member.memory.step)
        if step is not None and step.estimate is not None:
            return step.estimate.half_days
        if step is not None and not isinstance(step.offset, Window):
            return 0
        start, due = member.start, member.planned_due
        if start is None or due is None:
            return 0
        return self._available(member).count(morning(start), afternoon(due))

    def _available(self, member: Member) -> Workdays:
        """Return when the assignee works, as far as bridge.yaml tells who that is (rule 5)."""
        person = _person(member.issue, self.workspace)
        step = self.steps.get(member.memory.step)
        named = (step.calendar if step else None) or (person.calendar if person else None)
        calendar = self.calendars.named(named) if named else self.project
        return calendar.without(person.away) if person else calendar


def _person(issue: Issue, workspace: Workspace) -> Person | None:
    """Return whom the assignee's account belongs to, by the account named in bridge.yaml."""
    account = issue.assignee.id if issue.assignee else None
    people = workspace.team.people.values()
    return next((p for p in people if account and account in (p.account, p.dc_user)), None)


def _about_template(
    members: Sequence[Member], template: Template | None
) -> Iterable[tuple[str, Finding]]:
    used = {(member.memory.template, member.memory.version) for member in members}
    for name, version in sorted(used):
        if template is None:
            gone = text(
                "The template “{name}” is not here: durations are those between the dates in Jira, "
                "and the requests that steps need are not known.",
                name=name,
            )
            yield "", Finding("W-TEMPLATE-GONE", gone)
        elif template.version != version:
            changed = text(
                "Created from version {before} of “{name}”; its estimates are taken from version "
                "{now}.",
                before=version,
                name=name,
                now=template.version,
            )
            yield "", Finding("I-TEMPLATE-CHANGED", changed)


def _about_launch(ahead: Forecast, launch: date) -> Iterable[tuple[str, Finding]]:
    """Say by how many days the launch is missed (rule 30)."""
    least = min(ahead.float_days.values(), default=0)
    if least < 0:
        missing = texts(
            "The launch on {launch} cannot hold: {days} working day is missing. The earliest "
            "launch is {earliest}.",
            "The launch on {launch} cannot hold: {days} working days are missing. The earliest "
            "launch is {earliest}.",
            1 if least >= -1 else 2,
            days=-least,
            launch=launch,
            earliest=ahead.earliest_launch,
        )
        yield "", Finding("E-INFEASIBLE", missing)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
