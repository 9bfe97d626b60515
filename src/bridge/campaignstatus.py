"""How a campaign stands today, from its issues: what is late, blocked, due soon, critical. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bridge.campaignrequests import Made, NeededRequest
from bridge.findings import Finding
from bridge.memory import Memory
from bridge.monthpage import (
    SOON,
    Standing,
    is_done,
    means_blocked,
    means_done,
    responsible,
    standing,
)
from bridge.outlook import Member, Outlook, outlook
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.template import Template
from bridge.retroplan.workdays import Workdays
from bridge.text import Text, text
from bridge.tracker import Issue
from bridge.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What exists of a campaign in the tracker.

    ``members``: the issues of its steps, with their memories; ``epic`` and ``memory`` None where the
    epic is gone; ``template`` None where nobody here has it any more.
    """

    id: str
    epic: Issue | None
    memory: Memory | None
    members: Sequence[Member]
    requests: Sequence[Made] = ()
    template: Template | None = None
    findings: tuple[tuple[str, Finding], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStatus:
    """One step as its issue shows it; ``waits_for``: the open issues that block it.

    ``missing``: the lines of its finished-product checklist that nobody ticked.
    """

    step: str
    key: str
    title: str
    responsible: str
    start: date | None
    due: date | None
    status: str
    standing: Standing
    waits_for: tuple[str, ...]
    is_late: bool
    is_blocked: bool
    is_due_soon: bool
    float_days: float | None
    missing: tuple[str, ...] = ()

    @property
    def is_closed_early(self) -> bool:
        """Tell whether the step counts as finished while lines of its checklist do not."""
        return self.standing == "done" and bool(self.missing)


@dataclass(frozen=True, kw_only=True)
class CampaignStatus:
    """A campaign as it stands on a day. ``findings`` with the issue key each is about, or ''."""

    id: str
    name: str
    epic: str | None
    launch: date | None
    steps: tuple[StepStatus, ...]
    critical: tuple[str, ...]
    earliest_launch: date | None
    requests: tuple[NeededRequest, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()

    @property
    def finished(self) -> int:
        """Return how many steps are finished."""
        return sum(step.standing == "done" for step in self.steps)

    def keys(self, wanted: Callable[[StepStatus], bool]) -> list[str]:
        """Return the keys of some steps, in the plan's order."""
        return [step.key for step in self.steps if wanted(step)]


def status_of(
    found: Gathered, workspace: Workspace, today: date, together: Callable[[str, str], str]
) -> CampaignStatus:
    """Return how a campaign stands; ``together`` says a person with whom they work for."""
    launch = launch_of(found.memory)
    calendars = _calendars(workspace, launch or today, today)
    members = sorted(found.members, key=lambda member: (member.memory.order, member.issue.key))
    ahead = outlook(members, found.template, workspace, calendars, launch, today)
    workdays = calendars.named()
    steps = [_step(one, workspace, today, workdays, ahead, together) for one in members]
    return CampaignStatus(
        id=found.id,
        name=found.epic.summary if found.epic else "",
        epic=found.epic.key if found.epic else None,
        launch=launch,
        steps=tuple(steps),
        critical=ahead.critical,
        earliest_launch=ahead.earliest_launch,
        requests=tuple(_requests(members, found, ahead)),
        findings=(*found.findings, *_about_epic(found, launch), *ahead.findings),
    )


def launch_of(memory: Memory | None) -> date | None:
    """Return the launch that the plan counts back from."""
    try:
        return date.fromisoformat(memory.launch) if memory else None
    except ValueError:
        return None


def _calendars(workspace: Workspace, launch: date, today: date) -> Calendars:
    """Return calendars around the launch and today, wherever they lie."""
    first, last = min(launch, today), max(launch, today)
    return Calendars(workspace.calendar, date(first.year, 1, 1), date(last.year + 2, 12, 31))


def _step(
    member: Member,
    workspace: Workspace,
    today: date,
    workdays: Workdays,
    ahead: Outlook,
    together: Callable[[str, str], str],
) -> StepStatus:
    issue, is_open = member.issue, not is_done(member.issue, workspace)
    waits_for = tuple(sorted(_open_blockers(issue, workspace))) if is_open else ()
    due = issue.due
    return StepStatus(
        step=member.memory.step,
        key=issue.key,
        title=issue.summary,
        responsible=responsible(issue, member.memory, workspace, together),
        start=member.start,
        due=due,
        status=issue.status.name,
        standing=standing(issue, workspace, today, workdays),
        waits_for=waits_for,
        is_late=is_open and due is not None and due < today,
        is_blocked=is_open and bool(waits_for or means_blocked(issue.status, workspace)),
        is_due_soon=is_open
        and due is not None
        and today <= due <= workdays.nth_day_after(today, SOON),
        float_days=ahead.float_days.get(issue.key),
        missing=issue.unticked,
    )


def _open_blockers(issue: Issue, workspace: Workspace) -> Iterable[str]:
    return (key for key, status in issue.blockers if not means_done(status, workspace))


def _requests(
    members: Sequence[Member], found: Gathered, ahead: Outlook
) -> Iterable[NeededRequest]:
    """Return the requests that steps need by their template, and those made for a step all the same."""
    made: Mapping[str, Made] = {one.step: one for one in found.requests}  # the newest one counts
    for member in members:
        name = member.memory.step
        kind, request = ahead.requests.get(name), made.get(name)
        if kind or request:
            due = member.issue.due
            yield NeededRequest(
                step=name,
                kind=kind or (request.kind if request else ""),
                due=due,
                needed_by=min((day for day in (member.start, due) if day), default=None),
                key=request.key if request else None,
                verdict=request.verdict if request else None,
            )


def _about_epic(found: Gathered, launch: date | None) -> Iterable[tuple[str, Finding]]:
    if found.epic is None or found.memory is None:
        yield (
            "",
            Finding("W-EPIC-GONE", text("The campaign's epic is gone: its launch is not known.")),
        )
        return
    key, said = found.epic.key, dict[str, Text]()
    if launch is None:
        said["W-LAUNCH-UNKNOWN"] = text(
            "The epic no longer says for which launch the plan was made."
        )
    elif found.epic.due != launch:
        said["W-LAUNCH-MOVED"] = text(
            "The epic is due on {due}; the plan counts back from {launch}.",
            due=found.epic.due or "—",
            launch=launch,
        )
    if not found.memory.complete:
        said["W-INCOMPLETE"] = text(
            "The creation of this campaign did not end: run the same “bridge campaign create” again."
        )
    yield from ((key, Finding(code, sentence)) for code, sentence in said.items())
