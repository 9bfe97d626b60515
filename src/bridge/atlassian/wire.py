"""One HTTP exchange with Jira or Confluence as values, and what its outcome means. Pure."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from bridge.errors import (
    BadAnswer,
    Forbidden,
    LockedByCaptcha,
    Refused,
    ScopeMissing,
    SiteError,
    TokenRefused,
)
from bridge.text import text

Product = Literal["Jira", "Confluence"]

# POSTs that only read; any other request that is not a GET must say what it writes.
READING_POSTS = ("/search", "/search/jql", "/issue/bulkfetch", "/search/approximate-count")

LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to send. ``path`` is below the product's address.

    ``writes`` names the project or space it changes, empty for a read. ``repeatable`` tells whether
    sending it twice does no more than sending it once. ``expects`` what a good answer carries;
    of ``bytes`` (a file) at most ``most`` are read.
    """

    method: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Any = None
    writes: tuple[str, ...] = ()
    repeatable: bool = True
    expects: Literal["json", "anything", "bytes"] = "json"
    most: int | None = None

    @property
    def what(self) -> str:
        """Return how messages call it."""
        return f"{self.method} {self.path}"

    @property
    def only_reads(self) -> bool:
        """Tell whether it changes nothing on the site."""
        return self.method == "GET" or (self.method == "POST" and self.path.endswith(READING_POSTS))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, headers by lower-case name, and the JSON body (None where empty).

    ``content``: the bytes of a file, where the request expects one.
    """

    status: int
    headers: Mapping[str, str]
    body: Any = None
    content: bytes = b""


class TooLarge(Exception):  # no refusal of its own: who asked for the file says which one it was
    """A file with more bytes than the request wants to read."""


def read_answer(
    product: Product, request: Request, status: int, headers: Mapping[str, str], content: bytes
) -> Answer:
    """Read an answer's bytes; raise BadAnswer for a success that is not what the product sends."""
    lower = {name.lower(): value for name, value in headers.items()}
    if 300 <= status < 400:
        target = lower.get("location", "?").split("?")[0]
        raise BadAnswer(product, request.what, text("a redirect to {target}", target=target))
    good = 200 <= status < 300
    if good and request.expects == "bytes":
        return Answer(status, lower, content=content)
    try:
        body = json.loads(content) if content.strip() else None
    except (ValueError, RecursionError):  # recursion: brackets without end
        if good and request.expects == "json":
            raise BadAnswer(product, request.what, _what_it_is(lower, content)) from None
        return Answer(status, lower, None)
    if good and request.expects == "json" and body is None:
        raise BadAnswer(product, request.what, text("an empty answer"))
    return Answer(status, lower, body)


def _what_it_is(headers: Mapping[str, str], content: bytes) -> Any:
    start = content[:200].lstrip().lower()
    if "html" in headers.get("content-type", "") or start.startswith((b"<!doctype", b"<html")):
        return text("a web page instead of data")
    return text("something that is not JSON")


def shaped(product: Product, request: Request, answer: Answer, key: str) -> dict[str, Any]:
    """Return a good answer's object; raise BadAnswer where it lacks the key that it always has."""
    if not isinstance(answer.body, dict) or key not in answer.body:
        raise BadAnswer(product, request.what, text("data of another kind"))
    return answer.body


def refusal(product: Product, request: Request, answer: Answer) -> SiteError:
    """Return the error that an answer of 400 and more means."""
    detail = words_of_refusal(answer.body)
    # Atlassian's own signs of why: a captcha to solve, or a scope the token lacks.
    if answer.headers.get("x-seraph-loginreason") == "AUTHENTICATION_DENIED":
        return LockedByCaptcha(product)
    if answer.headers.get("x-failure-category") == "FAILURE_CLIENT_SCOPE_CHECK":
        return ScopeMissing(product, request.what)
    if answer.status == 401:
        return TokenRefused(product)
    if answer.status == 403:
        return Forbidden(product, request.what, detail or "403")
    return Refused(product, request.what, answer.status, detail, retry_after(answer))


def retry_after(answer: Answer) -> float | None:
    """Return the seconds the site asks to wait, None where it does not say in seconds."""
    try:
        seconds = float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return seconds if 0 <= seconds < float("inf") else None


def words_of_refusal(body: Any) -> str:
    """Return the site's own words in an error body, whichever of its shapes it has."""
    parts: list[str] = []
    if isinstance(body, dict):
        parts += [str(message) for message in _list(body.get("errorMessages"))]
        errors = body.get("errors")
        if isinstance(errors, dict):
            parts += [f"{name}: {message}" for name, message in errors.items()]
        else:
            parts += [
                str(entry.get("title", "")) for entry in _list(errors) if isinstance(entry, dict)
            ]
        if not parts and isinstance(body.get("message"), str):
            parts.append(body["message"])
    detail = "; ".join(part for part in parts if part)
    return detail if len(detail) <= LONGEST_DETAIL else f"{detail[:LONGEST_DETAIL]}…"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_Class = TypeVar("_Class", bound=type)


def judged(product: Product) -> Callable[[_Class], _Class]:
    """Let a gateway class say BadAnswer where an answer is right outside and odd inside.

    What it reads of JSON by key and index can then be written plainly.
    """

    def guard(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def guarded(*given: Any, **named: Any) -> Any:
            try:
                return method(*given, **named)
            except (KeyError, IndexError, TypeError, AttributeError, ValueError) as odd:
                raise BadAnswer(product, name, text("data of another kind")) from odd

        return guarded

    def judge(kind: _Class) -> _Class:
        for name, method in list(vars(kind).items()):
            if not name.startswith("_") and callable(method):
                setattr(kind, name, guard(name, method))
        return kind

    return judge
