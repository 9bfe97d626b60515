"""The reconciliation rule: (meant, desired, observed) -> what to write, keep, settle or ask.

``architecture.md`` section 3. The bridge writes a field only where the issue still shows what the
bridge last meant; a person's value is never overwritten, and what was kept is never recorded as
meant: recording it would overwrite it at the next run.
"""

from collections.abc import Collection, Mapping, Sequence
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
    """One field to write; the values as Jira shows it and as it shall be (account ids for people)."""

    key: str
    step: str
    title: str
    field: FieldName
    before: FieldValue
    after: FieldValue


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that stays; ``suggestion`` is what the campaign would say instead."""

    key: str
    step: str
    title: str
    field: FieldName
    value: FieldValue
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


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as a value: sorted, countable, nothing carried out yet.

    ``kept`` stays because a person set it, ``frozen`` because the issue is done. ``keys``: the
    issues that are this campaign's, by step; not those in whose place something else stands.
    """

    create: tuple[Wish, ...] = ()
    found: tuple[str, ...] = ()
    edits: tuple[IssuePlan, ...] = ()
    changes: tuple[Change, ...] = ()
    kept: tuple[Kept, ...] = ()
    frozen: tuple[Kept, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


def reconcile(
    wishes: Sequence[Wish],
    known: Mapping[str, str],
    observed: Mapping[str, Issue],
    *,
    done: Collection[str] = (),
    today: date | None = None,
) -> Plan:
    """Compare what a campaign wants with what stands in the tracker.

    ``known``: the issue key of each step that was created or found. ``observed``: issues by key, as
    read from the store. A step that is known and gone is a conflict: it is not created again.
    ``done``: the keys of finished issues, which are not written any more. With ``today``, a due date
    that would have to move into the past is a conflict.
    """
    found = _Found(frozenset(done), today)
    create: list[Wish] = []
    for wish in wishes:
        key = known.get(wish.ref)
        if key is None:
            create.append(wish)
        elif key not in observed:
            why = text("{key} was deleted; it is not created again.", key=key)
            found.conflicts.append(Conflict(key, wish.ref, why))
        else:
            found.compare(wish, observed[key])
    mine = {ref: key for ref, key in known.items() if key in observed and ref not in found.foreign}
    return Plan(
        create=tuple(create),
        found=tuple(mine[wish.ref] for wish in wishes if wish.ref in mine),
        edits=tuple(found.edits),
        changes=tuple(found.changes),
        kept=tuple(found.kept),
        frozen=tuple(found.frozen),
        conflicts=tuple(found.conflicts),
        keys=mine,
    )


class _Found:
    """What the comparison of existing issues comes to, gathered issue by issue."""

    def __init__(self, done: frozenset[str], today: date | None) -> None:
        self.done = done
        self.today = today
        self.edits: list[IssuePlan] = []
        self.changes: list[Change] = []
        self.kept: list[Kept] = []
        self.frozen: list[Kept] = []
        self.conflicts: list[Conflict] = []
        self.foreign: set[str] = set()  # steps in whose place something else stands

    def compare(self, wish: Wish, issue: Issue) -> None:
        """Decide every field of one issue."""
        memory = _own_memory(wish, issue, self.conflicts)
        if memory is None:
            self.foreign.add(wish.ref)
            return
        meant, fields = dict(memory.meant), dict[FieldName, FieldValue]()
        seen = observed_marks(issue)
        for name, value in wish.fields.items():
            wanted = mark(name, value)
            decision = decide(memory.meant.get(name), wanted, seen[name])
            if decision is Decision.WRITE and not self._may_write(wish, issue, name, value):
                continue
            if decision in (Decision.SETTLED, Decision.WRITE):
                meant[name] = wanted
            if decision is Decision.WRITE:
                fields[name] = value
                shown = value_of(issue, name)
                self.changes.append(Change(issue.key, wish.ref, wish.title, name, shown, value))
            elif decision is Decision.KEEP:
                self.kept.append(_kept(wish, issue, name, value))
            elif decision is Decision.CONFLICT:
                why = text(
                    "{key}: the bridge never set “{field}” here and finds another value.",
                    key=issue.key,
                    field=name,
                )
                self.conflicts.append(Conflict(issue.key, wish.ref, why))
        renewed = wish.memory.with_meant(meant)
        if fields or renewed.meant != memory.meant:
            self.edits.append(IssuePlan(issue.key, fields, renewed))

    def _may_write(self, wish: Wish, issue: Issue, name: FieldName, value: FieldValue) -> bool:
        """Leave finished issues alone, and never move a due date into the past by itself."""
        if issue.key in self.done:
            self.frozen.append(_kept(wish, issue, name, value))
            return False
        if name == "due" and self.today and isinstance(value, date) and value < self.today:
            why = text(
                "{key}: “{title}” would have to be due {due}, in the past.",
                key=issue.key,
                title=wish.title,
                due=value,
            )
            self.conflicts.append(Conflict(issue.key, wish.ref, why))
            return False
        return True


def _kept(wish: Wish, issue: Issue, name: FieldName, value: FieldValue) -> Kept:
    return Kept(issue.key, wish.ref, wish.title, name, value_of(issue, name), value)


def value_of(issue: Issue, name: FieldName) -> FieldValue:
    """Return what an issue shows in a field: an account id for the assignee, words for texts."""
    match name:
        case "summary":
            return issue.summary
        case "description":
            return issue.words
        case "assignee":
            return issue.assignee.id if issue.assignee else None
        case "due":
            return issue.due
        case "start":
            return issue.start
        case "priority":
            return issue.priority


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
