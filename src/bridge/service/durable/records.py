"""Pieces of work as people see them, from the rows that DBOS keeps."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from dbos import WorkflowStatus

from bridge.service.engine import State, Work

HINT, JOB, TICK = "hint", "job", "tick"  # names of workflows, kept in the store
HINTS, WRITES = "hints", "writes"  # names of queues, kept in the store
TOLD: Final = "Failed"  # the name under which DBOS keeps what an attempt told of its failure
RETRIED, DISCARDED = "retried", "discarded"  # attributes: what a person decided about failed work

WAITING: Final = ("ENQUEUED", "DELAYED")
RUNNING: Final = ("PENDING",)
FAILED: Final = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_STATES: Final[dict[str, State]] = {
    **dict.fromkeys(WAITING, "waiting"),
    **dict.fromkeys(RUNNING, "running"),
    **dict.fromkeys(FAILED, "failed"),
    "SUCCESS": "done",
    "CANCELLED": "discarded",
}


def statuses(state: State) -> list[str]:
    """Return what DBOS calls that state; work discarded after it failed still stands as failed there."""
    found = [name for name, called in _STATES.items() if called == state]
    return [*found, *FAILED] if state == "discarded" else found


def ticks_of(name: str) -> str:
    """Return the queue of a tick: one each, so that a long night holds up no look around."""
    return f"tick-{name}"


def queue_of(row: WorkflowStatus) -> str:
    """Return the queue that a piece of work belongs to, also where DBOS forgot it (when discarded)."""
    own = {HINT: HINTS, JOB: WRITES}.get(row.name)
    return own or ticks_of(_context(row).get("name", "?"))


def state_of(row: WorkflowStatus) -> State:
    """Return the state of a row."""
    return "discarded" if (row.attributes or {}).get(DISCARDED) else _STATES[row.status]


def work_of(row: WorkflowStatus) -> Work:
    """Return a row as a piece of work."""
    return Work(
        id=row.workflow_id,
        subject=_subject(row),
        state=state_of(row),
        since=_moment(row.created_at),
        changed=_moment(row.updated_at or row.created_at),
        tries=_tried(row),
        error=_error(row),
        worker=row.executor_id or "",
    )


def due(row: WorkflowStatus) -> datetime:
    """Return since when a piece of work could have run."""
    return _moment(max(row.created_at or 0, row.delay_until_epoch_ms or 0))


def _error(row: WorkflowStatus) -> str:
    """Return what an attempt told of itself; of an error of DBOS's own the kind alone."""
    if row.error is None:
        return "WorkerDied" if row.status == FAILED[1] else ""
    kind = getattr(row.error, "name", type(row.error).__name__)
    return str(row.error) if kind == TOLD else kind


def _subject(row: WorkflowStatus) -> str:
    given = _arguments(row)
    if row.name == HINT and given:
        return f"hint {given[0].get('issue', '')}".rstrip()
    if row.name == JOB and len(given) > 1:
        return f"{given[0]} {given[1]}"
    return f"tick {_context(row).get('name', '')}".rstrip()


def _tried(row: WorkflowStatus) -> int:
    """Return how many tries there were, this one with it."""
    given = _arguments(row)
    if row.name == TICK:
        return int(_context(row).get("tried", 1))
    return int(given[-1]) if given else 1


def _context(row: WorkflowStatus) -> dict[str, Any]:
    given = _arguments(row)
    return given[1] if row.name == TICK and len(given) > 1 else {}


def _arguments(row: WorkflowStatus) -> Sequence[Any]:
    return row.input["args"] if row.input else ()


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
