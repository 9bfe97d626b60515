"""The closed list of typed limits, each evaluated completely: holds, does not hold, missing, or broken."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from bridge.guardrails.fields import Level, Reading
from bridge.guardrails.finding import Where
from bridge.guardrails.paths import (
    ABSENT,
    DERIVED,
    Surroundings,
    day_of,
    items,
    path_of,
    web_host_of,
)
from bridge.guardrails.policy import Limit, Listed, Moment, Operand, Operator
from bridge.text import Either, Text, Value, text

State = Literal["holds", "outside", "missing", "broken"]
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# Segments of plain characters, none hidden or empty: no blank, no `%2e`, no look-alike of a dot.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
_LONGEST_NUMBER = 64  # bits of a whole number that a finding repeats
_SHOWN = 80  # characters of a value that a finding repeats


@dataclass(frozen=True, slots=True)
class Facts:
    """What limits look at besides the part: the whole request, the day, registers, what fields are.

    ``readings`` by the place of a form's field.
    """

    root: Mapping[str, Any]
    today: date
    around: Surroundings
    readings: Mapping[Where, Reading]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one limit says about one value."""

    state: State
    where: Where
    found: Any = ABSENT


def evaluate(limit: Limit, part: Any, at: Where, facts: Facts) -> Iterator[Outcome]:
    """Evaluate a limit on a part that stands at ``at``; one outcome for each value it looks at.

    Whatever cannot be evaluated (a value of another type, a register that does not exist) is
    ``broken``, never passed over.
    """
    if not limit.each or limit.operator == "sum_max":
        yield _guarded(limit, part, at, facts)
        return
    try:
        each = list(items(limit.each, facts.root, part, at))
    except TypeError:
        yield Outcome("broken", path_of(limit.each).where(at))
        return
    for item, where in each:
        yield _guarded(limit, item, where, facts)


def _guarded(limit: Limit, item: Any, at: Where, facts: Facts) -> Outcome:
    where = path_of(limit.path).where(at) if limit.path else at
    try:
        return _outcome(limit, item, at, where, facts)
    except (TypeError, ValueError, KeyError, OverflowError):
        return Outcome("broken", where)


def _outcome(limit: Limit, item: Any, at: Where, where: Where, facts: Facts) -> Outcome:
    if not all(_same(_read(path, item, facts), wanted) for path, wanted in limit.when.items()):
        return Outcome("holds", where)
    if limit.operator == "sum_max":
        return _sum(limit, item, at, facts)
    value = _read(limit.path, item, facts)
    if limit.operator in ("required_if", "forbidden_if"):
        return _conditional(limit, value, item, where, facts)
    if value is ABSENT:
        return Outcome("holds" if limit.optional else "missing", where)
    if any(_same(value, exempt) for exempt in limit.exempt):
        return Outcome("holds", where, value)
    since = _unsaid(limit.operand, item, at, facts)
    if since is not None:
        return Outcome("missing", since)
    if limit.operator == "level_max":
        holds = _level_holds(limit, at, facts)
    else:
        holds = _CHECKS[limit.operator](value, limit.operand, item, facts)
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


def _unsaid(operand: Operand, item: Any, at: Where, facts: Facts) -> Where | None:
    """Return the place of the date that a limit counts from, where nobody gave it."""
    if not isinstance(operand, Moment) or not operand.path:
        return None
    is_there = _read(operand.path, item, facts) is not ABSENT
    return None if is_there else path_of(operand.path).where(at)


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
        _read(limit.path, entry, facts) for entry, _ in items(limit.each, facts.root, item, at)
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
        return operand.at if _TIME.fullmatch(operand.at) else day_of(operand.at)
    start = day_of(_read(operand.path, item, facts)) if operand.path else facts.today
    return start + timedelta(days=operand.days)


def _compare(value: Any, operand: Operand, item: Any, facts: Facts, *, before: bool) -> bool:
    """Compare two dates or two times; both ends count."""
    edge = bound(operand, item, facts)
    if isinstance(edge, str):
        time = _words(value)
        if not _TIME.fullmatch(time):
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


# --- saying what was expected --------------------------------------------------------------------


def expected(limit: Limit) -> Text:
    """Say what a limit wants, for a finding."""
    operand = limit.operand
    if isinstance(operand, Listed):
        return text("what the register “{register}” lists", register=operand.register)
    if isinstance(operand, Moment):
        return _expected_moment(limit.operator, operand)
    if isinstance(operand, tuple):
        return text("{options}", options=Either(_said(option) for option in operand))
    if limit.operator in _EXPECTED:
        number = operand if isinstance(operand, int | float) else 0
        return Text(_EXPECTED[limit.operator].one, {"n": number})
    if isinstance(operand, Mapping):
        return text("nothing here") if limit.operator == "forbidden_if" else text("something here")
    return _EXPECTED_WORDS[limit.operator](_said(operand))


_EXPECTED: Final[Mapping[Operator, Text]] = {
    "max": text("at most {n}", n=0),
    "min": text("at least {n}", n=0),
    "sum_max": text("at most {n} in all", n=0),
    "count_max": text("at most {n} entries", n=0),
    "count_min": text("at least {n} entries", n=0),
    "length_max": text("at most {n} characters", n=0),
}
_EXPECTED_WORDS: Final[Mapping[Operator, Callable[[Value], Text]]] = {
    "equals": lambda value: text("{value}", value=value),
    "pattern": lambda value: text("the form {pattern}", pattern=value),
    "path_under": lambda value: text("a path below {path}", path=value),
    "level_max": lambda value: text("at most level {level}", level=value),
}


def _expected_moment(operator: Operator, moment: Moment) -> Text:
    if moment.at:
        at: Value = moment.at if _TIME.fullmatch(moment.at) else date.fromisoformat(moment.at)
        return (
            text("{at} or before", at=at) if operator == "before" else text("{at} or after", at=at)
        )
    since: Value = moment.path or text("today")
    if operator == "before":
        return text("at most {n} days after {since}", n=moment.days, since=since)
    if moment.days == 0:
        return text("not before {since}", since=since)
    return text("at least {n} days after {since}", n=moment.days, since=since)


def _said(operand: Any) -> Value:
    if isinstance(operand, Level):
        return operand.name
    return shown(operand)


def shown(value: Any) -> Value:
    """Return a value as a finding shows it: short, booleans in words."""
    if value is ABSENT or value is None:
        return text("nothing")
    if value is True or value is False:
        return text("yes") if value else text("no")
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return text("a very large number")
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        return text("a list of {n}", n=len(value))
    if isinstance(value, Mapping):
        return text("keys and values")
    written = str(value)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 1]}…"
