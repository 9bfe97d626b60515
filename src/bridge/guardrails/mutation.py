"""Mutants of a module: each limit dropped or loosened by one; one that no test notices lacks a test.

guardrails.md section 5. Tightenings that reach further (``when`` dropped, ``optional`` flipped, an
exempt value removed) are mutants too: a passing test must notice them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bridge.guardrails.fields import Level
from bridge.guardrails.policy import Bundle, Limit, Module, Moment, Operator, Rule
from bridge.guardrails.trials import run
from bridge.text import Text, text


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one limit or rule changed, and what the change is."""

    module: Module
    limit: str
    line: int
    change: Text


def survivors(module: Module, bundle: Bundle) -> Sequence[Mutant]:
    """Return the mutants of a module that all of its tests still accept."""
    return [
        mutant
        for mutant in mutants(module)
        if not run(mutant.module, replace(bundle, modules=_with(bundle, mutant.module)))
    ]


def mutants(module: Module) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    for number, limit in enumerate(module.limits):
        others = (*module.limits[:number], *module.limits[number + 1 :])
        yield Mutant(replace(module, limits=others), limit.id, limit.line, text("dropped"))
        for changed, change in _changed(limit):
            limits = (*module.limits[:number], changed, *module.limits[number + 1 :])
            yield Mutant(replace(module, limits=limits), limit.id, limit.line, change)
    for number, rule in enumerate(module.rules):
        rest = (*module.rules[:number], *module.rules[number + 1 :])
        yield Mutant(replace(module, rules=rest), rule.id, rule.line, text("dropped"))
        for loosened, change in _loosened(rule):
            rules = (*module.rules[:number], loosened, *module.rules[number + 1 :])
            yield Mutant(replace(module, rules=rules), rule.id, rule.line, change)


def _with(bundle: Bundle, module: Module) -> Mapping[str, Module]:
    return {**bundle.modules, module.id: module}


def _changed(limit: Limit) -> Iterator[tuple[Limit, Text]]:
    loosen = _LOOSENED.get(limit.operator)
    operand = loosen(limit.operand) if loosen else None
    if operand is not None:
        yield replace(limit, operand=operand), text("loosened by one")
    if limit.when:
        yield replace(limit, when={}), text("applied always")
    for exempt in limit.exempt:
        kept = tuple(value for value in limit.exempt if value != exempt)
        change = text("without the exception for {value}", value=str(exempt))
        yield replace(limit, exempt=kept), change
    if limit.operator not in ("required_if", "forbidden_if"):
        change = text("not optional any more") if limit.optional else text("made optional")
        yield replace(limit, optional=not limit.optional), change


def _loosened(rule: Rule) -> Iterator[tuple[Rule, Text]]:
    """Yield a rule with one of its numbers higher by one, and lower by one: either may be looser."""
    for name, value in rule.values.items():
        if isinstance(value, int) and not isinstance(value, bool):
            for changed in (value + 1, value - 1):
                values = {**rule.values, name: changed}
                change = text("{name}: {value}", name=name, value=changed)
                yield replace(rule, values=values), change


def _up(operand: Any) -> Any:
    return operand + 1 if isinstance(operand, int) else operand + _STEP


def _down(operand: Any) -> Any:
    return operand - 1 if isinstance(operand, int) else operand - _STEP


def _later(operand: Any) -> Any:
    return replace(operand, days=operand.days + 1) if _counts_days(operand) else None


def _earlier(operand: Any) -> Any:
    return replace(operand, days=operand.days - 1) if _counts_days(operand) else None


def _counts_days(operand: Any) -> bool:
    return isinstance(operand, Moment) and not operand.at


def _next_level(operand: Any) -> Any:
    return Level(operand + 1) if operand < Level.N4 else None


_STEP: Final = 0.1
_LOOSENED: Final[Mapping[Operator, Callable[[Any], Any]]] = {
    "max": _up,
    "min": _down,
    "count_max": _up,
    "count_min": _down,
    "sum_max": _up,
    "length_max": _up,
    "level_max": _next_level,
    "before": _later,
    "after": _earlier,
    "equals": lambda operand: not operand if isinstance(operand, bool) else None,
}
