"""An engine by hand, in memory: what it took can be looked at, and its store can go away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.engine import Backlog, Duties, State, StoreDown, Work


class FakeEngine:
    """Takes hints into a list; with ``is_down`` every question is refused."""

    def __init__(self) -> None:
        self.taken: list[Hint] = []
        self.marks: dict[str, Any] = {}
        self.waiting = Backlog({}, timedelta(0))
        self.is_down = False
        self.fails_with: Exception | None = None
        self.stopped_with: float | None = None

    def _reach(self) -> None:
        if self.is_down:
            raise StoreDown("fake")
        if self.fails_with:
            raise self.fails_with

    def take(self, hint: Hint) -> bool:
        self._reach()
        if hint.identifier in {known.identifier for known in self.taken}:
            return False
        self.taken.append(hint)
        return True

    def soon(self, job: Job, quiet: float, at_most: float) -> None:
        self._reach()

    def start(self, duties: Duties, ticks: Mapping[str, str], timezone: str) -> None:
        self._reach()

    def stop(self, patience: float) -> None:
        self.stopped_with = patience

    def is_up(self) -> bool:
        return not self.is_down

    def backlog(self) -> Backlog:
        self._reach()
        return self.waiting

    def works(self, state: State | None = None, most: int = 200) -> Sequence[Work]:
        self._reach()
        return []

    def work(self, identity: str) -> Work | None:
        self._reach()
        return None

    def retry(self, identity: str) -> bool:
        self._reach()
        return False

    def discard(self, identity: str) -> bool:
        self._reach()
        return False

    def purge(self, before: datetime) -> int:
        self._reach()
        return 0

    def recall(self, name: str) -> Any:
        self._reach()
        return self.marks.get(name)

    def remember(self, name: str, value: Any) -> None:
        self._reach()
        self.marks[name] = value
