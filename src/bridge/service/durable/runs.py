"""What DBOS runs: a hint looked into, a job done, a tick. Each is an attempt, then what follows from it.

An attempt is one step: its outcome is stored before anything follows, so that a crash in between
repeats at most the attempt. What follows (jobs put off, another try) is stored by DBOS as steps of its
own. A run that another worker took over in the meantime cannot store anything: DBOS sees to that.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from dbos import DBOS, Debouncer, SetEnqueueOptions, SetWorkflowID

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.durable.attempt import Pace, attempt
from bridge.service.durable.presence import Presence
from bridge.service.durable.records import HINT, HINTS, JOB, TICK, WRITES, ticks_of
from bridge.service.durable.store import UNREACHABLE
from bridge.service.engine import Duties

_LOG: Final = logging.getLogger(__name__)


class Failed(Exception):  # an outcome that DBOS keeps, not a refusal
    """A piece of work that failed: its kind and sentence."""


def child(identity: str, tried: int) -> str:
    """Return the id of another try of the same piece of work."""
    return f"{identity.partition('~')[0]}~{tried}"


class Dropped(BaseException):  # not for DBOS to keep as a failure, as it does with every Exception
    """The store was lost between an attempt and what follows: neither done nor failed.

    The row stays as begun, and the watchdog gives it back to its queue (``reclaim.py``).
    """


@dataclass(frozen=True)
class Runs:
    """The workflows over somebody's duties; ``register`` makes them known to DBOS, once a process."""

    duties: Duties
    presence: Presence
    pace: Pace
    timezone: str
    is_stale: Callable[[str], bool]  # whether a newer tick of that name waits already
    is_retried: Callable[[str], bool]  # whether somebody had that piece of work done once more
    known: dict[str, Callable[..., None]] = field(default_factory=dict)
    in_hand: set[str] = field(default_factory=set)  # ids of what runs in this process at the moment

    def register(self) -> None:
        """Make the workflows known by their names."""

        @DBOS.workflow(name=HINT)
        def hint(value: dict[str, Any], tried: int) -> None:
            with self._held():
                self._hint(value, tried)

        @DBOS.workflow(name=JOB)
        def job(kind: str, name: str, tried: int) -> None:
            with self._held():
                self._job(Job(kind, name), tried)

        @DBOS.workflow(name=TICK)
        def tick(at: str, context: dict[str, Any]) -> None:
            with self._held():
                self._tick(at, context)

        self.known.update({HINT: hint, JOB: job, TICK: tick})

    @contextmanager
    def _held(self) -> Iterator[None]:
        identity = DBOS.workflow_id or ""
        self.in_hand.add(identity)
        try:
            yield
        except UNREACHABLE as lost:  # not all of DBOS waits for a store that went away
            _LOG.warning("the store was lost in the middle of %s", identity)
            raise Dropped from lost
        finally:
            self.in_hand.discard(identity)

    def _hint(self, value: dict[str, Any], tried: int) -> None:
        hint = Hint.read(value)
        told = self._attempt("look", lambda: _as_data(self.duties.look(hint)), f"hint {hint.issue}")
        for kind, name, quiet, at_most in told.get("done") or ():
            self._put_off(Job(kind, name), quiet, at_most, 1)
        if "again" in told:
            with self._later(told, tried):
                DBOS.enqueue_workflow(HINTS, self.known[HINT], value, tried + 1)

    def _job(self, job: Job, tried: int) -> None:
        told = self._attempt("act", lambda: self.duties.act(job), str(job))
        if "again" in told:
            self._not_too_often(told, tried)
            delay = self.pace.delay(tried, told["again"])
            self._put_off(job, delay, delay, tried + 1)

    def _tick(self, at: str, context: dict[str, Any]) -> None:
        name, tried = context["name"], context.get("tried", 1)
        moment = datetime.fromisoformat(at).astimezone(ZoneInfo(self.timezone))
        told = self._attempt("tick", lambda: self._unless_stale(name, moment), f"tick {name}")
        if "again" in told:
            with self._later(told, tried):
                again = {**context, "tried": tried + 1}
                DBOS.enqueue_workflow(ticks_of(name), self.known[TICK], at, again)

    def _unless_stale(self, name: str, moment: datetime) -> None:
        if not self.is_stale(name):
            self.duties.tick(name, moment)

    def _attempt(self, name: str, run: Callable[[], Any], what: str) -> dict[str, Any]:
        told = DBOS.run_step({"name": name}, attempt, run, self.presence, what)
        if "failed" in told:
            raise Failed(told["failed"])
        return told

    def _put_off(self, job: Job, quiet: float, at_most: float, tried: int) -> None:
        latest = max(at_most, 0.001)  # DBOS takes 0 for no limit at all
        soon = Debouncer.create(self.known[JOB], debounce_timeout_sec=latest, queue=WRITES)
        soon.debounce(str(job), quiet, job.kind, job.name, tried)

    def _later(self, told: dict[str, Any], tried: int) -> AbstractContextManager[None]:
        self._not_too_often(told, tried)
        return _waiting(
            child(DBOS.workflow_id or "", tried + 1), self.pace.delay(tried, told["again"])
        )

    def _not_too_often(self, told: dict[str, Any], tried: int) -> None:
        """Raise Failed where enough was tried; somebody's retry begins a new count."""
        if tried % self.pace.tries:
            return
        if not DBOS.run_step({"name": "retried"}, self.is_retried, DBOS.workflow_id or ""):
            _LOG.warning("gave up after %d tries: %s", tried, told["why"])
            raise Failed(f"GaveUp: {told['why']}")


@contextmanager
def _waiting(identity: str, delay: float) -> Iterator[None]:
    """Give the next enqueueing an id of its own, and let it wait."""
    with SetWorkflowID(identity), SetEnqueueOptions(delay_seconds=delay):
        yield


def _as_data(jobs: Any) -> list[list[Any]]:
    return [[job.kind, job.name, quiet, at_most] for job, quiet, at_most in jobs]
