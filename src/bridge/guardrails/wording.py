"""A limit or a rule in words, as a list of the rules shows it."""

from collections.abc import Mapping

from bridge.guardrails.limits import expected, shown
from bridge.guardrails.policy import Limit, Rule
from bridge.text import Either, Text, Value, text


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
    return (
        text("{check} ({values})", check=rule.check, values=values)
        if values
        else text("{check}", check=rule.check)
    )


def _listed(value: object) -> Value:
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return str(value) if isinstance(value, Mapping) else shown(value)
