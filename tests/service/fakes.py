"""The engine in memory, with a store that can go away, a bug, and a backlog as a story wants it."""

from datetime import timedelta
from typing import Any

from bridge.reactions.hint import Hint
from bridge.service.engine import Backlog, StoreDown
from tests.service.memory_engine import MemoryEngine


class FakeEngine(MemoryEngine):
    """With ``is_down`` every question is refused; ``fails_with`` is raised when a hint is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Hint] = []
        self.waiting = Backlog({}, timedelta(0))
        self.is_down = False
        self.fails_with: Exception | None = None
        self.stopped_with: float | None = None

    def _reach(self) -> None:
        if self.is_down:
            raise StoreDown("fake")

    def take(self, hint: Hint) -> bool:
        self._reach()
        if self.fails_with:
            raise self.fails_with
        is_new = super().take(hint)
        self.taken += [hint] if is_new else []
        return is_new

    def stop(self, patience: float) -> None:
        self.stopped_with = patience

    def settle(self, patience: float) -> bool:
        return not self.waiting.counts

    def is_up(self) -> bool:
        return not self.is_down

    def backlog(self) -> Backlog:
        self._reach()
        return self.waiting

    def recall(self, name: str) -> Any:
        self._reach()
        return super().recall(name)

    def remember(self, name: str, value: Any) -> None:
        self._reach()
        super().remember(name, value)
