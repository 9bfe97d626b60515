"""The forecast: examples E8 and E9 of the rules, absences, lags, and what holds for every network."""

from datetime import date
from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.retroplan.calendars import Calendars
from bridge.retroplan.forecast import Forecast, Task, forecast
from bridge.retroplan.template import Need
from bridge.retroplan.workdays import CalendarRules, OutOfHorizon, Span, Workdays, day_of
from tests.test_schedule import E8

FR = Calendars(CalendarRules("FR"), date(2025, 1, 1), date(2027, 12, 31)).named()
LAUNCH = date(2026, 5, 26)
TASKS = [
    Task(id=one.id, left=one.estimate.half_days, available=FR, needs=one.needs)
    for one in E8
    if one.estimate
]


def at(today: str, tasks: list[Task] | None = None, launch: date = LAUNCH) -> Forecast:
    return forecast(TASKS if tasks is None else tasks, launch, FR, date.fromisoformat(today))


def task(name: str, days: float, *needs: str | Need, away: tuple[date, date] | None = None) -> Task:
    available: Workdays = FR.without([Span(*away)]) if away else FR
    wanted = tuple(need if isinstance(need, Need) else Need(need) for need in needs)
    return Task(id=name, left=round(2 * days), available=available, needs=wanted)


def test_e8_float_with_three_weeks_and_a_half_to_go() -> None:
    found = at("2026-04-27")
    assert found.float_days == {
        "brief": 3, "maquette": 3, "dev": 3, "recette": 3, "gel": 3,
        "redaction": 6, "juridique": 6, "segmentation": 8, "integration": 7, "tests": 7,
    }  # fmt: skip
    assert found.critical == ("brief", "maquette", "dev", "recette", "gel")


def test_e9_too_late_the_missing_days_and_the_earliest_launch() -> None:
    found = at("2026-05-06")
    assert found.float_days == {
        "brief": -3, "maquette": -3, "dev": -3, "recette": -3, "gel": -3,
        "redaction": 0, "juridique": 0, "segmentation": 2, "integration": 1, "tests": 1,
    }  # fmt: skip
    assert day_of(found.finish["gel"]) == date(2026, 5, 28)
    assert found.earliest_launch == date(2026, 5, 29)
    assert set(found.critical) == {"brief", "maquette", "dev", "recette", "gel", "redaction", "juridique"}  # fmt: skip


def test_what_is_finished_binds_nobody() -> None:
    rest = [task("maquette", 4, "brief"), task("dev", 5, "maquette")]
    assert at("2026-05-06", rest).earliest_launch == date(2026, 5, 21)


def test_an_absence_moves_the_finish_and_takes_float() -> None:
    here = at("2026-06-03", [task("newsletter", 3)], date(2026, 6, 19))
    away = at(
        "2026-06-04",
        [task("newsletter", 3, away=(date(2026, 6, 8), date(2026, 6, 12)))],
        date(2026, 6, 19),
    )
    assert day_of(here.finish["newsletter"]) == date(2026, 6, 5)
    assert day_of(away.finish["newsletter"]) == date(2026, 6, 15)
    assert away.float_days["newsletter"] == 3


def test_a_lag_counts_on_the_project_s_calendar_both_ways() -> None:
    pair = [task("order", 1), task("pack", 1, Need("order", 2))]
    found = at("2026-06-01", pair, date(2026, 6, 15))
    assert day_of(found.finish["pack"]) == date(2026, 6, 4)
    assert found.float_days == {"order": 6, "pack": 6}


def test_a_mere_date_takes_no_time() -> None:
    chain = [task("write", 2), task("read", 0, "write"), task("send", 1, "read")]
    found = at("2026-06-01", chain, date(2026, 6, 8))
    assert day_of(found.finish["send"]) == date(2026, 6, 3)
    assert set(found.float_days.values()) == {2}


def test_nothing_left_may_be_launched_on_the_next_worked_day() -> None:
    assert at("2026-05-23", []).earliest_launch == date(2026, 5, 26)  # Whit Monday is off
    assert at("2026-05-23", []).critical == ()


def test_what_needs_each_other_or_never_ends_is_said() -> None:
    with pytest.raises(CycleError):
        at("2026-05-06", [task("a", 1, "b"), task("b", 1, "a")])
    with pytest.raises(OutOfHorizon):
        at("2027-12-01", [task("a", 100)])


@st.composite
def networks(draw: st.DrawFn) -> list[Task]:
    size = draw(st.integers(1, 8))
    return [
        Task(
            id=str(number),
            left=draw(st.integers(0, 8)),
            available=FR,
            needs=tuple(
                Need(str(other), draw(st.sampled_from([0, 0.5, 1, 2])))
                for other in sorted(draw(st.sets(st.integers(0, number - 1), max_size=3)))
            )
            if number
            else (),
        )
        for number in range(size)
    ]


@given(networks(), st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 90))
def test_the_earliest_launch_is_the_first_that_leaves_no_negative_float(
    tasks: list[Task], today: date, later: int
) -> None:
    found = forecast(
        tasks, FR.day_at_or_after(date.fromordinal(today.toordinal() + later)), FR, today
    )
    earliest = found.earliest_launch
    held = forecast(tasks, earliest, FR, today)
    assert min(held.float_days.values()) >= 0
    assert set(held.critical) <= set(held.finish)
    before = FR.nth_day_before(earliest, 1)
    if before >= today and any(one.left for one in tasks):
        assert min(forecast(tasks, before, FR, today).float_days.values()) < 0
