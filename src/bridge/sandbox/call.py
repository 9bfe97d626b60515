"""One REST call: who makes it, to which site, with what; and how it is answered."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

from flask import Response, g, request

from bridge.sandbox.people import Person
from bridge.sandbox.site import Site

P = ParamSpec("P")
R = TypeVar("R")


_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\x00")
"""What JSON text may hold and UTF-8 may not: surrogates, escaped or raw; a NUL is UTF-16 or UTF-32."""


class BadRequestError(Exception):
    """The request itself cannot be read: status and sentence; each product words it in its own shape."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class LoginNeededError(Exception):
    """The operation is for people who are signed in."""


@dataclass(frozen=True)
class Call:
    """Who asks (None is anonymous), under which address, in which version of Jira's interface."""

    site: Site
    person: Person | None
    base: str
    api: int = 3
    gateway: str = ""
    """The prefix under which the gateway was asked; answers name themselves by it."""

    def require_login(self) -> None:
        """Raise :class:`LoginNeededError` where nobody is signed in."""
        if self.person is None:
            raise LoginNeededError

    @property
    def someone(self) -> Person:
        """The caller.

        Raises:
            LoginNeededError: nobody is signed in.

        """
        if self.person is None:
            raise LoginNeededError
        return self.person


def the_call() -> Call:
    """Return the call being served."""
    call: Call = g.call
    return call


def login_needed(view: Callable[P, R]) -> Callable[P, R]:
    """Refuse anonymous callers with 401."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        the_call().require_login()
        return view(*args, **kwargs)

    return guarded


def credentials() -> tuple[str, str] | None:
    """Return the e-mail address and token of Basic authentication, None without a usable header."""
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        email, colon, token = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (email, token) if colon else None


def answer(payload: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, content_type="application/json;charset=UTF-8")


def nothing(status: int = 204) -> Response:
    """Return an answer without a body."""
    return Response(b"", status)


def download(content: bytes, name: str, media: str) -> Response:
    """Return a file as it was uploaded; a browser keeps it and never takes it for a page of ours."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, 200, headers, content_type=media)


def body() -> Any:
    """Return the JSON of the request.

    Raises:
        BadRequestError: 415 for another content type, 400 for what is not JSON.

    """
    data = request.get_data()
    if data and request.mimetype != "application/json":
        raise BadRequestError(415, "Unsupported Media Type")
    try:
        value = json.loads(data, parse_constant=_no_number)
        return _readable(value) if _HALF_CHARACTER.search(data) else value
    except (ValueError, RecursionError):
        raise BadRequestError(
            400, "There was an error parsing JSON. Check that your request body is valid."
        ) from None


def texts(value: Any) -> list[str]:
    """Return a list of texts out of a body; nothing given is an empty one.

    Raises:
        BadRequestError: 400, it is something else.

    """
    listed = [] if value is None else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise BadRequestError(
            400, "Invalid request payload. Refer to the REST API documentation and try again."
        )
    return listed


def _readable(value: Any) -> Any:
    """Half a character (a surrogate without its other half) becomes a question mark, as in Java's UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    return value


def _no_number(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


def whole(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number of the query string, cut to ``most``.

    Raises:
        BadRequestError: 400, not a number.

    """
    text = request.args.get(name)
    if text is None or text == "":
        return default
    try:
        value = int(text)
    except ValueError:
        raise BadRequestError(400, f"Invalid value for parameter '{name}': {text}") from None
    value = max(value, least)
    return value if most is None else min(value, most)


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes or no of the query string."""
    text = request.args.get(name)
    return default if text is None else text.strip().lower() == "true"


def words(name: str) -> list[str]:
    """Return a comma-separated or repeated parameter of the query string."""
    return [
        part.strip()
        for text in request.args.getlist(name)
        for part in text.split(",")
        if part.strip()
    ]
