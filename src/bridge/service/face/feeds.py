"""Feeds over HTTP: ``/feeds/<secret>.ics`` and ``.csv``. What is revoked is as if it never was."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bridge.agenda import Feed
from bridge.service.engine import StoreDown
from bridge.service.face.feedbook import FeedBook
from bridge.service.face.readings import FRESH, Kind, NothingToShow

if TYPE_CHECKING:
    from flask import Blueprint, Response

_TYPES: Final[dict[Kind, str]] = {
    "ics": "text/calendar; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
_HEADERS: Final = {
    # The address is a secret: nothing on the way keeps the answer, nothing passes the address on.
    "Cache-Control": f"private, max-age={FRESH:.0f}",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}
_COME_AGAIN: Final = "120"  # seconds


def blueprint(book: FeedBook, render: Callable[[Feed, Kind], bytes]) -> "Blueprint":
    """Return the routes of the feeds.

    404, by the application's own page, for what the book does not hold; 503 where neither the store
    nor Jira answers and nothing was read before.
    """
    from flask import Blueprint, abort, request  # noqa: PLC0415  # `serve` only

    routes = Blueprint("feeds", __name__)

    @routes.get("/feeds/<secret>.<any(ics,csv):kind>")
    def feed(secret: str, kind: Kind) -> "Response":
        try:
            found = book.find(secret)
            if found is None:
                abort(404)
            body = render(found, kind)
        except (StoreDown, NothingToShow):
            return _come_again()
        return _answer(body, kind, found).make_conditional(request)  # type: ignore[return-value]  # it returns itself

    return routes


def _answer(body: bytes, kind: Kind, feed: Feed) -> "Response":
    from flask import Response  # noqa: PLC0415  # as above

    answer = Response(body, content_type=_TYPES[kind], headers=_HEADERS)
    answer.set_etag(hashlib.sha256(body).hexdigest())
    way = "inline" if kind == "ics" else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="bridge-{feed.id}.{kind}"'
    return answer


def _come_again() -> "Response":
    from flask import Response  # noqa: PLC0415  # as above

    headers = {**_HEADERS, "Cache-Control": "no-store", "Retry-After": _COME_AGAIN}
    return Response(status=503, headers=headers)
