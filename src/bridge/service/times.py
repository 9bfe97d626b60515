"""Times of the day at which something is due; a missed one is caught up once. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

NIGHTLY, MORNING = "nightly", "morning"
TIMES: Final[Mapping[str, time]] = {NIGHTLY: time(2, 0), MORNING: time(8, 30)}
LATEST: Final[Mapping[str, time]] = {MORNING: time(12, 0)}  # no good morning in the afternoon


def due(last: Mapping[str, str], now: datetime) -> Iterable[str]:
    """Return what is due, in the order of the day; ``last`` is the day each was done last (ISO).

    ``now`` in the workspace's time zone. Several missed days are caught up by one; what has a latest
    time is not caught up after it, that day.
    """
    return [name for name, at in TIMES.items() if _is_due(name, at, last.get(name), now)]


def day_of(name: str, now: datetime) -> date:
    """Return the day that doing it now counts for: yesterday's, before its time."""
    return now.date() if now.time() >= TIMES[name] else now.date() - timedelta(days=1)


def _is_due(name: str, at: time, last: str | None, now: datetime) -> bool:
    latest = LATEST.get(name)
    if latest is not None and not at <= now.time() < latest:
        return False
    return last is None or last < day_of(name, now).isoformat()
