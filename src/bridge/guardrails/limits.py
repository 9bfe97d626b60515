"""The closed list of typed limits, each evaluated completely: holds, does not hold, missing, or broken."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

from bridge.guardrails.fields import Level, Reading
from bridge.guardrails.finding import Where
from bridge.guardrails.once import Once
from bridge.guardrails.paths import (
    ABSENT,
    DERIVED,
    Path,
    Surroundings,
    day_of,
    items,
    path_of,
    web_host_of,
)
from bridge.guardrails.policy import Limit, Listed, Moment, Operand, Operator, Scalar

State = Literal["holds", "outside", "missing", "broken"]
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# Segments of plain characters, none hidden or empty: no blank, no `%2e`, no look-alike of a dot.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What limits look at besides the part: the whole request, the day, registers, what fields are.

    ``readings`` by the place of a form's field.
    """

    root: Mapping[str, Any]
    today: date
    around: Surroundings
    readings: Mapping[Where, Reading]


class Outcome(NamedTuple):
    """What one limit says about one value."""

    state: State
    where: Where
    found: Any = ABSENT


@dataclass(frozen=True, slots=True)
class _Plan:
    """A limit with its paths parsed and its operator looked up, once for all requests."""

    path: Path
    each: Path | None
    when: tuple[tuple[Path, Scalar], ...]
    check: "_Check | None"
    since: Path | None


def _planned(limit: Limit) -> _Plan:
    operand = limit.operand
    return _Plan(
        path=path_of(limit.path or "."),
        each=path_of(limit.each) if limit.each and limit.operator != "sum_max" else None,
        when=tuple((path_of(path), wanted) for path, wanted in limit.when.items()),
        check=_CHECKS.get(limit.operator),
        since=path_of(operand.path) if isinstance(operand, Moment) and operand.path else None,
    )


_plan: Final = Once(_planned)


def evaluate(limit: Limit, part: Any, at: Where, facts: Facts) -> list[Outcome]:
    """Evaluate a limit on a part that stands at ``at``; one outcome for each value it looks at.

    Whatever cannot be evaluated (a value of another type, a register that does not exist) is
    ``broken``, never passed over.
    """
    plan = _plan(limit)
    if plan.each is None:
        return [_guarded(limit, plan, part, at, facts)]
    try:
        each = list(items(plan.each, facts.root, part, at))
    except TypeError:
        return [Outcome("broken", plan.each.where(at))]
    return [_guarded(limit, plan, item, where, facts) for item, where in each]


def _guarded(limit: Limit, plan: _Plan, item: Any, at: Where, facts: Facts) -> Outcome:
    where = plan.path.where(at)
    try:
        return _outcome(limit, plan, item, at, where, facts)
    except (TypeError, ValueError, KeyError, OverflowError):
        return Outcome("broken", where)


def _outcome(
    limit: Limit, plan: _Plan, item: Any, at: Where, where: Where, facts: Facts
) -> Outcome:
    for path, wanted in plan.when:
        if not _same(path.read(facts.root, item, facts.around), wanted):
            return Outcome("holds", where)
    if limit.operator == "sum_max":
        return _sum(limit, item, at, facts)
    value = plan.path.read(facts.root, item, facts.around)
    if limit.operator in ("required_if", "forbidden_if"):
        return _conditional(limit, value, item, where, facts)
    if value is ABSENT:
        return Outcome("holds" if limit.optional else "missing", where)
    if limit.exempt and any(_same(value, exempt) for exempt in limit.exempt):
        return Outcome("holds", where, value)
    if plan.since and plan.since.read(facts.root, item, facts.around) is ABSENT:
        return Outcome(
            "missing", plan.since.where(at)
        )  # the date it counts from, which nobody gave
    if plan.check is None:
        holds = _level_holds(limit, at, facts)
    else:
        holds = plan.check(value, limit.operand, item, facts)
    return Outcome("holds" if holds else "outside", where, value)


def accepts(limit: Limit, written: Any, item: Any, facts: Facts) -> bool:
    """Tell whether a limit would let another value pass in its place; False where that cannot be told."""
    path = path_of(limit.path)
    try:
        value = (
            DERIVED[path.derived](written, path.argument, facts.around) if path.derived else written
        )
        return _CHECKS[limit.operator](value, limit.operand, item, facts)
    except (TypeError, ValueError, KeyError, OverflowError):
        return False


def _read(path: str, item: Any, facts: Facts) -> Any:
    return path_of(path).read(facts.root, item, facts.around)


def _conditional(limit: Limit, value: Any, item: Any, where: Where, facts: Facts) -> Outcome:
    """``required_if`` and ``forbidden_if``: the operand is a condition, equality only."""
    if not isinstance(limit.operand, Mapping):
        raise TypeError(limit.id)
    applies = all(_same(_read(path, item, facts), wanted) for path, wanted in limit.operand.items())
    is_there = value is not ABSENT and value not in ("", [], {}) and value is not False
    if limit.operator == "required_if":
        return Outcome("missing" if applies and not is_there else "holds", where, value)
    return Outcome("outside" if applies and is_there else "holds", where, value)


