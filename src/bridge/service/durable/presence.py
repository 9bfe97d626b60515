"""Who is at work on a store: a name for each worker, a heartbeat, and when a worker must hold its hand.

The engine does not notice that a worker vanished; whoever is silent for too long loses its work to the
others (``watchdog.py``). A worker that was only frozen (a suspended machine, a stopped process) must
then not go on writing: it asks :meth:`Presence.check` before each write.
"""

import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import exc

from bridge.service.durable.store import BEATS, Store, reaching

_MOST_NAMES: Final = 50  # workers of one name on one machine
_LIVES: Final[set[str]] = set()  # of this process
_TURN: Final = "(watch)"  # the row that says whose turn it is to look after the others


class Lapsed(Exception):  # no refusal to a person: the run ends, and its work is done again
    """The worker was silent for so long that others may have taken its work over."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How often a worker says that it lives, and after which silence it counts as dead (seconds)."""

    every: float = 5.0
    dead: float = 30.0

    @property
    def doubtful(self) -> float:
        """Return the silence after which a worker no longer trusts itself: before others act."""
        return self.dead * 0.8


class Presence:
    """One worker's name and heartbeat in a store."""

    def __init__(self, store: Store, wanted: str, pulse: Pulse) -> None:
        self.pulse = pulse
        self.name = wanted
        self._store = store
        self._life = uuid.uuid4().hex
        _LIVES.add(self._life)
        self._heard = self._steady = _clock()
        self._epoch = 0
        self._began: ContextVar[int | None] = ContextVar("began", default=None)

    def claim(self) -> str:
        """Take the name wanted, or that name with a number where a living worker has it.

        Returns the name. The same name after a crash finds the work it had begun at once; the same
        name twice at a time would do work twice. Raises StoreDown.
        """
        wanted = self.name
        for number in range(1, _MOST_NAMES + 1):
            name = wanted if number == 1 else f"{wanted}-{number}"
            if self._claimed(name):
                self.name = name
                return name
        self.name = f"{wanted}-{self._life}"
        self._insert(self.name)
        return self.name

    def beat(self) -> bool:
        """Say that this worker lives; False where another life took its name. Raises StoreDown."""
        before = _clock()
        said = self._mine().values(at=self._store.now)
        with reaching(), self._store.engine.begin() as connection:
            mine = connection.execute(said).rowcount == 1
        if before - self._heard > self.pulse.doubtful or not mine:
            self._epoch += 1  # what began before the silence is no longer ours to finish
            self._steady = before
        if mine:
            self._heard = before
        return mine

    def is_steady(self) -> bool:
        """Tell whether this worker was heard for a few beats on end: it may judge the others.

        After the store was down, everybody seems silent until they have beaten once.
        """
        return _clock() - self._steady > 3 * self.pulse.every

    def leave(self) -> None:
        """Say that this worker is gone: what it left unfinished is adopted at once. Raises StoreDown."""
        with reaching(), self._store.engine.begin() as connection:
            connection.execute(self._mine().values(at=0.0))
        _LIVES.discard(self._life)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Remember when a piece of work began; :meth:`check` within it holds against that."""
        token = self._began.set(self._epoch)
        try:
            yield
        finally:
            self._began.reset(token)

    def check(self) -> None:
        """Raise Lapsed where others may be doing this work by now. To be asked before each write."""
        began = self._began.get()
        if _clock() - self._heard > self.pulse.doubtful or began not in (None, self._epoch):
            raise Lapsed

    def living(self) -> frozenset[str]:
        """Return the names of the workers heard of lately. Raises StoreDown."""
        lately = sa.select(BEATS.c.worker).where(BEATS.c.at > self._store.now - self.pulse.dead)
        with reaching(), self._store.engine.connect() as connection:
            return frozenset(connection.execute(lately).scalars())

    def takes_turn(self) -> bool:
        """Take or keep the turn to look after the others; one worker has it. Raises StoreDown."""
        with reaching(), self._store.engine.begin() as connection:
            free = sa.or_(
                BEATS.c.life == self._life, BEATS.c.at < self._store.now - self.pulse.dead
            )
            taken = (
                sa.update(BEATS)
                .where(BEATS.c.worker == _TURN, free)
                .values(life=self._life, at=self._store.now)
            )
            if connection.execute(taken).rowcount:
                return True
        return self._insert(_TURN)

    def _mine(self) -> sa.Update:
        return sa.update(BEATS).where(BEATS.c.worker == self.name, BEATS.c.life == self._life)

    def _claimed(self, name: str) -> bool:
        if self._insert(name):
            return True
        row = sa.select(BEATS, (self._store.now - BEATS.c.at).label("silence"))
        with reaching(), self._store.engine.connect() as connection:
            found = connection.execute(row.where(BEATS.c.worker == name)).mappings().one()
        if found["silence"] < self.pulse.dead and _may_live(
            found["life"], found["host"], found["pid"]
        ):
            return False
        over = sa.update(BEATS).where(BEATS.c.worker == name, BEATS.c.life == found["life"])
        with reaching(), self._store.engine.begin() as connection:
            return connection.execute(over.values(**self._row())).rowcount == 1

    def _insert(self, name: str) -> bool:
        try:
            with reaching(), self._store.engine.begin() as connection:
                connection.execute(sa.insert(BEATS).values(worker=name, **self._row()))
        except exc.IntegrityError:
            return False
        return True

    def _row(self) -> dict[str, object]:
        return {
            "life": self._life,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "at": self._store.now,
        }


def _may_live(life: str, host: str, pid: int) -> bool:
    """Tell whether a process may be alive: elsewhere it may; here the system knows.

    A process of this one's own number on a machine of this name is a container's former life.
    """
    if host != socket.gethostname():
        return True
    if pid == os.getpid():
        return life in _LIVES
    return Path(f"/proc/{pid}").exists() if Path("/proc/self").exists() else True


def _clock() -> float:
    """Return seconds that go on while the machine sleeps, where the system has such a clock."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if boottime is None else time.clock_gettime(boottime)
