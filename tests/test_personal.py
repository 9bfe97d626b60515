"""The rules on personal data: tested in their own file; here that those tests are enough, and what must hold."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.config import policy
from bridge.guardrails import personal, trials
from bridge.guardrails.circumstances import Acceptance, Circumstances
from bridge.guardrails.fields import Level
from bridge.guardrails.finding import Verdict
from bridge.guardrails.policy import Bundle, Module, Rule
from bridge.guardrails.request import Request
from bridge.guardrails.verdict import judge
from bridge.language import language

TODAY = date(2026, 11, 23)
SEVERITY = {"approved": 0, "incomplete": 1, "needs_review": 2}


@cache
def shipped() -> Bundle:
    return policy.load(None).bundle


def rules() -> Module:
    module = shipped().personal
    assert module is not None
    return module


def verdict(form: Mapping[str, Any], **head: Any) -> Verdict:
    request = {
        "kind": "form", "title": "Newsletter", "campaign": "noel", "requester": "camille",
        "needed_by": "2026-12-10", **head, "form": form,
    }  # fmt: skip
    accepted = tuple(
        Acceptance(m.id, m.version, "claire", m.owner, date(2026, 11, 1))
        for m in shipped().modules.values()
    )
    return judge(Request(request), shipped(), Circumstances(today=TODAY, acceptances=accepted))


EMAIL = {
    "name": "email", "label": "E-mail", "type": "email", "autocomplete": "email", "data": "email",
    "required": True,
}  # fmt: skip
OPTIN = {
    "name": "optin",
    "label": "J'accepte",
    "type": "checkbox",
    "data": "consent_email",
    "prechecked": False,
}
NEWSLETTER: dict[str, Any] = {
    "purpose": "newsletter", "destination": "crm.example.fr", "retention_months": 24,
    "fields": [EMAIL, OPTIN],
}  # fmt: skip


def with_field(**field: Any) -> dict[str, Any]:
    return {**NEWSLETTER, "fields": [EMAIL, OPTIN, {"name": "more", "type": "text", **field}]}


# --- stories ---------------------------------------------------------------------------------------


def test_the_newsletter_of_the_documents_passes() -> None:
    found = verdict(NEWSLETTER)
    assert found.outcome == "approved", [f.rule for f in (*found.findings, *found.missing)]


def test_a_social_security_number_reaches_each_role_with_a_finding_of_its_own() -> None:
    found = verdict(with_field(label="Numéro de sécurité sociale", data="national_id"))
    assert found.outcome == "needs_review"
    assert set(found.approvers) == {"dpo", "it-security", "legal"}
    assert {f.limit for f in found.of("legal")} == {"N4-legal"}


def test_a_number_that_hides_behind_an_ordinary_type_is_found_by_its_label() -> None:
    found = verdict(with_field(label="N° de sécu", data="given_name", autocomplete="given-name"))
    (finding,) = [f for f in found.findings if f.limit == "D2"]
    assert finding.approver == "dpo"
    french = language("fr")
    assert french.say(finding.expected) == "prénom, comme déclaré"
    assert french.say(finding.found) == "numéro de sécurité sociale, d’après son libellé"


def test_a_missing_autocomplete_token_is_named_and_stops_nothing() -> None:
    bare = {key: value for key, value in EMAIL.items() if key != "autocomplete"}
    found = verdict({**NEWSLETTER, "fields": [bare, OPTIN]})
    assert found.outcome == "approved"
    (finding,) = [f for f in found.findings if f.limit == "A1"]
    assert language("en").say(finding.fix or "") == "Write `autocomplete: email`."


def test_a_title_is_never_mandatory_but_may_be_asked() -> None:
    title = {"label": "Civilité", "data": "title", "autocomplete": "honorific-prefix"}
    assert "K5" in {f.limit for f in verdict(with_field(**title, required=True)).findings}
    assert "K5" not in {f.limit for f in verdict(with_field(**title)).findings}


# --- the tests inside the file ---------------------------------------------------------------------


def test_every_check_is_used_and_every_rule_speaks_both_languages() -> None:
    assert {rule.check for rule in rules().rules} == set(personal.CHECKS)
    for rule in rules().rules:
        assert rule.why.fr != rule.why.en
        assert rule.fix is None or rule.fix.fr != rule.fix.en


@pytest.mark.parametrize("rule", rules().rules, ids=lambda rule: rule.id)
def test_a_rule_that_is_dropped_is_missed(rule: Rule) -> None:
    kept = tuple(other for other in rules().rules if other.id != rule.id)
    telling = tuple(t for t in rules().trials if rule.id in t.limits) or rules().trials
    assert trials.run(replace(rules(), rules=kept, trials=telling), shipped())


# Lists that allow; all other lists name what a rule looks for.
ALLOWING = {
    ("C2", "unless"): "nationality", ("C7-required", "purposes"): "nationality",
    ("P2", "purposes"): "nationality", ("K0", "known"): "fax",
    ("K1-box", "inputs"): "hidden", ("K1-free", "purposes"): "consent_partners",
}  # fmt: skip


def loosened(value: Any, more: str | None) -> Iterator[Any]:
    """Yield values next to a rule's: numbers and levels by one both ways, lists by one entry."""
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (value - 1, value + 1)
    elif isinstance(value, str) and value in Level.__members__ and value != "N0":
        yield Level(Level[value] - 1).name
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: changed} for changed in loosened(inner, more))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            rest = [*value[:place], *value[place + 1 :]]
            yield rest
            yield from ([*value[:place], c, *value[place + 1 :]] for c in loosened(inner, None))
        if more:
            yield [*value, more]


