"""Plan a template for a launch: values and people in, a schedule out. Nothing is read or written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bridge.errors import Problem
from bridge.retroplan import parameters
from bridge.retroplan.calendars import UnknownCalendar, check_code
from bridge.retroplan.schedule import Schedule, calendars_for, schedule
from bridge.retroplan.template import Template
from bridge.retroplan.workdays import CalendarRules
from bridge.team import Team, owners_by_step
from bridge.text import text


def values_for(
    template: Template, given: Iterable[tuple[str, str]], calendar: str | None = None
) -> tuple[Mapping[str, str], Sequence[Problem]]:
    """Return the parameter values, and every problem with them and with a calendar code."""
    values, problems = parameters.checked(template, given)
    if calendar is not None:
        try:
            check_code(calendar)
        except UnknownCalendar as unknown:
            sentence = text("There is no calendar “{code}”.", code=calendar)
            problems = [*problems, Problem(sentence, unknown.hint, code="E-CALENDAR")]
    return values, problems


def plan(
    template: Template,
    launch: date,
    rules: CalendarRules,
    *,
    values: Mapping[str, str],
    team: Team | None = None,
    today: date | None = None,
) -> Schedule:
    """Return the schedule; with a team, on the calendars and absences of whoever holds each role."""
    retroplan = template.choose(values)
    holders, _ = team.staffing(retroplan) if team else ({}, [])
    return schedule(
        retroplan,
        launch,
        calendars_for(launch, rules),
        owners=owners_by_step(retroplan, holders),
        today=today,
    )
