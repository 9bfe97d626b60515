"""What a form field's words suggest: measured on labels that the lexicon was not written from."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.config import levels, yamlfile
from bridge.errors import ProblemsFound
from bridge.guardrails.fields import Lexicon

ROOT = Path(__file__).parents[1]
LEVELS = ROOT / "guardrails/levels.yaml"
DOCUMENT = ROOT / "docs/guardrails-detection.md"


@cache
def lexicon(glossary: tuple[tuple[str, str], ...] = ()) -> Lexicon:
    return levels.lexicon(yamlfile.read(LEVELS), dict(glossary))


def detected(field: dict[str, Any]) -> str | None:
    found = lexicon().read(field).detected
    return found.id if found else None


# --- the score -----------------------------------------------------------------------------------


def outcome(case: dict[str, Any]) -> str:
    """Say how a label fared: exact, over, under, unknown, or another type of the same level."""
    read = lexicon().read(case).detected
    right = [lexicon().types[name] for name in case["is"]]
    if read is None:
        return "unknown"
    if read in right:
        return "exact"
    if read.level > max(t.level for t in right):
        return "over"
    return "under" if read.level < min(t.level for t in right) else "same level"


def labels() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yamlfile.read(ROOT / "tests/labels/adversarial.yaml").data
    return cases


def is_sensitive(case: dict[str, Any]) -> bool:
    return min(lexicon().types[name].level for name in case["is"]) >= 2


def published() -> dict[str, list[int]]:
    rows = re.findall(
        r"^\| ([a-z ]+) \| (\d+) \| (\d+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    return {name: [int(every), int(sensitive)] for name, every, sensitive in rows}


def test_the_published_score_is_the_score() -> None:
    every = Counter(map(outcome, labels()))
    sensitive = Counter(outcome(case) for case in labels() if is_sensitive(case))
    measured = {name: [count, sensitive[name]] for name, count in every.items()}
    assert published() == measured


def test_no_more_labels_are_taken_for_something_less_sensitive_than_is_published() -> None:
    under = {case["label"] for case in labels() if outcome(case) == "under"}
    assert under <= {
        "Code reçu par SMS",
        "Vous aimez les hommes, les femmes, les deux ?",
        "De quel pays viennent vos grands-parents ?",
        "Little one's name",
    }


def test_the_two_leaks_that_were_known_are_closed() -> None:
    assert [outcome(case) for case in labels() if case.get("known")] == ["exact", "exact"]


def test_the_lexicon_reads_its_own_words_as_their_type_or_a_more_sensitive_one() -> None:
    for type_ in lexicon().types.values():
        for word in type_.words:
            read = lexicon().read({"label": word}).detected
            assert read is not None, word
            assert read.level >= type_.level, (word, type_.id, read.id)


# --- signals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ({"autocomplete": "section-gift shipping street-address"}, "address"),
        ({"autocomplete": "HOME tel"}, "phone"),
        ({"autocomplete": "username webauthn"}, "customer_id"),
        ({"autocomplete": "off"}, None),
        ({"type": "password"}, "password"),
        ({"type": "textarea"}, "free_text"),
        ({"type": "file", "label": "Votre prénom"}, "file_upload"),
        ({"type": "file", "label": "Ordonnance"}, "health"),
        ({"name": "numSecu"}, "national_id"),
        ({"name": "datenaissance"}, "birth_date"),
        ({"name": "customer[birth_date]"}, "birth_date"),
        ({"name": "cvv2"}, "cvv"),
        ({"label": "Votre N.I.R."}, "national_id"),
        ({"label": "N\u200bI\u200bR"}, "national_id"),
        ({"label": "\u039d\u0406R"}, "national_id"),  # Greek and Cyrillic look-alikes
        ({"label": "N° SS"}, "national_id"),
        ({"label": "Précisez", "options": [{"value": "x", "label": "Enceinte"}]}, "health"),
        ({"label": {"fr": "Prénom", "en": "First name"}}, "given_name"),
        ({"label": "Anniversaire", "type": "text"}, "birthday_day_month"),
        ({"label": "Anniversaire", "type": "date"}, "birth_date"),
    ],
)
def test_every_sign_counts(field: dict[str, Any], type_: str | None) -> None:
    assert detected(field) == type_


def test_the_most_sensitive_sign_wins_and_autocomplete_before_label_where_they_are_level() -> None:
    field = {"label": "Nom", "name": "cryptogramme", "autocomplete": "email"}
    assert lexicon().read(field).signal == "name"
    assert lexicon().read({"label": "Nom", "autocomplete": "email"}).signal == "autocomplete"


def test_a_sensitive_word_in_any_option_is_heard_and_no_phrase_spans_two_options() -> None:
    sizes = [str(n) for n in range(200)]
    assert detected({"label": "Taille", "options": [*sizes, "Halal"]}) == "religion"
    assert detected({"label": "Taille", "options": ["carte", "vitale"]}) == "national_id"  # vitale
    assert detected({"label": "Taille", "options": ["code", "postal"]}) == "product_preference"


@pytest.mark.parametrize(
    ("label", "type_"),
    [
        ("Numéro de carte de fidélité", "loyalty_id"),
        ("Carte cadeau", "product_preference"),
        ("Adresse mail", "email"),
        ("Adresse IP", None),
        ("Nom du produit", "product_preference"),
        ("Nom du magasin", "store"),
        ("Race, âge et poids de votre chien", "product_preference"),
        ("Votre poids et celui de votre chien", "health"),
        ("Âge de l'enfant et du chien", "minor"),
        ("Your dog's age", "product_preference"),
        ("Votre chien et votre âge", "age"),
        ("Votre poids et votre chien", "health"),
        ("Pointure enfant", "product_preference"),
        ("Code INSEE de la commune", "city"),
        ("Code INSEE", "national_id"),
        ("Empreinte carbone", None),
        ("Nom sur la carte", "card_number"),
    ],
)
def test_words_are_read_in_their_context(label: str, type_: str | None) -> None:
    assert detected({"label": label}) == type_


@pytest.mark.parametrize(
    ("label", "type_", "channels"),
    [
        ("J'accepte de recevoir la newsletter", "consent_email", ["consent_email"]),
        ("Je souhaite recevoir vos bons plans", "consent_email", ["consent_email"]),
        ("Oui, je veux vos offres par SMS", "consent_sms", ["consent_sms"]),
        ("I agree to be called", "consent_phone", ["consent_phone"]),
        ("J'accepte les CGV", "terms", ["terms"]),
        ("J'accepte les offres de vos partenaires par SMS", "consent_partners",
         ["consent_partners", "consent_sms"]),
        ("J'accepte que mon numéro de sécu soit transmis", "national_id", []),
        ("J'accepte la newsletter car je suis enceinte", "health", ["consent_email"]),
    ],
)  # fmt: skip
def test_a_box_with_a_verb_of_consent_names_its_channel_and_hides_nothing_worse(
    label: str, type_: str, channels: list[str]
) -> None:
    read = lexicon().read({"label": label, "type": "checkbox"})
    assert (read.detected.id if read.detected else None) == type_
    assert list(read.channels) == channels


def test_the_dpo_classifies_a_label_once_and_other_signs_still_count() -> None:
    known = lexicon((("Prénom de votre petit bout", "given_name"), ("Petit plus", "health")))
    assert (
        known.read({"label": "  prenom de votre PETIT BOUT ?"}).detected
        == known.types["given_name"]
    )
    assert known.read({"label": "Petit plus"}).detected == known.types["health"]
    worse = {"label": "Prénom de votre petit bout", "autocomplete": "cc-csc"}
    assert known.read(worse).detected == known.types["cvv"]
    longer = {"label": "Prénom de votre petit bout de chou"}
    assert known.read(longer).detected == known.types["minor"]


# --- whatever stands there -------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KEYS = ("label", "name", "type", "autocomplete", "data", "options", "placeholder", "help")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)))
@settings(max_examples=100, deadline=None)
def test_any_content_is_read_without_an_error(field: dict[str, Any]) -> None:
    read = lexicon().read(field)
    assert read.detected is None or read.detected.id in lexicon().types


@given(
    st.sampled_from(sorted(lexicon().types)),
    st.lists(st.sampled_from(["votre", "le", "Zut", "XYZ", "42", "?"]), max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_more_words_that_mean_nothing_do_not_hide_a_sensitive_one(
    name: str, more: list[str]
) -> None:
    type_ = lexicon().types[name]
    read = lexicon().read({"label": " ".join([*more, type_.words[0], *more])}).detected
    assert read is not None
    assert read.level >= type_.level


@pytest.mark.parametrize(
    "field",
    [
        {"label": "x " * 5_000_000},
        {"label": "Prénom", "options": ["coton"] * 1_000_000},
        {"label": "Prénom", "options": [0] * 1_000_000 + ["NIR"]},
    ],
)
def test_what_is_too_long_is_not_said_to_have_been_read(field: dict[str, Any]) -> None:
    assert not lexicon().read(field).is_whole


def test_a_levels_file_that_names_an_unknown_type_is_refused_with_its_line() -> None:
    content = LEVELS.read_text("utf-8").replace("names: [given_name,", "names: [given_nome,")
    with pytest.raises(ProblemsFound) as refused:
        levels.lexicon(yamlfile.parse(content, "levels.yaml"))
    (problem,) = refused.value.problems
    assert problem.place is not None
    line = content.splitlines()[problem.place.line - 1]
    assert "given_nome" in line
    assert problem.hint is not None