def _sum(limit: Limit, item: Any, at: Where, facts: Facts) -> Outcome:
    where = path_of(limit.each).where(at) if limit.each else at
    values = [
        _read(limit.path, entry, facts)
        for entry, _ in items(path_of(limit.each), facts.root, item, at)
    ]
    present = [value for value in values if value is not ABSENT]
    if len(present) < len(values) and not limit.optional:
        return Outcome("missing", where)
    total = sum(_number(value) for value in present)
    return Outcome("holds" if total <= _number(limit.operand) else "outside", where, total)


def _level_holds(limit: Limit, at: Where, facts: Facts) -> bool:
    """Tell whether a field is at most so sensitive; an unknown one is a finding of its own."""
    level = facts.readings[at].level
    if not isinstance(limit.operand, Level):
        raise TypeError(limit.id)
    return level is None or level <= limit.operand


# --- the operators -------------------------------------------------------------------------------


def _same(one: Any, other: Any) -> bool:
    """Compare by exact type: in Python ``True == 1``; numbers compare as numbers."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and bool(one == other)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("number")
    return value


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list")
    return value


def _one_of(value: Any, operand: Operand, item: Any, facts: Facts) -> bool:
    if isinstance(operand, Listed):
        return _words(value).casefold() in facts.around.registers[operand.register]
    return any(_same(value, allowed) for allowed in _options(operand))


def _options(operand: Operand) -> tuple[Any, ...]:
    if not isinstance(operand, tuple):
        raise TypeError("options")
    return operand


def _host_in(value: Any, operand: Operand, item: Any, facts: Facts) -> bool:
    """Tell whether an address leads to a listed host: the host itself, or one below ``*.host``."""
    allowed = (
        facts.around.registers[operand.register]
        if isinstance(operand, Listed)
        else {str(option).casefold() for option in _options(operand)}
    )
    written = _words(value)
    try:
        host = web_host_of(written)
    except TypeError:
        return False  # what leads nowhere plainly leads to no listed host
    return host in allowed or any(
        host.endswith(entry[1:]) for entry in allowed if entry.startswith("*.")
    )


def _path_under(value: Any, operand: Operand, item: Any, facts: Facts) -> bool:
    """Tell whether a path lies below another and is written plainly: what climbs out (``..``) does not."""
    path, top = _words(value), str(operand)
    return path.startswith(top) and _PLAIN_PATH.fullmatch(path.removeprefix(top)) is not None


def _pattern(value: Any, operand: Operand, item: Any, facts: Facts) -> bool:
    import re2  # noqa: PLC0415  # only where a rule has a pattern; linear time whatever the request says

    found = re2.fullmatch(str(operand), _words(value))
    return found is not None


def bound(operand: Operand, item: Any, facts: Facts) -> str | date:
    """Return what ``before`` and ``after`` compare with: a time of day as text, else a date.

    Raise TypeError where the date it counts from is none.
    """
    if not isinstance(operand, Moment):
        raise TypeError("moment")
    if operand.at:
        return operand.at if TIME.fullmatch(operand.at) else day_of(operand.at)
    start = day_of(_read(operand.path, item, facts)) if operand.path else facts.today
    return start + timedelta(days=operand.days)


def _compare(value: Any, operand: Operand, item: Any, facts: Facts, *, before: bool) -> bool:
    """Compare two dates or two times; both ends count."""
    edge = bound(operand, item, facts)
    if isinstance(edge, str):
        time = _words(value)
        if not TIME.fullmatch(time):
            raise TypeError("time")
        return time <= edge if before else time >= edge
    day = day_of(value)
    return day <= edge if before else day >= edge


_Check = Callable[[Any, Operand, Any, Facts], bool]
_CHECKS: Final[Mapping[Operator, _Check]] = {
    "max": lambda value, operand, _, __: _number(value) <= _number(operand),
    "min": lambda value, operand, _, __: _number(value) >= _number(operand),
    "count_max": lambda value, operand, _, __: len(_listed(value)) <= _number(operand),
    "count_min": lambda value, operand, _, __: len(_listed(value)) >= _number(operand),
    "length_max": lambda value, operand, _, __: len(_words(value)) <= _number(operand),
    "pattern": _pattern,
    "one_of": _one_of,
    "equals": lambda value, operand, _, __: _same(value, operand),
    "host_in": _host_in,
    "path_under": _path_under,
    "before": lambda value, operand, item, facts: _compare(
        value, operand, item, facts, before=True
    ),
    "after": lambda value, operand, item, facts: _compare(
        value, operand, item, facts, before=False
    ),
}
