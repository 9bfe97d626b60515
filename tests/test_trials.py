"""Tests inside a module file: about this module alone, exact about the limits that find something."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bridge.guardrails import trials
from bridge.guardrails.fields import Lexicon
from bridge.guardrails.policy import Bundle, Limit, Module, Trial
from bridge.text import Bilingual

WHY = Bilingual("Parce que.", "Because.")


def limit(name: str, path: str, operator: Any, operand: Any, **more: Any) -> Limit:
    return Limit(
        id=name, path=path, operator=operator, operand=operand, approver="legal", why=WHY, **more
    )


def module(name: str, *limits: Limit, **more: Any) -> Module:
    properties = {
        "words": {"type": "string"},
        "sent_on": {"type": "string"},
        "n": {"type": "number"},
    }
    return Module(
        id=name,
        version="2.1.0",
        limits=limits,
        parameters={"type": "object", "additionalProperties": False, "properties": properties},
        **{
            "mode": "enforce",
            "owner": "legal",
            "review_by": date(2027, 1, 1),
            "applies_to": ("landing-page",),
            "title": WHY,
            **more,
        },
    )


GREETING = module("greeting", limit("G1", "words", "length_max", 5))
OTHER = module("other", limit("O1", "n", "max", 1))


def bundle(*modules: Module) -> Bundle:
    return Bundle(id="", modules={m.id: m for m in modules}, registers={}, lexicon=Lexicon())


def part(expect: Any, *limits: str, of: Module = GREETING, **values: Any) -> Trial:
    """A test of one part, as the loader reads it."""
    more = {key: values.pop(key) for key in ("today", "off") if key in values}
    request, at = trials.around(of.id, of.major, of.applies_to, values)
    return Trial(name="t", request=request, expect=expect, limits=limits, at=at, **more)


def failures(of: Module, *tests: Trial) -> list[tuple[str, tuple[str, ...]]]:
    return [(f.outcome, f.limits) for f in trials.run(replace(of, trials=tests), bundle(OTHER))]


def test_tests_that_hold_say_nothing() -> None:
    assert not failures(
        GREETING, part("approved", words="salut"), part("needs_review", "G1", words="bonjour")
    )


def test_a_test_that_does_not_hold_says_what_came_out() -> None:
    assert failures(GREETING, part("approved", words="bonjour")) == [("needs_review", ("G1",))]
    assert failures(GREETING, part("needs_review", "G1", words="salut")) == [("approved", ())]


def test_limits_are_named_exactly() -> None:
    twice = replace(GREETING, limits=(*GREETING.limits, limit("G2", "words", "equals", "salut")))
    assert failures(twice, part("needs_review", "G1", words="bonjour")) == [
        ("needs_review", ("G1", "G2"))
    ]
    assert not failures(twice, part("needs_review", words="bonjour"))  # which ones is not said


def test_a_warning_is_named_by_tests_that_approve() -> None:
    warned = module("greeting", limit("G1", "words", "length_max", 5, mode="warn"))
    assert failures(warned, part("approved", words="bonjour")) == [("approved", ("G1",))]
    assert not failures(warned, part("approved", "G1", words="bonjour"))


def test_unknown_and_missing_parameters_can_be_named() -> None:
    assert not failures(GREETING, part("needs_review", "UNKNOWN", words="salut", colour="red"))
    assert not failures(GREETING, part("incomplete", "G1"))


def test_what_other_modules_find_plays_no_part() -> None:
    request = {
        "kind": "landing-page", "title": "T", "campaign": "c", "requester": "r", "needed_by": "2026-12-01",
        "blocks": [{"use": "greeting@2", "words": "salut"}, {"use": "other@2", "n": 7}], "page": {"n": 0},
    }  # fmt: skip
    trial = Trial(name="t", request=request, expect="approved", at=("blocks", 0))
    assert not failures(GREETING, trial)


def test_neither_acceptance_nor_review_date_plays_a_part() -> None:
    assert not failures(GREETING, part("approved", words="salut", today=date(2030, 1, 1)))


def test_days_off_are_sundays_and_those_the_test_names() -> None:
    sent = module("sms", limit("S1", "sent_on@off", "equals", False), applies_to=("sms",))
    christmas: dict[str, Any] = {"of": sent, "sent_on": "2026-12-25"}
    assert not failures(sent, part("approved", **christmas))
    assert not failures(sent, part("needs_review", "S1", off=(date(2026, 12, 25),), **christmas))
    assert not failures(sent, part("needs_review", "S1", of=sent, sent_on="2026-12-27"))


def test_a_part_stands_where_its_module_belongs() -> None:
    assert trials.around("promo-code", 1, ("promo-code",), {})[1] == ("promo_code",)
    assert trials.around("form.lead", 1, ("landing-page", "form"), {})[1] == ("form",)
    assert trials.around("form.lead", 1, ("landing-page",), {})[1] == ("blocks", 0)
    assert trials.around("tag", 1, ("landing-page",), {})[1] == ("scripts", 0)
    assert trials.around("page", 1, ("landing-page",), {})[1] == ("page",)
    assert trials.around("", 1, ("form",), {"purpose": "newsletter"})[0]["form"] == {
        "purpose": "newsletter"
    }


@given(st.integers(0, 12), st.integers(0, 12))
def test_what_a_test_exercises_is_what_its_request_meets(most: int, length: int) -> None:
    limited = module("greeting", limit("G1", "words", "length_max", most))
    tested = replace(limited, trials=(part("approved", words="x" * length),))
    held, found = trials.exercised(tested, bundle())
    assert (set(held), set(found)) == (({"G1"}, set()) if length <= most else (set(), {"G1"}))
