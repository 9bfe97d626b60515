"""The acceptance sheet goes out to a meeting and comes back: nothing counts that nobody decided."""

from datetime import date
from typing import Any

from bridge.guardrails.circumstances import Acceptance
from bridge.guardrails.sheet import Decided, Reading, fresh, read, rows, still_open
from bridge.language import language
from tests.rules import TODAY, bundle

HOLDERS = {
    "it-security": "jonathan",
    "dpo": "claire",
    "it-architecture": "nadia",
    "finance": "paul",
}
PEOPLE = {"jonathan": "Jonathan", "claire": "Claire", "nadia": "Nadia", "paul": "Paul"}


def meeting(**other: Any) -> list[Decided]:
    """Everybody says yes to everything; ``other`` replaces single rows by their limit."""
    return [
        other.get(
            row.key.partition("#")[2]
            or row.key.partition("@")[0].replace(".", "_").replace("-", "_"),
            Decided(row.key, "oui", HOLDERS[row.role], "2026-11-20", number),
        )
        for number, row in enumerate(rows(bundle()), 2)
    ]


def outcome(decided: list[Decided]) -> Reading:
    return read(decided, bundle(), HOLDERS, PEOPLE, TODAY)


def said(reading: Reading) -> list[str]:
    return [f"{t.line}: {language('en').say(t.sentence)}" for t in reading.troubles]


def test_a_meeting_that_accepts_everything() -> None:
    reading = outcome(meeting())
    assert reading.troubles == ()
    assert reading.accepted == (
        Acceptance("form.newsletter", "1.0.0", "jonathan", "it-security", date(2026, 11, 20)),
        Acceptance("personal-data", "1.0.0", "claire", "dpo", date(2026, 11, 20)),
        Acceptance("promo-code", "1.0.0", "paul", "finance", date(2026, 11, 20)),
    )


def test_one_no_refuses_the_module_and_no_other() -> None:
    no = Decided("promo-code@1.0.0#P01", "Non", "Paul", "2026-11-20", 9)
    reading = outcome(meeting(P01=no))
    assert reading.refused == ("promo-code@1.0.0",)
    assert [a.module for a in reading.accepted] == ["form.newsletter", "personal-data"]


def test_one_blank_leaves_the_module_open() -> None:
    blank = Decided("form.newsletter@1.0.0#F03", " ", "", "", 4)
    reading = outcome(meeting(F03=blank))
    assert reading.undecided == ("form.newsletter@1.0.0",)
    assert reading.troubles == ()


def test_who_does_not_hold_the_role_decides_nothing() -> None:
    wrong = Decided("promo-code@1.0.0#P01", "yes", "Jonathan", "2026-11-20", 9)
    stranger = Decided("form.newsletter@1.0.0#F03", "yes", "Zoé", "2026-11-20", 4)
    reading = outcome(meeting(P01=wrong, F03=stranger))
    assert [a.module for a in reading.accepted] == ["personal-data"]
    assert said(reading) == [
        "4: “Zoé” is nobody of bridge.yaml: who decided?",
        "9: jonathan does not hold the role finance, which decides here.".replace(
            "jonathan", "Jonathan"
        ),
    ]


def test_a_row_of_an_older_version_counts_for_nothing() -> None:
    old = Decided("promo-code@0.9.0#P01", "yes", "Paul", "2026-11-20", 9)
    reading = outcome(meeting(P01=old))
    assert "promo-code@1.0.0" in reading.undecided
    assert said(reading) == [
        "9: “promo-code@0.9.0#P01” is another version; here it is promo-code@1.0.0. Write a fresh sheet."
    ]


def test_words_dates_and_doubles_that_cannot_be_taken() -> None:
    reading = outcome([
        Decided("promo-code@1.0.0#P01", "peut-être", "Paul", "2026-11-20", 2),
        Decided("promo-code@1.0.0#P02", "oui", "Paul", "11/20/2026", 3),
        Decided("promo-code@1.0.0", "oui", "Paul", "2026-12-24", 4),
        Decided("form.newsletter@1.0.0#F01", "oui", "claire", "2026-11-20", 5),
        Decided("form.newsletter@1.0.0#F01", "non", "claire", "2026-11-20", 6),
        Decided("form.newsleter@1.0.0", "oui", "jonathan", "2026-11-20", 7),
    ])  # fmt: skip
    assert reading.accepted == ()
    assert [line.partition(":")[0] for line in said(reading)] == ["2", "3", "4", "6", "7"]
    assert "did you mean “form.newsletter@1.0.0”" in said(reading)[-1]


def test_what_is_on_record_is_not_recorded_again() -> None:
    reading = outcome(meeting())
    assert fresh(reading, reading.accepted[:2]) == reading.accepted[2:]


def test_what_an_earlier_meeting_accepted_is_not_open_any_more() -> None:
    accepted = outcome(meeting()).accepted
    blank = Decided("form.newsletter@1.0.0#F03", " ", "", "", 4)
    again = still_open(outcome(meeting(F03=blank)), accepted)
    assert again.undecided == ()
    assert still_open(outcome(meeting(F03=blank)), ()).undecided == ("form.newsletter@1.0.0",)
