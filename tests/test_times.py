"""What the time of the day calls for, and that a missed time is caught up once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.service import times
from bridge.service.times import MORNING, NIGHTLY

PARIS = ZoneInfo("Europe/Paris")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ({}, "2027-02-10T08:45", [NIGHTLY, MORNING]),
        ({NIGHTLY: "2027-02-09", MORNING: "2027-02-09"}, "2027-02-10T01:59", []),
        ({NIGHTLY: "2027-02-09", MORNING: "2027-02-09"}, "2027-02-10T02:00", [NIGHTLY]),
        ({NIGHTLY: "2027-02-10", MORNING: "2027-02-09"}, "2027-02-10T08:29", []),
        ({NIGHTLY: "2027-02-10", MORNING: "2027-02-09"}, "2027-02-10T08:30", [MORNING]),
        # the service was away for the week-end: one night is caught up, and one morning
        ({NIGHTLY: "2027-02-05", MORNING: "2027-02-05"}, "2027-02-08T09:10", [NIGHTLY, MORNING]),
        # it came back in the afternoon: no good morning any more
        ({NIGHTLY: "2027-02-09", MORNING: "2027-02-09"}, "2027-02-10T15:00", [NIGHTLY]),
        # the night clocks go forward there is no 02:00; at 03:00 it is due all the same
        ({NIGHTLY: "2027-03-27", MORNING: "2027-03-27"}, "2027-03-28T03:00", [NIGHTLY]),
        ({NIGHTLY: "2028-02-28", MORNING: "2028-02-28"}, "2028-02-29T08:30", [NIGHTLY, MORNING]),
    ],
)  # fmt: skip
def test_what_is_due(last: dict[str, str], now: str, due: list[str]) -> None:
    assert list(times.due(last, at(now))) == due


@given(st.integers(min_value=1_767_222_000, max_value=1_893_452_400))
def test_what_was_done_is_not_due_again_at_the_same_moment(seconds: int) -> None:
    now = datetime.fromtimestamp(seconds, PARIS)
    done = {name: times.day_of(name, now).isoformat() for name in times.due({}, now)}
    assert list(times.due(done, now)) == []