def mutants() -> Iterator[tuple[str, Module]]:
    for place, rule in enumerate(rules().rules):
        for key, value in rule.values.items():
            for changed in loosened(value, ALLOWING.get((rule.id, key))):
                mutant = replace(rule, values={**rule.values, key: changed})
                all_rules = (*rules().rules[:place], mutant, *rules().rules[place + 1 :])
                yield f"{rule.id} {key}: {changed}", replace(rules(), rules=all_rules)


@pytest.mark.slow
def test_a_value_that_is_loosened_is_missed() -> None:
    survivors = [name for name, mutant in mutants() if not trials.run(mutant, shipped())]
    assert survivors == []


# --- what must hold --------------------------------------------------------------------------------

TYPES = sorted(shipped().lexicon.types)


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    type_ = shipped().lexicon.types[draw(st.sampled_from(TYPES))]
    field: dict[str, Any] = {
        "name": draw(st.sampled_from(["a", "b", "c"])),
        "label": draw(st.sampled_from([type_.title.fr, type_.title.en, *type_.words])),
        "type": draw(st.sampled_from(["text", "checkbox", "tel", "file", "textarea"])),
        "data": type_.id,
    }
    if draw(st.booleans()):
        field["required"] = draw(st.booleans())
    return field


forms = st.fixed_dictionaries(
    {
        "purpose": st.sampled_from(["newsletter", "callback", "support", "contest", "survey"]),
        "destination": st.just("crm.example.fr"),
        "retention_months": st.sampled_from([12, 36, 37]),
        "fields": st.lists(fields(), min_size=1, max_size=6),
    }
)


@given(forms, fields())
@settings(max_examples=150, deadline=None)
def test_a_field_of_highly_personal_data_never_makes_a_verdict_more_lenient(
    form: dict[str, Any], more: dict[str, Any]
) -> None:
    before = verdict(form)
    after = verdict({**form, "fields": [*form["fields"], more]})
    if shipped().lexicon.types[more["data"]].level >= Level.N3:
        assert SEVERITY[after.outcome] >= SEVERITY[before.outcome]
        assert after.outcome == "needs_review"


@given(forms, st.one_of(st.text(max_size=20), st.none(), st.integers(), st.lists(st.integers())))
@settings(max_examples=150, deadline=None)
def test_an_unknown_type_is_never_approved(form: dict[str, Any], data: Any) -> None:
    if isinstance(data, str) and data in TYPES:
        return
    unknown = {"name": "x", "label": "E-mail", "type": "text", "data": data}
    assert verdict({**form, "fields": [*form["fields"], unknown]}).outcome != "approved"


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["host", "country", "size", "youngest", "data", "label", "type", "options",
                         "prechecked", "required", "delete_after"]), inner, max_size=4),
    max_leaves=12,
), st.sampled_from(["purpose", "destination", "retention_months", "fields", "processors", "channels",
                    "dpia", "partners_list", "restricted", "tracker_months", "audience"]))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_no_content_of_any_key_breaks_the_rules(value: Any, key: str) -> None:
    form, head = (
        (NEWSLETTER, {key: value}) if key == "audience" else ({**NEWSLETTER, key: value}, {})
    )
    found = verdict(form, **head)
    assert found.outcome in SEVERITY
