"""Named calendars and working time in half-days (rules 1 to 6)."""

from datetime import date

import pytest

from bridge.retroplan.calendars import Calendars, UnknownCalendar, check_code, public_holidays
from bridge.retroplan.workdays import (
    CalendarRules,
    OutOfHorizon,
    Span,
    Workdays,
    afternoon,
    day_of,
    morning,
)

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def workdays(**rules: object) -> Workdays:
    return Calendars(CalendarRules(**rules), *YEAR).named()  # type: ignore[arg-type]  # keywords of the test


def test_french_holidays_of_2026_are_not_worked() -> None:
    days = [
        "01-01",
        "04-06",
        "05-01",
        "05-08",
        "05-14",
        "05-25",
        "07-14",
        "08-15",
        "11-01",
        "11-11",
        "12-25",
    ]
    assert [d.isoformat()[5:] for d in sorted(public_holidays("FR", *YEAR))] == days
    calendar = workdays()
    assert not any(calendar.is_worked(date.fromisoformat(f"2026-{day}")) for day in days)


@pytest.mark.parametrize("code", ["FR-57", "FR-6AE"])
def test_alsace_moselle_adds_good_friday_and_saint_stephen(code: str) -> None:
    more = set(public_holidays(code, *YEAR)) - set(public_holidays("FR", *YEAR))
    assert more == {date(2026, 4, 3), date(2026, 12, 26)}


@pytest.mark.parametrize("code", ["FR-GES", "FR-Moselle", "FR-99", "FR-", "XX", "fr", "", "MC-1"])
def test_a_code_that_would_silently_mean_less_is_refused(code: str) -> None:
    with pytest.raises(UnknownCalendar) as refused:
        check_code(code)
    assert refused.value.hint.one


def test_other_countries_and_regions_are_known() -> None:
    for code in ("BE", "CH", "CH-GE", "DE-BY", "US-CA", "FR-971"):
        check_code(code)


def test_forced_days_win_over_holidays_closures_and_weekends() -> None:
    whit_monday, saturday, closed = date(2026, 5, 25), date(2026, 5, 16), date(2026, 5, 15)
    calendar = workdays(
        worked=frozenset({whit_monday, saturday, closed}), closed=(Span(closed, closed),)
    )
    assert all(calendar.is_worked(day) for day in (whit_monday, saturday, closed))


def test_a_half_day_is_worked_in_its_half_only() -> None:
    eve = date(2026, 12, 24)
    calendar = workdays(half={eve: "am"})
    assert calendar.is_worked(eve)
    assert calendar.half_at_or_before(afternoon(eve)) == morning(eve)
    closed = workdays(closed=(Span(eve, eve, "pm"),))
    assert closed.half_at_or_before(afternoon(eve)) == morning(eve)


def test_counting_back_and_forward_are_each_other_s_inverse() -> None:
    calendar = workdays()
    finish = calendar.half_at_or_before(afternoon(date(2026, 6, 1)))
    for halves in range(1, 60):
        start = calendar.back(finish, halves)
        assert calendar.forward(start, halves) == finish
        assert calendar.count(start, finish) == halves


def test_absences_take_from_availability_and_leave_the_calendar_alone() -> None:
    calendar = workdays()
    away = calendar.without([Span(date(2026, 6, 8), date(2026, 6, 12))])
    assert calendar.days_between(date(2026, 6, 8), date(2026, 6, 12)) == 5
    assert away.days_between(date(2026, 6, 8), date(2026, 6, 12)) == 0
    assert calendar.without([]) is calendar


def test_a_bridge_day_stands_alone_between_days_off() -> None:
    calendar = workdays()
    assert calendar.is_bridge(date(2026, 5, 15))  # the Friday after Ascension
    assert calendar.is_bridge(date(2026, 7, 13))  # the Monday before 14 July
    assert not calendar.is_bridge(date(2026, 5, 13))


def test_walking_off_the_calendar_is_said_not_guessed() -> None:
    calendar = workdays()
    with pytest.raises(OutOfHorizon):
        calendar.nth_day_before(date(2026, 1, 5), 40)
    with pytest.raises(OutOfHorizon):
        calendar.back(morning(date(2026, 1, 5)), 40)
    with pytest.raises(OutOfHorizon):
        calendar.day_at_or_after(date(2027, 6, 1))


def test_half_days_and_days_convert_both_ways() -> None:
    day = date(2028, 2, 29)
    assert day_of(morning(day)) == day_of(afternoon(day)) == day
    assert afternoon(day) == morning(day) + 1
