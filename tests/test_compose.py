"""A request written by answering: only what is missing is asked, each answer is judged at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from bridge.config import yamlfile
from bridge.guardrails.circumstances import Acceptance, Circumstances
from bridge.guardrails.fields import FieldType, Level, Lexicon
from bridge.guardrails.policy import Bundle, Entry, Limit, Listed, Module, Register
from bridge.guardrails.request import Request
from bridge.guardrails.verdict import judge
from bridge.language import language
from bridge.operations.compose import compose
from bridge.operations.pieces import Ground
from bridge.proposal import Question
from bridge.report import request as report
from bridge.text import Bilingual

TODAY = date(2026, 11, 22)
WHY = Bilingual("Parce que.", "Because.")
TEXT: dict[str, Any] = {"type": "string", "minLength": 1}


def both(words: str) -> Bilingual:
    return Bilingual(f"{words} (fr)", words)


def schema(needed: Iterable[str], /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": properties,
    }


def module(name: str, parameters: dict[str, Any], *limits: Limit, kinds: Iterable[str]) -> Module:
    return Module(
        id=name,
        version="2.0.0",
        mode="enforce",
        owner="it-security",
        review_by=date(2027, 11, 22),
        applies_to=tuple(kinds),
        title=both(name),
        parameters=parameters,
        limits=limits,
    )


def limit(name: str, path: str, operator: Any, operand: Any, **more: Any) -> Limit:
    return Limit(
        id=name, path=path, operator=operator, operand=operand, approver="dpo", why=WHY, **more
    )


FORM = module(
    "form.lead",
    schema(
        ["purpose", "destination", "retention_months", "fields"],
        purpose={"type": "string", "enum": ["newsletter", "contest"]},
        destination=TEXT,
        retention_months={"type": "integer", "minimum": 1},
        notice={"type": "boolean", "x-title": {"fr": "mention légale", "en": "legal notice"}},
        fields={
            "type": "array",
            "minItems": 1,
            "items": schema(
                ["label", "data"],
                name=TEXT, label=TEXT, type=TEXT, data=TEXT, autocomplete=TEXT,
                required={"type": "boolean"}, prechecked={"type": "boolean"},
            ),
        },
    ),
    limit("F01", "retention_months", "max", 36),
    limit("F02", "destination", "one_of", Listed("processors")),
    limit("F03", "notice", "equals", True),
    kinds=["form", "landing-page"],
)  # fmt: skip
NEWSLETTER = module("form.newsletter", {**FORM.parameters}, *FORM.limits, kinds=["form"])
PAGE = module(
    "page",
    schema(["path", "budget"], path=TEXT, budget=schema(["kb"], kb={"type": "number"})),
    limit("P01", "budget.kb", "max", 1000),
    kinds=["landing-page"],
)
HERO = module("hero", schema(["title"], title=TEXT), kinds=["landing-page"])
GALLERY = module(
    "image-gallery",
    schema(["images"], images={"type": "array", "items": schema(["alt"], alt=TEXT)}),
    kinds=["landing-page"],
)
TYPES = {
    one.id: one
    for one in (
        FieldType(id="email", level=Level.N1, title=Bilingual("e-mail", "e-mail"), words=("courriel",), autocomplete=("email",)),
        FieldType(id="phone", level=Level.N2, title=Bilingual("téléphone", "telephone"), autocomplete=("tel",)),
        FieldType(id="consent_email", level=Level.N0, title=Bilingual("accord pour l’e-mail", "e-mail consent")),
    )
}  # fmt: skip
PERSONAL = Module(
    id="personal-data",
    version="1.0.0",
    mode="enforce",
    owner="dpo",
    review_by=date(2027, 11, 22),
    applies_to=("form",),
    title=both("personal data"),
)
BUNDLE = Bundle(
    id="b" * 64,
    modules={m.id: m for m in (FORM, NEWSLETTER, PAGE, HERO, GALLERY)},
    registers={
        "processors": Register(
            "processors",
            both("processors"),
            (
                Entry("crm.example.fr", "dpo", both("CRM"), date(2027, 1, 1)),
                Entry("old.example.fr", "dpo", both("Old"), date(2026, 1, 1)),
            ),
        )
    },
    lexicon=Lexicon(TYPES),
)
HERE = Circumstances(
    today=TODAY,
    acceptances=tuple(
        Acceptance(m.id, m.version, "jonathan", m.owner, TODAY) for m in BUNDLE.modules.values()
    ),
)


class Scripted:
    """Answers by the question's key, in turn; what is asked without an answer fails the test."""

    def __init__(self, **answers: Iterable[str | None] | str) -> None:
        self.answers = {
            key.replace("_", "-"): [given] if isinstance(given, str) else list(given)
            for key, given in answers.items()
        }
        self.asked: list[str] = []
        self.flaws: list[str] = []
        self.questions: dict[str, Question] = {}

    def __call__(self, question: Question) -> str | None:
        self.asked.append(question.key)
        self.questions[question.key] = question
        while True:
            assert self.answers.get(question.key), f"nobody answers {question.key}"
            answer = self.answers[question.key].pop(0)
            if answer is None:
                return None
            flaw = question.flaw(answer)
            if flaw is None:
                return answer
            self.flaws.append(language("en").say(flaw))


def composed(kind: str, choose: Scripted, **more: Any) -> dict[str, Any]:
    ground = Ground(
        bundle=BUNDLE, circumstances=HERE, choose=choose, speaker=language("en"), **more
    )
    return dict(compose(kind, ground))


