"""The alarm: something has waited too long, or failed. Said once a day to people, not every minute."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bridge.service import log
from bridge.service.engine import StoreDown
from bridge.service.face.health import Health
from bridge.text import Text, text, texts

TOO_LONG: Final = timedelta(minutes=15)
# The day on which people were told, in the store: one message for all workers.
_WAITING, _FAILED = "alarm", "alarm-failed"
_PAUSE: Final = 30.0  # seconds between two looks


@dataclass(kw_only=True)
class Alarm:
    """Looks at the oldest work that waits and at what failed; ``tell_people`` sends a message.

    Of each of the two at most one a day.
    """

    health: Health
    tell_people: Callable[[Text], None]
    too_long: timedelta = TOO_LONG
    is_ringing: bool = False

    def look(self) -> None:
        """Look once; raises StoreDown."""
        backlog = self.health.engine.backlog()
        # Looking around waits, too: for a site that is away, or that does not take the token.
        oldest = max(backlog.oldest, self.health.poll_age())
        if oldest <= self.too_long:
            self._calm()
        elif not self.is_ringing:
            self.is_ringing = True
            log.tell("waiting-too-long", logging.ERROR, seconds=int(oldest.total_seconds()))
            self._tell(_WAITING, _waits(oldest))
        failed = backlog.counts.get("failed", 0)
        if failed:
            self._tell(_FAILED, _failed(failed))

    def _calm(self) -> None:
        if self.is_ringing:
            self.is_ringing = False
            log.tell("waiting-no-more")

    def _tell(self, mark: str, words: Text) -> None:
        day = self.health.now().date().isoformat()
        engine = self.health.engine
        if engine.recall(mark) == day:
            return
        engine.remember(
            mark, day
        )  # before it is sent: rather one message too few than one too many
        self.tell_people(words)

    def watch(self, over: threading.Event) -> None:
        """Look every half minute until it is over; one look that fails does not end the watch."""
        while not over.wait(_PAUSE):
            try:
                self.look()
            except StoreDown:
                log.tell("store-down", logging.ERROR)
            except Exception as bug:  # noqa: BLE001  # the watch goes on; the log has it
                log.tell_bug("alarm", bug)


def _waits(oldest: timedelta) -> Text:
    minutes = int(oldest.total_seconds() // 60)
    return text(
        "The bridge has had work waiting for {minutes} minutes: `bridge jobs list` shows it.",
        minutes=minutes,
    )


def _failed(number: int) -> Text:
    return texts(
        "{n} piece of the bridge's work failed: see `bridge jobs list --state failed`.",
        "{n} pieces of the bridge's work failed: see `bridge jobs list --state failed`.",
        number,
    )
