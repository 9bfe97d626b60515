"""Every sentence exists in French and in English, with the same places to fill."""

import re
from datetime import date

import pytest
from tools.catalogues import DOMAINS, Domain, collected, translated

from bridge.language import language, of_environment
from bridge.text import Bilingual, Either, text, texts

PLACES = re.compile(r"(?<!\{)\{(\w*)[^{}]*\}(?!\})")
OURS = [domain for domain in DOMAINS if domain.name != "click"]


def forms(entry: object) -> tuple[str, ...]:
    return tuple(entry) if isinstance(entry, tuple | list) else (str(entry),)


@pytest.mark.parametrize("domain", OURS, ids=lambda domain: domain.name)
def test_every_sentence_of_the_code_has_its_french(domain: Domain) -> None:
    french = {message.id: message for message in translated(domain) if message.id}
    said = {message.id for message in collected(domain) if message.id}
    assert said - set(french) == set(), "run `make catalogues` and translate"
    assert set(french) - said == set(), "run `make catalogues`: nobody says these any more"
    empty = [str(i) for i, m in french.items() if not all(forms(m.string)) or m.fuzzy]
    assert empty == []


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_translations_fill_the_same_places(domain: Domain) -> None:
    for message in translated(domain):
        if not message.id:
            continue
        wanted = {place for form in forms(message.id) for place in PLACES.findall(form)}
        for form in forms(message.string):
            assert set(PLACES.findall(form)) <= wanted, message.id
        assert set(PLACES.findall(forms(message.string)[-1])) == wanted or domain.name == "click", (
            message.id
        )


def test_dates_lists_and_plurals_are_said_the_way_the_language_does() -> None:
    day = date(2026, 12, 17)
    fr, en = language("fr"), language("en")
    assert fr.day(day, style="full") == "jeudi 17 décembre 2026"
    assert en.day(day) == "Thu 17 Dec 2026"
    listed = text("Known: {names}.", names=("a", "b", "c"))
    assert fr.say(listed) == "Noms connus\u00a0: a, b et c."
    assert en.say(listed) == "Known: a, b, and c."
    one = text("{options}", options=Either(("fr", "en")))
    assert (fr.say(one), en.say(one)) == ("fr ou en", "fr or en")
    for n, word in ((0, "problème"), (1, "problème"), (2, "problèmes")):
        assert f"{n} {word}" in fr.say(
            texts("{n} problem to mend first.", "{n} problems to mend first.", n)
        )
    assert fr.say(text("{days}", days=2.5)) == "2,5"
    assert fr.say(Bilingual("oui", "yes")) == "oui"
    assert en.say(text("{what}: {message}", what=Bilingual("oui", "yes"), message=text("Nothing was written."))) == "yes: Nothing was written."  # fmt: skip


def test_the_first_of_a_month_is_le_1er_in_french() -> None:
    fr, first = language("fr"), date(2027, 1, 1)
    assert fr.day(first) == "ven. 1er janv. 2027"
    assert fr.day(first, style="short") == "1er janv."
    assert fr.day(first, style="full") == "vendredi 1er janvier 2027"
    assert fr.day(date(2027, 1, 11)) == "lun. 11 janv. 2027"
    assert language("en").day(first, style="short") == "1 Jan"
    assert (fr.day(first, style="month"), fr.day(first, style="heading")) == ("janvier 2027", "Janvier 2027")  # fmt: skip


def test_words_that_people_wrote_are_never_taken_for_places() -> None:
    assert language("en").say(text("{what}", what="{x} %s {{")) == "{x} %s {{"


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "en_US", "BRIDGE_LANG": "fr"}, "fr"),
        ({"LC_ALL": "en_US", "LANG": "fr_FR"}, "en"),
        ({"LANG": "de_DE"}, "fr"),
    ],
)
def test_french_first_unless_the_reader_says_otherwise(
    environment: dict[str, str], code: str
) -> None:
    assert of_environment(environment) == code


def test_only_two_languages() -> None:
    with pytest.raises(ValueError, match="de"):
        language.__wrapped__("de")
