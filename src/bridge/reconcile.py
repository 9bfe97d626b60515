"""The reconciliation rule: (meant, desired, observed) -> what to write, keep, settle or ask.

``architecture.md`` section 3. The bridge writes a field only where the issue still shows what the
bridge last meant; a person's value is never overwritten, and what was kept is never recorded as
meant: recording it would overwrite it at the next run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from bridge.memory import Damaged, Memory, mark, observed_marks, of
from bridge.text import Text, text
from bridge.tracker import FieldName, FieldValue, Issue


class Decision(Enum):
    """What to do about one field of one issue."""

    SETTLED = auto()  # desired and observed agree
    WRITE = auto()  # the issue shows what we last meant: ours to change
    KEEP = auto()  # a person changed it: theirs
    CONFLICT = (
        auto()
    )  # no memory of the field and a different value: first contact is never a guess


def decide(meant: str | None, desired: str, observed: str) -> Decision:
    """Decide one field from the marks of its three values; ``meant`` None where never written."""
    if desired == observed:
        return Decision.SETTLED
    if meant is None:
        return Decision.CONFLICT
    return Decision.WRITE if observed == meant else Decision.KEEP


@dataclass(frozen=True, slots=True)
class Wish:
    """What the campaign wants of one step: its fields, and the memory that would go with them."""

    ref: str
    title: str
    fields: Mapping[FieldName, FieldValue]
    memory: Memory


@dataclass(frozen=True, slots=True)
class Change:
    """One field to write, with its marks before and after."""

    key: str
    step: str
    field: FieldName
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's value that stays; ``suggestion`` is what the campaign would say instead."""

    key: str
    step: str
    title: str
    field: FieldName
    suggestion: FieldValue


@dataclass(frozen=True, slots=True)
class Conflict:
    """What only a person can decide."""

    key: str
    step: str
    why: Text


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """What one existing issue comes to: the new memory, and the fields to write."""

    key: str
    fields: Mapping[FieldName, FieldValue]
    memory: Memory
    writes_memory: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as a value: sorted, countable, nothing carried out yet."""

    create: tuple[Wish, ...] = ()
    found: tuple[str, ...] = ()
    edits: tuple[IssuePlan, ...] = ()
    changes: tuple[Change, ...] = ()
    kept: tuple[Kept, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


def reconcile(
    wishes: Sequence[Wish], known: Mapping[str, str], observed: Mapping[str, Issue]
) -> Plan:
    """Compare what a campaign wants with what stands in the tracker.

    ``known``: the issue key of each step that was created or found. ``observed``: issues by key, as
    read from the store. A step that is known and gone is a conflict: it is not created again.
    """
    create: list[Wish] = []
    edits: list[IssuePlan] = []
    changes: list[Change] = []
    kept: list[Kept] = []
    conflicts: list[Conflict] = []
    for wish in wishes:
        key = known.get(wish.ref)
        if key is None:
            create.append(wish)
        elif key not in observed:
            conflicts.append(
                Conflict(
                    key, wish.ref, text("{key} was deleted; it is not created again.", key=key)
                )
            )
        else:
            _one(wish, observed[key], edits, changes, kept, conflicts)
    return Plan(
        create=tuple(create),
        found=tuple(known[w.ref] for w in wishes if known.get(w.ref) in observed),
        edits=tuple(edits),
        changes=tuple(changes),
        kept=tuple(kept),
        conflicts=tuple(conflicts),
        keys={ref: key for ref, key in known.items() if key in observed},
    )


def _one(  # four lists to fill is the shape of the answer
    wish: Wish,
    issue: Issue,
    edits: list[IssuePlan],
    changes: list[Change],
    kept: list[Kept],
    conflicts: list[Conflict],
) -> None:
    memory = _own_memory(wish, issue, conflicts)
    if memory is None:
        return
    seen = observed_marks(issue)
    meant = dict(memory.meant)
    fields: dict[FieldName, FieldValue] = {}
    for name, value in wish.fields.items():
        wanted = mark(name, value)
        match decide(memory.meant.get(name), wanted, seen[name]):
            case Decision.SETTLED:
                meant[name] = wanted
            case Decision.WRITE:
                meant[name] = wanted
                fields[name] = value
                changes.append(Change(issue.key, wish.ref, name, seen[name], wanted))
            case Decision.KEEP:
                kept.append(Kept(issue.key, wish.ref, wish.title, name, value))
            case Decision.CONFLICT:
                conflicts.append(
                    Conflict(
                        issue.key,
                        wish.ref,
                        text(
                            "{key}: the bridge never set “{field}” here and finds another value.",
                            key=issue.key,
                            field=name,
                        ),
                    )
                )
    renewed = wish.memory.with_meant(meant)
    if fields or renewed.meant != memory.meant:
        edits.append(IssuePlan(issue.key, fields, renewed, writes_memory=renewed != memory))


def _own_memory(wish: Wish, issue: Issue, conflicts: list[Conflict]) -> Memory | None:
    """Return the issue's memory if it is this step's; note a conflict otherwise."""
    try:
        memory = of(issue)
    except Damaged:
        why = text("The bridge's memory on {key} is damaged.", key=issue.key)
    else:
        if memory is not None and _same_step(memory, wish.memory):
            return memory
        why = (
            text("{key} carries the campaign's label but no memory of the bridge.", key=issue.key)
            if memory is None
            else text("{key} belongs to another campaign or step.", key=issue.key)
        )
    conflicts.append(Conflict(issue.key, wish.ref, why))
    return None


def _same_step(memory: Memory, wanted: Memory) -> bool:
    return (memory.workspace, memory.campaign, memory.step) == (
        wanted.workspace,
        wanted.campaign,
        wanted.step,
    )


def pins_of(plan_steps: Mapping[str, str], observed: Mapping[str, Issue]) -> Mapping[str, date]:
    """Return the due dates that people set by hand, by step id (rules 20 and 36)."""
    pins: dict[str, date] = {}
    for step, key in plan_steps.items():
        issue = observed.get(key)
        if issue is None or issue.due is None:
            continue
        try:
            memory = of(issue)
        except Damaged:
            continue  # reported as a conflict by reconcile(); a damaged memory pins nothing
        if memory is not None and memory.meant.get("due", "") != mark("due", issue.due):
            pins[step] = issue.due
    return pins
