"""The engine on DBOS Transact: durable work on a SQLite file, or on PostgreSQL for several workers.

Importing this module takes most of a second (DBOS, SQLAlchemy): only commands that need it do. What
bites in DBOS and how each is answered stands where it is answered; in short: portable JSON instead of
pickle, a version of our own instead of a digest of the code, a name for each worker that outlives it,
WAL and two connections on SQLite, a watchdog that adopts the work of vanished workers, a purge.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.durable.attempt import Pace
from bridge.service.durable.ledger import APPLICATION, VERSION, Ledger
from bridge.service.durable.marks import Marks
from bridge.service.durable.presence import Presence, Pulse
from bridge.service.durable.reclaim import Reclaim
from bridge.service.durable.records import HINTS, TICK, WRITES, ticks_of
from bridge.service.durable.runs import Failed, Runs
from bridge.service.durable.store import Store, reaching
from bridge.service.durable.ticks import Ticks
from bridge.service.durable.watchdog import Watchdog
from bridge.service.engine import Backlog, Duties, State, StoreDown, Work

_LOG: Final = logging.getLogger(__name__)
_HINTS_AT_ONCE: Final = 4
_KEEP_TICKS: Final = timedelta(days=1)  # one comes every minute, and the next one makes up for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What an engine does how often; the defaults are for use, tests take shorter ones (seconds)."""

    poll: float = 0.2  # how often a queue is looked at; costs some two per cent of a core each
    pulse: Pulse = field(default_factory=Pulse)
    pace: Pace = field(default_factory=Pace)
    keep: timedelta = timedelta(days=30)  # longer than any sender goes on sending the same event


