"""One budget of calls towards Atlassian, shared by all workers on one store.

pyrate-limiter counts the calls of the last second in the store itself: a SQLite file beside the
service's own (with a lock between processes), or a table in the same PostgreSQL.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from bridge.errors import ConfigurationError
from bridge.service.address import file_of
from bridge.service.engine import StoreDown
from bridge.settings import given
from bridge.text import text

if TYPE_CHECKING:
    from pyrate_limiter import AbstractBucket, Rate

USUAL: Final = 10  # calls per second; Jira Cloud's own limits begin well above
_FASTEST: Final = 1000
_NAME: Final = "atlassian"
_TABLE: Final = "atlassian_calls"
_PATIENCE: Final = 10.0  # seconds that a connection to PostgreSQL may take
_SWEEP: Final = 60.0  # seconds between two removals of calls that no longer count


def rate(environment: Mapping[str, str] | None = None) -> int:
    """Return BRIDGE_RATE, the calls per second; raise ConfigurationError for what is no such number."""
    written = given("BRIDGE_RATE", os.environ if environment is None else environment)
    if not written:
        return USUAL
    if written.isascii() and written.isdigit() and 1 <= int(written[:9]) <= _FASTEST:
        return int(written)
    raise ConfigurationError(
        text("BRIDGE_RATE is no number of calls per second: {value}", value=written[:40]),
        text("A whole number from 1 to {most}; {usual} is usual.", most=_FASTEST, usual=USUAL),
    )


class Permits:
    """At most ``rate`` calls in any second; ``waited`` is told each call's wait in seconds.

    Raises StoreDown where the store cannot be opened.
    """

    def __init__(self, url: str, rate: int, waited: Callable[[float], None]) -> None:
        from pyrate_limiter import (  # noqa: PLC0415  # an extra, for the service alone
            Duration,
            Limiter,
            Rate,
            SingleBucketFactory,
        )

        self._waited = waited
        self._failures = _failures(url)
        try:
            self._bucket = _bucket(url, [Rate(rate, Duration.SECOND)])
        except self._failures:
            raise StoreDown from None
        # The library's own sweeping thread dies with the first restart of PostgreSQL; we sweep.
        self._limiter = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False))
        self._swept = time.monotonic()

    def permit(self) -> None:
        """Wait until one more call may be sent; raise StoreDown where calls cannot be counted."""
        begin = time.monotonic()
        try:
            self._limiter.try_acquire(_NAME)
            self._sweep()
        except self._failures:
            raise StoreDown from None
        self._waited(time.monotonic() - begin)

    def _sweep(self) -> None:
        if time.monotonic() - self._swept > _SWEEP:
            self._swept = time.monotonic()
            self._bucket.leak(time.time_ns() // 1_000_000)

    def close(self) -> None:
        """Close the connections."""
        self._bucket.close()


def _bucket(url: str, rates: "Sequence[Rate]") -> "AbstractBucket":
    from pyrate_limiter import (  # noqa: PLC0415  # an extra, for the service alone
        PostgresBucket,
        SQLiteBucket,
    )

    if file := file_of(url):
        return SQLiteBucket.init_from_file(
            list(rates), table=_TABLE, db_path=f"{file}.rate", use_file_lock=True
        )
    from psycopg_pool import ConnectionPool  # noqa: PLC0415  # PostgreSQL alone

    pool = ConnectionPool(url, min_size=1, max_size=2, timeout=_PATIENCE, open=True)
    return PostgresBucket(pool, _TABLE, list(rates))


def _failures(url: str) -> tuple[type[Exception], ...]:
    """Return what a store that is away raises."""
    if file_of(url):
        return (sqlite3.Error, OSError)
    import psycopg  # noqa: PLC0415  # PostgreSQL alone

    return (psycopg.Error, OSError)
