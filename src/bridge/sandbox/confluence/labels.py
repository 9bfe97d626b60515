"""Labels on pages."""

import re
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.confluence.refusals import ConfluenceRefusalError
from bridge.sandbox.store import Store

_FORBIDDEN = re.compile(r"[\s():;,.?&\[\]#^*!@]")


@dataclass(frozen=True)
class Label:
    """A label; ``prefix`` is ``global`` unless it is somebody's own."""

    id: int
    prefix: str
    name: str


class Labels:
    """Every label of the site."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, page_id: int) -> list[Label]:
        """Return the labels of a page, by id."""
        sql = "select label.* from label join page_label on label = id where page = ? order by id"
        return [Label(**dict(row)) for row in self._store.all(sql, page_id)]

    def all(self) -> list[Label]:
        """Every label that stands on a page, by id."""
        sql = "select * from label where id in (select label from page_label) order by id"
        return [Label(**dict(row)) for row in self._store.all(sql)]

    def pages(self, label_id: int) -> list[int]:
        """Return the ids of the pages that carry a label."""
        rows = self._store.all(
            "select page from page_label where label = ? order by page", label_id
        )
        return [row["page"] for row in rows]

    def add(self, page_id: int, name: Any, prefix: Any = "global") -> None:
        """Put a label on a page; again changes nothing. Letters become small, as on the real one.

        Raises:
            ConfluenceRefusalError: 400, a character that labels may not have.

        """
        if not isinstance(name, str) or not name or _FORBIDDEN.search(name) or len(name) > 255:
            raise ConfluenceRefusalError(400, f"Invalid label name: {name}")
        if prefix not in ("global", "my", "team", "system"):
            raise ConfluenceRefusalError(400, f"Invalid label prefix: {prefix}")
        row = self._store.one(
            "select id from label where prefix = ? and name = ?", prefix, name.lower()
        )
        label_id = row["id"] if row else self._store.next_id("content", 65537)
        if row is None:
            self._store.run("insert into label values (?, ?, ?)", label_id, prefix, name.lower())
        self._store.run("insert or ignore into page_label values (?, ?)", page_id, label_id)

    def remove(self, page_id: int, name: str) -> None:
        """Take a label off a page."""
        sql = "delete from page_label where page = ? and label in (select id from label where name = ?)"
        self._store.run(sql, page_id, name.lower())
