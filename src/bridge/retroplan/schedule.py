"""The schedule: backward from the launch, through offsets, dependencies and working time.

Rules 7 to 26 of ``retroplanning.md``. Everything here is a function of its arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bridge.errors import HorizonExceeded
from bridge.findings import Finding
from bridge.retroplan.calendars import FIRST_YEAR, LAST_YEAR, Calendars
from bridge.retroplan.targets import Target, targets
from bridge.retroplan.template import Retroplan, Step, Template
from bridge.retroplan.timeframe import Owner, Timeframe
from bridge.retroplan.workdays import (
    CalendarRules,
    HalfDay,
    OutOfHorizon,
    Workdays,
    afternoon,
    day_of,
    morning,
)
from bridge.text import text, texts


@dataclass(frozen=True, slots=True)
class ScheduledStep:
    """A step or milestone with its dates.

    ``raw`` is the due date before snapping (the raw start of a start-anchored step), ``raw_start``
    the start of a window; both None where the template gives no offset. ``begin`` and ``finish``
    are half-days; ``duration_days`` counts working days, None where there is no work.
    """

    step: Step
    owner: str
    raw_start: date | None
    raw: date | None
    start: date
    due: date
    begin: HalfDay
    finish: HalfDay
    duration_days: float | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """What a retroplan comes to for one launch date."""

    template: Template
    launch: date
    calendar: str
    steps: tuple[ScheduledStep, ...]
    milestones: tuple[ScheduledStep, ...]
    findings: tuple[Finding, ...]

    def named_findings(self, language: str = "en") -> Iterable[tuple[str, Finding]]:
        """Return every finding with the title of what it is about, empty for the whole plan."""
        yield from (("", finding) for finding in self.findings)
        for scheduled in (*self.steps, *self.milestones):
            title = scheduled.step.title.in_(language)
            yield from ((title, finding) for finding in scheduled.findings)


def calendars_for(launch: date, rules: CalendarRules | None = None) -> Calendars:
    """Return calendars over the launch's horizon: three years before to one year after (rule 6)."""
    if not FIRST_YEAR <= launch.year <= LAST_YEAR:
        raise HorizonExceeded(launch, years=(FIRST_YEAR, LAST_YEAR))
    first, last = date(launch.year - 3, 1, 1), date(launch.year + 1, 12, 31)
    return Calendars(rules or CalendarRules(), first, last)


def schedule(
    plan: Retroplan,
    launch: date,
    calendars: Calendars,
    *,
    owners: Mapping[str, Owner] | None = None,
    pins: Mapping[str, date] | None = None,
    today: date | None = None,
) -> Schedule:
    """Compute every date of ``plan`` for the launch.

    ``owners`` by step id (absences move a step's start, never its own due date). ``pins`` are due
    dates that people set by hand, by step id: they bind other steps, never their own (rule 20).
    With ``today``, steps already past are findings. Raises :class:`HorizonExceeded` (rule 6).
    """
    try:
        frame = Timeframe(plan, launch, calendars, owners or {}, pins or {})
        return _Backward(frame).schedule(today)
    except OutOfHorizon as far:
        raise HorizonExceeded(launch, far.day) from None
    except OverflowError:
        raise HorizonExceeded(launch) from None


@dataclass(slots=True)
class _Extent:
    """The half-days others must respect: when a step begins, and when it is finished."""

    begin: HalfDay
    finish: HalfDay
    instant: bool  # no duration: a predecessor may share the last half-day (rule 18)


