"""A Wiki in dictionaries: pages with their history, properties and labels."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.errors import Refused
from bridge.ports import PageMoved
from bridge.wiki import Page, Remembered


@dataclass
class TwinWiki:
    """Implements :class:`bridge.ports.Wiki` for one space. ``lags``: labels are not found by search yet."""

    site: str = "https://twin.example/wiki"
    lags: bool = False
    history: dict[str, list[Page]] = field(default_factory=dict)
    archived: set[str] = field(default_factory=set)
    trashed: set[str] = field(default_factory=set)
    labels: dict[str, set[str]] = field(default_factory=dict)
    index: dict[str, set[str]] = field(default_factory=dict)
    properties: dict[tuple[str, str], Remembered] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)

    def settle(self) -> None:
        """Let the index catch up."""
        self.index = copy.deepcopy(self.labels)

    def save(self, page_id: str, title: str, body: str, message: str = "") -> Page:
        """Save a version, as anybody on the site may."""
        before = self.history.setdefault(page_id, [])
        page = Page(page_id, title, body, len(before) + 1, message)
        before.append(page)
        return page

    # --- the port -----------------------------------------------------------------------------

    def find(self, title: str) -> Page | None:
        same = [p for p in self._standing() if p.title == title]
        return next((page for page in same if page.is_current), same[0] if same else None)

    def page(self, page_id: str, version: int | None = None) -> Page | None:
        if page_id not in self.history or page_id in self.trashed:
            return None
        versions = self.history[page_id]
        if version is None:
            return None if page_id in self.archived else versions[-1]
        return next((page for page in versions if page.version == version), None)

    def create(self, title: str, body: str, parent: str | None) -> Page:
        if any(page.title.casefold() == title.casefold() for page in self._standing()):
            if self.find(title) is not None:
                raise PageMoved
            raise Refused("Confluence", "create", 400, "A page with this title already exists")
        page_id = str(1000 + len(self.history))
        self.parents[page_id] = parent
        return self.save(page_id, title.strip(), body)

    def update(self, page: Page, body: str, message: str) -> Page:
        newest = self.page(page.id)
        if newest is None:
            raise Refused("Confluence", f"update {page.id}", 404, "Not Found")
        if newest.version != page.version:
            raise PageMoved
        return self.save(page.id, page.title, body, message)

    def recall(self, page_id: str, key: str) -> Remembered | None:
        return copy.deepcopy(self.properties.get((page_id, key)))

    def remember(self, page_id: str, key: str, value: Any, before: Remembered | None) -> None:
        now = self.properties.get((page_id, key))
        if (now and (now.id, now.version)) != (before and (before.id, before.version)):
            if now is not None and now.value == value:
                return
            raise PageMoved
        number = now.version + 1 if now else 1
        name = now.id if now else str(5000 + len(self.properties))
        self.properties[page_id, key] = Remembered(name, copy.deepcopy(value), number)

    def forget(self, page_id: str, key: str) -> None:
        self.properties.pop((page_id, key), None)

    def unlabel(self, page_id: str, label: str) -> None:
        self.labels.get(page_id, set()).discard(label)
        if not self.lags:
            self.settle()

    def label(self, page_id: str, label: str) -> None:
        self.labels.setdefault(page_id, set()).add(label)
        if not self.lags:
            self.settle()

    def labelled(self, label: str) -> Page | None:
        pages = [self.page(page_id) for page_id, labels in self.index.items() if label in labels]
        found = [page for page in pages if page is not None]
        return found[0] if len(found) == 1 else None

    def versions(self, page_id: str) -> Sequence[tuple[int, str]]:
        return [(page.version, page.message) for page in reversed(self.history[page_id])]

    def url(self, page_id: str) -> str:
        return f"{self.site}/pages/{page_id}"

    def _standing(self) -> list[Page]:
        return [
            replace(versions[-1], is_current=page_id not in self.archived)
            for page_id, versions in self.history.items()
            if page_id not in self.trashed
        ]
