"""What the dates of a plan are computed from: its launch, calendars, owners and pins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bridge.retroplan.calendars import Calendars
from bridge.retroplan.template import Retroplan, Step
from bridge.retroplan.workdays import HalfDay, OutOfHorizon, Span, Workdays, morning


@dataclass(frozen=True, slots=True)
class Owner:
    """Who does a step, as far as time is concerned: a site's calendar and absences (rule 5)."""

    person: str
    calendar: str | None = None
    absences: tuple[Span, ...] = ()
    name: str = ""


NOBODY = Owner("")


class Timeframe:
    """A plan with everything that decides when its steps may happen.

    ``owners`` by step id; ``pins`` are due dates that people set by hand, by step id.
    """

    def __init__(
        self,
        plan: Retroplan,
        launch: date,
        calendars: Calendars,
        owners: Mapping[str, Owner],
        pins: Mapping[str, date],
    ) -> None:
        self.plan = plan
        self.launch = launch
        self.owners = owners
        self.pins = pins
        self.project = calendars.named(plan.template.calendar)
        self._calendars = calendars
        self._horizon = _years_from(launch, -3), _years_from(launch, 1)
        # Asked several times a step: what each is answered once.
        self._of_step: dict[str, Workdays] = {}
        self._available: dict[tuple[str, tuple[Span, ...]], Workdays] = {}

    @cached_property
    def eve(self) -> HalfDay:
        """Return the last worked half-day before the launch, which is at the start of J (rule 7)."""
        return self.project.half_at_or_before(morning(self.launch) - 1)

    def within_horizon(self, day: date) -> date:
        """Return ``day``; raise OutOfHorizon where rule 6 does, however far the calendars reach."""
        first, last = self._horizon
        if not first <= day <= last:
            raise OutOfHorizon(day)
        return day

    def owner(self, step: Step) -> Owner:
        """Return who does a step."""
        return self.owners.get(step.id, NOBODY)

    def calendar(self, step: Step) -> Workdays:
        """Return the step's calendar: task, else owner's site, else template, else project (rule 5)."""
        found = self._of_step.get(step.id)
        if found is None:
            named = step.calendar or self.owner(step).calendar or self.plan.template.calendar
            found = self._of_step[step.id] = self._calendars.named(named)
        return found

    def availability(self, step: Step) -> Workdays:
        """Return the time in which a step's owner works: its calendar minus absences (rule 5)."""
        absences, calendar = self.owner(step).absences, self.calendar(step)
        if not absences:
            return calendar
        key = (calendar.name, absences)
        if key not in self._available:
            self._available[key] = calendar.without(absences)
        return self._available[key]


def _years_from(day: date, years: int) -> date:
    """Return the same day some years away; 28 February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
