"""What of the rules falls due is told some days before, on the day, and on Mondays when late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.service import upkeep

DUE = date(2027, 6, 30)  # a Wednesday


@pytest.mark.parametrize(
    ("today", "is_told"),
    [
        (date(2027, 5, 30), False), (date(2027, 5, 31), True), (date(2027, 6, 22), False),
        (date(2027, 6, 23), True), (date(2027, 6, 29), True), (DUE, True),
        (date(2027, 7, 1), False), (date(2027, 7, 5), True), (date(2027, 7, 6), False),
    ],
)  # fmt: skip
def test_the_days_on_which_it_is_told(today: date, is_told: bool) -> None:
    assert upkeep._is_told(DUE, today) is is_told


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_nothing_stays_untold_for_more_than_a_week_once_it_is_late(day: date, today: date) -> None:
    if day < today:
        week = [today + timedelta(n) for n in range(7)]
        assert any(upkeep._is_told(day, one) for one in week)
