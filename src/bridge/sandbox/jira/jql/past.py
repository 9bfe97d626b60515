"""The history operators ``was`` and ``changed``: what a field held when, read from the changelog.

``status was "In Progress" by Camille after -7d``, ``assignee changed from Camille on "2026-12-01"``.
The predicates are those of Jira: ``after``, ``before``, ``on``, ``during (…, …)``, ``by``, ``from``, ``to``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bridge.sandbox import moments
from bridge.sandbox.jira.jql.asker import Asker, Sql
from bridge.sandbox.jira.jql.operands import moments_of, user_ids
from bridge.sandbox.jira.jql.tree import Clause, Empty, JqlError, Many, Operand, Past
from bridge.sandbox.store import dumps, loads

COLUMNS = {
    "status": "status",
    "assignee": "assignee",
    "reporter": "reporter",
    "priority": "priority",
    "resolution": "resolution",
}
"""The fields whose history can be asked for, and where the present value stands."""
_MOMENTS = ("after", "before", "on", "during")


class Change(NamedTuple):
    """A value that became another."""

    old: str | None
    new: str | None
    at: str
    by: str


class Span(NamedTuple):
    """A value and how long it stood; ``until`` empty for the present one."""

    value: str | None
    since: str
    until: str
    by: str


@dataclass(frozen=True)
class Window:
    """A stretch of time: from the first moment up to the second, which is outside; empty means open."""

    begin: str = ""
    end: str = ""

    def holds(self, at: str) -> bool:
        """Whether a moment lies inside."""
        return at >= self.begin and (not self.end or at < self.end)

    def touches(self, span: Span) -> bool:
        """Whether a value stood at some time inside."""
        ended = bool(span.until) and span.until <= self.begin
        return not ended and (not self.end or span.since < self.end)


@dataclass(frozen=True)
class Asked:
    """The predicates of a clause, as values; None where one was not given."""

    windows: tuple[Window, ...]
    people: frozenset[str] | None
    old: frozenset[str | None] | None
    new: frozenset[str | None] | None


def past_sql(past: Past, values: frozenset[str | None] | None, asked: Asked, asker: Asker) -> Sql:
    """Return the condition of a history clause; ``values`` are those that ``was`` names."""
    issues = _changes(past.field, asker)
    if past.word == "changed":
        found = [i for i, changes in issues.items() if any(_fits(c, asked) for c in changes)]
    else:
        spans = _spans(past.field, issues, asker)
        found = [i for i, held in spans.items() if any(_stood(s, values, asked) for s in held)]
    negative = "not " if past.negative else ""
    condition = f"found.id {negative}in (select value from json_each(?))"  # noqa: S608  # bound
    return condition, [dumps(found)]


def _fits(change: Change, asked: Asked) -> bool:
    return (
        all(window.holds(change.at) for window in asked.windows)
        and (asked.people is None or change.by in asked.people)
        and (asked.old is None or change.old in asked.old)
        and (asked.new is None or change.new in asked.new)
    )


def _stood(span: Span, values: frozenset[str | None] | None, asked: Asked) -> bool:
    return (
        (values is None or span.value in values)
        and all(window.touches(span) for window in asked.windows)
        and (asked.people is None or span.by in asked.people)
    )


def _changes(field: str, asker: Asker) -> dict[int, list[Change]]:
    """Return the changes of a field by issue, oldest first."""
    sql = """select issue, author, created, item.value as item from history, json_each(history.items) item
             where json_extract(item.value, '$.field') = ? order by history.id"""
    found: dict[int, list[Change]] = defaultdict(list)
    for row in asker.setup.store.all(sql, field):
        item = loads(row["item"])
        found[row["issue"]].append(Change(item["from"], item["to"], row["created"], row["author"]))
    return found


def _spans(field: str, changes: dict[int, list[Change]], asker: Asker) -> dict[int, list[Span]]:
    """Return what a field held, from the creation of each issue on."""
    spans: dict[int, list[Span]] = {}
    sql = f"select id, created, creator, {COLUMNS[field]} as value from found"  # noqa: S608  # a constant
    for row in asker.setup.store.all(sql):
        known = changes.get(row["id"], [])
        present = None if row["value"] is None else str(row["value"])
        begin = Change(None, known[0].old if known else present, row["created"], row["creator"])
        steps = [begin, *known]
        ends = [*(step.at for step in known), ""]
        spans[row["id"]] = [
            Span(step.new, step.at, end, step.by) for step, end in zip(steps, ends, strict=True)
        ]
    return spans


def asked_of(past: Past, asker: Asker, values: "ValuesOf") -> Asked:
    """Return the predicates of a clause as values.

    Raises:
        JqlError: one that does not fit the operator, a date or a person that cannot be read.

    """
    windows: list[Window] = []
    people: frozenset[str] | None = None
    sides: dict[str, frozenset[str | None]] = {}
    for word, operand in past.predicates:
        if word in _MOMENTS:
            windows.append(_window(past, word, operand, asker))
        elif word == "by":
            clause = Clause("by", "in" if isinstance(operand, Many) else "=", operand)
            people = frozenset(user_ids(clause, asker))
        elif past.word == "was":
            raise JqlError(f"The predicate '{word}' is not supported by the operator 'was'.")
        else:
            sides[word] = values.of(past.field, operand)
    return Asked(tuple(windows), people, sides.get("from"), sides.get("to"))


def _window(past: Past, word: str, operand: Operand, asker: Asker) -> Window:
    items = operand.items if isinstance(operand, Many) else (operand,)
    if len(items) != (2 if word == "during" else 1) or any(isinstance(i, Empty) for i in items):
        raise JqlError(f"The predicate '{word}' of '{past.field}' does not take these dates.")
    found = moments_of(Clause(past.field, "in", Many(items)), asker)
    if word == "after":
        return Window(begin=_stamp(found[0]))
    if word == "before":
        return Window(end=_stamp(found[0]))
    return Window(_stamp(found[0]), _stamp(_day_after(found[-1])))


def _day_after(moment: datetime) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1) if moment == midnight else moment


def _stamp(moment: datetime) -> str:
    return moments.stamp(moment.astimezone(UTC))


class ValuesOf:
    """Reads the values of a field: names and ids become what the changelog holds."""

    def __init__(self, asker: Asker, resolve: Callable[[Clause, Asker], list[Any]]) -> None:
        self._asker = asker
        self._resolve = resolve

    def of(self, field: str, operand: Operand) -> frozenset[str | None]:
        """Return the ids that an operand names; None among them for EMPTY.

        Raises:
            JqlError: a value that does not exist.

        """
        items: Iterable[Operand] = operand.items if isinstance(operand, Many) else (operand,)
        found: set[str | None] = set()
        for item in items:
            if isinstance(item, Empty):
                found.add(None)
            else:
                found |= {str(v) for v in self._resolve(Clause(field, "=", item), self._asker)}
        return frozenset(found)
