"""The web face: what comes in is genuine and stored before it is acknowledged; nothing else gets in."""

import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask, abort
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from werkzeug.test import TestResponse

from bridge.service import log
from bridge.service.engine import Backlog
from bridge.service.face.delivery import LARGEST, Secrets
from bridge.service.face.health import Health
from bridge.service.face.metrics import Meters
from bridge.service.face.web import Face, app
from tests.judge.contracts import folder
from tests.service.fakes import FakeEngine

SECRET = "a secret of some length"
ONE = Secrets(SECRET)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BODY = json.dumps(
    {
        "webhookEvent": "jira:issue_updated",
        "user": {"displayName": "Camille Roux"},
        "issue": {
            "key": "MKT-7",
            "fields": {"summary": "Soldes secrètes", "duedate": "2027-01-13"},
        },
    }
).encode()


class Place:
    """A service without a network: its engine, its clock, and a client."""

    def __init__(self, secrets: Secrets = ONE) -> None:
        self.engine, self.meters, self.now = FakeEngine(), Meters(), NOW
        self.polled: datetime | None = NOW
        self.health = Health(
            engine=self.engine, now=lambda: self.now, last_poll=lambda: self.polled
        )
        self.meters.watch(self.health)
        self.face = Face(
            engine=self.engine, secrets=secrets, meters=self.meters, health=self.health
        )
        self.app: Flask = app(self.face)
        self.client: FlaskClient = self.app.test_client()

    def deliver(self, raw: bytes = BODY, **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/webhooks/jira", data=raw, headers=given or signed(raw))

    def metrics(self) -> str:
        return self.client.get("/metrics").get_data(as_text=True)


def signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    made = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={made}"}


@pytest.fixture
def place() -> Place:
    return Place()


# --- deliveries -----------------------------------------------------------------------------------


def test_a_signed_delivery_is_stored_as_keys_and_acknowledged(place: Place) -> None:
    answer = place.deliver()
    assert (answer.status_code, answer.json) == (202, {"outcome": "taken"})
    [hint] = place.engine.taken
    assert (hint.issue, hint.event) == ("MKT-7", "jira:issue_updated")
    assert "Camille" not in repr(hint)
    assert "Soldes" not in repr(hint)


def test_a_resent_delivery_is_known(place: Place) -> None:
    raw = signed(BODY) | {"X-Atlassian-Webhook-Identifier": "once"}
    outcomes = [place.client.post("/webhooks/jira", data=BODY, headers=raw).json for _ in range(3)]
    assert outcomes == [{"outcome": "taken"}, {"outcome": "known"}, {"outcome": "known"}]
    assert len(place.engine.taken) == 1


def test_every_captured_body_is_acknowledged(place: Place) -> None:
    paths = sorted((folder() / "webhook-samples").glob("*.json"))
    assert len(paths) > 10
    for path in paths:
        assert place.deliver(path.read_bytes()).status_code == 202, path.name
    assert place.engine.taken


def test_the_shared_header_of_jira_automation(place: Place) -> None:
    assert place.deliver(b'{"key": "MKT-9"}', X_Bridge_Secret=SECRET).status_code == 202
    assert place.deliver(b'{"key": "MKT-9"}', X_Bridge_Secret="wrong").status_code == 401


def test_both_mistakes_are_final_refusals(place: Place) -> None:
    assert place.deliver(BODY, X_Request="unsigned").status_code == 401
    assert place.deliver(BODY, **signed(BODY, "some other secret")).status_code == 401
    assert Place(Secrets()).deliver(BODY).status_code == 403
    assert Place(Secrets()).deliver(BODY, X_Request="unsigned").status_code == 403
    assert not place.engine.taken


def test_both_secrets_count_while_they_rotate() -> None:
    place = Place(Secrets(SECRET, "the next one of them"))
    assert place.deliver(BODY, **signed(BODY)).status_code == 202
    assert place.deliver(BODY, **signed(BODY, "the next one of them")).status_code == 202


def test_a_store_that_is_away_asks_jira_to_come_again(place: Place) -> None:
    place.engine.is_down = True
    answer = place.deliver()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    place.engine.is_down = False
    assert place.deliver().status_code == 202


def test_a_service_that_stops_takes_nothing_new(place: Place) -> None:
    place.health.stopping.set()
    answer = place.deliver()
    assert (answer.status_code, answer.json) == (503, {"outcome": "stopping"})
    assert place.client.get("/readyz").json == {"status": "not ready", "reasons": ["stopping"]}
    assert not place.engine.taken


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (BODY[:-1], 400),
        (b"\xff\xfe" + BODY, 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 400_000, 413),
        (b'\\"' * 400_000, 400),  # quotation marks without end: looked through once, not for hours
        (b'{"issue": ' + b"9" * 5_000 + b"}", 400),
        (b'{"issue": {"key": "MKT-7\\u0000"}}', 202),
        (b'{"issue": {"key": "../../etc/passwd"}}', 202),
        (b'{"issue": {"key": "\\ud800"}, "webhookEvent": ["x"]}', 202),
        (b"x" * (LARGEST + 1), 413),
    ],
    ids=["empty", "cut", "no UTF-8", "deep", "huge and deep", "quotes", "number", "nul", "path",
         "surrogate", "huge"],
)  # fmt: skip
def test_hostile_bodies_are_answered_once_and_for_all(
    place: Place, raw: bytes, status: int
) -> None:
    assert place.deliver(raw).status_code == status
    assert not place.engine.taken


