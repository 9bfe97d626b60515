"""What the verbs need of where they run: time, somewhere to say how far they are, a journal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from bridge.text import Text


class Clock(Protocol):
    """Time, as the workspace sees it."""

    def now(self) -> datetime:
        """Return the present moment, with its time zone."""
        ...

    def today(self) -> date:
        """Return the civil date in the workspace's time zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Progress(Protocol):
    """Where long work says how far it is."""

    def __call__(self, words: Text) -> None:
        """Say one thing on the way."""
        ...


class Journal(Protocol):
    """The workspace's own record of intents and writes, on one site.

    ``campaign`` is a campaign's id, or ``request/...`` for the issue of a request: one name, one key.
    """

    def intend(self, campaign: str, floors: Mapping[str, int]) -> None:
        """Record, before the epic is created, that it is about to be; durable on return."""
        ...

    def epic(self, campaign: str, key: str) -> None:
        """Record the epic that was created or adopted."""
        ...

    def epic_of(self, campaign: str) -> str | None:
        """Return the epic's key as last recorded."""
        ...

    def intent_of(self, campaign: str) -> Mapping[str, int] | None:
        """Return the newest issue numbers at the time of an intent that has no result yet."""
        ...

    def wrote(self, what: str, name: str, field: str, before: str, after: str, cause: str) -> None:
        """Record one write."""
        ...
