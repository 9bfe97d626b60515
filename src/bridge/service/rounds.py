"""The duties of a worker: look at what a hint is about, do one job, see what the time calls for."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from bridge.bootstrap import Desk
from bridge.errors import (
    CampaignMoved,
    LostAnswer,
    ObserveOnly,
    PageBusy,
    Refused,
    RequestMoved,
    Unreachable,
    WorkspaceBusy,
)
from bridge.reactions import table
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.reactions.watching import Mark, Seen, look_around, nightly
from bridge.service import times, upkeep
from bridge.service.engine import Again, Duties, Engine
from bridge.service.office import Office

_LOG = logging.getLogger("bridge.service")
POLL = "poll"  # the tick that looks around
POLLED, LAST = "polled", "last-done"  # marks
_SOON, _LATER = 5.0, 30.0  # seconds until another try: somebody is writing; the site is away
KEPT: Final = timedelta(days=30)  # how long finished work is remembered: longer than any resending

# Called in the morning with the moment it counts for: messages, where any are configured.
Morning = Callable[[Office, datetime], None]


class Rounds:
    """What a worker does for one workspace, on one engine."""

    def __init__(
        self, office: Office, engine: Engine, morning: Morning | None = None, *, hurry: bool = False
    ) -> None:
        """``hurry``: do jobs at once, without waiting for quiet."""
        self._office = office
        self._engine = engine
        self._morning = morning
        self._hurry = hurry

    def duties(self) -> Duties:
        """Return the duties for the engine to call."""
        return Duties(look=self.look, act=self.act, tick=self.tick)

    def look(self, hint: Hint) -> Sequence[tuple[Job, float, float]]:
        """Read what a hint is about and return the jobs it calls for."""
        with _again_where_time_heals():
            desk = self._office.desk()
            if _project_of(hint.issue) not in desk.workspace.projects.values():
                return []
            issue = desk.tracker.read([hint.issue]).get(hint.issue)
        jobs = table.jobs_for(hint, issue, desk.workspace)
        return [(job, *self._patience(job)) for job in jobs]

    def act(self, job: Job) -> None:
        """Do one job. What observe mode keeps back is noted, and is no failure."""
        try:
            with _again_where_time_heals(), self._office.around() as around:
                table.act(job, around)
        except ObserveOnly as kept_back:
            _LOG.info("would write", extra={"job": str(job), "what": str(kept_back)})

    def tick(self, name: str, at: datetime) -> None:
        """Look around, and do what the time of the day calls for."""
        with _again_where_time_heals():
            desk = self._office.desk()
            self._poll(desk)
            self._daily(desk)

    def _poll(self, desk: Desk) -> None:
        """Take what changed since the last look; the mark moves only after all of it is stored."""
        mark = Mark.read(self._engine.recall(POLLED))
        seen = look_around(mark, desk.workspace, desk.tracker, desk.wiki, desk.clock)
        self._take(seen)
        self._engine.remember(POLLED, seen.mark.as_json())

    def _take(self, seen: Seen) -> None:
        taken = sum(self._engine.take(hint) for hint in seen.hints)
        for job in seen.jobs:
            self._engine.soon(job, *self._patience(job))
        if taken or seen.jobs:
            _LOG.info("looked around", extra={"changes": taken, "pages": len(seen.jobs)})

    def _patience(self, job: Job) -> tuple[float, float]:
        """Return how long a job waits for quiet, and its longest delay, in seconds."""
        reaction = table.reaction_of(job)
        return (0.0, 0.0) if self._hurry else (reaction.quiet, reaction.at_most)

    def _daily(self, desk: Desk) -> None:
        now = desk.clock.now()
        done: Mapping[str, Any] = self._engine.recall(LAST) or {}
        for name in times.due(done, now):
            if name == times.NIGHTLY:
                names = self._office.templates().names
                self._take(nightly(desk.workspace, desk.tracker, desk.wiki, names, desk.clock))
                self._engine.purge(now - KEPT)
                self._look_after_the_rules()
            elif self._morning is not None:
                self._morning(self._office, now)
            done = {**done, name: times.day_of(name, now).isoformat()}
            self._engine.remember(LAST, done)

    def _look_after_the_rules(self) -> None:
        found = upkeep.falling_due(self._office)
        if found:
            _LOG.warning("rules fall due", extra={"count": len(found)})


def _project_of(key: str) -> str:
    return key.rpartition("-")[0]


@contextmanager
def _again_where_time_heals() -> Iterator[None]:
    """Turn what is better after a while into another try; all else passes out."""
    try:
        yield
    except (WorkspaceBusy, RequestMoved, CampaignMoved, PageBusy) as busy:
        raise Again(_SOON, type(busy).__name__) from busy
    except (Unreachable, LostAnswer) as away:
        raise Again(_LATER, type(away).__name__) from away
    except Refused as refused:
        if not refused.is_temporary:
            raise
        raise Again(max(_LATER, refused.retry_after or 0), type(refused).__name__) from refused
