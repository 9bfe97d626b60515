"""Duties that note what they were called for, and do what a test says."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.engine import Duties

Wanted = tuple[Job, float, float]


class Noted:
    """Everything the engine asked for; ``jobs`` and ``acts`` say by issue and by job what to do."""

    def __init__(self) -> None:
        self.hints: list[Hint] = []
        self.acted: list[Job] = []
        self.ticked: list[tuple[str, datetime]] = []
        self.jobs: dict[str, Sequence[Wanted]] = {}
        self.acts: dict[Job, Callable[[], None]] = {}
        self.ticks: dict[str, Callable[[], None]] = {}
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    @property
    def duties(self) -> Duties:
        return Duties(look=self._look, act=self._act, tick=self._tick)

    def _look(self, hint: Hint) -> Sequence[Wanted]:
        self.hints.append(hint)
        return self.jobs.get(hint.issue, ())

    def _act(self, job: Job) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self.acted.append(job)
        try:
            self.acts.get(job, lambda: None)()
        finally:
            with self._lock:
                self._now -= 1

    def _tick(self, name: str, at: datetime) -> None:
        self.ticked.append((name, at))
        self.ticks.get(name, lambda: None)()


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is true; it must become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
