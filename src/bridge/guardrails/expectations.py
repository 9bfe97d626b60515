"""What a limit expected and what it found, in words: short, and the same for every limit of a kind."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from bridge.guardrails.derived import derived
from bridge.guardrails.fields import Level
from bridge.guardrails.limits import TIME
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.policy import Limit, Listed, Moment, Operator
from bridge.text import Either, Text, Value, text

_LONGEST_NUMBER = 64  # bits of a whole number that a finding repeats
_SHOWN = 80  # characters of a value that a finding repeats


def expected(limit: Limit) -> Text:
    """Say what a limit wants, for a finding."""
    operand = limit.operand
    if isinstance(operand, Listed):
        return text("what the register “{register}” lists", register=operand.register)
    if isinstance(operand, Moment):
        return _expected_moment(limit.operator, operand)
    if isinstance(operand, tuple):
        options = Either(derived(limit.path, option) or _said(option) for option in operand)
        return text("{options}", options=options)
    if limit.operator in _EXPECTED:
        number = operand if isinstance(operand, int | float) else 0
        return Text(_EXPECTED[limit.operator].one, {"n": number})
    if isinstance(operand, Mapping):
        return text("nothing here") if limit.operator == "forbidden_if" else text("something here")
    return _EXPECTED_WORDS[limit.operator](derived(limit.path, operand) or _said(operand))


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
        at: Value = moment.at if TIME.fullmatch(moment.at) else date.fromisoformat(moment.at)
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
