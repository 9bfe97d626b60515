"""What a form is for, and what that needs (guardrails.md section 3.5, purpose matrix and C7)."""

from collections.abc import Iterator

from bridge.guardrails.paths import ABSENT
from bridge.guardrails.personal.form import Form, Said, level_of, said, verdict_on
from bridge.guardrails.policy import Rule
from bridge.text import Either, text


def known(rule: Rule, form: Form) -> Iterator[Said]:
    """The purpose is one of the register, on this day."""
    listed = sorted(form.facts.around.registers[rule.values["register"]])
    wanted = text("{options}", options=Either(listed))
    if form.purpose is ABSENT:
        yield said("missing", form.place("purpose"), wanted)
    else:
        is_known = form.is_for(listed)
        yield verdict_on(is_known, form.place("purpose"), wanted, form.purpose)


def matrix(rule: Rule, form: Form) -> Iterator[Said]:
    """Each field belongs to the purpose; what a new purpose of the register needs is not known here."""
    purposes = rule.values["purposes"]
    if not isinstance(form.purpose, str) or form.purpose not in purposes:
        if form.is_for(list(form.facts.around.registers[rule.values["register"]])):
            wanted = text("{options}", options=Either(purposes))
            yield verdict_on(False, form.place("purpose"), wanted, form.purpose)
        return
    allowed = form.types(purposes[form.purpose]) | form.types(rule.values["always"])
    wanted = text("data that the purpose “{purpose}” needs", purpose=form.purpose)
    for asked in form.fields():
        type_ = asked.reading.declared
        if type_ is not None:
            yield verdict_on(type_.id in allowed, asked.where, wanted, type_.title)


def necessary(rule: Rule, form: Form) -> Iterator[Said]:
    """What reaches or profiles a person is mandatory only where the purpose cannot do without (C7)."""
    listed = rule.values["purposes"]
    purpose = form.purpose if isinstance(form.purpose, str) else ""
    needed = form.types(listed.get(purpose, []))
    for asked in form.fields():
        if asked.own_level == level_of(rule):
            holds = not asked.is_mandatory or asked.ids <= needed
            yield verdict_on(holds, (*asked.where, "required"), text("optional"), text("mandatory"))
