"""The feeds there are: secret addresses at which actions can be read, and which can be revoked.

Only a secret's digest is kept. What is served must stand in the book *and* not be crossed out: should
two people write the book in the same moment, an address may have to be made again, but none that
was revoked comes back.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any, Final

from bridge.agenda import Feed, Shown
from bridge.errors import UnknownName
from bridge.nearmiss import nearest
from bridge.service.kept import Kept
from bridge.text import text

_BOOK: Final = "feeds"
_CROSSED_OUT: Final = "feed revoked {digest}"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes in base64 for addresses
_ATTEMPTS: Final = 5


class FeedBook:
    """The feeds of a workspace in the service's marks. Every method may raise StoreDown."""

    def __init__(self, marks: Kept) -> None:
        self._marks = marks

    def add(
        self, shown: Shown, day: date, *, label: str = "", alarm: time | None = None
    ) -> tuple[Feed, str]:
        """Make a feed; return it and its secret, which nobody can learn from here again."""
        secret = secrets.token_urlsafe(32)
        feed = Feed(digest=_digest(secret), shown=shown, since=day, label=label, alarm=alarm)
        for _ in range(_ATTEMPTS):
            self._write([*self._written(), feed.as_json()])
            if any(written["digest"] == feed.digest for written in self._written()):
                break  # nobody else wrote the book in between
        return feed, secret

    def all(self) -> Sequence[Feed]:
        """Return the feeds that are served, the oldest first."""
        found = (Feed.read(written) for written in self._written())
        return [feed for feed in found if not self._is_crossed_out(feed.digest)]

    def find(self, secret: str) -> Feed | None:
        """Return the feed that a secret opens; None for one that never was, or was revoked."""
        if not _SECRET.fullmatch(secret):
            return None
        digest = _digest(secret)
        written = next((one for one in self._written() if one["digest"] == digest), None)
        if written is None or self._is_crossed_out(digest):
            return None
        return Feed.read(written)

    def get(self, identity: str) -> Feed:
        """Return the feed that people name by the beginning of its digest; raise UnknownName."""
        known = {feed.id: feed for feed in self.all()}
        if identity not in known:
            raise UnknownName(text("feed"), identity, nearest(identity, known), known)
        return known[identity]

    def revoke(self, feeds: Iterable[Feed]) -> None:
        """Close feeds for good: whoever knows their addresses finds nothing any more."""
        closed = {feed.digest for feed in feeds}
        for digest in closed:
            self._marks.remember(_CROSSED_OUT.format(digest=digest), True)
        self._write([one for one in self._written() if one["digest"] not in closed])

    def _is_crossed_out(self, digest: str) -> bool:
        return self._marks.recall(_CROSSED_OUT.format(digest=digest)) is True

    def _written(self) -> list[dict[str, Any]]:
        return list(self._marks.recall(_BOOK) or [])

    def _write(self, feeds: list[dict[str, Any]]) -> None:
        self._marks.remember(_BOOK, feeds)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
