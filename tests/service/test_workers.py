"""Workers that vanish, freeze, or lose their store: whatever was acknowledged is done."""

import itertools
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bridge.reactions.hint import Hint
from bridge.service.durable.engine import DurableEngine
from tests.service.duties import until
from tests.service.postgres import Postgres, server
from tests.service.worker_process import PARTS
from tests.service.workers import Worker, killed_at_random, send_until_taken

KILLS = int(os.environ.get("BRIDGE_CRASH_KILLS", "3"))
_MONTHS = (date(2026, 11, 27), date(2026, 12, 24), date(2027, 1, 13))
_NUMBERS = itertools.count(1)


def _hints(count: int) -> list[Hint]:
    return [
        Hint(f"crash-{number}", "jira:issue_updated", f"MKT-{number}", dates=(_MONTHS[number % 3],))
        for number in itertools.islice(_NUMBERS, count)
    ]


class Notes:
    """What workers noted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def lines(self) -> list[str]:
        return self.path.read_text().splitlines() if self.path.exists() else []

    def holds_all(self, hints: list[Hint]) -> bool:
        return {f"hint {hint.identifier}" for hint in hints} <= set(self.lines)

    def assert_each_month_followed(self) -> None:
        """The last publication of a month began after the last hint that touched it."""
        lines = self.lines
        last_hint = max(i for i, line in enumerate(lines) if line.startswith("hint "))
        months = {line.split()[2] for line in lines if line.startswith("begin ")}
        assert months == {f"{day:%Y-%m}" for day in _MONTHS}
        for number, month in enumerate(f"{day:%Y-%m}" for day in _MONTHS):
            mine = [
                i
                for i, line in enumerate(lines)
                if line.startswith("hint ") and int(line.rpartition("-")[2]) % 3 == number
            ]
            ends = [i for i, line in enumerate(lines) if line.startswith(f"end month {month} ")]
            assert ends[-1] > max(mine)
        assert last_hint < len(lines) - 1


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that nobody else uses."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    running: Postgres = request.getfixturevalue("postgres")
    return running.database(f"fresh-{next(_NUMBERS)}")


@pytest.fixture
def company() -> Iterator[list[Worker]]:
    """The workers of a test; ended with it."""
    workers: list[Worker] = []
    yield workers
    for worker in workers:
        worker.stop()


def _settled(address: str) -> None:
    engine = DurableEngine.look_into(address)
    assert engine is not None
    until(lambda: engine.backlog().counts["waiting"] + engine.backlog().counts["running"] == 0, 60)
    assert engine.backlog().counts["failed"] == 0
    engine.close()


def test_nothing_acknowledged_is_lost_when_the_process_is_killed_at_random(
    fresh: str, notes: Notes, company: list[Worker]
) -> None:
    worker, hints = Worker(fresh, "w", notes.path), _hints(40 * max(KILLS, 3))
    company.append(worker)
    kills = killed_at_random(worker, KILLS, seed=1)
    send_until_taken(hints, company, seed=2)
    kills.join()
    assert worker.taken == {hint.identifier for hint in hints}
    until(lambda: notes.holds_all(hints), 60)
    _settled(fresh)
    notes.assert_each_month_followed()


def test_the_work_of_a_worker_that_never_comes_back_is_done_by_another(
    postgres: Postgres, notes: Notes, company: list[Worker]
) -> None:
    fresh = postgres.database("vanished")
    first, hints = Worker(fresh, "first", notes.path, seconds=1.5), _hints(30)
    company.append(first)
    send_until_taken(hints, [first], seed=3)
    until(lambda: any(line.startswith("part") for line in notes.lines))
    first.kill()  # in the middle of a job, which now blocks the one place where jobs are done
    company.append(Worker(fresh, "second", notes.path))
    until(lambda: notes.holds_all(hints), 60)
    _settled(fresh)
    notes.assert_each_month_followed()
    assert "second" in " ".join(line for line in notes.lines if line.startswith("end"))


def test_a_frozen_worker_loses_its_job_and_writes_no_more_when_it_wakes(
    postgres: Postgres, notes: Notes, company: list[Worker]
) -> None:
    fresh = postgres.database("frozen")
    company += [Worker(fresh, name, notes.path, seconds=2.0) for name in ("first", "second")]
    send_until_taken(_hints(3), company, seed=4)
    until(lambda: any(line.startswith("part") for line in notes.lines))
    begun = next(line for line in notes.lines if line.startswith("begin"))
    frozen = next(worker for worker in company if begun.endswith(f" {worker.name}"))
    frozen.freeze()
    job = begun.removeprefix("begin ").removesuffix(f" {frozen.name}")
    ended = f"end {job} "
    until(lambda: any(line.startswith(ended) for line in notes.lines), 60)
    before = notes.lines.count(f"part {job} {frozen.name}")
    frozen.thaw()
    time.sleep(2.5)  # long enough for all the parts that it had left
    assert before < PARTS
    assert notes.lines.count(f"part {job} {frozen.name}") - before <= 1
    _settled(fresh)
    assert [line for line in notes.lines if line.startswith(ended)] == [
        f"end {job} {next(w.name for w in company if w is not frozen)}"
    ]


def test_a_database_that_crashes_under_load_costs_no_work(
    notes: Notes, company: list[Worker]
) -> None:
    with server() as running:
        address, hints = running.database("load"), _hints(90)
        company += [Worker(address, name, notes.path) for name in ("first", "second")]
        for third in range(0, 90, 30):
            send_until_taken(hints[third : third + 30], company, seed=third)
            running.stop(at_once=True)
            running.start()
        until(lambda: notes.holds_all(hints), 90)
        _settled(address)
        notes.assert_each_month_followed()
        while company:
            company.pop().stop()
