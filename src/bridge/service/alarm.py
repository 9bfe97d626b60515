"""The alarm: something has waited too long. Said once in the log and once to people, not every minute."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bridge.service import log
from bridge.service.engine import StoreDown
from bridge.service.face.health import Health
from bridge.text import Text, text

TOO_LONG: Final = timedelta(minutes=15)
_MARK: Final = (
    "alarm"  # the day on which people were told, in the store: one message for all workers
)
_PAUSE: Final = 30.0  # seconds between two looks


@dataclass(kw_only=True)
class Alarm:
    """Looks at the oldest work that waits; ``tell_people`` sends one message, at most one a day."""

    health: Health
    tell_people: Callable[[Text], None]
    too_long: timedelta = TOO_LONG
    is_ringing: bool = False

    def look(self) -> None:
        """Look once; raises StoreDown."""
        # Looking around waits, too: for a site that is away, or that does not take the token.
        oldest = max(self.health.engine.backlog().oldest, self.health.poll_age())
        if oldest <= self.too_long:
            self._calm()
        elif not self.is_ringing:
            self.is_ringing = True
            log.tell("waiting-too-long", logging.ERROR, seconds=int(oldest.total_seconds()))
            self._tell(oldest)

    def _calm(self) -> None:
        if self.is_ringing:
            self.is_ringing = False
            log.tell("waiting-no-more")

    def _tell(self, oldest: timedelta) -> None:
        day = self.health.now().date().isoformat()
        engine = self.health.engine
        if engine.recall(_MARK) == day:
            return
        engine.remember(
            _MARK, day
        )  # before it is sent: rather one message too few than one too many
        minutes = int(oldest.total_seconds() // 60)
        self.tell_people(
            text(
                "The bridge has had work waiting for {minutes} minutes: `bridge jobs list` shows it.",
                minutes=minutes,
            )
        )

    def watch(self, over: threading.Event) -> None:
        """Look every half minute until it is over; one look that fails does not end the watch."""
        while not over.wait(_PAUSE):
            try:
                self.look()
            except StoreDown:
                log.tell("store-down", logging.ERROR)
            except Exception as bug:  # noqa: BLE001  # the watch goes on; the log has it
                log.tell_bug("alarm", bug)
