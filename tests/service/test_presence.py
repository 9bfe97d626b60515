"""Names, heartbeats and leave to write, on a clock that the test turns."""

from pathlib import Path

import pytest

from bridge.service.durable import presence as module
from bridge.service.durable.attempt import Pace, attempt
from bridge.service.durable.presence import Lapsed, Presence, Pulse
from bridge.service.durable.store import Store

_PULSE = Pulse(every=5, dead=30)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "_clock", lambda: clock.now)
    return clock


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'service.db'}")
    store.prepare()
    return store


def test_a_second_process_of_the_same_name_gets_a_number(store: Store) -> None:
    first, second = (Presence(store, "shop", _PULSE) for _ in range(2))
    assert (first.claim(), second.claim()) == ("shop", "shop-2")
    first.leave()
    assert Presence(store, "shop", _PULSE).claim() == "shop"


def test_the_life_before_a_crash_leaves_its_name(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    Presence(store, "shop", _PULSE).claim()
    monkeypatch.setattr(module, "_LIVES", set())  # as after a crash: this process began anew
    assert Presence(store, "shop", _PULSE).claim() == "shop"


def test_a_worker_whose_name_was_taken_does_not_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Presence(store, "shop", _PULSE)
    first.claim()
    monkeypatch.setattr(module, "_LIVES", set())
    Presence(store, "shop", _PULSE).claim()
    with first.working():
        assert not first.beat()
        with pytest.raises(Lapsed):
            first.check()


def test_who_was_silent_too_long_may_not_write_until_heard_again(
    store: Store, clock: Clock
) -> None:
    worker = Presence(store, "shop", _PULSE)
    worker.claim()
    with worker.working():
        clock.now += 23.9
        worker.check()
        clock.now += 0.2
        with pytest.raises(Lapsed):
            worker.check()
        assert worker.beat()
        with pytest.raises(Lapsed):  # others may have taken this very job over
            worker.check()
    with worker.working():
        worker.check()


def test_after_a_silence_of_all_nobody_is_judged_at_once(store: Store, clock: Clock) -> None:
    worker = Presence(store, "shop", _PULSE)
    worker.claim()
    clock.now += 20
    assert worker.is_steady()
    clock.now += 60  # the store was away
    worker.beat()
    assert not worker.is_steady()
    for _ in range(4):
        clock.now += 5
        worker.beat()
    assert worker.is_steady()


def test_one_worker_looks_after_the_others(store: Store) -> None:
    first, second = (Presence(store, "shop", _PULSE) for _ in range(2))
    assert first.takes_turn()
    assert not second.takes_turn()
    assert first.takes_turn()


def test_a_run_that_lost_its_leave_is_to_be_run_again(store: Store, clock: Clock) -> None:
    worker = Presence(store, "shop", _PULSE)

    def run() -> None:
        clock.now += 60
        worker.check()

    assert attempt(run, worker, "month 2026-11") == {"again": 0.0, "why": "Lapsed"}


def test_tries_take_most_of_an_hour() -> None:
    pace = Pace()
    waits = [pace.delay(tried, 0) for tried in range(1, pace.tries)]
    assert waits == sorted(waits)
    assert 2700 < sum(waits) < 3600
    assert pace.delay(1, 120) == 120
