"""The nearest variant: it passes, it is the smallest, it is minimal, and it says what keeping things costs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.guardrails.circumstances import Circumstances, Incident
from bridge.guardrails.moves import Move, applied, as_written, joined
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.guardrails.variant import Variant, advise, nearest
from bridge.guardrails.verdict import judge
from bridge.language import language
from tests import shipped_rules
from tests.page_rules import RULES, field, form, head, page, sms
from tests.rules import accepted

HERE = accepted(RULES)
ENGLISH = language("en")


def found(request: Request, rules: Bundle = RULES, here: Circumstances = HERE) -> Variant:
    variant = nearest(request, rules, here)
    assert variant is not None
    check_promises(request, variant, rules, here)
    return variant


def check_promises(
    request: Request, variant: Variant, rules: Bundle = RULES, here: Circumstances = HERE
) -> None:
    """It passes; its changes are what makes it pass; each is needed, and costs what it says."""
    moves = [Move(c.where, c.action, c.before, c.after) for c in variant.changes]
    assert applied(request.data, moves) == variant.request.data
    assert judge(variant.request, rules, here).outcome == "approved"
    for left_out, change in zip(moves, variant.changes, strict=True):
        without = Request(applied(request.data, [m for m in moves if m is not left_out]))
        verdict = judge(without, rules, here)
        assert verdict.outcome != "approved"
        assert verdict.approvers == change.keeps
    assert len(variant.costs) == len(variant.changes)


def said(variant: Variant) -> list[tuple[str, str, Any]]:
    return [(c.path, c.action, None if c.after is ABSENT else c.after) for c in variant.changes]


# --- stories -----------------------------------------------------------------------------------------


def test_what_passes_needs_no_variant() -> None:
    for request in (page(), form(), sms()):
        assert judge(request, RULES, HERE).outcome == "approved"
        advice = advise(request, RULES, HERE)
        assert (advice.variant, advice.why_none) == (None, None)


def test_without_the_telephone_no_review_with_it_one_approval_by_the_dpo() -> None:
    variant = found(form(field("email"), field("phone", label="Téléphone")))
    assert said(variant) == [("$.form.fields[1]", "remove", None)]
    assert variant.changes[0].keeps == ("dpo",)
    assert [ENGLISH.say(cost) for cost in variant.costs] == [
        "Without the field “Téléphone”, no review; with it, one approval, by the DPO."
    ]
    assert language("fr").say(variant.costs[0]) == (
        "Sans le champ «\N{NO-BREAK SPACE}Téléphone\N{NO-BREAK SPACE}», aucune validation\N{NO-BREAK SPACE}; "
        "avec, une validation, par le DPO."
    )


@pytest.mark.parametrize(
    ("request_", "changes"),
    [
        (form(retention_months=60), [("$.form.retention_months", "set", 36)]),
        (form(retention_months=0), [("$.form.retention_months", "set", 1)]),
        (form(field("email", prechecked=True)), [("$.form.fields[0].prechecked", "set", False)]),
        (form(field("emial")), [("$.form.fields[0].data", "set", "email")]),
        (form(destination="crm.exemple.fr"), [("$.form.destination", "set", "crm.example.fr")]),
        (form(fond="bleu"), [("$.form.fond", "remove", None)]),
        (form(*[field("email")] * 7), [("$.form.fields[6]", "remove", None)]),
        (sms(at="21:30"), [("$.sms.at", "set", "20:00")]),
        (sms(at="07:00"), [("$.sms.at", "set", "08:00")]),
        (sms(sender="shop"), [("$.sms.sender", "set", "SHOP")]),
        (sms(send_on="2026-12-06"), [("$.sms.send_on", "set", "2026-12-07")]),
        (sms(send_on="2026-12-05"), [("$.sms.send_on", "set", "2026-12-04")]),
        (sms(ends_on="2027-03-01"), [("$.sms.ends_on", "set", "2027-01-01")]),
    ],
)  # fmt: skip
def test_one_thing_outside_is_one_change(
    request_: Request, changes: list[tuple[str, str, Any]]
) -> None:
    assert said(found(request_)) == changes


def test_a_field_is_asked_for_in_its_milder_form() -> None:
    variant = found(form(field("email"), field("birth_date", required=True)))
    (change,) = variant.changes
    assert change.action == "set"
    assert (change.after["data"], change.after["required"]) == ("birthday_day_month", True)


@pytest.mark.parametrize(
    ("block", "changes"),
    [
        ({"use": "carousel@1", "count": 3}, [("$.blocks[2]", "remove", None)]),
        ({"use": "text@2", "content": "<p>a</p>"}, [("$.blocks[2].use", "set", "text@1")]),
        ({"use": "txt", "content": "<p>a</p>"}, [("$.blocks[2].use", "set", "text@1")]),
        ({"use": "text", "content": "Soldes !"}, [("$.blocks[2]", "remove", None)]),
        ({"use": "text", "content": "<script>x()</script>"}, [("$.blocks[2]", "remove", None)]),
        ({"use": "hero", "title": "Noël approche à grands pas partout", "kb": 1, "format": "webp"},
         [("$.blocks[2].title", "set", "Noël approche à grands pas…")]),
        ({"use": "hero", "title": "a", "kb": "90", "format": "webp"}, [("$.blocks[2].kb", "set", 90)]),
        ({"use": "hero", "title": "a", "kb": 900, "format": "jpg"},
         [("$.blocks[2].format", "set", "jpeg"), ("$.blocks[2].kb", "set", 200)]),
    ],
)  # fmt: skip
def test_a_block_is_mended_or_left_out(block: Any, changes: list[tuple[str, str, Any]]) -> None:
    assert said(found(page(block))) == changes


def test_a_page_without_its_footer_gets_one() -> None:
    request = page()
    blocks = list(request.data["blocks"][:-1])
    variant = found(Request({**request.data, "blocks": blocks}))
    assert said(variant) == [("$.blocks[2]", "add", {"use": "legal-footer@1", "links": "standard"})]


def test_too_many_blocks_and_too_many_kilobytes_lose_as_little_as_possible() -> None:
    blocks = [{"use": "text@1", "content": f"<p>{n}</p>", "kb": 100} for n in range(6)]
    variant = found(page(*blocks))
    assert [c.action for c in variant.changes] == ["remove", "remove"]


def test_of_two_ways_the_one_that_changes_fewer_values_is_taken() -> None:
    """A misspelt page is one value; an unknown script is left out rather than led to another host."""
    tag = {"src": "https://cdn.example.fr/a.js", "purpose": "audience", "page_type": "produkt"}
    assert said(found(page(scripts=[tag]))) == [("$.scripts[0].page_type", "set", "product")]
    evil = {"src": "https://evil.test/a.js", "purpose": "audience", "page_type": "payment"}
    assert said(found(page(scripts=[evil]))) == [("$.scripts[0]", "remove", None)]


def test_a_default_is_filled_in() -> None:
    request = page()
    bare = {k: v for k, v in request.data["page"].items() if k != "noindex"}
    variant = found(Request({**request.data, "page": bare}))
    assert said(variant) == [("$.page.noindex", "add", True)]
    assert variant.changes[0].keeps == ()
    assert ENGLISH.say(variant.costs[0]) == (
        "With page › noindex, no review; without it, the request comes back as incomplete."
    )


def test_many_findings_at_once_stay_within_the_verdicts_allowed() -> None:
    fields = [field("health", label=f"Santé {n}", prechecked=True) for n in range(30)]
    variant = found(form(field("email"), *fields, retention_months=99, a=1, b=2, c=3))
    assert len(variant.changes) == 34


# --- under the shipped rules ----------------------------------------------------------------------------


def test_the_examples_of_the_documentation_have_the_variants_it_tells_of() -> None:
    told = {}
    for name, request in shipped_rules.EXAMPLES.items():
        advice = advise(request, shipped_rules.RULES, shipped_rules.HERE)
        if advice.variant:
            check_promises(request, advice.variant, shipped_rules.RULES, shipped_rules.HERE)
            told[name] = [
                (c.path, c.action, c.after if isinstance(c.after, str | int) else None, c.keeps)
                for c in advice.variant.changes
            ]
    assert told == {
        "contest-for-minors": [
            ("$.audience.youngest", "set", 18, ("dpo", "legal")),
            ("$.contest.minimum_age", "set", 18, ("legal",)),
            ("$.form.fields[3]", "add", None, ("legal",)),
        ],
        "newsletter-with-social-security-number": [
            ("$.form.fields[1]", "remove", None, ("dpo", "it-security", "legal"))
        ],
        "newsletter-with-telephone": [("$.form.fields[1]", "remove", None, ("dpo",))],
        "promo-code-over-limit": [("$.promo_code.percent", "set", 20, ("finance",))],
        "sms-on-a-sunday": [("$.sms.send_on", "set", "2026-12-12", ("legal",))],
        "unknown-block": [("$.blocks[1]", "remove", None, ("it-architecture",))],
    }


def test_no_variant_hides_whom_a_request_is_for() -> None:
    """Leaving unsaid that children are meant would pass; it is not what a variant is for."""
    request = shipped_rules.EXAMPLES["contest-for-minors"]
    variant = found(request, shipped_rules.RULES, shipped_rules.HERE)
    assert variant.request.data["audience"]["youngest"] == 18
    assert variant.request.data["audience"]["size"] == request.data["audience"]["size"]


# --- no variant ---------------------------------------------------------------------------------------


def test_what_only_it_can_change_has_no_variant() -> None:
    incident = Incident("form.lead", "1.0.0", date(2026, 11, 1), "fuite")
    for here in (replace(HERE, acceptances=()), replace(HERE, incidents=(incident,))):
        advice = advise(form(field("phone")), RULES, here)
        assert advice.variant is None
        assert advice.why_none is not None
        assert "form.lead@1.0.0" in ENGLISH.say(advice.why_none)


def test_what_only_its_requester_can_say_has_no_variant() -> None:
    data = dict(form(field("phone")).data)
    del data["needed_by"]
    advice = advise(Request(data), RULES, HERE)
    assert advice.variant is None
    assert advice.why_none is not None
    assert ENGLISH.say(advice.why_none) == "Only its requester can say this: needed_by."


def test_a_kind_is_told_by_the_one_part_there_is() -> None:
    variant = found(Request({**form().data, "kind": "questionnaire"}))
    assert said(variant) == [("$.kind", "set", "form")]
    advice = advise(Request(head("questionnaire")), RULES, HERE)
    assert advice.variant is None
    assert advice.why_none is not None


# --- properties ---------------------------------------------------------------------------------------

_VALUES = st.sampled_from(
    [None, True, False, 0, 7, 60, 900, -1, 1.5, "", "x", "oui", "12", "2027-12-31", "2026-12-06", "21:00",
     "https://evil.test/x", "phone", "health", "birth_date", "zz", [], {}, ["a"], {"use": "hero@2"}]
)  # fmt: skip
_STARTS = st.sampled_from([
    page(), sms(), form(), form(field("email"), field("phone"), field("consent_email", prechecked=False)),
    page({"use": "form.lead@1", **form(field("email"), field("birth_date")).data["form"]}),
])  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, starts: st.SearchStrategy[Request] = _STARTS) -> Request:
    """A request with up to four things in it changed, dropped or added."""
    data: Any = draw(starts).data
    for _ in range(draw(st.integers(1, 4))):
        data = _spoil(draw, data)
    return Request(data)


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    keys = sorted(value) if isinstance(value, Mapping) else list(range(len(value)))
    step = draw(st.sampled_from([*keys, "added"]))
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    if step == "added" or step not in keys:
        if isinstance(copy, list):
            return [*copy, draw(_VALUES)]
        return {**copy, "added": draw(_VALUES)}
    if isinstance(value[step], Mapping | list) and draw(st.integers(0, 5)):
        copy[step] = _spoil(draw, value[step])
    elif draw(st.booleans()):
        copy[step] = draw(_VALUES)
    else:
        del copy[step]
    return copy


@given(spoiled())
@settings(max_examples=150, deadline=None)
def test_whatever_is_wrong_a_variant_passes_and_is_minimal(request: Request) -> None:
    check_advice(request, RULES, HERE)


@given(spoiled(st.sampled_from(list(shipped_rules.EXAMPLES.values()))))
@settings(max_examples=100, deadline=None)
def test_under_the_shipped_rules_too(request: Request) -> None:
    check_advice(request, shipped_rules.RULES, shipped_rules.HERE)


def check_advice(request: Request, rules: Bundle, here: Circumstances) -> None:
    verdict = judge(request, rules, here)
    advice = advise(request, rules, here, verdict)
    if verdict.outcome == "approved":
        assert (advice.variant, advice.why_none) == (None, None)
    elif advice.variant is None:
        assert advice.why_none is not None
        assert ENGLISH.say(advice.why_none)
    else:
        check_promises(request, advice.variant, rules, here)
        assert all(ENGLISH.say(c.sentence) for c in advice.variant.changes)


@given(spoiled())
@settings(max_examples=50, deadline=None)
def test_the_same_request_has_the_same_variant(request: Request) -> None:
    first, second = (advise(request, RULES, HERE) for _ in range(2))
    assert (first.variant and said(first.variant)) == (second.variant and said(second.variant))


@given(st.sets(st.integers(0, 7)), st.integers(0, 7))
def test_a_place_is_found_again_after_entries_left(gone: set[int], number: int) -> None:
    entries = list(range(8))
    moves = joined((), [Move(("a", n), "remove", n) for n in gone])
    left: Any = applied({"a": entries}, moves)["a"]
    assert left == [n for n in entries if n not in gone]
    if number < len(left):
        assert as_written(("a", number, "x"), moves) == ("a", left[number], "x")
