"""What is written in the store about work: put in, read, done once more, given up, forgotten.

Nothing here runs anything: a web face takes hints with it, and commands look at it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from dbos import DBOSClient, DBOSPortableJSONSerializer, DebouncerClient, WorkflowStatus
from dbos import error as dbos_error

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.durable.records import (
    DISCARDED,
    FAILED,
    HINT,
    HINTS,
    JOB,
    RETRIED,
    RUNNING,
    TICK,
    WAITING,
    WRITES,
    due,
    queue_of,
    state_of,
    statuses,
    ticks_of,
    work_of,
)
from bridge.service.durable.store import Store, reaching
from bridge.service.engine import Backlog, State, Work

APPLICATION: Final = "bridge"
# Work of another version waits for a worker of that version: raised only when what is stored changes
# its meaning, and after the store was drained.
VERSION: Final = "1"
_AT_ONCE: Final = 500  # rows a purge reads and deletes together
_DONE: Final = ("SUCCESS", "CANCELLED", *FAILED)


class Ledger:
    """The work in a store, through DBOS's client. Everything may raise StoreDown."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with reaching():
            self.client = DBOSClient(
                system_database_engine=store.engine,
                serializer=DBOSPortableJSONSerializer(),
                application_name=APPLICATION,
                lazy=True,
                retry_connection_errors=False,  # a store that is down is said at once, not waited for
            )

    def close(self) -> None:
        """Let the client go."""
        self.client.destroy()

    def take(self, hint: Hint) -> bool:
        """Store a hint; False where its identifier is known. Committed when it returns."""
        return self._enqueue(f"wh-{hint.identifier}", HINT, HINTS, hint.as_json(), 1)

    def tick(self, identity: str, name: str, at: datetime) -> bool:
        """Store a tick that was missed; False where that one is known."""
        context = {"name": name}
        return self._enqueue(identity, TICK, ticks_of(name), at.isoformat(), context)

    def soon(self, job: Job, quiet: float, at_most: float) -> None:
        """Put a job off until it was quiet for a while."""
        soon = DebouncerClient(
            self.client,
            {"workflow_name": JOB, "queue_name": WRITES, "app_version": VERSION},
            debounce_timeout_sec=max(at_most, 0.001),  # DBOS takes 0 for no limit at all
        )
        with reaching():
            soon.debounce(str(job), quiet, job.kind, job.name, 1)

    def backlog(self, now: datetime | None = None) -> Backlog:
        """Count what is unfinished or failed."""
        open_ = self._rows([*WAITING, *RUNNING, *FAILED], load_input=False)
        counts: dict[State, int] = {"waiting": 0, "running": 0, "failed": 0}
        for row in open_:
            if state_of(row) in counts:
                counts[state_of(row)] += 1
        now = now or datetime.now(UTC)
        ages = [now - due(row) for row in open_ if row.status not in FAILED]
        return Backlog(counts, max([timedelta(0), *ages]))

    def has_due(self, queues: Collection[str]) -> bool:
        """Tell whether anything of these queues runs, or waits that could run now."""
        now, unfinished = datetime.now(UTC), [*WAITING, *RUNNING]
        return any(
            due(row) <= now
            for queue in queues
            for row in self._rows(unfinished, queue_name=queue, load_input=False)
        )

    def works(self, state: State | None, most: int) -> Sequence[Work]:
        """Return pieces of work, the newest first."""
        wanted = statuses(state) if state else None
        # discarded work stands among the failed, so more is read than shown
        rows = self._rows(wanted, limit=most * 3 if state in ("failed", "discarded") else most)
        works = (work_of(row) for row in rows)
        return [work for work in works if state in (None, work.state)][:most]

    def work(self, identity: str) -> Work | None:
        """Return one piece of work."""
        row = self._row(identity)
        return work_of(row) if row else None

    def retry(self, identity: str) -> bool:
        """Have failed work done once more, under its id; False where none of that id failed."""
        row = self._row(identity)
        if row is None or state_of(row) != "failed":
            return False
        with reaching():
            # ids stay burned after a failure: only a rewind runs them again
            self.client.update_workflow_attributes(identity, {RETRIED: True})
            self.client.rewind_workflow(identity, start_step=1, queue_name=queue_of(row))
        return True

    def is_retried(self, identity: str) -> bool:
        """Tell whether somebody had that work done once more."""
        row = self._row(identity)
        return bool(row and (row.attributes or {}).get(RETRIED))

    def discard(self, identity: str) -> bool:
        """Give failed or waiting work up."""
        row = self._row(identity)
        if row is None or state_of(row) not in ("failed", "waiting"):
            return False
        with reaching():
            if row.status in FAILED:
                self.client.update_workflow_attributes(identity, {DISCARDED: True})
            else:
                self.client.cancel_workflow(identity)
        return True

    def purge(self, before: datetime, *, name: str | None = None) -> int:
        """Forget finished work older than that, a few hundred pieces at a time; of one name, or all."""
        forgotten = 0
        while True:
            rows = self._rows(
                list(_DONE),
                name=name,
                completed_before=before.isoformat(),
                limit=_AT_ONCE,
                load_input=False,
            )
            if rows:
                with reaching():
                    self.client.delete_workflows([row.workflow_id for row in rows])
            forgotten += len(rows)
            if len(rows) < _AT_ONCE:
                return forgotten

    def adopt(self, living: frozenset[str]) -> int:
        """Give what workers no longer living had begun back to its queue; return how many pieces."""
        return self._give_back([r for r in self._begun() if r.executor_id not in living])

    def begun_by(self, worker: str) -> frozenset[str]:
        """Return the ids of what a worker has begun."""
        return frozenset(row.workflow_id for row in self._begun() if row.executor_id == worker)

    def give_back(self, identities: Collection[str], worker: str) -> int:
        """Give back what a worker had begun and lost hold of; return how many pieces."""
        rows = [row for row in self._begun() if row.workflow_id in identities]
        return self._give_back([row for row in rows if row.executor_id == worker])

    def _begun(self) -> list[WorkflowStatus]:
        return self._rows(list(RUNNING))

    def _give_back(self, rows: Sequence[WorkflowStatus]) -> int:
        for queue, group in groupby(sorted(rows, key=queue_of), queue_of):
            with reaching():
                # without its queue, work would run outside of the limits of that queue
                self.client.resume_workflows([r.workflow_id for r in group], queue_name=queue)
        return len(rows)

    def waits(self, queue: str) -> bool:
        """Tell whether something waits in that queue and could run."""
        return bool(self._rows(["ENQUEUED"], queue_name=queue, limit=1, load_input=False))

    def _enqueue(self, identity: str, name: str, queue: str, *arguments: Any) -> bool:
        options: Any = {
            "workflow_id": identity,
            "workflow_id_reuse_policy": "reject",
            "workflow_name": name,
            "queue_name": queue,
            "app_version": VERSION,
        }
        try:
            with reaching(), self._store.engine.begin() as connection:
                self.client.enqueue_in_transaction(connection, options, *arguments)
        except dbos_error.DBOSWorkflowIDInUseError:
            return False
        return True

    def _row(self, identity: str) -> WorkflowStatus | None:
        rows = self._rows(None, workflow_ids=[identity])
        return rows[0] if rows else None

    def _rows(self, status: Iterable[str] | None, **filters: Any) -> list[WorkflowStatus]:
        wanted = list(status) if status is not None else None
        with reaching():
            return self.client.list_workflows(
                status=wanted, sort_desc=True, load_output="load_input" not in filters, **filters
            )
