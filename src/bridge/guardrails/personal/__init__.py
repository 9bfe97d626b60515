"""Rules on the personal data of a form: purpose, combination, consent, retention, third parties, minors.

The checks are a closed list; their values, reasons and approvers stand in the module file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bridge.guardrails.fields import Reading
from bridge.guardrails.finding import Where
from bridge.guardrails.limits import Outcome
from bridge.guardrails.personal import ages, combining, consenting, declaring, keeping, purposes
from bridge.guardrails.personal.form import Form, Said
from bridge.guardrails.policy import Module, Rule
from bridge.text import text

__all__ = ["CHECKS", "Form", "Said", "check", "raised"]

CHECKS: Final[Mapping[str, Callable[[Rule, Form], Iterable[Said]]]] = {
    "declared": declaring.declared,
    "detected": declaring.detected,
    "options": declaring.options,
    "undetected": declaring.undetected,
    "autocomplete": declaring.autocomplete,
    "level": declaring.level,
    "joined": combining.joined,
    "combination": combining.combination,
    "dpia_question": combining.dpia_question,
    "dpia_needed": combining.dpia_needed,
    "dpia_text": combining.dpia_text,
    "count": combining.count,
    "purpose": purposes.known,
    "matrix": purposes.matrix,
    "necessary": purposes.necessary,
    "unticked": consenting.unticked,
    "box": consenting.box,
    "positive": consenting.positive,
    "own_box": consenting.own_box,
    "free": consenting.free,
    "channels": consenting.channels,
    "consent": consenting.needed,
    "partners_list": consenting.partners_list,
    "never_mandatory": consenting.never_mandatory,
    "months": keeping.months,
    "deleted": keeping.deleted,
    "never": keeping.never,
    "registered": keeping.registered,
    "countries": keeping.countries,
    "files": keeping.files,
    "visible": declaring.visible,
    "minors": ages.minors,
    "adults": ages.adults,
}
_UNREADABLE = (TypeError, ValueError, LookupError, AttributeError, OverflowError)


def check(rule: Rule, form: Form) -> Iterator[Said]:
    """Evaluate one rule; whatever cannot be evaluated is ``broken``, never passed over."""
    try:
        yield from list(CHECKS[rule.check](rule, form))
    except _UNREADABLE:
        yield Said(Outcome("broken", form.where), text("a form that can be read"))


def raised(module: Module, form: Form) -> Form:
    """Return the form with the levels that its fields have together (C1).

    Only a rule in force raises a level; one that cannot be evaluated says so when it is checked.
    """
    readings = dict(form.readings)
    for rule in module.rules:
        if rule.check == "joined" and (rule.mode or module.mode) == "enforce":
            for where, reading in _raised(rule, form):
                known = readings[where]
                readings[where] = known.raised_to(reading.raised) if reading.raised else known
    return replace(form, readings=readings)


def _raised(rule: Rule, form: Form) -> Iterable[tuple[Where, Reading]]:
    try:
        return combining.raised(rule, form).items()
    except _UNREADABLE:
        return ()
