"""What the service may rely on, on SQLite and on PostgreSQL alike."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy
from dbos import Debouncer
from sqlalchemy.exc import OperationalError

from bridge.errors import UnknownName
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.durable.engine import DurableEngine
from bridge.service.durable.store import Store
from bridge.service.engine import Again, Work
from bridge.text import text
from tests.service.conftest import Works
from tests.service.duties import until

_NUMBERS = itertools.count(1)


def _hint() -> Hint:
    number = next(_NUMBERS)
    return Hint(identifier=f"event-{number}", event="jira:issue_updated", issue=f"MKT-{number}")


def _job(kind: str = "month") -> Job:
    return Job(kind, f"MKT-{next(_NUMBERS)}")


def _of(at_work: Works, job: Job) -> list[Work]:
    return [work for work in at_work.engine.works() if work.subject == str(job)]


def test_the_same_event_twice_is_looked_into_once(at_work: Works) -> None:
    hint = _hint()
    assert at_work.engine.take(hint)
    assert not at_work.engine.take(hint)
    until(lambda: hint in at_work.noted.hints)
    at_work.engine.settle(10)
    assert at_work.noted.hints.count(hint) == 1


def test_a_burst_makes_one_run_after_its_last_event(at_work: Works) -> None:
    job = _job()
    hints = [_hint() for _ in range(30)]
    for hint in hints:
        at_work.noted.jobs[hint.issue] = [(job, 1.0, 30.0)]
    for hint in hints:
        at_work.engine.take(hint)
    until(lambda: job in at_work.noted.acted)
    assert {hint.issue for hint in hints} <= {hint.issue for hint in at_work.noted.hints}
    assert at_work.noted.acted.count(job) == 1


def test_a_burst_without_end_is_served_at_the_latest_delay(at_work: Works) -> None:
    job = _job()

    def asked_again() -> bool:
        at_work.engine.soon(job, 5.0, 1.0)
        return job in at_work.noted.acted

    until(asked_again)


def test_what_is_asked_for_while_it_runs_runs_again_afterwards(at_work: Works) -> None:
    job, runs, goes_on = _job(), threading.Event(), threading.Event()

    def act() -> None:
        runs.set()
        assert goes_on.wait(20)

    at_work.noted.acts[job] = act
    at_work.engine.soon(job, 0, 0)
    assert runs.wait(20)
    at_work.engine.soon(job, 0, 0)
    goes_on.set()
    until(lambda: at_work.noted.acted.count(job) == 2)


def test_one_writes_at_a_time_and_who_waits_for_the_site_holds_nobody_up(at_work: Works) -> None:
    waits, others = _job(), [_job() for _ in range(5)]
    down = iter([True, True, False])

    def act() -> None:
        if next(down):
            raise Again(0.5, "the site is down")

    at_work.noted.acts[waits] = act
    for job in (waits, *others):
        at_work.engine.soon(job, 0, 0)
    until(lambda: set(others) <= set(at_work.noted.acted))
    until(lambda: at_work.noted.acted.count(waits) == 3)
    at_work.engine.settle(10)
    assert [work.state for work in _of(at_work, waits)] == ["done"] * 3
    assert at_work.noted.most_at_once == 1


def test_what_was_tried_too_often_fails_and_a_retry_counts_anew(at_work: Works) -> None:
    job, is_down = _job(), threading.Event()
    is_down.set()

    def act() -> None:
        if is_down.is_set():
            raise Again(0.1, "the site is down")

    at_work.noted.acts[job] = act
    at_work.engine.soon(job, 0, 0)
    until(lambda: [w.state for w in _of(at_work, job)][:1] == ["failed"])
    failed = _of(at_work, job)[0]
    assert (failed.tries, failed.error) == (3, "GaveUp: the site is down")
    assert at_work.engine.retry(failed.id)
    until(lambda: at_work.noted.acted.count(job) > 4)  # beyond the tries it had
    is_down.clear()
    until(lambda: {w.state for w in _of(at_work, job)} == {"done"})
    assert not at_work.engine.retry(failed.id)


def test_a_refusal_is_kept_by_its_kind_and_without_what_people_wrote(at_work: Works) -> None:
    hint, job = _hint(), _job()
    at_work.noted.jobs[hint.issue] = [(job, 0, 0)]

    def act() -> None:
        raise UnknownName(text("template"), "Camille Martin", "Camille", [])

    at_work.noted.acts[job] = act
    at_work.engine.take(hint)
    until(lambda: [w.state for w in _of(at_work, job)] == ["failed"])
    failed = _of(at_work, job)[0]
    assert failed.error == "UnknownName: There is no template “…”."
    assert failed.tries == 1
    assert at_work.engine.discard(failed.id)
    assert _of(at_work, job)[0].state == "discarded"
    assert failed.id not in {work.id for work in at_work.engine.works("failed")}
    assert failed.id in {work.id for work in at_work.engine.works("discarded")}


def test_a_bug_is_kept_by_its_kind_alone_and_stops_nothing_else(at_work: Works) -> None:
    job, other = _job(), _job()

    def act() -> None:
        raise KeyError("Camille Martin")

    at_work.noted.acts[job] = act
    at_work.engine.soon(job, 0, 0)
    until(lambda: [w.state for w in _of(at_work, job)] == ["failed"])
    assert _of(at_work, job)[0].error == "KeyError"
    at_work.engine.soon(other, 0, 0)
    until(lambda: other in at_work.noted.acted)


def test_what_waits_is_counted_and_can_be_given_up(at_work: Works) -> None:
    job = _job()
    at_work.engine.soon(job, 600, 600)
    waiting = _of(at_work, job)[0]
    assert waiting.state == "waiting"
    assert at_work.engine.backlog().counts["waiting"] >= 1
    assert at_work.engine.backlog().oldest < timedelta(minutes=5)  # it need not have run yet
    assert at_work.engine.discard(waiting.id)
    work = at_work.engine.work(waiting.id)
    assert work is not None
    assert work.state == "discarded"
    assert not at_work.engine.discard(waiting.id)
    at_work.engine.soon(job, 0, 0)  # given up is not forbidden
    until(lambda: job in at_work.noted.acted)


def test_nothing_is_known_of_an_unknown_id(at_work: Works) -> None:
    assert at_work.engine.work("no-such-id") is None
    assert not at_work.engine.retry("no-such-id")
    assert not at_work.engine.discard("no-such-id")


def test_a_purge_forgets_what_is_finished_and_nothing_else(at_work: Works) -> None:
    done, waits = _hint(), _job()
    at_work.engine.take(done)
    at_work.engine.soon(waits, 600, 600)
    until(lambda: done in at_work.noted.hints)
    at_work.engine.settle(10)
    assert at_work.engine.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert at_work.engine.purge(datetime.now(UTC) + timedelta(seconds=2)) > 0
    assert {work.state for work in at_work.engine.works()} == {"waiting"}
    for work in at_work.engine.works():
        at_work.engine.discard(work.id)


def test_marks_are_remembered(at_work: Works) -> None:
    assert at_work.engine.recall("since") is None
    at_work.engine.remember("since", {"at": "2026-11-22T10:00:00+01:00", "seen": ["MKT-1"]})
    at_work.engine.remember("since", {"at": "2026-11-23T10:00:00+01:00", "seen": []})
    assert at_work.engine.recall("since") == {"at": "2026-11-23T10:00:00+01:00", "seen": []}


def test_a_web_face_takes_what_a_worker_does(at_work: Works) -> None:
    hint = _hint()
    web = DurableEngine.open(at_work.address, "web")
    assert web.is_up()
    assert web.take(hint)
    web.close()
    until(lambda: hint in at_work.noted.hints)


def test_a_store_lost_between_an_attempt_and_what_follows_costs_no_work(
    at_work: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint, job = _hint(), _job()
    at_work.noted.jobs[hint.issue] = [(job, 0, 0)]
    real = Debouncer.debounce
    lost: list[tuple[Any, ...]] = []

    def debounce(self: Any, *arguments: Any) -> Any:
        if not lost:
            lost.append(arguments)
            raise OperationalError("select", {}, Exception("server closed the connection"))
        return real(self, *arguments)

    monkeypatch.setattr(Debouncer, "debounce", debounce)
    at_work.engine.take(hint)
    until(lambda: job in at_work.noted.acted)
    assert lost
    work = at_work.engine.work(f"wh-{hint.identifier}")
    assert work is not None
    assert (work.state, work.error) == ("done", "")
    assert at_work.noted.hints.count(hint) == 1  # the attempt had been stored


def test_the_store_holds_keys_and_nothing_that_people_wrote(at_work: Works) -> None:
    hint, refused, broken = _hint(), _job(), _job()
    at_work.noted.jobs[hint.issue] = [(refused, 0, 0), (broken, 0, 0)]

    def refuse() -> None:
        raise UnknownName(text("template"), "Soldes de Zoé", "Camille Martin", ["Zoé"])

    def break_() -> None:
        raise ValueError("Camille Martin, camille@boutique.example")

    at_work.noted.acts.update({refused: refuse, broken: break_})
    at_work.engine.take(hint)
    until(lambda: len([w for job in (refused, broken) for w in _of(at_work, job)]) == 2)
    assert at_work.engine.settle(10)
    kept = _everything(at_work.address)
    assert hint.identifier in kept
    assert refused.name in kept
    for written in ("Soldes", "Zoé", "Camille", "boutique.example"):
        assert written not in kept


def _everything(address: str) -> str:
    """Every row of every table of a store."""
    engine = Store(address).engine
    schemas = [None] if engine.dialect.name == "sqlite" else ["dbos", "public"]
    rows: list[str] = []
    with engine.connect() as connection:
        for schema in schemas:
            tables = sqlalchemy.MetaData()
            tables.reflect(connection, schema=schema)
            for table in tables.tables.values():
                rows += map(str, connection.execute(sqlalchemy.select(table)))
    engine.dispose()
    return "\n".join(rows)
