"""What the verbs need from a wiki: Confluence, or its in-memory twin."""

from collections.abc import Sequence
from typing import Any, Protocol

from bridge.wiki import Page, Remembered


class PageMoved(Exception):  # no refusal: the caller reads again and decides again
    """Somebody else wrote the page (or took its title) since it was read."""


class Wiki(Protocol):
    """A wiki: Confluence, or its in-memory twin. Every method may raise a SiteError."""

    def find(self, title: str) -> Page | None:
        """Return the page with this title in the configured space, archived ones included."""
        ...

    def page(self, page_id: str, version: int | None = None) -> Page | None:
        """Return a page, at a version of its history where one is named; None where it is gone."""
        ...

    def create(self, title: str, body: str, parent: str | None) -> Page:
        """Create a page below ``parent`` (None: below the space's home); PageMoved: title taken."""
        ...

    def update(self, page: Page, body: str, message: str) -> Page:
        """Write a new version on top of ``page``; raise PageMoved where it is not the newest."""
        ...

    def recall(self, page_id: str, key: str) -> Remembered | None:
        """Return what is remembered on a page under a key."""
        ...

    def remember(self, page_id: str, key: str, value: Any, before: Remembered | None) -> None:
        """Remember a value on a page, replacing exactly ``before``."""
        ...

    def forget(self, page_id: str, key: str) -> None:
        """Take what is remembered under a key off a page; where there is none, nothing happens."""
        ...

    def label(self, page_id: str, label: str) -> None:
        """Put a label on a page; putting it twice is harmless."""
        ...

    def unlabel(self, page_id: str, label: str) -> None:
        """Take a label off a page; where there is none, nothing happens."""
        ...

    def labelled(self, label: str) -> Page | None:
        """Return the one page of the space with a label, by the search index."""
        ...

    def versions(self, page_id: str) -> Sequence[tuple[int, str]]:
        """Return the numbers and messages of a page's latest versions, the newest first."""
        ...

    def url(self, page_id: str) -> str:
        """Return the address where people see a page."""
        ...
