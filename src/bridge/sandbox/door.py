"""What every request passes on its way in: the host check, the log, the index's clock, the faults."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bridge.sandbox.faults import HEADER, Fault, Faults
from bridge.sandbox.gateway import inner_path
from bridge.sandbox.sockets import RESET
from bridge.sandbox.watching import FAULT, Observer, watched

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

REST_PREFIXES = (
    "/rest/", "/wiki/rest/", "/wiki/api/", "/_edge/", "/wiki/_edge/", "/ex/",
    "/jira/rest/", "/confluence/rest/",
)  # fmt: skip
WIKI_PREFIXES = ("/wiki/", "/confluence/")
PERSON = "sandbox.person"
"""The key in the WSGI environment under which the application leaves the account id of the caller."""
LOG_LENGTH = 50_000
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Request:
    """A REST call that was made. ``status`` is 0 where no answer left; ``user`` an account id or None."""

    n: int
    method: str
    path: str
    query: str
    status: int
    user: str | None
    fault: str = ""


@dataclass
class Answer:
    """What the application said, held back until it is decided what the client gets."""

    status: str = "500 Internal Server Error"
    headers: list[tuple[str, str]] | None = None
    body: bytes = b""


class Door:
    """The WSGI application that waitress serves."""

    def __init__(
        self, app: App, faults: Faults, tick: Callable[[], None], hosts: Iterable[str]
    ) -> None:
        self._app = app
        self._faults = faults
        self._tick = tick
        self._hosts = _LOOPBACK | set(hosts)
        self._lock = threading.Lock()
        self._count = 0
        self.log: deque[Request] = deque(maxlen=LOG_LENGTH)
        self.observers: list[Observer] = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let a request in, or turn it away."""
        if not self._host_is_ours(environ.get("HTTP_HOST", "")):
            return _send(start_response, "421 Misdirected Request", b"unknown host")
        if not environ["PATH_INFO"].startswith(REST_PREFIXES):
            return self._app(environ, start_response)
        if self.observers:
            return watched(self._rest, environ, start_response, self.observers)
        return self._rest(environ, start_response)

    def _host_is_ours(self, header: str) -> bool:
        """Against DNS rebinding: a page elsewhere must not reach this port under its own name."""
        host = header.rsplit(":", 1)[0] if not header.endswith("]") else header
        return host.strip("[]").lower() in self._hosts

    def _rest(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            self._count += 1
            n = self._count
        self._tick()
        try:
            header = environ.get("HTTP_" + HEADER.upper().replace("-", "_"))
            fault = self._faults.next_for(environ["REQUEST_METHOD"], environ["PATH_INFO"], header)
        except ValueError as wrong:
            return _send(start_response, "400 Bad Request", str(wrong).encode())
        pause = self._faults.latency + (fault.seconds if fault else 0.0)
        if pause > 0:  # sleep(0) would give the processor away
            time.sleep(pause)
        if fault is None or fault.what == "slow":
            answer = self._work(environ)
            self._note(n, environ, answer.status, fault)
            start_response(answer.status, answer.headers or [])
            return [answer.body]
        return self._break(n, fault, environ, start_response)

    def _work(self, environ: Environ) -> Answer:
        answer = Answer()

        def start(
            status: str, headers: list[tuple[str, str]], _exc: object = None
        ) -> Callable[[bytes], None]:
            answer.status, answer.headers = status, headers
            return lambda _: None

        pieces = self._app(environ, start)
        try:
            answer.body = b"".join(pieces)
        finally:
            getattr(pieces, "close", lambda: None)()
        return answer

    def _break(
        self, n: int, fault: Fault, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        reset: Callable[[], None] = environ.get(RESET, lambda: None)
        if fault.what == "reset":
            self._note(n, environ, "0", fault)
            reset()
        if fault.what == "lose-answer":
            self._work(environ)
            self._note(n, environ, "0", fault)
            reset()
        if fault.what == "truncate":
            answer = self._work(environ)
            self._note(n, environ, answer.status, fault)
            start_response(answer.status, answer.headers or [])
            return [answer.body[: len(answer.body) // 2]]
        status, headers, body = _instead(fault, environ)
        self._note(n, environ, status, fault)
        return _send(start_response, status, body, headers)

    def _note(self, n: int, environ: Environ, status: str, fault: Fault | None) -> None:
        environ[FAULT] = fault.what if fault else ""
        self.log.append(
            Request(
                n=n,
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"],
                query=environ.get("QUERY_STRING", ""),
                status=int(status.split(" ", 1)[0]),
                user=environ.get(PERSON),
                fault=fault.what if fault else "",
            )
        )


def _instead(fault: Fault, environ: Environ) -> tuple[str, dict[str, str], bytes]:
    """Return the status, headers and body of an answer that stands in place of the real one."""
    html = {"Content-Type": "text/html;charset=UTF-8"}
    if fault.what == "html":
        return "200 OK", html, b"<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>"
    if fault.what == "login":
        return "302 Found", {**html, "Location": "/login?dest-url=" + environ["PATH_INFO"]}, b""
    status = 409 if fault.what == "conflict" else fault.status
    headers = {"Content-Type": "application/json;charset=UTF-8", **fault.headers}
    body = (
        fault.body if fault.body is not None else json.dumps(_error(status, environ["PATH_INFO"]))
    )
    return f"{status} {_phrase(status)}", headers, body.encode()


def _error(status: int, path: str) -> dict[str, Any]:
    """Return an error in the shape of the product that was asked."""
    path = inner_path(path) or path
    sentence = "Conflict" if status == 409 else _phrase(status)
    if path.startswith("/wiki/api/"):
        return {
            "errors": [
                {
                    "status": status,
                    "code": sentence.upper().replace(" ", "_"),
                    "title": sentence,
                    "detail": None,
                }
            ]
        }
    if path.startswith(WIKI_PREFIXES):
        return {"statusCode": status, "message": sentence}
    return {"errorMessages": [sentence], "errors": {}}


def _phrase(status: int) -> str:
    return (
        HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
    )  # enum's own look-up


def _send(
    start_response: StartResponse, status: str, body: bytes, headers: dict[str, str] | None = None
) -> Iterable[bytes]:
    given = {
        "Content-Type": "text/plain;charset=UTF-8",
        **(headers or {}),
        "Content-Length": str(len(body)),
    }
    start_response(status, list(given.items()))
    return [body]
