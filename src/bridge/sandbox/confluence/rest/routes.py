"""Where Confluence's operations are registered, and how lists are cut into pages."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from bridge.sandbox.call import answer, the_call, whole, words
from bridge.sandbox.confluence.pages import VISIBLE, Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError
from bridge.sandbox.confluence.wiki import Confluence
from bridge.sandbox.people import Person

v2 = Blueprint("confluence", __name__, url_prefix="/wiki/api/v2")
v1 = Blueprint("confluence-v1", __name__, url_prefix="/wiki/rest/api")
edge = Blueprint("edge", __name__)

LIMIT, MOST = 25, 250
T = TypeVar("T")


@v2.before_request
@v1.before_request
def _only_people() -> None:
    """Everything here is for people who are signed in."""
    the_call().require_login()


def wiki() -> Confluence:
    """Answer the Confluence that is called."""
    return the_call().site.confluence


def me() -> Person:
    """Answer the caller."""
    return the_call().someone


def base() -> str:
    """Answer the address of the Confluence, with its context path."""
    return the_call().base + context()


def context() -> str:
    """Answer the context path of the Confluence."""
    return the_call().site.flavour.confluence


def number(text: str, name: str = "id") -> int:
    """Answer a content id.

    Raises:
        ConfluenceRefusalError: 400, not a number.

    """
    if not text.isdecimal():
        title = (
            f"Provided value {{{text}}} for '{name}' is not the correct type. Expected type is long"
        )
        raise ConfluenceRefusalError(400, title)
    return int(text)


def numbers(name: str) -> list[int]:
    """Answer the content ids of a parameter of the query string."""
    return [number(word, name) for word in words(name)]


def one_of(name: str, allowed: Sequence[str]) -> str | None:
    """Answer a word of the query string that must be one of some.

    Raises:
        ConfluenceRefusalError: 400, another word.

    """
    text = request.args.get(name)
    if text and text not in allowed:
        raise ConfluenceRefusalError(
            400, f"Provided value {{{text}}} for '{name}' is not one of {', '.join(allowed)}"
        )
    return text or None


def seen(page_id: str, statuses: Sequence[str] = VISIBLE) -> Page:
    """Answer the page that a path names, if the caller may see it."""
    return wiki().pages.seen(number(page_id), me(), statuses)


def writable(page_id: str, statuses: Sequence[str] = VISIBLE) -> Page:
    """Answer the page that a path names, if the caller may change it; else 404, as the contract says."""
    page = seen(page_id, statuses)
    if not wiki().pages.may(me(), "update", page):
        raise ConfluenceRefusalError(404, "Not permitted to update this page")
    return page


def listed(items: Sequence[T], shape: Callable[[T], Any]) -> Response:
    """One page of a list: at most ``limit`` results from the cursor on, and the way to the next."""
    limit = whole("limit", LIMIT, least=1, most=MOST)
    start = _start()
    links: dict[str, str] = {}
    headers = {}
    if start + limit < len(items):
        query = [(k, v) for k, v in request.args.items(multi=True) if k != "cursor"]
        following = f"{request.path}?{urlencode([*query, ('cursor', _cursor(start + limit))])}"
        links["next"] = following
        headers["Link"] = f'<{following}>; rel="next", <{base()}>; rel="base"'
    links["base"] = base()
    return answer(
        {"results": [shape(i) for i in items[start : start + limit]], "_links": links}, 200, headers
    )


def collection(results: list[Any], start: int, limit: int) -> dict[str, Any]:
    """Return the envelope of version 1's lists."""
    links = {"self": request.url, "base": base(), "context": context()}
    return {
        "results": results,
        "start": start,
        "limit": limit,
        "size": len(results),
        "_links": links,
    }


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"from:{start}".encode()).decode()


def _start() -> int:
    cursor = request.args.get("cursor")
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("from:"))
    except (ValueError, binascii.Error):
        raise ConfluenceRefusalError(400, "The cursor is invalid") from None
