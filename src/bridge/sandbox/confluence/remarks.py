"""Comments on pages: below the text, or inline on a marked passage of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.storage import attribute, inner_text, name, parse
from bridge.sandbox.store import Store


@dataclass(frozen=True)
class Remark:
    """A comment. ``kind`` is ``footer`` or ``inline``; ``marker`` is the ``ac:ref`` in the page's body.

    ``resolution`` is ``open``, ``resolved``, or ``dangling`` once the marked passage is gone.
    """

    id: int
    page: int
    kind: str
    parent: int | None
    body: str
    author: str
    created: str
    updated: str
    version: int
    status: str
    resolution: str
    marker: str | None
    selection: str | None


class Remarks:
    """Every comment on every page."""

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now

    def of(self, page_id: int, kind: str) -> list[Remark]:
        """Return the top-level comments of a page, oldest first."""
        sql = (
            "select * from page_comment where page = ? and kind = ? and parent is null"
            " and status = 'current' order by id"
        )
        return [_remark(row) for row in self._store.all(sql, page_id, kind)]

    def all(self, kind: str) -> list[Remark]:
        """Every comment of a kind on the site, oldest first."""
        sql = "select * from page_comment where kind = ? and status = 'current' order by id"
        return [_remark(row) for row in self._store.all(sql, kind)]

    def get(self, remark_id: int) -> Remark | None:
        """Return the comment with this id, or None."""
        row = self._store.one(
            "select * from page_comment where id = ? and status = 'current'", remark_id
        )
        return None if row is None else _remark(row)

    def add(  # a comment has that many sides
        self, page_id: int, kind: str, body: str, author: str, *, parent: int | None = None,
        marker: str | None = None, selection: str | None = None,
    ) -> Remark:  # fmt: skip
        """Write a comment; ``body`` is storage format."""
        now, remark_id = self._now(), self._store.next_id("content", 65537)
        self._store.run(
            "insert into page_comment values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            remark_id, page_id, kind, parent, body, author, now, now, 1, "current", "open", marker, selection,
        )  # fmt: skip
        return _remark(self._store.one("select * from page_comment where id = ?", remark_id))

    def change(self, remark: Remark, body: str) -> Remark:
        """Write a comment anew."""
        sql = "update page_comment set body = ?, updated = ?, version = version + 1 where id = ?"
        self._store.run(sql, body, self._now(), remark.id)
        return self.get(remark.id) or remark

    def resolve(self, remark_id: int) -> None:
        """Mark an inline comment as dealt with."""
        self._store.run("update page_comment set resolution = 'resolved' where id = ?", remark_id)

    def remove(self, remark: Remark) -> None:
        """Delete a comment with its replies."""
        self._store.run("delete from page_comment where id = ? or parent = ?", remark.id, remark.id)

    def follow(self, page: Page, version: Version) -> None:
        """Let inline comments follow a save: without their passage they dangle, with it they are open."""
        inline = self.of(page.id, "inline")
        if not inline:
            return
        present = markers(version.body)
        for remark in inline:
            there = remark.marker in present
            if there and remark.resolution == "dangling":
                self._store.run(
                    "update page_comment set resolution = 'open' where id = ?", remark.id
                )
            elif not there and remark.resolution == "open":
                self._store.run(
                    "update page_comment set resolution = 'dangling' where id = ?", remark.id
                )


def markers(body: str) -> dict[str, str]:
    """Return the inline-comment markers in a body: ``ac:ref`` to the marked text."""
    found = {}
    for element in parse(body).iter():
        if name(element) == "ac:inline-comment-marker":
            found[attribute(element, "ac:ref") or ""] = inner_text(element)
    return found


def _remark(row: Any) -> Remark:
    return Remark(**dict(row))
