"""Requests made by somebody who wants them approved: each looks like one that is, and none may be."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from math import inf, nan
from typing import Any

import pytest

from bridge.guardrails.circumstances import Circumstances, Waiver
from bridge.guardrails.policy import Entry
from bridge.guardrails.request import Request
from bridge.guardrails.verdict import judge
from bridge.text import Bilingual
from tests.shipped_rules import EXAMPLES, HERE, RULES

Data = dict[str, Any]
Change = Callable[[Data], object]


def verdict(kind: str, change: Change | None = None, here: Circumstances = HERE) -> Any:
    data = deepcopy(dict(EXAMPLES[kind].data))
    if change is not None:
        change(data)
    return judge(Request(data), RULES, here)


def outcome(kind: str, change: Change | None = None) -> str:
    return str(verdict(kind, change).outcome)


def label(words: str, **more: Any) -> Change:
    """A field of a newsletter that declares a first name and asks for something else."""
    field = {"name": "champ1", "label": words, "type": "text", "data": "given_name", **more}
    return lambda data: data["form"]["fields"].append(field)


def becoming(kind: str, key: str, part: Any) -> Change:
    """Another kind of request, with such a part."""
    return lambda data: data.update({"kind": kind, key: part})


def box(words: str) -> Change:
    return lambda data: data["form"]["fields"][-1].update(label=words)


def said(content: str) -> Change:
    return lambda data: data["blocks"][1].update(content=content)


def use(place: str, written: object) -> Change:
    def change(data: Data) -> None:
        part = data["blocks"][0] if place == "blocks" else data[place]
        part["use"] = written

    return change


def test_what_the_attempts_are_made_of_is_approved() -> None:
    assert {outcome(kind) for kind in ("newsletter", "landing-page", "mailing")} == {"approved"}


# --- a part in another's place ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["hero@02", "HERO@2", "hero@\u0662", "hero@+2", "hero@²", "hero @2", "hero@", "hero@2 ", ["hero@2"]]
)  # fmt: skip
def test_a_module_is_named_as_it_is_called(written: object) -> None:
    assert outcome("landing-page", use("blocks", written)) != "approved"


@pytest.mark.parametrize("number", range(7))
def test_no_block_stands_in_for_the_page_and_its_rules(number: int) -> None:
    assert (
        outcome("landing-page", lambda data: data.update(page=data["blocks"][number]))
        == "needs_review"
    )


def test_a_page_is_no_block_and_a_block_no_script() -> None:
    assert outcome("landing-page", lambda d: d["blocks"].append({**d["page"], "use": "page@1"})) == "needs_review"  # fmt: skip
    assert outcome("landing-page", lambda d: d.update(scripts=[d["blocks"][0]])) == "needs_review"


def test_a_form_does_not_pass_for_a_contest_nor_a_contest_for_a_form() -> None:
    form = EXAMPLES["newsletter"].data["form"]
    contest = {**EXAMPLES["contest-for-minors"].data["contest"], "minimum_age": 18}
    for kind, key, part in (("contest", "contest", {**form, "use": "form.lead@2"}),
                            ("form", "form", {**contest, "use": "contest@1"})):  # fmt: skip
        assert outcome("newsletter", becoming(kind, key, part)) == "needs_review"


# --- what the request says of itself ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "\u200b"), ("requester", "\u00a0"), ("campaign", "noel/2026"), ("id", "<script>"), ("id", ["a"]),
        ("needed_by", "2026-W49-2"), ("needed_by", "20261201"), ("needed_by", "2026-02-29"), ("needed_by", "demain"),
        ("audience", "everyone"), ("audience", {"Youngest": 8}), ("audience", {"youngest": "8"}),
        ("audience", {"youngest": nan}), ("audience", {"size": True}), ("audience", {"youngest": -5}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_asked_for_again(key: str, value: object) -> None:
    found = verdict("landing-page", lambda data: data.update({key: value}))
    assert found.outcome != "approved"
    assert key in [finding.where[0] for finding in found.missing]


def test_a_block_has_a_plain_id() -> None:
    assert outcome("landing-page", lambda data: data["blocks"][0].update(id="<b>")) == "incomplete"


def test_a_mailing_to_children_is_looked_at() -> None:
    assert verdict("mailing", lambda data: data.update(audience={"youngest": 8})).approvers == (
        "dpo",
    )


def test_each_missing_thing_is_asked_for_once() -> None:
    missing = verdict("newsletter", lambda data: data["form"].pop("destination")).missing
    assert [finding.path for finding in missing] == ["$.form.destination"]
    assert missing[0].fix is not None  # the rule's words, not the shape's


def test_a_wrong_value_is_found_once_by_each_role() -> None:
    def worse(data: Data) -> None:
        data["form"].update(destination="evil.example", retention_months=99, purpose="profiling")
        data["form"]["fields"][-1]["prechecked"] = True

    found = [(f.path, f.approver) for f in verdict("newsletter", worse).findings if f.counts]
    assert len(found) == len(set(found))
    assert ("$.form.purpose", "dpo") in found


# --- markup ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    ["<p class=modal>x</p>", "<p id=__proto__>x</p>", '<p "onclick=alert(1)>x', "<p srcset=//evil.example>x</p>",
     "<p is=evil-element>x</p>", "</div></body>", "</script>", "<p>{{ constructor }}</p>", "<p>${7*7}</p>",
     '<a href="http://www.example.fr/">x</a>', '<a href="https://www.example.fr:8080/">x</a>',
     '<a href="https://me:secret@www.example.fr/">x</a>', '<a href="/go?to=https://evil.example">x</a>',
     '<a href="/go?to=%2F%2fevil.example">x</a>', '<a href="https://www.example.fr/go?to=//evil.example">x</a>'],
)  # fmt: skip
def test_nothing_hides_in_running_text(content: str) -> None:
    assert outcome("landing-page", said(content)) == "needs_review"


@pytest.mark.parametrize(
    "content",
    ['<p>Voir <a href="https://www.example.fr/x?utm_source=nl&amp;utm_medium=email#bas" title="Ici">ici</a>.</p>',
     "<p>20 € &amp; plus, 3 < 4</p>", "<ul>\n <li>Thé</li>\n</ul>", "Sans balise", '<a href="/lp/noel" target="_blank">x</a>'],
)  # fmt: skip
def test_ordinary_text_passes(content: str) -> None:
    assert outcome("landing-page", said(content)) == "approved"


@pytest.mark.parametrize(
    "words", ["<script src=//evil.example>", "&lt;script&gt;", "x\u202egnp.exe", "<!-- -->"]
)
def test_a_title_is_no_markup(words: str) -> None:
    assert verdict(
        "landing-page", lambda data: data["blocks"][0].update(title=words)
    ).approvers == ("it-security",)


def test_markup_is_found_however_deep_and_named_a_few_times_only() -> None:
    options = [{"value": "x", "label": "<b>"}] * 1000
    found = verdict("newsletter", label("Taille", data="product_preference", options=options))
    assert 0 < len([f for f in found.findings if f.nature == "unknown"]) < 50


@pytest.mark.parametrize(
    "title", ["Noël & Nouvel An", "I <3 Noël", "Moins de 20 € ?", "R&D ; suite"]
)
def test_an_ordinary_title_passes(title: str) -> None:
    assert outcome("landing-page", lambda d: d["blocks"][0].update(title=title)) == "approved"


# --- where things lead -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/lp/..", "/lp/%2e%2e/x", "/lp/%252e%252e/x", "/lp/\u2024\u2024/x", "/lp/x\n", "/lp/x\0", "/lp/.git", "/lp/;x",
     "/lp/*", "/lp/a b", "/lp/", "/lp//x"],
)  # fmt: skip
def test_a_path_is_written_plainly(path: str) -> None:
    assert outcome("landing-page", lambda data: data["page"].update(path=path)) == "needs_review"


@pytest.mark.parametrize(
    "address",
    ["http://crm.example.fr", "crm.example.fr:8443", "https://a:b@crm.example.fr", " crm.example.fr", "crm.example.fr\t",
     "https://crm.example.fr/x?to=https://evil.example", "crm.example.fr:99999", "https://crm.example.fr.evil.example",
     "https://crm.example.fr\\@evil.example", "crm.ехample.fr", "[::1]", "https:crm.example.fr"],
)  # fmt: skip
def test_data_go_to_a_host_of_the_register_and_nowhere_else(address: str) -> None:
    assert verdict(
        "newsletter", lambda data: data["form"].update(destination=address)
    ).approvers == ("dpo", "it-security")


@pytest.mark.parametrize(
    "address",
    ["crm.example.fr", "https://crm.example.fr/in?form=7", "CRM.example.fr.", "crm.example.fr:443"],
)
def test_a_plain_address_of_the_register_passes(address: str) -> None:
    assert outcome("newsletter", lambda d: d["form"].update(destination=address)) == "approved"


def test_an_entry_counts_on_its_last_day_and_not_after() -> None:
    last = date(2026, 11, 23)
    entry = Entry("crm.example.fr", "dpo", Bilingual("CRM", "CRM"), last)
    registers = {
        **RULES.registers,
        "processors": replace(RULES.registers["processors"], entries=(entry,)),
    }
    rules = replace(RULES, registers=registers)
    newsletter = EXAMPLES["newsletter"]
    assert judge(newsletter, rules, replace(HERE, today=last)).outcome == "approved"
    assert (
        judge(newsletter, rules, replace(HERE, today=date(2026, 11, 24))).outcome == "needs_review"
    )


def test_a_purpose_of_the_register_alone_has_no_list_of_data_and_is_looked_at() -> None:
    entry = Entry("survey", "dpo", Bilingual("Enquête", "Survey"), date(2027, 1, 1))
    purposes = RULES.registers["purposes"]
    registers = {
        **RULES.registers,
        "purposes": replace(purposes, entries=(*purposes.entries, entry)),
    }
    data = deepcopy(dict(EXAMPLES["newsletter"].data))
    data["form"] |= {
        "purpose": "survey",
        "legal_notice": "https://www.example.fr/c",
        "double_opt_in": True,
    }
    found = judge(Request(data), replace(RULES, registers=registers), HERE).findings
    assert [f.limit for f in found if f.counts] == ["P2"]


# --- fields ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["N\u200bI\u200bR", "Ｎ Ｉ Ｒ", "sέcu", "健康", "الدين", "ВИЧ", "…", "\u200b", "S&eacute;curit&eacute; sociale",
     "<b>Sé</b>cu", "Régime alimentaire", "Numéro à 13 chiffres", "Vous souffrez de quoi ?", "Êtes-vous au chômage ?",
     "Gauche ou droite ?", "Jeûnez-vous ?", "Where do you live?", "How much do you earn?"],
)  # fmt: skip
def test_a_label_that_asks_for_more_or_cannot_be_read_is_looked_at(words: str) -> None:
    assert outcome("newsletter", label(words)) == "needs_review"


@pytest.mark.parametrize(
    "words", ["Prénom", "Votre petit nom", "First name", "Comment vous appelle-t-on ?"]
)
def test_a_label_that_asks_for_a_first_name_passes(words: str) -> None:
    assert outcome("newsletter", label(words)) == "approved"


@pytest.mark.parametrize("token", ["cc-number given-name", "given-name cc-number", "CC-CSC"])
def test_every_autocomplete_token_counts(token: str) -> None:
    assert outcome("newsletter", label("Prénom", autocomplete=token)) == "needs_review"


@pytest.mark.parametrize(
    "words", ["Cochez si vous ne souhaitez pas recevoir nos e-mails", "Je ne veux pas recevoir la newsletter",
              "Je refuse les e-mails", "Untick to opt out of e-mails", "Please do not send me e-mails"],
)  # fmt: skip
def test_ticking_means_yes(words: str) -> None:
    assert verdict("newsletter", box(words)).approvers == ("dpo",)


@pytest.mark.parametrize(
    "words", ["Oui, je m’abonne !", "I agree to receive e-mails. I can unsubscribe at any time",
              "J’accepte la newsletter, je peux me désinscrire ou m’y opposer à tout moment"],
)  # fmt: skip
def test_a_consent_may_tell_of_the_way_out(words: str) -> None:
    assert outcome("newsletter", box(words)) == "approved"


# --- exceptions ------------------------------------------------------------------------------------


def granted(**more: Any) -> Circumstances:
    waiver: Data = {
        "id": "w", "module": "promo-code", "major": 1, "limit": "D01", "scope": "campaign", "scope_id": "noel-2026",
        "reason": "r", "granted_by": "sophie", "granted_on": date(2026, 11, 1), "expires_on": date(2026, 11, 23),
        "max_value": 30,
    }  # fmt: skip
    return replace(HERE, exceptions=(Waiver(**{**waiver, **more}),))


def test_an_exception_covers_its_limit_on_its_last_day() -> None:
    assert verdict("promo-code-over-limit", here=granted()).outcome == "approved"


@pytest.mark.parametrize(
    "more",
    [{"max_value": 29.9}, {"max_value": -1}, {"max_value": nan}, {"max_value": inf}, {"max_value": "30"},
     {"max_value": True}, {"major": 2}, {"scope_id": "autre"}, {"scope": "page"}, {"limit": "D02"},
     {"expires_on": date(2026, 11, 22)}, {"granted_on": date(2026, 11, 24)}, {"granted_by": "vanessa"}],
)  # fmt: skip
def test_an_exception_covers_nothing_else_and_nobody_grants_it_to_themselves(more: Data) -> None:
    assert verdict("promo-code-over-limit", here=granted(**more)).outcome == "needs_review"


@pytest.mark.parametrize(("age", "covered"), [(17, True), (16, True), (15, False), (3, False)])
def test_for_a_least_age_the_bound_of_an_exception_is_a_floor(age: int, covered: bool) -> None:
    here = granted(module="contest", limit="C02", max_value=16)
    finding = next(
        f
        for f in verdict(
            "contest-for-minors", lambda data: data["contest"].update(minimum_age=age), here
        ).findings
        if f.limit == "C02"
    )
    assert (finding.covered_by is not None) is covered
