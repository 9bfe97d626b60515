"""Is the service alive, and is it fit for work? What ``/readyz`` and the alarm ask."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from bridge.service.engine import Engine

Reason = Literal["stopping", "store-down", "poll-late"]
POLL_LATE: Final = timedelta(minutes=5)  # polling is due every minute; a change is seen within two


@dataclass(kw_only=True)
class Health:
    """What tells whether this process can work.

    ``last_poll`` returns when changes were last looked for, None for never; it may raise StoreDown.
    ``now`` returns the present with its time zone; ``late`` is how old a poll may become.
    """

    engine: Engine
    now: Callable[[], datetime]
    last_poll: Callable[[], datetime | None]
    late: timedelta = POLL_LATE
    stopping: threading.Event = field(default_factory=threading.Event)
    started: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.now()

    def poll_age(self) -> timedelta:
        """Return how long ago changes were looked for; before the first time, since the start.

        A worker that begins is given the time that a poll may take; raises StoreDown.
        """
        last = self.last_poll()
        since = self.started if last is None else max(last, self.started)
        return max(self.now() - since, timedelta(0))

    def reasons(self) -> Sequence[Reason]:
        """Return why no work should come this way, nothing where all is well."""
        if self.stopping.is_set():
            return ("stopping",)
        if not self.engine.is_up():
            return ("store-down",)
        return ("poll-late",) if self.poll_age() > self.late else ()