class _Backward:
    """One run of the backward pass « plan » (rules 20 to 25)."""

    def __init__(self, frame: Timeframe) -> None:
        self.frame = frame
        self.targets = targets(frame)
        self.extents: dict[str, _Extent] = {}

    def schedule(self, today: date | None) -> Schedule:
        plan = self.frame.plan
        done = {place: self._place(plan.by_id[place]) for place in reversed(plan.order)}
        if today is not None:
            done |= {p: _past(s, today) for p, s in done.items() if s.due < today}
        return Schedule(
            template=self.frame.plan.template,
            launch=self.frame.launch,
            calendar=self.frame.project.name,
            steps=tuple(done[step.id] for step in self.frame.plan.steps),
            milestones=tuple(done[step.id] for step in self.frame.plan.milestones),
            findings=(*self.frame.plan.findings, *self._about_launch(today)),
        )

    # --- the backward pass (rules 18 to 25) ----------------------------------------------------

    def _place(self, step: Step) -> ScheduledStep:
        target = self.targets[step.id]
        findings = list(target.findings)
        latest = self._latest(step, target, findings)
        due = day_of(latest)
        available, calendar = self.frame.availability(step), self.frame.calendar(step)
        finish = available.half_at_or_before(latest)
        if available is not calendar and finish != calendar.half_at_or_before(latest):
            findings.append(self._absent(step, due, finish))
        begin = self._begin(step, target, latest, available)
        self.extents[step.id] = self._extent(step, target, begin, latest, available)
        start = due if self._is_instant(step) else min(day_of(begin), due)
        self._about_days(step, due, findings)
        return ScheduledStep(
            step=step,
            owner=self.frame.owner(step).person,
            raw_start=target.raw_start,
            raw=target.raw,
            start=start,
            due=due,
            begin=begin,
            finish=finish,
            duration_days=self._duration(step, target, start, due),
            findings=tuple(findings),
        )

    def _latest(self, step: Step, target: Target, findings: list[Finding]) -> HalfDay:
        """Return the last half-day of the step: the earlier of its target and its bound (rule 25)."""
        if target.due is not None and self._is_after_launch(step):
            return afternoon(target.due)  # its own target only (rule 24)
        self._check_order(step, findings)
        if target.due is not None and step.is_launch:
            return afternoon(target.due)
        bound, successor = self._bound(step)
        if target.due is None:
            return bound
        if target.due > day_of(bound):
            findings.append(self._too_late(target.due, day_of(bound), successor))
        return min(bound, afternoon(target.due))

    def _bound(self, step: Step) -> tuple[HalfDay, Step | None]:
        """Return the last half-day that links and the launch allow, and what sets it (rule 22).

        Rounded down to working time, unless the step is not snapped: an automated send on the
        Sunday before a Monday launch is no work.
        """
        free = step.snap == "none"
        bound, by = morning(self.frame.launch) - 1 if free else self.frame.eve, None
        for name, lag in self.frame.plan.successors.get(step.id, ()):
            successor = self.frame.plan.by_id[name]
            if self._is_after_launch(successor):
                continue
            limit = self._limit(successor, lag, free=free)
            if limit < bound:
                bound, by = limit, successor
        return bound if free else self.frame.calendar(step).half_at_or_before(bound), by

    def _limit(self, successor: Step, lag: float, *, free: bool) -> HalfDay:
        """Return the last half-day before a successor begins, its lag in between (rule 18)."""
        extent = self.extents[successor.id]
        limit = extent.finish if extent.instant else extent.begin - 1
        if successor.is_launch:
            limit = morning(self.frame.launch) - 1
        if lag:
            return self.frame.project.back(limit, round(2 * lag) + 1)
        return limit if free else self.frame.project.half_at_or_before(limit)

    def _begin(self, step: Step, target: Target, latest: HalfDay, available: Workdays) -> HalfDay:
        if target.raw_start is not None and target.start is not None:
            return min(morning(target.start), latest)  # a window starts at its start (rule 16)
        if step.estimate is None:
            return available.half_at_or_before(latest)
        return available.back(latest, step.estimate.half_days)

    def _extent(
        self, step: Step, target: Target, begin: HalfDay, latest: HalfDay, available: Workdays
    ) -> _Extent:
        """Return what predecessors must respect: the dates, or the pin of a person (rule 20)."""
        pin = self.frame.pins.get(step.id)
        if pin is not None:
            latest = afternoon(pin)
            begin = self._begin(step, target, latest, available)
        return _Extent(begin, latest, self._is_instant(step))

    def _is_instant(self, step: Step) -> bool:
        return step.estimate is None and self.targets[step.id].raw_start is None

    def _duration(self, step: Step, target: Target, start: date, due: date) -> float | None:
        if step.estimate is not None:
            return step.estimate.half_days / 2
        if target.raw_start is None:
            return None
        return self.frame.calendar(step).count(morning(start), afternoon(due)) / 2

    def _is_after_launch(self, step: Step) -> bool:
        due = self.targets[step.id].due
        return due is not None and due > self.frame.launch and not step.is_launch

    # --- findings ------------------------------------------------------------------------------

    def _check_order(self, step: Step, findings: list[Finding]) -> None:
        for need in step.needs:
            needed = self.frame.plan.by_id.get(need.step)
            if needed is not None and self._comes_too_late(needed):
                findings.append(
                    Finding(
                        "E-DEP-AFTER-LAUNCH",
                        text(
                            "It needs “{needed}”, which does not come before the launch.",
                            needed=needed.title,
                        ),
                    )
                )

    def _too_late(self, target: date, bound: date, successor: Step | None) -> Finding:
        return Finding(
            "W-OFFSET-DEP",
            texts(
                "The offset says {target}, but “{successor}” needs it by {bound}: "
                "{n} working day earlier.",
                "The offset says {target}, but “{successor}” needs it by {bound}: "
                "{n} working days earlier.",
                max(1, self.frame.project.days_between(bound, target) - 1),
                target=target,
                bound=bound,
                successor=successor.title if successor else text("the launch"),
            ),
        )

    def _comes_too_late(self, needed: Step) -> bool:
        """Tell whether what is needed before the launch comes after it.

        A milestone (a soft launch) must come before the day itself: it has no hour on it.
        """
        due = self.targets[needed.id].due
        on_the_day = needed.kind == "milestone" and due == self.frame.launch
        return on_the_day or self._is_after_launch(needed)

    def _absent(self, step: Step, due: date, finish: HalfDay) -> Finding:
        return Finding(
            "W-OWNER-ABSENT",
            text(
                "{person} is away before the due date {due}: finish by {day}, or let somebody "
                "else do it.",
                person=self.frame.owner(step).name or self.frame.owner(step).person,
                due=due,
                day=day_of(finish),
            ),
        )

    def _about_days(self, step: Step, due: date, findings: list[Finding]) -> None:
        if self.frame.calendar(step).is_bridge(due):
            findings.append(
                Finding("I-BRIDGE-DAY", text("{day} is a bridge day: many may be off.", day=due))
            )

    def _about_launch(self, today: date | None) -> Iterable[Finding]:
        if not self.frame.project.is_worked(self.frame.launch):
            yield Finding(
                "W-LAUNCH-NONWORKING",
                text("The launch {launch} is not a working day.", launch=self.frame.launch),
            )
        if today is not None and self.frame.launch < today:
            yield Finding(
                "E-PAST", text("The launch {launch} lies in the past.", launch=self.frame.launch)
            )


def _past(scheduled: ScheduledStep, today: date) -> ScheduledStep:
    late = (today - scheduled.due).days
    finding = Finding(
        "E-PAST",
        texts("Due {due}: {n} day ago.", "Due {due}: {n} days ago.", late, due=scheduled.due),
    )
    return replace(scheduled, findings=(*scheduled.findings, finding))