HEAD: dict[str, Any] = {
    "title": "Noël", "campaign": "noel-2026", "requester": "camille", "needed_by": "2026-12-01",
}  # fmt: skip


def test_a_form_is_asked_for_until_nothing_is_missing() -> None:
    answers = Scripted(
        **HEAD, purpose="newsletter", destination="crm.example.fr", retention_months="24", notice="oui",
        field=["E-mail", "J’accepte", None], data=["courriel", "accord pour l’e-mail"], required="o",
    )  # fmt: skip
    draft = composed("form", answers)
    assert draft["form"]["retention_months"] == 24
    assert draft["form"]["notice"] is True
    assert draft["form"]["fields"] == [
        {"name": "e_mail", "label": "E-mail", "type": "email", "autocomplete": "email", "data": "email", "required": True},
        {"name": "j_accepte", "label": "J’accepte", "type": "checkbox", "data": "consent_email", "prechecked": False},
    ]  # fmt: skip
    assert not judge(Request(draft), BUNDLE, HERE).missing
    assert answers.asked.count("required") == 1  # a box is never asked for: consent is free


def test_what_an_option_said_is_not_asked_and_choices_are_listed() -> None:
    answers = Scripted(
        **{key: value for key, value in HEAD.items() if key != "campaign"},
        purpose="newsletter", destination="crm.example.fr", retention_months="24", notice="yes",
        field=["E-mail", None], data="email", required="no",
    )  # fmt: skip
    draft = composed(
        "form", answers, known={"campaign": "noel-2026"}, people={"camille": "Camille"}
    )
    assert draft["campaign"] == "noel-2026"
    assert "campaign" not in answers.asked
    assert [c.value for c in answers.questions["destination"].candidates] == ["crm.example.fr"]
    assert answers.questions["destination"].is_open
    assert not answers.questions["purpose"].is_open
    assert [c.label for c in answers.questions["requester"].candidates] == ["Camille"]


def test_each_answer_is_judged_at_once() -> None:
    answers = Scripted(
        **HEAD | {"needed_by": ["next week", "2026-12-01"]},
        purpose="newsletter", destination="crm.example.fr",
        retention_months=["forever", "0", "60", "36"], keep=["no"], notice="yes",
        field=["Téléphone", None], data=["accord e-mail ou e-mail", "tele"], required="no",
    )  # fmt: skip
    draft = composed("form", answers)
    assert draft["form"]["retention_months"] == 36
    assert draft["form"]["fields"][0]["data"] == "phone"
    assert len(answers.flaws) == 4
    assert "next week" in answers.flaws[0]
    asked = language("en").say(answers.questions["keep"].sentence)
    assert "at most 36" in asked
    assert "Because." in asked


def test_somebody_may_stand_by_an_answer_outside_the_guardrails() -> None:
    answers = Scripted(
        **HEAD, purpose="newsletter", destination="mine.example.com", retention_months="60", keep=["yes", "oui"],
        notice="yes", field=["E-mail", None], data="email", required="no",
    )  # fmt: skip
    draft = composed("form", answers)
    limits = {one.limit for one in judge(Request(draft), BUNDLE, HERE).findings}
    assert {"F01", "F02"} <= limits


def test_a_page_is_asked_for_block_by_block() -> None:
    answers = Scripted(
        **HEAD | {"title": ["Noël", "Les coffrets"]}, path="/lp/noel", kb="800", block=["hero", "image-gallery", None],
        images="2", alt=["Coffret rouge", "Coffret vert"],
    )  # fmt: skip
    draft = composed("landing-page", answers)
    assert draft["page"] == {"path": "/lp/noel", "budget": {"kb": 800}}
    assert draft["blocks"] == [
        {"use": "hero@2", "title": "Les coffrets"},
        {"use": "image-gallery@2", "images": [{"alt": "Coffret rouge"}, {"alt": "Coffret vert"}]},
    ]
    assert judge(Request(draft), BUNDLE, HERE).outcome == "approved"


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("kind", ["form", "landing-page"])
def test_a_blank_request_parses_and_is_incomplete(kind: str, code: str) -> None:
    blank = report.blank(kind, BUNDLE, HERE, language(code), {"campaign": "noel-2026"})
    content = yamlfile.parse(blank, "blank.yaml").data
    verdict = judge(Request(content), BUNDLE, HERE)
    missing = {one.path for one in verdict.missing}
    assert content["campaign"] == "noel-2026"
    assert verdict.outcome == "incomplete"
    assert not verdict.findings
    assert {"$.title", "$.requester", "$.needed_by"} <= missing
    assert ("$.form.fields" if kind == "form" else "$.page.budget.kb") in missing


def test_the_comments_of_a_blank_request_say_what_passes() -> None:
    blank = report.blank("form", BUNDLE, HERE, language("en"))
    assert "newsletter or contest" in blank
    assert "crm.example.fr" in blank
    assert "old.example.fr" not in blank  # its entry expired
    assert "at most 36" in blank


def test_a_composed_request_reads_back_to_the_same_content() -> None:
    content = {"format": "bridge/request/v1", "kind": "form", "title": "Oui : « non »", "needed_by": "2026-12-01",
               "form": {"retention_months": 24, "notice": True, "fields": [{"label": "22:30"}, {"label": "no"}]}}  # fmt: skip
    written = report.as_yaml(content, language("fr"))
    assert yamlfile.parse(written, "request.yaml").data == content
