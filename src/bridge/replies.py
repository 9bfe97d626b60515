"""Single-word replies in comments, in either language, and who may say which. Pure.

Nothing is guessed: the word stands alone on the first line of a comment. Whoever begins with such a
word and goes on has not replied, and is told so.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bridge.text import Text, text
from bridge.tracker import Account, Comment

Word = Literal["yes", "no", "undo", "why"]
WORDS: Final[Mapping[str, Word]] = {
    "oui": "yes", "yes": "yes",
    "non": "no", "no": "no",
    "annuler": "undo", "undo": "undo",
    "pourquoi": "why", "why": "why",
}  # fmt: skip
# Who may say what about a campaign: those concerned (reporter, creator and assignee of the epic, the
# lead, the role marketing), or anybody.
AUDIENCE: Final[Mapping[Word, Literal["concerned", "anybody"]]] = {
    "yes": "concerned",
    "no": "concerned",
    "undo": "concerned",
    "why": "anybody",
}
MOST_IGNORED = 10  # replies that do not count, named in one comment


def word_of(words: str) -> Word | None:
    """Return the reply that a comment is, by its first line; case, accents, last signs ignored."""
    return WORDS.get(_bare(_first_line(words)).rstrip(" .,;:!?…"))


def begins_with_a_reply(words: str) -> bool:
    """Tell whether a comment begins with a reply's word and goes on: it is none, and looks like one."""
    first = re.match(r"[^\W\d_]+", _bare(_first_line(words)))
    return first is not None and first[0] in WORDS and word_of(words) is None


def _first_line(words: str) -> str:
    return next((line.strip() for line in words.split("\n") if line.strip()), "")


def _bare(line: str) -> str:
    """Return a line in small letters without accents, every blank a plain one."""
    plain = unicodedata.normalize("NFD", line.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@dataclass(frozen=True, slots=True)
class Replies:
    """What people answered since they were asked.

    ``last`` is the latest of yes, no and undo that counts, ``by`` who gave it; ``why`` tells whether
    anybody asked for the reasons; ``ignored`` says what does not count, and why.
    """

    last: Word | None = None
    by: str = ""
    why: bool = False
    ignored: tuple[Text, ...] = ()


def replies_in(
    comments: Iterable[Comment],
    me: Account,
    since: datetime,
    is_concerned: Callable[[Account], bool],
) -> Replies:
    """Return what the comments of an issue answer to what was asked at ``since``.

    A reply counts when its author alone wrote it, after ``since``; the bridge's own never does.
    """
    last: tuple[Word, str] | None = None
    why, ignored = False, list[Text]()
    for comment in sorted(comments, key=lambda c: c.created):
        author, word = comment.author, word_of(comment.words)
        if author is None or author.id == me.id or comment.created <= since:
            continue
        reason = _objection(comment, author, word, is_concerned)
        if reason is not None:
            ignored.append(reason)
        elif word == "why":
            why = True
        elif word is not None:
            last = word, author.name
    kept = tuple(ignored[-MOST_IGNORED:])
    return Replies(last[0], last[1], why, kept) if last else Replies(why=why, ignored=kept)


def _objection(
    comment: Comment, author: Account, word: Word | None, is_concerned: Callable[[Account], bool]
) -> Text | None:
    """Say why what looks like a reply does not count; None where it counts, or looks like none."""
    if word is None:
        if not begins_with_a_reply(comment.words):
            return None
        return text(
            "{name} went on after the word: a reply is the word alone on the first line of a comment.",
            name=author.name,
        )
    if comment.editor is None or comment.editor.id != author.id:
        return text("Somebody else changed the comment of {name}.", name=author.name)
    if AUDIENCE[word] == "concerned" and not is_concerned(author):
        return text(
            "{name} may not decide here: that is for who reported or created this epic, for its "
            "assignee, the campaign lead and the role marketing.",
            name=author.name,
        )
    return None