def test_no_more_is_read_than_is_allowed_whatever_the_length_says(place: Place) -> None:
    endless = _Endless()
    answer = place.client.post(
        "/webhooks/jira",
        environ_overrides={"wsgi.input": endless, "wsgi.input_terminated": True},
        headers=signed(b""),
    )
    assert answer.status_code == 413
    assert endless.given <= LARGEST + 2 * 64 * 1024


class _Endless(io.RawIOBase):
    """A body that never ends."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_a_length_that_promises_too_much_is_refused_unread(place: Place) -> None:
    answer = place.client.post(
        "/webhooks/jira",
        environ_overrides={"CONTENT_LENGTH": "99999999999", "wsgi.input": io.BytesIO(BODY)},
        headers=signed(BODY),
    )
    assert answer.status_code in (400, 413)
    assert not place.engine.taken


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_none_of_ours(place: Place, method: str) -> None:
    answer = place.client.open("/webhooks/jira", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_mere_worker_takes_no_deliveries() -> None:
    place = Place()
    worker = app(
        Face(engine=place.engine, secrets=Secrets(SECRET), meters=Meters(), health=place.health,
             takes=False)
    ).test_client()  # fmt: skip
    assert worker.post("/webhooks/jira", data=BODY, headers=signed(BODY)).status_code == 404
    assert worker.get("/healthz").status_code == 200


# --- how it is ------------------------------------------------------------------------------------


def test_alive_is_not_ready(place: Place) -> None:
    assert place.client.get("/readyz").json == {"status": "ready", "reasons": []}
    place.now = NOW + timedelta(minutes=6)
    answer = place.client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "reasons": ["poll-late"]},
    )
    place.engine.is_down = True
    assert place.client.get("/readyz").json == {"status": "not ready", "reasons": ["store-down"]}
    assert place.client.get("/healthz").status_code == 200


def test_before_its_first_poll_a_service_is_given_time(place: Place) -> None:
    place.polled = None
    assert place.client.get("/readyz").status_code == 200
    place.now = NOW + timedelta(minutes=6)
    assert place.client.get("/readyz").status_code == 503


def test_figures_say_what_came_and_what_waits(place: Place) -> None:
    place.deliver()
    place.deliver()
    place.deliver(b"{}")
    place.deliver(BODY, X_Request="unsigned")
    place.engine.waiting = Backlog({"waiting": 3, "failed": 1}, timedelta(seconds=90))
    told = place.metrics()
    for line in (
        'bridge_deliveries_total{outcome="taken"} 1.0',
        'bridge_deliveries_total{outcome="known"} 1.0',
        'bridge_deliveries_total{outcome="nothing"} 1.0',
        'bridge_deliveries_total{outcome="401"} 1.0',
        'bridge_backlog{state="waiting"} 3.0',
        'bridge_backlog{state="failed"} 1.0',
        "bridge_oldest_waiting_seconds 90.0",
        "bridge_last_poll_age_seconds 0.0",
        "bridge_store_up 1.0",
    ):
        assert line in told.splitlines()
    place.engine.is_down = True
    assert "bridge_store_up 0.0" in place.metrics().splitlines()


def test_the_document_names_every_route(place: Place) -> None:
    document = place.client.get("/openapi.json").get_json()
    routes = {
        (rule.rule, method.lower())
        for rule in place.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert told == routes


# --- every answer ---------------------------------------------------------------------------------


def test_every_answer_is_closed_to_browsers_and_remembers_nothing(place: Place) -> None:
    for answer in (place.deliver(), place.client.get("/nothing"), place.client.get("/metrics")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    assert place.client.get("/nothing").json == {"error": "not found"}


def test_a_bug_is_answered_without_a_traceback_and_logged_without_values(
    place: Place, logged: Callable[[], str]
) -> None:
    place.engine.fails_with = RuntimeError("MKT-7 Camille Roux")
    answer = place.deliver()
    assert (answer.status_code, answer.json) == (500, {"error": "internal server error"})
    assert "RuntimeError" in logged()
    assert "Camille" not in logged()


def test_a_room_of_others_answers_in_the_same_way() -> None:
    from flask import Blueprint  # noqa: PLC0415  # the story's own

    room = Blueprint("feeds", __name__)
    room.add_url_rule("/feeds/revoked.ics", view_func=lambda: abort(404), endpoint="feed")
    place = Place()
    face = Face(engine=place.engine, secrets=Secrets(), meters=Meters(), health=place.health,
                rooms=(room,))  # fmt: skip
    answer = app(face).test_client().get("/feeds/revoked.ics")
    assert (answer.status_code, answer.json) == (404, {"error": "not found"})


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    stream = io.StringIO()
    with log.configured("json", (SECRET,), stream):
        yield stream.getvalue


def test_nothing_of_a_delivery_is_logged_but_keys(place: Place, logged: Callable[[], str]) -> None:
    place.deliver()
    place.deliver(BODY, X_Bridge_Secret=SECRET)
    place.deliver(b"x" * 50, X_Bridge_Secret="a wrong secret")
    for path in sorted((folder() / "webhook-samples").glob("*.json")):
        place.deliver(path.read_bytes())
    [first, *_] = map(json.loads, logged().splitlines())
    assert (first["event"], first["issue"], first["outcome"]) == ("delivery", "MKT-7", "taken")
    for forbidden in (SECRET, "wrong secret", "Camille", "Soldes", "sha256", "@", "displayName"):
        assert forbidden not in logged()


# --- anything at all ------------------------------------------------------------------------------


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    raw=st.binary(max_size=400) | st.text(max_size=200).map(str.encode),
    headers=st.dictionaries(
        st.sampled_from(["X-Hub-Signature", "X-Hub-Signature-256", "X-Bridge-Secret", "Content-Type",
                         "X-Atlassian-Webhook-Identifier", "X-Atlassian-Webhook-Retry", "Accept"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80), max_size=4),
    genuine=st.booleans(),
)  # fmt: skip
def test_any_bytes_with_any_headers_are_answered(
    place: Place, raw: bytes, headers: dict[str, str], genuine: bool
) -> None:
    given = {**headers, **(signed(raw) if genuine else {})}
    answer = place.client.post("/webhooks/jira", data=raw, headers=given)
    assert answer.status_code in (202, 400, 401)
    assert "Traceback" not in answer.get_data(as_text=True)


JUDGED = Place()
schema = schemathesis.openapi.from_wsgi("/openapi.json", JUDGED.app)


@schema.parametrize()
@settings(max_examples=15, deadline=None)
def test_the_face_keeps_what_its_document_says(case: Case[Any]) -> None:
    """A stranger's judgement: no 5xx, statuses and shapes as documented; then the body, genuine."""
    JUDGED.polled = JUDGED.now
    case.call_and_validate()
    if isinstance(case.body, dict):
        answer = JUDGED.deliver(json.dumps(case.body).encode(), X_Bridge_Secret=SECRET)
        assert answer.status_code == 202


def test_the_package_holds_the_document() -> None:
    import bridge.service.face  # noqa: PLC0415  # where it lies

    lies = Path(bridge.service.face.__file__ or "").parent / "openapi.json"
    assert json.loads(lies.read_text("utf-8"))["openapi"] == "3.1.0"
