"""Minors, and what only adults may take part in (guardrails.md section 3.5, M1 to M3)."""

from collections.abc import Iterator
from math import inf

from bridge.guardrails.personal.form import Form, Said, number, verdict_on
from bridge.guardrails.policy import Rule
from bridge.text import text


def minors(rule: Rule, form: Form) -> Iterator[Said]:
    """A form for minors, or that asks about them, goes to review (M1, M2).

    ``youngest`` and ``oldest`` bound the age, in years, of the audience's youngest that counts here.
    """
    values = rule.values
    age = form.audience("youngest")
    first = number(values["youngest"]) if "youngest" in values else -inf
    last = number(values["oldest"])
    is_young = age is not None and first <= age < last + 1
    for asked in form.asking(values.get("types", [])):
        yield verdict_on(False, asked.where, text("nothing about minors"))
    wanted = text("an audience of other ages")
    yield verdict_on(not is_young, ("audience", "youngest"), wanted, age)


def adults(rule: Rule, form: Form) -> Iterator[Said]:
    """Contests, alcohol and the like ask for a statement of being of age (M3)."""
    if not form.is_for(rule.values["purposes"]) and not form.data.get("restricted"):
        return
    statements = [
        asked
        for asked in form.asking(rule.values["types"])
        if asked.reading.declared is not None and asked.entry.get("required") is True
    ]
    wanted = text("a mandatory box of type {type}", type=rule.values["types"][0])
    yield verdict_on(bool(statements), form.place("fields"), wanted)
