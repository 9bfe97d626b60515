"""A limit or a rule in words, as a list of the rules shows it."""

from collections.abc import Mapping
from typing import Final

from bridge.guardrails.expectations import expected, shown
from bridge.guardrails.policy import Limit, Rule
from bridge.text import Either, Text, Value, text

# What each check on personal data wants, in words; its values stand behind.
CHECKS: Final[Mapping[str, Text]] = {
    "declared": text("every field declares a known type of data"),
    "detected": text("no field’s words suggest more than it declares"),
    "undetected": text("every field’s words say what it asks for"),
    "autocomplete": text("every personal field carries its autofill token"),
    "level": text("no field of this level"),
    "dpia_text": text("data of this level comes with an impact assessment"),
    "joined": text("data of one group together with one of another is raised to a level"),
    "combination": text("not all of these together"),
    "dpia_question": text("no reason to ask for an impact assessment"),
    "dpia_needed": text("too few criteria to need an impact assessment"),
    "options": text("no choice says more than the field declares"),
    "count": text("no more personal fields than this"),
    "necessary": text("a field that the purpose does without is optional"),
    "purpose": text("a known purpose"),
    "matrix": text("only data that the purpose needs"),
    "channels": text("known channels only"),
    "unticked": text("no box is ticked beforehand"),
    "positive": text("ticking a box says yes"),
    "visible": text("what is asked for can be seen"),
    "box": text("consent is given by ticking a box"),
    "own_box": text("one box for one channel"),
    "free": text("consent is never the price of something else"),
    "consent": text("the channel has its box of consent"),
    "partners_list": text("the list of partners can be read"),
    "never_mandatory": text("never mandatory"),
    "months": text("kept no longer than this"),
    "deleted": text("deleted as soon as it has served"),
    "never": text("never kept"),
    "registered": text("whoever receives the data stands in the register"),
    "countries": text("the data stays in a listed country"),
    "files": text("no field takes files"),
    "minors": text("nothing asks about or addresses people of these ages"),
    "adults": text("adults state that they are"),
}


def place_of(limit: Limit) -> str:
    """Return where a limit looks, as its file says it: ``fields[].data``, ``/page.kb``."""
    if not limit.each:
        return limit.path
    return f"{limit.each}[]" if limit.path == "." else f"{limit.each}[].{limit.path}"


def allowed(entry: Limit | Rule) -> Text:
    """Say what passes: what a limit wants where, on which conditions; a rule's values."""
    if isinstance(entry, Rule):
        return _values(entry)
    said = text("{place}: {allowed}", place=place_of(entry), allowed=expected(entry))
    if isinstance(entry.operand, Mapping):
        said = text("{limit}, where {conditions}", limit=said, conditions=_pairs(entry.operand))
    if entry.when:
        said = text("{limit}, where {conditions}", limit=said, conditions=_pairs(entry.when))
    if entry.exempt:
        exempt = Either(shown(one) for one in entry.exempt)
        said = text("{limit}; {exempt} passes too", limit=said, exempt=exempt)
    return text("{limit}; may be absent", limit=said) if entry.optional else said


def _pairs(conditions: Mapping[str, object]) -> tuple[Value, ...]:
    return tuple(
        text("{name} is {value}", name=name, value=shown(value))
        for name, value in conditions.items()
    )


def _values(rule: Rule) -> Text:
    values = tuple(
        text("{name}: {value}", name=name, value=_listed(value))
        for name, value in rule.values.items()
    )
    check = CHECKS.get(rule.check, rule.check)
    if not values:
        return text("{check}", check=check)
    return text("{check} ({values})", check=check, values=values)


def _listed(value: object) -> Value:
    if isinstance(value, Mapping):
        return tuple(
            text("{name}: {value}", name=str(name), value=_listed(one))
            for name, one in value.items()
        )
    if not isinstance(value, list | tuple):
        return shown(value)
    inner = [_listed(one) for one in value]
    if any(isinstance(one, list | tuple) for one in value):
        return tuple(text("({values})", values=one) for one in inner)
    return tuple(inner)
