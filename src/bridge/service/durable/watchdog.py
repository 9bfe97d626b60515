"""The watchdog of a worker: its heartbeat, the work of those who vanished, and forgetting what is old."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from bridge.service.durable.presence import Presence

_LOG: Final = logging.getLogger(__name__)
_PURGE_EVERY: Final = 3600.0  # seconds


class Watchdog:
    """A thread that goes its round at every beat, whatever happens; ``errors`` counts failed rounds."""

    def __init__(
        self,
        presence: Presence,
        reclaim: Callable[[], int],
        adopt: Callable[[frozenset[str]], int],
        purge: Callable[[], int],
    ) -> None:
        self.errors = 0
        self._presence = presence
        self._reclaim = reclaim
        self._adopt = adopt
        self._purge = purge
        self._purged = time.monotonic()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bridge-watchdog", daemon=True)

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """End the rounds, the present one finished."""
        self._ends.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ends.wait(self._presence.pulse.every):
            try:
                self._round()
            except Exception as failed:  # noqa: BLE001  # a watchdog that dies protects nobody
                self.errors += 1
                _LOG.warning("the watchdog's round failed: %s", type(failed).__name__)

    def _round(self) -> None:
        """Beat first: the rest may take a while."""
        if not self._presence.beat():
            _LOG.error(
                "another process goes by the name of this worker; its work is not finished here"
            )
        if reclaimed := self._reclaim():
            _LOG.warning("gave back %d pieces of work that were begun and not done", reclaimed)
        if not self._presence.is_steady() or not self._presence.takes_turn():
            return
        if adopted := self._adopt(self._presence.living()):
            _LOG.warning("adopted %d pieces of work of workers that vanished", adopted)
        if time.monotonic() - self._purged > _PURGE_EVERY:
            self._purged = time.monotonic()
            self._purge()
