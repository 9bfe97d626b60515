"""Single-word replies: the exact words, and nothing else, whoever says them."""

import re
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.replies import AUDIENCE, WORDS, begins_with_a_reply, replies_in, word_of
from bridge.tracker import Account, Comment

BRIDGE, CAMILLE, NADIA = Account("b", "Bridge"), Account("c", "Camille"), Account("n", "Nadia")
ASKED = datetime(2027, 1, 4, 9, tzinfo=UTC)
# An independent statement of the rule, for plain ASCII: the word, then signs, then the line's end.
PLAIN = re.compile(r"\s*(oui|yes|non|no|annuler|undo|pourquoi|why)[ .,;:!?]*(\n.*)?", re.IGNORECASE | re.DOTALL)  # fmt: skip


def said(
    words: str, author: Account = CAMILLE, minutes: float = 1, editor: Account | None = None
) -> Comment:
    at = ASKED + timedelta(minutes=minutes)
    return Comment(f"{words}{minutes}", author, editor or author, words, at, at)


def heard(*comments: Comment, concerned: tuple[Account, ...] = (CAMILLE,)):  # type: ignore[no-untyped-def]  # Replies
    return replies_in(comments, BRIDGE, ASKED, lambda account: account in concerned)


@pytest.mark.parametrize(
    "written", ["Oui", "OUI !", "oui.", "\n  yes \nparce que tout y est", "Oùi\u00a0!"]
)
def test_the_word_alone_on_the_first_line_is_a_yes(written: str) -> None:
    assert word_of(written) == "yes"
    assert not begins_with_a_reply(written)


@pytest.mark.parametrize(
    "written",
    ["oui mais demain", "Oui, merci", "non : trop tôt", "yes/no", "annuler svp", "pourquoi pas"],
)
def test_a_word_that_goes_on_is_no_reply_and_is_seen(written: str) -> None:
    assert word_of(written) is None
    assert begins_with_a_reply(written)


@pytest.mark.parametrize(
    "written",
    ["", "  \n", "> oui", "ouistiti", "nonante", "d'accord", "ok", "👍", "- oui", "o u i"],
)
def test_anything_else_is_left_alone(written: str) -> None:
    assert word_of(written) is None
    assert not begins_with_a_reply(written)


@given(st.text(string.ascii_letters + string.digits + " .,;:!?\n-'>/()", max_size=40))
@example("oui\nmais")
@example("oui!a")
def test_no_text_but_the_exact_words_is_a_reply(written: str) -> None:
    assert (word_of(written) is not None) == (PLAIN.fullmatch(written) is not None)


@given(st.sampled_from(sorted(WORDS)), st.text(min_size=1, max_size=10))
def test_whatever_follows_on_the_line_takes_the_reply_away(word: str, more: str) -> None:
    line = more.split("\n", maxsplit=1)[0]
    if any(c.isalnum() for c in line):
        assert word_of(f"{word} {line}") is None


def test_the_last_word_counts() -> None:
    assert heard(said("oui", minutes=1), said("annuler", minutes=2)).last == "undo"
    assert heard(said("non", minutes=2), said("oui", minutes=3)).last == "yes"


def test_what_was_said_before_the_question_is_no_answer() -> None:
    assert heard(said("oui", minutes=0), said("oui", minutes=-5)).last is None


def test_the_bridge_answers_no_question_of_its_own() -> None:
    assert heard(said("oui", BRIDGE), concerned=(BRIDGE, CAMILLE)).last is None


def test_who_may_not_decide_is_told_so_but_may_ask_why() -> None:
    replies = heard(said("oui", NADIA), said("pourquoi", NADIA, 2))
    assert (replies.last, replies.why, len(replies.ignored)) == (None, True, 1)
    assert replies.ignored[0].values["name"] == "Nadia"


def test_words_that_somebody_else_put_there_do_not_count() -> None:
    replies = heard(said("oui", CAMILLE, editor=NADIA))
    assert (replies.last, len(replies.ignored)) == (None, 1)


def test_each_word_has_its_twin_and_its_audience() -> None:
    assert set(WORDS.values()) == set(AUDIENCE)
    assert all(list(WORDS.values()).count(word) == 2 for word in AUDIENCE)
