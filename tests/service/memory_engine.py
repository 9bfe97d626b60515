"""An engine in memory, for stories that look at what is done and not at how it is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.engine import Again, Backlog, Duties, State, Work

MOST_RUNS = 500


class MemoryEngine:
    """Implements :class:`bridge.service.engine.Engine`; work is done when `run` says so."""

    def __init__(self, duties: Duties | None = None) -> None:
        self.duties = duties
        self.hints: list[Hint] = []
        self.known: set[str] = set()
        self.jobs: dict[Job, int] = {}
        self.done: list[Job] = []
        self.kept: dict[str, Work] = {}
        self.marks: dict[str, Any] = {}
        self.up = True
        self.again: list[str] = []

    def take(self, hint: Hint) -> bool:
        if hint.identifier in self.known:
            return False
        self.known.add(hint.identifier)
        self.hints.append(hint)
        return True

    def soon(self, job: Job, quiet: float, at_most: float) -> None:
        self.jobs[job] = self.jobs.get(job, 0) + 1

    def start(self, duties: Duties, ticks: Mapping[str, str], timezone: str) -> None:
        self.duties = duties

    def settle(self, patience: float) -> bool:
        return True

    def stop(self, patience: float) -> None:
        pass

    def run(self, *, until: Callable[[], bool] = lambda: False) -> list[Job]:
        """Do everything that waits; return the jobs that were done."""
        assert self.duties is not None
        before = len(self.done)
        for _ in range(MOST_RUNS):
            if until() or not (self.hints or self.jobs):
                return self.done[before:]
            while self.hints:
                for job, quiet, at_most in self.duties.look(self.hints.pop(0)):
                    self.soon(job, quiet, at_most)
            if self.jobs:
                self._act(next(iter(self.jobs)))
        raise AssertionError("the work does not come to an end")

    def _act(self, job: Job) -> None:
        assert self.duties is not None
        del self.jobs[job]
        try:
            self.duties.act(job)
        except Again as again:
            self.again.append(f"{job}: {again.why}")
        except Exception as failed:  # noqa: BLE001  # as the real one: kept as failed, to be looked at
            now = datetime.now(UTC)
            self.kept[str(job)] = Work(
                id=str(job), subject=str(job), state="failed", since=now, changed=now, tries=1,
                error=f"{type(failed).__name__}: {failed}",
            )  # fmt: skip
        self.done.append(job)

    def is_up(self) -> bool:
        return self.up

    def backlog(self) -> Backlog:
        waiting = len(self.hints) + len(self.jobs)
        return Backlog({"waiting": waiting, "failed": len(self.kept)}, timedelta(0))

    def works(self, state: State | None = None, most: int = 200) -> Sequence[Work]:
        return [work for work in self.kept.values() if state in (None, work.state)][:most]

    def work(self, identity: str) -> Work | None:
        return self.kept.get(identity)

    def retry(self, identity: str) -> bool:
        work = self.kept.pop(identity, None)
        if work is None:
            return False
        self.soon(Job(*work.subject.split(" ", 1)), 0, 0)
        return True

    def discard(self, identity: str) -> bool:
        work = self.kept.get(identity)
        if work is None:
            return False
        self.kept[identity] = replace(work, state="discarded")
        return True

    def purge(self, before: datetime) -> int:
        return 0

    def recall(self, name: str) -> Any:
        return self.marks.get(name)

    def remember(self, name: str, value: Any) -> None:
        self.marks[name] = value
