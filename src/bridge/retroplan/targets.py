"""Where the offsets alone put the steps: raw dates, snapping, windows (rules 6 to 16)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from bridge.findings import Finding
from bridge.retroplan.offsets import Point, Unit, Window
from bridge.retroplan.template import From, Placed, Step
from bridge.retroplan.timeframe import Timeframe
from bridge.retroplan.workdays import Workdays, afternoon, day_of, morning
from bridge.text import text


@dataclass(slots=True)
class Target:
    """Where the offset alone puts a step: raw and snapped dates, None without an offset."""

    raw_start: date | None = None
    raw: date | None = None
    start: date | None = None
    due: date | None = None
    findings: list[Finding] = field(default_factory=list)


def targets(frame: Timeframe) -> Mapping[str, Target]:
    """Return the target of every step and milestone, by id."""
    found = _Targets(frame)
    for place in frame.plan.anchors:
        found.targets[place] = found.of(frame.plan.by_id[place])
    found.note_collapsed()
    return found.targets


class _Targets:
    """Targets in the making: an offset may count from another step's."""

    def __init__(self, frame: Timeframe) -> None:
        self.frame = frame
        self.targets: dict[str, Target] = {}

    def of(self, step: Step) -> Target:
        """Return where a step's own offset puts it."""
        calendar = self.frame.calendar(step)
        if step.offset is None or isinstance(step.offset, From):
            return Target()
        if isinstance(step.offset, date):
            day = self.frame.within_horizon(step.offset)
            return Target(None, day, day, day)
        if isinstance(step.offset, Window):
            first = step.offset.first.from_launch(self.frame.launch, calendar)
            last = step.offset.last.from_launch(self.frame.launch, calendar)
            return self._windowed(step, calendar, first, last)
        if self._is_week_block(step.offset):
            first = self._week_of(step.offset)
            if step.anchor == "start":
                return self._pointed(step, calendar, first)
            return self._windowed(step, calendar, first, first + timedelta(days=6))
        raw = self._raw(step.offset, calendar)
        return self._unanchored(step.offset) if raw is None else self._pointed(step, calendar, raw)

    def _raw(self, offset: Point | Placed, calendar: Workdays) -> date | None:
        """Return the raw date, None where the offset counts from what has no date in this variant."""
        if isinstance(offset, Point):
            return offset.from_launch(self.frame.launch, calendar)
        known = self.targets.get(offset.ref)
        base = self.frame.pins.get(offset.ref) or (known.due if known else None)
        return offset.offset.from_launch(base, calendar) if base else None

    def _unanchored(self, offset: Point | Placed) -> Target:
        """Leave the dates to the steps around it (rule 20), and say why."""
        assert isinstance(offset, Placed)  # noqa: S101  # a point always counts from the launch
        message = text(
            "Its offset counts from “{anchor}”, which has no date here.",
            anchor=self.frame.plan.title_of(offset.ref),
        )
        return Target(findings=[Finding("E-DEP-UNKNOWN", message)])

    def _is_week_block(self, offset: Point | Placed) -> bool:
        return (
            self.frame.plan.template.week_block
            and isinstance(offset, Point)
            and offset.unit is Unit.WEEK
        )

    def _week_of(self, offset: Point | Placed) -> date:
        """Return the Monday of the ISO week so many weeks from the launch's (rule 9)."""
        assert isinstance(offset, Point)  # noqa: S101  # only reached for week offsets
        monday = self.frame.launch - timedelta(days=self.frame.launch.weekday())
        return monday + timedelta(days=7 * int(offset.count))

    def _pointed(self, step: Step, calendar: Workdays, raw: date) -> Target:
        day = self._snapped(step, calendar, self.frame.within_horizon(raw))
        target = Target(None, raw, day, day)
        if day != raw:
            target.findings.append(
                Finding(
                    "I-SNAPPED",
                    text("{raw} is not a working day: moved to {day}.", raw=raw, day=day),
                )
            )
        if step.anchor == "start" and step.estimate:
            available = self.frame.availability(step)
            target.due = day_of(available.forward(morning(day), step.estimate.half_days))
        return target

    def _snapped(self, step: Step, calendar: Workdays, raw: date) -> date:
        snap = step.snap
        if snap is None and step.is_launch:
            snap = "none"
        if snap is None:
            snap = "next" if step.anchor == "start" or raw > self.frame.launch else "previous"
        if snap == "none":
            return raw
        return (
            calendar.day_at_or_before(raw) if snap == "previous" else calendar.day_at_or_after(raw)
        )

    def _windowed(self, step: Step, calendar: Workdays, first: date, last: date) -> Target:
        """Shrink a window inwards to working days (rule 16)."""
        self.frame.within_horizon(first)
        self.frame.within_horizon(last)
        if first > last:
            return self._inverted(step, calendar, first, last)
        if step.snap == "none":
            return Target(first, last, first, last)
        until = self._last_day(step, first, last)
        target = Target(
            first, last, calendar.day_at_or_after(first), calendar.day_at_or_before(until)
        )
        if not calendar.days_between(first, until):
            target.start = target.due = self._only_day(calendar, first, until)
            target.findings.append(_empty(first, until, target.due))
        elif step.estimate and step.estimate.half_days > calendar.count(
            morning(first), afternoon(until)
        ):
            worked = calendar.days_between(first, until)
            target.findings.append(_short(worked, step.estimate.half_days / 2))
        return target

    def _last_day(self, step: Step, first: date, last: date) -> date:
        """Return a window's last day: the eve for one that ends at J, which is J's start (rule 7)."""
        ends_at_launch = isinstance(step.offset, Window) and step.offset.last.is_launch
        return last - timedelta(days=1) if ends_at_launch and first < last else last

    def _only_day(self, calendar: Workdays, first: date, last: date) -> date:
        """Return the one day of a window without working days (rule 16)."""
        before = last < self.frame.launch
        return calendar.day_at_or_before(last) if before else calendar.day_at_or_after(first)

    def _inverted(self, step: Step, calendar: Workdays, first: date, last: date) -> Target:
        day = last if step.snap == "none" else self._only_day(calendar, first, last)
        message = text("The window ends before it begins.")
        return Target(first, last, day, day, [Finding("E-RANGE-ORDER", message)])

    def note_collapsed(self) -> None:
        """Note two consecutive offsets that snapping put on one day (rule 15)."""
        pointed = [
            (target.raw, number, step)
            for number, step in enumerate(self.frame.plan.steps)
            if (target := self.targets[step.id]).raw is not None
            and target.raw_start is None
            and not step.is_launch
        ]
        pointed.sort(key=lambda entry: entry[:2])
        for (raw, _, step), (next_raw, _, after) in pairwise(pointed):
            if raw != next_raw and self.targets[step.id].due == self.targets[after.id].due:
                self.targets[after.id].findings.append(
                    Finding(
                        "W-COLLAPSED",
                        text("Due on the same day as “{other}”.", other=step.title),
                    )
                )


def _empty(first: date, last: date, day: date) -> Finding:
    return Finding(
        "W-RANGE-EMPTY",
        text(
            "No working day between {first} and {last}: moved to {day}.",
            first=first,
            last=last,
            day=day,
        ),
    )


def _short(worked: int, days: float) -> Finding:
    return Finding(
        "W-RANGE-SHORT",
        text(
            "The window has {worked} working days; the work takes {days}.", worked=worked, days=days
        ),
    )
