"""The nouns of a campaign: its id, its labels, its words."""

from datetime import date

import pytest

from bridge.campaign import ID, default_id, label_of
from bridge.prose import clean, one_line

LAUNCH = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("Noël", "noel-2026"),
        ("Soldes d’hiver", "soldes-d-hiver-2026"),
        ("Black Friday 2026", "black-friday-2026"),
        ("2026", "2026-2026"),
        ("Œuvre & cœur", "oeuvre-coeur-2026"),
        ("project = X OR 1=1", "project-x-or-1-1-2026"),
        ("🎄", ""),
        ("日本", ""),
    ],
)
def test_the_default_id_is_the_name_in_kebab_case_and_the_year(name: str, identity: str) -> None:
    assert default_id(name, LAUNCH) == identity
    assert not identity or ID.fullmatch(identity)


def test_a_long_name_gives_an_id_that_fits_a_label() -> None:
    identity = default_id("mot " * 100, LAUNCH)
    assert ID.fullmatch(identity)
    assert len(label_of("w" * 60, identity)) <= 255


def test_a_title_is_one_clean_line_of_at_most_255() -> None:
    assert one_line("  a\n b\tc\x07 ") == "a b c"
    assert len(one_line("é" * 300)) == 255
    assert clean("a\x08b\ud800") == "ab"
