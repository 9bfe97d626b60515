"""What is weak in rules that are sound: limits no test exercises, reasons without a source, dates gone by."""

from collections.abc import Iterator
from datetime import date

from bridge.errors import Place, Problem
from bridge.guardrails import trials
from bridge.guardrails.paths import path_of
from bridge.guardrails.policy import Bundle, Limit, Listed, Module, Register, Rule
from bridge.text import Text, text


def warnings(bundle: Bundle, today: date) -> tuple[Problem, ...]:
    """Return every warning, by file: modules first, then registers."""
    found = [
        problem
        for module in bundle.modules.values()
        for problem in (*_review(module, today), *_untested(module, bundle), *_unsaid(module))
    ]
    used = {name for module in bundle.modules.values() for name in _registers_of(module)}
    for register in bundle.registers.values():
        found += _expired(register, today)
        if register.id not in used:
            found.append(_at(register.source_file, 1, text("No rule reads this register.")))
    return tuple(found)


def _review(module: Module, today: date) -> Iterator[Problem]:
    if module.review_by < today:
        yield _at(
            module.source_file,
            1,
            text("The review was due by {day}: the module approves nothing.", day=module.review_by),
        )


def _untested(module: Module, bundle: Bundle) -> Iterator[Problem]:
    """Yield limits that no test exceeds, or none respects: dropped or tightened, nobody would notice."""
    held, found = trials.exercised(module, bundle)
    for limit in _entries(module):
        if limit.id not in held:
            sentence = text("No test respects “{id}”.", id=limit.id)
            yield _at(module.source_file, limit.line, sentence)
        if limit.id not in found:
            sentence = text("No test exceeds “{id}”.", id=limit.id)
            yield _at(module.source_file, limit.line, sentence)


def _unsaid(module: Module) -> Iterator[Problem]:
    for limit in _entries(module):
        if limit.source is None:
            sentence = text("“{id}” names no source.", id=limit.id)
            yield _at(module.source_file, limit.line, sentence)
        if limit.fix is None:
            sentence = text("“{id}” does not say what would pass (fix).", id=limit.id)
            yield _at(module.source_file, limit.line, sentence)


def _expired(register: Register, today: date) -> Iterator[Problem]:
    for entry in register.entries:
        if not entry.is_valid(today):
            sentence = text(
                "“{value}” expired on {day}: it counts as absent.",
                value=entry.value,
                day=entry.expires_on,
            )
            yield _at(register.source_file, entry.line, sentence)


def _registers_of(module: Module) -> Iterator[str]:
    yield from (str(rule.values["register"]) for rule in module.rules if "register" in rule.values)
    for limit in module.limits:
        if isinstance(limit.operand, Listed):
            yield limit.operand.register
        for path in (limit.path, *limit.when, *_conditions(limit)):
            if path_of(path).derived == "in":
                yield path_of(path).argument


def _conditions(limit: Limit) -> tuple[str, ...]:
    is_condition = limit.operator in ("required_if", "forbidden_if")
    return tuple(limit.operand) if is_condition and isinstance(limit.operand, dict) else ()


def _entries(module: Module) -> tuple[Limit | Rule, ...]:
    return (*module.limits, *module.rules)


def _at(file: str, line: int, sentence: Text) -> Problem:
    return Problem(sentence, place=Place(file, line, min(line, 1)))
