"""A JQL query as a value."""

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

Operator = Literal["=", "!=", "<", ">", "<=", ">=", "~", "!~", "in", "not in", "is", "is not"]
OPPOSITE: dict[Operator, Operator] = {
    "=": "!=", "!=": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<", "~": "!~", "!~": "~",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip


class JqlError(ValueError):
    """A query that Jira refuses, with the sentence it says so."""


@dataclass(frozen=True)
class Text:
    """A word or a quoted string."""

    value: str


@dataclass(frozen=True)
class Call:
    """A function such as ``endOfMonth(1)``."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Empty:
    """``EMPTY`` or ``NULL``."""


@dataclass(frozen=True)
class Many:
    """A list in parentheses."""

    items: "tuple[Operand, ...]"


Operand: TypeAlias = Text | Call | Empty | Many


@dataclass(frozen=True)
class Clause:
    """A field compared with something."""

    field: str
    operator: Operator
    operand: Operand


Predicate: TypeAlias = tuple[str, Operand]
"""``after``, ``before``, ``on``, ``during``, ``by``, ``from`` or ``to``, and its operand."""


@dataclass(frozen=True)
class Past:
    """A field's history: what it ``was``, or that it ``changed`` (then ``operand`` is None)."""

    field: str
    word: Literal["was", "changed"]
    operand: Operand | None
    predicates: tuple[Predicate, ...] = ()
    negative: bool = False


@dataclass(frozen=True)
class Both:
    """Conditions that must all hold."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Either:
    """Conditions of which one must hold."""

    parts: "tuple[Condition, ...]"


Condition: TypeAlias = Clause | Past | Both | Either


@dataclass(frozen=True)
class Sort:
    """One field of ``order by``; ``descending`` None where the query leaves it open."""

    field: str
    descending: bool | None = None


@dataclass(frozen=True)
class Query:
    """A whole query."""

    where: Condition | None = None
    order: tuple[Sort, ...] = field(default=())


def opposite(condition: Condition) -> Condition:
    """``not`` as Jira means it: pushed down to the operators.

    So ``not labels = x`` is ``labels != x``, which leaves out issues without labels.
    """
    match condition:
        case Both(parts):
            return Either(tuple(map(opposite, parts)))
        case Either(parts):
            return Both(tuple(map(opposite, parts)))
        case Past():
            return replace(condition, negative=not condition.negative)
        case Clause(name, operator, operand):
            return Clause(name, OPPOSITE[operator], operand)
