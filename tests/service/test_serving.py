"""One process of the service: begins, listens, raises the alarm once, and stops in good order."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from bridge.errors import Unusable
from bridge.reactions.job import Job
from bridge.service.alarm import Alarm
from bridge.service.engine import Again, Backlog, Duties
from bridge.service.face.delivery import LARGEST, Secrets
from bridge.service.face.health import Health
from bridge.service.face.metrics import Meters
from bridge.service.serving import Manner, Parts, serve
from bridge.text import Text
from tests.service.fakes import FakeEngine

SECRET = "a secret of some length"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HERE = Manner(host="127.0.0.1", port=0, patience=7.0)


def parts(engine: FakeEngine) -> Parts:
    return Parts(
        engine=engine, begin=lambda: None, secrets=Secrets(SECRET), meters=Meters(),
        now=lambda: NOW, last_poll=lambda: NOW, tell_people=lambda _: None,
    )  # fmt: skip


@contextmanager
def served(engine: FakeEngine, manner: Manner = HERE) -> Iterator[str]:
    over, ready, told = threading.Event(), threading.Event(), list[str]()

    def on_ready(address: str) -> None:
        told.append(address)
        ready.set()

    process = threading.Thread(target=serve, args=(parts(engine), manner, on_ready, over))
    process.start()
    try:
        assert ready.wait(20)
        yield urlsplit(told[0]).netloc
    finally:
        over.set()
        process.join(20)
    assert not process.is_alive()


def ask(place: str, raw: bytes) -> tuple[int, bytes]:
    """Send bytes as they are, and read until the other end closes."""
    host, _, port = place.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as end:
        end.sendall(raw)
        answer = b""
        while chunk := end.recv(65_536):
            answer += chunk
    return int(answer.split()[1]), answer


def test_it_listens_and_stops_with_the_patience_it_was_told() -> None:
    engine = FakeEngine()
    with served(engine) as place:
        connection = http.client.HTTPConnection(place, timeout=20)
        connection.request(
            "POST", "/webhooks/jira", b'{"key": "MKT-7"}', {"X-Bridge-Secret": SECRET}
        )
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (202, b'{"outcome":"taken"}\n')
        assert "waitress" not in str(answer.headers).lower()
        connection.close()
    assert engine.stopped_with == 7.0
    assert [hint.issue for hint in engine.taken] == ["MKT-7"]


@pytest.mark.parametrize(
    ("lines", "body", "status"),
    [
        ([f"Content-Length: {LARGEST + 2}"], b"", 413),
        (["Content-Length: 5", "Content-Length: 6"], b"hello", 400),
        (["Content-Length: -1"], b"", 400),
        (["Transfer-Encoding: chunked"], b"zz\r\n", 400),
        (["Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n\r\n", 401),
    ],
    ids=["too large", "two lengths", "negative", "bad chunk", "chunked"],
)
def test_odd_requests_are_refused_before_they_cost_memory(
    lines: list[str], body: bytes, status: int
) -> None:
    head = "\r\n".join(
        ["POST /webhooks/jira HTTP/1.1", "Host: bridge", "Connection: close", *lines]
    )
    engine = FakeEngine()
    with served(engine) as place:
        answered, text = ask(place, head.encode() + b"\r\n\r\n" + body)
    assert answered == status
    assert b"Traceback" not in text
    assert not engine.taken


def test_a_port_that_is_taken_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        manner = replace(HERE, port=taken.getsockname()[1])
        with pytest.raises(Unusable, match=r"127\.0\.0\.1"):
            serve(parts(FakeEngine()), manner, lambda _: None, threading.Event())


# --- the alarm ------------------------------------------------------------------------------------


def watching(engine: FakeEngine, told: list[Text]) -> Alarm:
    health = Health(engine=engine, now=lambda: NOW, last_poll=lambda: NOW)
    return Alarm(health=health, tell_people=told.append)


def test_what_waits_too_long_is_told_to_people_once_a_day_by_one_worker() -> None:
    engine, told = FakeEngine(), list[Text]()
    alarms = [watching(engine, told), watching(engine, told)]
    engine.waiting = Backlog({"waiting": 1}, timedelta(minutes=16))
    for alarm in (*alarms, *alarms):
        alarm.look()
    assert [alarm.is_ringing for alarm in alarms] == [True, True]
    assert len(told) == 1
    assert told[0].values["minutes"] == 16
    engine.waiting = Backlog({}, timedelta(0))
    alarms[0].look()
    assert not alarms[0].is_ringing


def test_a_quarter_of_an_hour_is_no_alarm() -> None:
    engine, told = FakeEngine(), list[Text]()
    engine.waiting = Backlog({"waiting": 1}, timedelta(minutes=15))
    watching(engine, told).look()
    assert not told


def test_changes_that_nobody_looked_for_are_an_alarm() -> None:
    now, told = [NOW], list[Text]()
    health = Health(engine=FakeEngine(), now=lambda: now[0], last_poll=lambda: NOW)
    alarm = Alarm(health=health, tell_people=told.append)
    alarm.look()
    assert not told
    now[0] = NOW + timedelta(minutes=17)
    alarm.look()
    assert [words.values["minutes"] for words in told] == [17]


def test_work_that_failed_is_told_once_a_day_beside_what_waits() -> None:
    engine, told = FakeEngine(), list[Text]()
    engine.waiting = Backlog({"failed": 2, "waiting": 1}, timedelta(minutes=16))
    alarm = watching(engine, told)
    alarm.look()
    alarm.look()
    assert [words.values.get("n") for words in told] == [None, 2]


# --- what is counted ------------------------------------------------------------------------------


def test_each_run_is_counted_by_its_outcome() -> None:
    meters, outcomes = Meters(), iter([None, Again(1, "busy"), KeyError("x")])

    def act(_job: Job) -> None:
        failed = next(outcomes)
        if failed:
            raise failed

    duties = meters.counting(Duties(look=lambda _: [], act=act, tick=lambda *_: None))
    duties.act(Job("month", "2027-01"))
    with pytest.raises(Again):
        duties.act(Job("month", "2027-01"))
    with pytest.raises(KeyError):
        duties.act(Job("month", "2027-01"))
    duties.tick("poll", NOW)
    meters.called(0.25)
    told = meters.text().decode().splitlines()
    for outcome in ("done", "again", "failed"):
        assert f'bridge_jobs_total{{kind="month",outcome="{outcome}"}} 1.0' in told
    assert 'bridge_jobs_total{kind="tick-poll",outcome="done"} 1.0' in told
    assert "bridge_atlassian_calls_total 1.0" in told
    assert "bridge_atlassian_wait_seconds_total 0.25" in told
