"""Where Confluence Data Center's operations are registered, and what they have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, request

from bridge.sandbox.call import the_call, whole
from bridge.sandbox.confluence.pages import VISIBLE, Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest.routes import collection, context, me, seen, wiki

api = Blueprint("confluence-server", __name__, url_prefix="/confluence/rest/api")

LIMIT, MOST = 25, 500
T = TypeVar("T")


@api.before_request
def _only_people() -> None:
    """Let nobody in who is not signed in."""
    the_call().require_login()


def expanded(default: str = "") -> frozenset[str]:
    """Answer the paths of ``expand`` with everything above them: ``body.storage`` brings ``body``."""
    paths = (request.args.get("expand") or default).split(",")
    found: set[str] = set()
    for path in paths:
        steps = path.strip().split(".")
        found |= {".".join(steps[:n]) for n in range(1, len(steps) + 1) if steps[0]}
    return frozenset(found)


def listed(items: Sequence[T], shape: Callable[[T], Any]) -> dict[str, Any]:
    """One page of a list by ``start`` and ``limit``, with the way to the next and the one before."""
    start, limit = whole("start", 0), whole("limit", LIMIT, least=1, most=MOST)
    envelope = collection([shape(i) for i in items[start : start + limit]], start, limit)
    rest = [(k, v) for k, v in request.args.items(multi=True) if k not in ("start", "limit")]
    path = request.path.removeprefix(context())

    def part(at: int) -> str:
        return f"{path}?{urlencode([*rest, ('limit', limit), ('start', at)])}"

    if start + limit < len(items):
        envelope["_links"]["next"] = part(start + limit)
    if start > 0:
        envelope["_links"]["prev"] = part(max(0, start - limit))
    return envelope


def readable(pages: Sequence[Page]) -> list[Page]:
    """Answer those pages that the caller may see."""
    return [p for p in pages if wiki().pages.may(me(), "read", p)]


def editable(page_id: str, statuses: Sequence[str] = VISIBLE) -> Page:
    """Answer the page that a path names, if the caller may change it."""
    page = found_page(page_id, statuses)
    if not wiki().pages.may(me(), "update", page):
        raise ConfluenceRefusalError(403, "Not permitted to edit this content")
    return page


def found_page(page_id: str, statuses: Sequence[str] = VISIBLE) -> Page:
    """Answer the page that a path names, if the caller may see it."""
    if not page_id.isdecimal():
        raise not_found(f"No content found with id : {page_id}")
    return seen(page_id, statuses)
