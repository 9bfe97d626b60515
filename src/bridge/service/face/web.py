"""The web face: deliveries come in, health and figures go out. JSON everywhere, nothing remembered.

A delivery is read within bounds, verified on its raw body, reduced to keys, stored, and only then
acknowledged. The statuses follow Atlassian's retries (developer.atlassian.com, "Webhooks"): what may
come again gets 503 with Retry-After, what must not gets another 4xx than 408, 409, 425 and 429.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from bridge.service import log
from bridge.service.engine import Engine, StoreDown
from bridge.service.face import delivery
from bridge.service.face.delivery import Rejected, Secrets
from bridge.service.face.health import Health
from bridge.service.face.metrics import Meters

COME_AGAIN: Final = 60  # seconds; Jira waits 5 to 15 minutes whatever we say, others obey
_CHUNK: Final = 64 * 1024
_OPENAPI: Final = Path(__file__).parent / "openapi.json"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, kw_only=True)
class Face:
    """What the web face works with.

    ``takes`` tells whether deliveries and ``rooms`` (the feeds' blueprint) are served: a mere worker
    only says how it is.
    """

    engine: Engine
    secrets: Secrets
    meters: Meters
    health: Health
    takes: bool = True
    rooms: Iterable[Blueprint] = ()


def app(face: Face) -> Flask:
    """Return the application of one process."""
    made = Flask(__name__, static_folder=None)
    made.url_map.merge_slashes = False
    made.register_error_handler(HTTPException, _refused)
    made.register_error_handler(Exception, _failed)
    made.after_request(_secured)
    made.register_blueprint(_inside(face))
    if face.takes:
        made.register_blueprint(_intake(face))
        for room in face.rooms:
            made.register_blueprint(room)
    return made


# --- deliveries -----------------------------------------------------------------------------------


def _intake(face: Face) -> Blueprint:
    room, stopping = Blueprint("intake", __name__), face.health.stopping

    @room.post("/webhooks/jira", provide_automatic_options=False)
    def jira() -> Response:
        try:
            outcome, status = ("stopping", 503) if stopping.is_set() else (_take(face), 202)
        except Rejected as rejected:
            outcome, status = str(rejected.status), rejected.status
        except StoreDown:
            outcome, status = "store-down", 503
        face.meters.delivered(outcome)
        return _answer({"outcome": outcome}, status)

    return room


def _take(face: Face) -> str:
    """Store what the delivery in hand touches; raise Rejected or StoreDown."""
    raw = _body()
    headers = dict(request.headers)
    delivery.verify(raw, headers, face.secrets)
    hint = delivery.reduce(raw, headers)
    if hint is None:
        return "nothing"
    outcome = "taken" if face.engine.take(hint) else "known"
    log.tell("delivery", outcome=outcome, hint=hint.event, issue=hint.issue)
    return outcome


def _body() -> bytes:
    """Return the raw body, never more than what is allowed, whatever Content-Length says."""
    raw = bytearray()
    while chunk := request.stream.read(_CHUNK):
        raw += chunk
        if len(raw) > delivery.LARGEST:
            raise Rejected(413, "the body is too large")
    return bytes(raw)


# --- how it is ------------------------------------------------------------------------------------


def _inside(face: Face) -> Blueprint:
    """Return what the operator's own network may see; the reverse proxy keeps it inside."""
    room = Blueprint("inside", __name__)

    @room.get("/healthz", provide_automatic_options=False)
    def healthz() -> Response:
        return _answer({"status": "ok"})

    @room.get("/readyz", provide_automatic_options=False)
    def readyz() -> Response:
        try:
            reasons = list(face.health.reasons())
        except StoreDown:
            reasons = ["store-down"]
        status = "not ready" if reasons else "ready"
        return _answer({"status": status, "reasons": reasons}, 503 if reasons else 200)

    @room.get("/metrics", provide_automatic_options=False)
    def metrics() -> Response:
        return Response(face.meters.text(), mimetype="text/plain; version=0.0.4")

    @room.get("/openapi.json", provide_automatic_options=False)
    def openapi() -> Response:
        return Response(_document(), mimetype="application/json")

    return room


@cache
def _document() -> bytes:
    return _OPENAPI.read_bytes()


# --- every answer ---------------------------------------------------------------------------------


def _answer(value: object, status: int = 200) -> Response:
    answer = jsonify(value)
    answer.status_code = status
    return answer


def _refused(refusal: HTTPException) -> Response:
    """Say in JSON what Flask refuses; the path and the body are not repeated."""
    answer = _answer({"error": refusal.name.lower()}, refusal.code or 500)
    allowed = getattr(refusal, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _failed(bug: Exception) -> Response:
    """Answer that something failed here; Jira comes again. No values, no traceback."""
    log.tell_bug("request", bug)
    return _answer({"error": "internal server error"}, 500)


def _secured(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    if answer.status_code == 503:
        answer.headers["Retry-After"] = str(COME_AGAIN)
    return answer
