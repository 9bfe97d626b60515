"""What fields declare, and what their words suggest (guardrails.md section 3.4)."""

from collections.abc import Iterator
from typing import Final

from bridge.guardrails.fields import Level, Reading
from bridge.guardrails.limits import Outcome
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.personal.form import Form, Said, level_of, said, verdict_on
from bridge.guardrails.policy import Rule
from bridge.text import text

_KNOWN: Final = text("a known type of data")


def declared(rule: Rule, form: Form) -> Iterator[Said]:
    """Every field says, by a known type, what it asks for."""
    for asked in form.fields():
        at = (*asked.where, "data")
        if "data" not in asked.entry:
            yield said("missing", at, text("what kind of data this is"))
        else:
            is_known = asked.reading.declared is not None
            yield verdict_on(is_known, at, _KNOWN, asked.entry["data"])


def detected(rule: Rule, form: Form) -> Iterator[Said]:
    """No field's words suggest more than it declares (rule 6); what is too long to read is not known."""
    for asked in form.fields():
        reading = asked.reading
        if not reading.is_whole:
            yield said("broken", asked.where, text("a text that can be read whole"))
        if reading.declared is not None and not _is_in_option(reading):
            yield _as_declared(asked.where, reading)


def options(rule: Rule, form: Form) -> Iterator[Said]:
    """A word of the highest level in one option of a choice makes the field so sensitive (C6)."""
    for asked in form.fields():
        if asked.reading.declared is not None and _is_in_option(asked.reading):
            yield _as_declared(asked.where, asked.reading)


def _is_in_option(reading: Reading) -> bool:
    is_highest = reading.detected is not None and reading.detected.level == Level.N4
    return is_highest and reading.signal == "option"


def _as_declared(where: tuple[str | int, ...], reading: Reading) -> Said:
    if reading.declared is None:
        raise TypeError("declared")
    suggested = reading.detected
    is_more = suggested is not None and suggested.level > reading.declared.level
    found = (
        text("{type}, by {signal}", type=suggested.title, signal=_SIGNALS[reading.signal])
        if suggested and is_more
        else ABSENT
    )
    wanted = text("{type}, as declared", type=reading.declared.title)
    return verdict_on(not is_more, where, wanted, found)


_SIGNALS: Final = {
    "autocomplete": text("its autocomplete token"),
    "label": text("its label"),
    "type": text("its kind of input"),
    "name": text("its name"),
    "option": text("its options"),
}


def undetected(rule: Rule, form: Form) -> Iterator[Said]:
    """A field whose words say nothing is taken at its word; that is noted."""
    for asked in form.fields():
        if asked.reading.declared is not None:
            wanted = text("words that say what is asked for")
            yield verdict_on(asked.reading.detected is not None, asked.where, wanted)


def visible(rule: Rule, form: Form) -> Iterator[Said]:
    """What a form asks about a person, the person sees: a hidden field collects unnoticed (GDPR art. 13)."""
    hidden = rule.values["inputs"]
    for asked in form.fields():
        kind = asked.entry.get("type")
        is_hidden = isinstance(kind, str) and kind.strip().lower() in hidden
        if is_hidden and asked.own_level >= level_of(rule):
            yield verdict_on(False, (*asked.where, "type"), text("a field that people see"), kind)


def autocomplete(rule: Rule, form: Form) -> Iterator[Said]:
    """A field of personal data carries the autocomplete token of its type (WCAG 1.3.5)."""
    for asked in form.fields():
        type_ = asked.reading.declared
        if type_ is None or not type_.autocomplete:
            continue
        written = asked.entry.get("autocomplete", ABSENT)
        token = form.lexicon.token(written) if isinstance(written, str) else ""
        state = "holds" if token in type_.autocomplete else "outside"
        recommended = type_.autocomplete[0]
        yield Said(
            Outcome(
                "holds" if state == "holds" else "outside", (*asked.where, "autocomplete"), written
            ),
            text("the token {token}", token=recommended),
            text("Write `autocomplete: {token}`.", token=recommended),
        )


def level(rule: Rule, form: Form) -> Iterator[Said]:
    """A field of one level goes to a role, whatever the purpose; ``types`` narrows it."""
    types = form.types(rule.values["types"]) if "types" in rule.values else None
    wanted = text("no data of level {level}", level=level_of(rule).name)
    for asked in form.fields():
        is_it = asked.own_level == level_of(rule) and (
            types is None or not types.isdisjoint(asked.ids)
        )
        found = asked.reading.type.title if is_it and asked.reading.type else ABSENT
        yield verdict_on(not is_it, asked.where, wanted, found)
