"""The imitated site: its people, its Jira, its Confluence, its clock."""

import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bridge.sandbox import moments
from bridge.sandbox.confluence.wiki import Confluence
from bridge.sandbox.flavour import CLOUD, FLAVOURS, Flavour
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.jira.tracker import Jira
from bridge.sandbox.people import People
from bridge.sandbox.store import Store

_NAMESPACE = uuid.UUID("0b0a8a6e-4a6c-4d49-9d7d-1c7f1f0f3a55")


class OtherFlavourError(ValueError):
    """A file that holds a site of another flavour than the one that was asked for."""

    def __init__(self, held: str, asked: str) -> None:
        super().__init__(f"this file holds a {held} site, not a {asked} one")
        self.held = held


class Site:
    """Everything a sandbox knows, without HTTP.

    ``clock`` returns the present as an aware datetime; tests set it. ``language`` (``en`` or ``fr``)
    is the one in which types, statuses and fields were named when the site was set up.

    Raises:
        OtherFlavourError: the file at ``path`` holds a site of the other flavour.

    """

    def __init__(
        self, path: Path | str | None = None, language: str = "en", flavour: Flavour = CLOUD
    ) -> None:
        self.store = Store(path)
        self.flavour = flavour
        self._check_flavour()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.language = self.store.meta("language") or language
        self.people = People(self.store)
        self.jira = Jira(self.store, Setup(self.store, self.people, self.now, flavour))
        self.confluence = Confluence(self.store, self.people, self.now, flavour)

    def _check_flavour(self) -> None:
        if self.is_new:
            return
        held = FLAVOURS[self.store.meta("flavour") or CLOUD.name]
        if held is not self.flavour:
            self.store.close()
            raise OtherFlavourError(held.name, self.flavour.name)

    def now(self) -> str:
        """Return the present, as kept in the store."""
        return moments.stamp(self.clock())

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever put here."""
        return self.store.meta("language") is None

    @property
    def cloud_id(self) -> str:
        """The id of the site, the same for ever."""
        kept = self.store.meta("cloud-id")
        if kept is None:
            kept = str(uuid.uuid5(_NAMESPACE, secrets.token_hex(16)))
            self.store.set_meta("cloud-id", kept)
        return kept

    def close(self) -> None:
        """Close the store."""
        self.store.close()
