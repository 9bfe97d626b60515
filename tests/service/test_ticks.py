"""Named times: kept in the store, caught up once, never piled up."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.service.durable.ticks import Ticks
from tests.service.conftest import TICKS, Works
from tests.service.duties import until

_PARIS = ZoneInfo("Europe/Paris")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_PARIS)


def _fired(at_work: Works, name: str, at: datetime) -> None:
    """Say that a time was last served then, as DBOS's scheduler does."""
    ledger = at_work.engine._ledger
    ledger.client._sys_db.update_last_fired_at(f"tick-{name}", at.isoformat())


def test_a_night_missed_is_caught_up_once_by_whichever_worker(at_work: Works) -> None:
    _fired(at_work, "nightly", _at("2027-03-01T02:00"))
    ticks = Ticks(at_work.engine._ledger, "Europe/Paris")
    nightly = {**TICKS, "nightly": "0 2 * * *"}
    ticks.apply(nightly, now=_at("2027-03-05T08:10"))  # four nights later
    ticks.apply(nightly, now=_at("2027-03-05T08:11"))  # another worker, in the same moment
    until(lambda: any(name == "nightly" for name, _ in at_work.noted.ticked))
    assert at_work.engine.settle(10)
    nights = [at for name, at in at_work.noted.ticked if name == "nightly"]
    assert nights == [_at("2027-03-05T02:00")]
    assert nights[0].utcoffset() == timedelta(hours=1)
    ticks.apply(TICKS, now=_at("2027-03-05T08:12"))


def test_a_time_that_was_served_is_not_caught_up(at_work: Works) -> None:
    _fired(at_work, "nightly", _at("2028-02-29T02:00"))
    before = len(at_work.noted.ticked)
    Ticks(at_work.engine._ledger, "Europe/Paris").apply(TICKS, now=_at("2028-02-29T08:00"))
    assert at_work.engine.settle(10)
    assert len(at_work.noted.ticked) == before


def test_times_that_passed_during_a_long_run_make_one_run(at_work: Works) -> None:
    ledger, runs, goes_on = at_work.engine._ledger, threading.Event(), threading.Event()

    def tick() -> None:
        runs.set()
        assert goes_on.wait(20)

    at_work.noted.ticks["poll"] = tick
    times = [_at(f"2027-04-01T08:0{minute}") for minute in range(5)]
    ledger.tick("poll-0", "poll", times[0])
    assert runs.wait(20)
    for number, time in enumerate(times[1:], 1):
        ledger.tick(f"poll-{number}", "poll", time)
    goes_on.set()
    until(lambda: ("poll", times[-1]) in at_work.noted.ticked)
    assert at_work.engine.settle(10)
    polls = [at for name, at in at_work.noted.ticked if name == "poll"]
    assert polls == [times[0], times[-1]]


def test_a_time_that_nobody_names_any_more_is_forgotten(at_work: Works) -> None:
    client = at_work.engine._ledger.client
    ticks = Ticks(at_work.engine._ledger, "Europe/Paris")
    ticks.apply({**TICKS, "morning": "30 8 * * *"})
    assert {s["schedule_name"] for s in client.list_schedules()} >= {"tick-morning"}
    ticks.apply(TICKS)
    assert {s["schedule_name"] for s in client.list_schedules()} == {"tick-poll", "tick-nightly"}


def test_a_round_beside_the_service_leaves_the_service_its_times(at_work: Works) -> None:
    ledger = at_work.engine._ledger
    Ticks(ledger, "Europe/Paris").apply({})  # as `bridge sync` does
    left = {schedule["schedule_name"] for schedule in ledger.client.list_schedules()}
    assert left == {"tick-poll", "tick-nightly"}


def test_what_only_an_absent_service_would_do_is_not_waited_for(at_work: Works) -> None:
    at_work.engine._ledger.tick(
        "of-a-service-that-was-stopped", "elsewhere", _at("2027-05-01T08:00")
    )
    assert at_work.engine.settle(2)
    assert at_work.engine.discard("of-a-service-that-was-stopped")
