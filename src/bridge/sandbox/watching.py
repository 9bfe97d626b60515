"""Exchanges as an onlooker sees them: each REST request with the answer that left, for contract tests."""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
FAULT = "sandbox.fault"
"""The key in the WSGI environment under which the door leaves what it did instead of working."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, bytes and all.

    ``path`` is decoded, ``query`` as sent; header names are lower-case. ``status`` is 0 where no answer
    left; ``fault`` is what stood in the way, empty where the answer is the application's own.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    sent: bytes
    status: int
    answer_headers: Mapping[str, str]
    answer: bytes
    fault: str = ""


Observer = Callable[[Exchange], None]


def watched(
    app: Callable[[Environ, StartResponse], Iterable[bytes]],
    environ: Environ,
    start_response: StartResponse,
    observers: Iterable[Observer],
) -> Iterable[bytes]:
    """Serve one request and show it to the observers, also when the connection is reset."""
    sent = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(sent)
    left: list[Any] = ["0", []]

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        left[:] = [status, headers]
        return start_response(status, headers, *more)

    body = b""
    try:
        body = b"".join(app(environ, start))
    finally:
        exchange = Exchange(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),  # PEP 3333
            query=environ.get("QUERY_STRING", ""),
            headers=_headers(environ),
            sent=sent,
            status=int(left[0].split(" ", 1)[0]),
            answer_headers={name.lower(): value for name, value in left[1]},
            answer=body,
            fault=environ.get(FAULT, ""),
        )
        for observer in observers:
            observer(exchange)
    return [body]


def _headers(environ: Environ) -> dict[str, str]:
    given = {
        key[5:].lower().replace("_", "-"): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        given["content-type"] = environ["CONTENT_TYPE"]
    return given
