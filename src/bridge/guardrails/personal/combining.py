"""What fields amount to together (guardrails.md section 3.5, C1 to C5 and C7)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.guardrails.fields import Level, Reading
from bridge.guardrails.finding import Where
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.personal.form import Form, Said, level_of, number, said, verdict_on
from bridge.guardrails.policy import Rule
from bridge.text import Text, text


def together(rule: Rule, form: Form) -> list[tuple[Where, Reading]]:
    """Return the fields that form a combination, none where it is not complete.

    ``together`` lists what must all be asked for, each entry by one field at least; ``unless`` the
    types whose presence rules the combination out.
    """
    if "unless" in rule.values and form.asking(rule.values["unless"]):
        return []
    parts = [form.asking(types) for types in rule.values["together"]]
    if not all(parts):
        return []
    return [(asked.where, asked.reading) for part in parts for asked in part]


def combination(rule: Rule, form: Form) -> Iterator[Said]:
    """Fields that are harmless one by one, and not together (C2, C3, C4)."""
    wanted = text("not all of these together")
    yield verdict_on(not together(rule, form), form.where, wanted, _named(rule, form))


def _named(rule: Rule, form: Form) -> Any:
    titles = tuple(
        dict.fromkeys(r.type.title for _, r in together(rule, form) if r.type is not None)
    )
    return text("{types}", types=titles) if titles else ABSENT


def joined(rule: Rule, form: Form) -> Iterator[Said]:
    """What says nothing of a person does once the form knows who it is (C1): the level rises."""
    yield said("holds", form.where, text("a level that fits the whole form"))


def raised(rule: Rule, form: Form) -> Mapping[Where, Reading]:
    """Return the readings of the fields whose level rises in the company of the others."""
    least = Level[rule.values["raises"]]
    return {where: reading.raised_to(least) for where, reading in together(rule, form)}


def dpia_question(rule: Rule, form: Form) -> Iterator[Said]:
    """Several highly personal types, or one asked of many people, raise the question (C4)."""
    high = [a for a in form.fields() if a.own_level >= level_of(rule)]
    kinds = {a.reading.type.id for a in high if a.reading.type is not None}
    size = form.audience("size")
    is_large = bool(high) and size is not None and size > number(rule.values["audience"])
    holds = len(kinds) < number(rule.values["types"]) and not is_large
    yield verdict_on(holds, form.where, text("no question of an impact assessment"))


def dpia_needed(rule: Rule, form: Form) -> Iterator[Said]:
    """Two criteria of nine, and an impact assessment is presumed (C5, WP248)."""
    met = tuple(_criteria(rule, form))
    limit = number(rule.values["criteria"])
    found = text("{criteria}", criteria=met) if met else ABSENT
    wanted = text("fewer than {n} criteria of an impact assessment", n=limit)
    yield verdict_on(len(met) < limit, form.where, wanted, found)


def _criteria(rule: Rule, form: Form) -> Iterator[Text]:
    size, youngest = form.audience("size"), form.audience("youngest")
    if any(asked.own_level >= level_of(rule) for asked in form.fields()):
        yield text("highly personal data")
    if size is not None and size > number(rule.values["audience"]):
        yield text("a large audience")
    if form.says_yes("enrichment"):
        yield text("cross-matching with other data")
    is_young = youngest is not None and youngest < number(rule.values["adult"])
    if is_young or form.asking(rule.values["minors"]):
        yield text("minors")
    if form.says_yes("scoring"):
        yield text("scoring")
    if form.says_yes("innovative"):
        yield text("an innovative technology")


def dpia_text(rule: Rule, form: Form) -> Iterator[Said]:
    """With data forbidden by default the request carries the text of an impact assessment."""
    if any(asked.own_level >= level_of(rule) for asked in form.fields()):
        written = form.data.get("dpia")
        is_there = isinstance(written, str) and bool(written.strip())
        wanted = text("the text of the impact assessment")
        yield said("holds" if is_there else "missing", form.place("dpia"), wanted)


def count(rule: Rule, form: Form) -> Iterator[Said]:
    """A form asks for few things about a person (C7, minimisation)."""
    asked = len(form.personal(level_of(rule)))
    most = number(rule.values["max"])
    wanted = text("at most {n} fields of personal data", n=most)
    yield verdict_on(asked <= most, form.place("fields"), wanted, asked)
