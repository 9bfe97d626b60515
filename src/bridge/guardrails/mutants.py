"""Loosened and broken versions of a module's limits: its own tests must notice every one of them.

A mutant that no test notices is a missing test: somebody could drop or loosen that limit by accident.
Changes that cannot show (a parameter that the schema requires is never absent) are not made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bridge.guardrails import trials
from bridge.guardrails.fields import Level
from bridge.guardrails.paths import path_of
from bridge.guardrails.policy import (
    Bundle,
    Limit,
    Module,
    Moment,
    Operand,
    Operator,
    Scalar,
)

_NUMBERS: Final[tuple[Operator, ...]] = (
    "max", "min", "count_max", "count_min", "sum_max", "length_max",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one limit changed; ``change`` says how, for a machine's report."""

    limit: str
    change: str
    module: Module


@dataclass(frozen=True, slots=True)
class Tried:
    """A module, those of its tests that do not hold, and the mutants that no test notices."""

    module: Module
    failures: Sequence[trials.Failure]
    survivors: Sequence[Mutant] = ()


def mutants(module: Module) -> Iterator[Mutant]:
    """Yield mutants: each limit and rule dropped, a limit's operand, conditions and exemptions changed."""
    for number, limit in enumerate(module.limits):
        before, after = module.limits[:number], module.limits[number + 1 :]
        yield Mutant(limit.id, "dropped", replace(module, limits=(*before, *after)))
        for change, changed in _changes(limit, module.parameters):
            yield Mutant(limit.id, change, replace(module, limits=(*before, changed, *after)))
    for number, rule in enumerate(module.rules):
        others = (*module.rules[:number], *module.rules[number + 1 :])
        yield Mutant(rule.id, "dropped", replace(module, rules=others))


def survivors(module: Module, among: Bundle) -> Sequence[Mutant]:
    """Return the mutants that all tests of the module accept: each is a missing test."""
    return [mutant for mutant in mutants(module) if not trials.run(mutant.module, among)]


def _changes(limit: Limit, parameters: Mapping[str, Any]) -> Iterator[tuple[str, Limit]]:
    for operand in _operands(limit):
        yield f"{limit.operator}: {operand}", replace(limit, operand=operand)
    for path in limit.when:
        rest = {key: value for key, value in limit.when.items() if key != path}
        yield f"without when {path}", replace(limit, when=rest)
    for value in limit.exempt:
        rest_of = tuple(other for other in limit.exempt if other != value)
        yield f"without except {value}", replace(limit, exempt=rest_of)
    if _may_be_absent(limit, parameters):
        yield f"optional: {not limit.optional}", replace(limit, optional=not limit.optional)


def _operands(limit: Limit) -> Iterator[Operand]:
    """Yield operands next to a limit's own, both looser and stricter."""
    operand = limit.operand
    match operand:
        case Level():
            yield from (level for level in Level if abs(level - operand) == 1)
        case Moment(at=at) if at:
            yield from (replace(operand, at=other) for other in _next_times(at))
        case Moment():
            yield from (replace(operand, days=operand.days + step) for step in (1, -1))
        case tuple():
            yield from (tuple(o for o in operand if o is not value) for value in operand)
        case Mapping():
            yield from ({**operand, path: _other(value)} for path, value in operand.items())
            yield {}
        case int() | float() if limit.operator in _NUMBERS:
            yield from (operand + step for step in (1, -1))
        case str() | bool() | int() | float() if limit.operator == "equals":
            yield _other(operand)


def _other(value: Scalar) -> Scalar:
    """Return a scalar of the same type that is another one."""
    if isinstance(value, bool):
        return not value
    return f"{value}x" if isinstance(value, str) else value + 1


def _next_times(at: str) -> Iterator[str]:
    """Yield the minute before and the minute after a time of day; nothing for a date."""
    hour, colon, minute = at.partition(":")
    if not colon:
        return
    for step in (-1, 1):
        hours, minutes = divmod(int(hour) * 60 + int(minute) + step, 60)
        yield f"{hours % 24:02d}:{minutes:02d}"


def _may_be_absent(limit: Limit, parameters: Mapping[str, Any]) -> bool:
    """Tell whether ``optional`` can matter: the value may be absent without the shape being wrong."""
    if limit.operator in ("required_if", "forbidden_if") or limit.path == ".":
        return False
    schema: Mapping[str, Any] = parameters
    if limit.each:
        for step in path_of(limit.each).steps:
            schema = schema.get("properties", {}).get(step, {})
        schema = schema.get("items", {})
    path = path_of(limit.path)
    return path.from_root or not _is_required(path.steps, schema)


def _is_required(steps: tuple[str, ...], schema: Mapping[str, Any]) -> bool:
    for step in steps:
        if step not in schema.get("required", ()):
            return False
        schema = schema.get("properties", {}).get(step, {})
    return True
