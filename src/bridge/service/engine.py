"""The engine of the service as a port: events stored before they are acknowledged, jobs done at least once.

The one implementation is ``durable/`` (DBOS Transact); nothing else of the service knows it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job

State = Literal["waiting", "running", "done", "failed", "discarded"]


class StoreDown(Exception):  # no refusal to a person: the sender is told to come again
    """The store cannot be reached; nothing was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work as the store has it. ``subject``: a job, or ``hint ISSUE``.

    ``error`` names what failed by its kind and sentence, never by content; ``tries`` counts runs.
    """

    id: str
    subject: str
    state: State
    since: datetime
    changed: datetime
    tries: int = 0
    error: str = ""
    worker: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is waiting, running and failed, and how long ago the oldest unfinished could have run.

    Finished work is not counted: there are hundreds of thousands of it.
    """

    counts: Mapping[State, int]
    oldest: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What the engine calls when work is due; all of it may be called twice for the same work.

    ``look`` turns a hint into jobs (each with its quiet time and its longest delay in seconds),
    ``act`` does one job, ``tick`` what a named time calls for (``poll``, ``nightly``, ``morning``).
    An ``Again`` raised by any of them asks for another run after some seconds.
    """

    look: Callable[[Hint], Sequence[tuple[Job, float, float]]]
    act: Callable[[Job], None]
    tick: Callable[[str, datetime], None]


class Again(Exception):  # no failure: an outcome of a run
    """The site cannot be reached now, or somebody else is writing: run it again after ``seconds``.

    ``why`` names no content: it is kept and shown.
    """

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.why = why


class Engine(Protocol):
    """Durable work for one or several workers on one store."""

    def take(self, hint: Hint) -> bool:
        """Store a hint durably; False where its identifier is known already. Raises StoreDown."""
        ...

    def soon(self, job: Job, quiet: float, at_most: float) -> None:
        """Have a job done when nothing asked for it for ``quiet`` seconds, at most ``at_most`` from now.

        Asked for while it runs, it runs again afterwards. Raises StoreDown.
        """
        ...

    def start(self, duties: Duties, ticks: Mapping[str, str], timezone: str) -> None:
        """Begin to work; ``ticks`` are crontab lines by name, in that time zone. Missed ones come once.

        A process that only takes hints (a web face) never starts: it takes and reads without it.
        """
        ...

    def settle(self, patience: float) -> bool:
        """Wait until nothing runs and nothing that is due waits; False if that took too long."""
        ...

    def stop(self, patience: float) -> None:
        """Take nothing new, and wait at most ``patience`` seconds for what runs."""
        ...

    def is_up(self) -> bool:
        """Tell whether the store answers."""
        ...

    def backlog(self) -> Backlog:
        """Return how much there is to do."""
        ...

    def works(self, state: State | None = None, most: int = 200) -> Sequence[Work]:
        """Return pieces of work, the newest first."""
        ...

    def work(self, identity: str) -> Work | None:
        """Return one piece of work."""
        ...

    def retry(self, identity: str) -> bool:
        """Have failed work done once more; False where there is none of that id that failed."""
        ...

    def discard(self, identity: str) -> bool:
        """Give failed or waiting work up; False where there is none of that id."""
        ...

    def purge(self, before: datetime) -> int:
        """Forget finished work older than that; return how many pieces."""
        ...

    def recall(self, name: str) -> Any:
        """Return a mark (JSON), None where there is none."""
        ...

    def remember(self, name: str, value: Any) -> None:
        """Keep a mark."""
        ...