class DurableEngine:
    """The port ``engine.Engine`` on a store; one of it per process may be started."""

    def __init__(self, address: str, worker: str, timing: Timing | None = None) -> None:
        self._timing = timing or Timing()
        self._store = Store(address)
        self._ledger = Ledger(self._store)
        self._marks = Marks(self._store)
        self._watchdog: Watchdog | None = None
        self._queues: tuple[str, ...] = (HINTS, WRITES)  # what this worker serves
        self.presence = Presence(self._store, worker, self._timing.pulse)

    @classmethod
    def open(cls, address: str, worker: str, timing: Timing | None = None) -> Self:
        """Open a store and make what is missing in it. Raises StoreDown."""
        engine = cls(address, worker, timing)
        engine._prepare()
        return engine

    @classmethod
    def look_into(cls, address: str) -> Self | None:
        """Open a store as it is, to read and decide about what is in it; None where there is none yet."""
        engine = cls(address, "")
        return engine if engine._store.exists() else None

    def take(self, hint: Hint) -> bool:
        """Store a hint durably; False where its identifier is known already. Raises StoreDown."""
        return self._ledger.take(hint)

    def soon(self, job: Job, quiet: float, at_most: float) -> None:
        """Have a job done when nothing asked for it for a while. Raises StoreDown."""
        self._ledger.soon(job, quiet, at_most)

    def start(self, duties: Duties, ticks: Mapping[str, str], timezone: str) -> None:
        """Begin to work; what this worker left unfinished when it died is taken up again at once.

        Raises StoreDown.
        """
        name = self.presence.claim()
        _quieten()
        DBOS(config=self._config(name))
        runs = Runs(
            duties=duties,
            presence=self.presence,
            pace=self._timing.pace,
            timezone=timezone,
            is_stale=lambda tick: self._ledger.waits(ticks_of(tick)),
            is_retried=self._ledger.is_retried,
        )
        runs.register()
        self._queues = (HINTS, WRITES, *map(ticks_of, ticks))
        DBOS.listen_queues(list(self._queues))
        with reaching():
            DBOS.launch()
            self._register(ticks)
            Ticks(self._ledger, timezone).apply(ticks)
        reclaim = Reclaim(self._ledger, name, runs.in_hand, self._timing.pulse.dead)
        self._watchdog = Watchdog(self.presence, reclaim, self._ledger.adopt, self._purge_old)
        self._watchdog.start()
        _LOG.info("worker %s is at work", name)

    def settle(self, patience: float) -> bool:
        """Wait until nothing runs and nothing that is due waits; False if that took too long.

        Times that only others serve are not waited for: they may not be there.
        """
        until = time.monotonic() + patience
        while self._ledger.has_due(self._queues):
            if time.monotonic() > until:
                return False
            time.sleep(min(0.1, self._timing.poll))
        return True

    def stop(self, patience: float) -> None:
        """Take nothing new, and wait at most ``patience`` seconds for what runs; then close the store.

        What still runs then is done anew by the next worker.
        """
        if self._watchdog is not None:
            # the heart beats on while the rest finishes
            DBOS.destroy(
                destroy_registry=True, workflow_completion_timeout_sec=max(0, round(patience))
            )
            self._watchdog.stop()
            self._watchdog = None
            self._leave()
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._ledger.close()
        self._store.close()

    def is_up(self) -> bool:
        """Tell whether the store answers."""
        return self._store.answers()

    @property
    def watch_errors(self) -> int:
        """Return how many rounds of the watchdog failed since the start."""
        return self._watchdog.errors if self._watchdog else 0

    def backlog(self) -> Backlog:
        """Return how much there is to do. Raises StoreDown."""
        return self._ledger.backlog()

    def works(self, state: State | None = None, most: int = 200) -> Sequence[Work]:
        """Return pieces of work, the newest first. Raises StoreDown."""
        return self._ledger.works(state, most)

    def work(self, identity: str) -> Work | None:
        """Return one piece of work. Raises StoreDown."""
        return self._ledger.work(identity)

    def retry(self, identity: str) -> bool:
        """Have failed work done once more; False where there is none. Raises StoreDown."""
        return self._ledger.retry(identity)

    def discard(self, identity: str) -> bool:
        """Give failed or waiting work up; False where there is none. Raises StoreDown."""
        return self._ledger.discard(identity)

    def purge(self, before: datetime) -> int:
        """Forget finished work older than that; return how many pieces. Raises StoreDown."""
        return self._ledger.purge(before)

    def recall(self, name: str) -> Any:
        """Return a mark (JSON), None where there is none. Raises StoreDown."""
        return self._marks.recall(name)

    def remember(self, name: str, value: Any) -> None:
        """Keep a mark. Raises StoreDown."""
        self._marks.remember(name, value)

    def _prepare(self) -> None:
        _quieten()
        self._store.prepare()
        with reaching():
            DBOS.migrate(self._store.address)

    def _config(self, name: str) -> DBOSConfig:
        return DBOSConfig(
            name=APPLICATION,
            system_database_url=self._store.address,
            # more connections only fight for the one lock of a SQLite file
            sys_db_pool_size=2 if self._store.file else 10,
            executor_id=name,
            application_version=VERSION,
            serializer=DBOSPortableJSONSerializer(),
            log_level="WARNING",
            enable_otlp=False,
        )

    def _register(self, ticks: Mapping[str, str]) -> None:
        """Make the queues known: hints side by side, one writer in a store, each tick by itself."""
        self._queue(HINTS, worker_concurrency=_HINTS_AT_ONCE)
        self._queue(WRITES, global_concurrency=1)
        for name in ticks:
            self._queue(ticks_of(name), global_concurrency=1)

    def _queue(self, name: str, **limits: int) -> None:
        limit: Callable[..., Any] = DBOS.register_queue
        limit(name, polling_interval_sec=self._timing.poll, on_conflict="always_update", **limits)

    def _purge_old(self) -> int:
        now = datetime.now(UTC)
        ticks = self._ledger.purge(now - _KEEP_TICKS, name=TICK)
        return ticks + self._ledger.purge(now - self._timing.keep)

    def _leave(self) -> None:
        try:
            self.presence.leave()
        except StoreDown:
            _LOG.warning("the store is down: others take this worker's work over after a while")


def _quieten() -> None:
    """Let DBOS log as everything else does, not on a stream of its own."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        logger.addHandler(
            logging.NullHandler()
        )  # with none, DBOS adds one that writes to the screen
        logger.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out what was logged already: work that failed, of which DBOS shows a traceback."""
    return not (record.exc_info and isinstance(record.exc_info[1], Failed))
