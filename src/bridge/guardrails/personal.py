"""Rules on the personal data of a form: purpose, combination, consent, retention, third parties, minors.

The checks are a closed list; their values, reasons and approvers stand in the module file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.guardrails.fields import Reading
from bridge.guardrails.finding import Where
from bridge.guardrails.limits import Facts, Outcome
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.policy import Rule
from bridge.text import Words, text


@dataclass(frozen=True, slots=True)
class Form:
    """A part with fields, what each field was read as, and what surrounds it."""

    data: Mapping[str, Any]
    where: Where
    readings: Mapping[Where, Reading]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of one place, and what it expected there."""

    outcome: Outcome
    expected: Words


def check(rule: Rule, form: Form) -> Iterator[Said]:
    """Evaluate one rule; whatever cannot be evaluated is ``broken``, never passed over."""
    try:
        yield from list(CHECKS[rule.check](rule, form))
    except (TypeError, ValueError, KeyError, OverflowError):
        yield Said(Outcome("broken", form.where), text("a form that can be read"))


def _declared(rule: Rule, form: Form) -> Iterator[Said]:
    """Every field says, by a known type, what it asks for."""
    for where, reading in form.readings.items():
        at = (*where, "data")
        entry = form.data["fields"][where[-1]]
        if "data" not in entry:
            yield Said(Outcome("missing", at), text("what kind of data this is"))
        elif reading.declared is None:
            yield Said(Outcome("outside", at, entry["data"]), text("a known type of data"))
        else:
            yield Said(Outcome("holds", at), text("a known type of data"))


def _detected(rule: Rule, form: Form) -> Iterator[Said]:
    """No field's words suggest more than it declares (section 3.4, rule 6)."""
    for where, reading in form.readings.items():
        if reading.declared is None:
            continue
        wanted = text("{type}, as declared", type=reading.declared.title)
        detected = reading.detected
        higher = detected is not None and detected.level > reading.declared.level
        found = detected.title if higher and detected else ABSENT
        yield Said(Outcome("outside" if higher else "holds", where, found), wanted)


CHECKS: Final[Mapping[str, Callable[[Rule, Form], Iterator[Said]]]] = {
    "declared": _declared,
    "detected": _detected,
}
