"""Finding phrases in labels: words made comparable, and an index of phrases by their first word.

A label is read once, word by word; no phrase is tried that does not begin with the word at hand. That
is why the size of the lexicon hardly counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Generic, TypeAlias, TypeVar

Payload = TypeVar("Payload")
BREAK: Final = "\x00"  # between texts that no phrase may span
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])")
# Small words that stand inside phrases at will: « numéro (de) (votre) carte ».
_SMALL: Final = frozenset(
    ("de", "du", "des", "d", "la", "les", "l", "votre", "vos", "the", "of", "your")
)
_DIGITS: Final = "0123456789"
_ENDINGS: Final = frozenset("sx" + _DIGITS)
_SHORTEST_GLUED: Final = 7
# Letters of other alphabets that look like ours: « NIR » may be written with a Cyrillic « І ».
_ALIKE: Final = str.maketrans(
    "авекмнорстухіјѕАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαεικνρτυχ",
    "abekmhopctyxijsABEKMHOPCTYXIJSABEZHIKMNOPTYXoaeikvptux",
)


def _plain(char: str) -> str:
    """Return a character as words are compared: a small letter, a digit, or a blank."""
    special = {BREAK: " | ", "°": "umero ", "º": "umero ", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae",
               "ß": "ss", "\u00ad": ""}  # fmt: skip
    if char in special:
        return special[char]
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return bare.lower() if bare.isascii() and bare.isalnum() else " "


# Latin letters with their accents; whatever lies beyond takes the slow way.
_LATIN: Final = {code: _plain(chr(code)) for code in range(0x250)}


def words_of(written: str) -> list[str]:
    """Return the words of a text: no accents, capitals, plurals or small words; ``n°`` is numero."""
    if "°" in written:
        written = written.replace(" °", "°")
    if not written.isascii() and max(written) >= "\u0250":
        written = _spelled_out(written)
    if not written[1:].islower():  # a capital that is not the first letter
        written = _CAMEL.sub(" ", written)
    words = [
        _stem(word) if word[-1] in _ENDINGS else word
        for word in written.translate(_LATIN).split()
        if word not in _SMALL
    ]
    if len(words) < 3 or len([word for word in words if len(word) == 1]) < 3:
        return words
    return words + _spelled(words)


def _spelled_apart(written: str) -> str:
    """Return a text with letters and accents apart, and look-alikes of our letters as ours."""
    known = written.replace("№", "n° ").translate(_ALIKE)
    return unicodedata.normalize("NFKD", known).translate(_ALIKE)


def _spelled_out(written: str) -> str:
    """Return a text in Latin letters alone, as far as others stand for them."""
    composed = _spelled_apart(written)
    return "".join(
        c for c in composed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    ).translate({0x2019: " "} | dict.fromkeys((c for c in map(ord, composed) if c >= 0x250), " "))


def is_legible(written: str) -> bool:
    """Tell whether every letter of a text can be compared: letters of other alphabets cannot.

    A text without a single word says nothing either.
    """
    if written.isascii():
        return any(map(str.isalnum, written))
    letters = [c for c in _spelled_apart(written) if c.isalpha() or c.isdigit()]
    return bool(letters) and all(ord(c) < 0x250 or _plain(c) != " " for c in letters)


def _stem(word: str) -> str:
    bare = (word.rstrip(_DIGITS) or word) if len(word) > 3 else word
    return bare[:-1] if len(bare) > 3 and bare[-1] in "sx" else bare


def _spelled(words: Sequence[str]) -> list[str]:
    """Return the words that were spelled letter by letter, such as N.I.R."""
    letters = groupby(words, key=lambda word: len(word) == 1 and word != "|")
    runs = ("".join(run) for is_letter, run in letters if is_letter)
    return [run for run in runs if len(run) > 2]


# A phrase found: the first word it covers, the one after its last, and what it stands for.
Span: TypeAlias = tuple[int, int, Payload]


@dataclass(slots=True)
class Phrases(Generic[Payload]):
    """An index of phrases; the longest phrase hides the ones inside it."""

    _words: dict[str, Payload] = field(default_factory=dict)
    # by their first word, then by their second: what follows, the longest first
    _longer: dict[str, dict[str, list[tuple[list[str], Payload]]]] = field(default_factory=dict)

    def add(self, phrases: Iterable[str], payload: Payload) -> None:
        """Add phrases that stand for the same; a phrase added earlier is kept."""
        for phrase in phrases:
            words = words_of(phrase)
            if words:
                self._add(words, payload)
            glued = "".join(words)
            if len(words) > 1 and len(glued) >= _SHORTEST_GLUED:
                self._add([glued], payload)  # a field's name: numsecu, codepostal

    def _add(self, words: list[str], payload: Payload) -> None:
        if len(words) == 1:
            self._words.setdefault(words[0], payload)
            return
        entries = self._longer.setdefault(words[0], {}).setdefault(words[1], [])
        if all(rest != words[2:] for rest, _ in entries):
            entries.append((words[2:], payload))
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, words: list[str]) -> list[Span[Payload]]:
        """Return the phrases in a text, first to last, without those inside a longer one."""
        found: list[Span[Payload]] = []
        reach = 0
        for start, word in enumerate(words):
            if word in self._longer and (longer := self._longest(words, start)) is not None:
                if longer[1] > reach:
                    found.append(longer)
                    reach = longer[1]
            elif start >= reach and word in self._words:
                found.append((start, start + 1, self._words[word]))
                reach = start + 1
        return found

    def _longest(self, words: list[str], start: int) -> Span[Payload] | None:
        """Return the longest phrase of two words or more that begins at ``start``."""
        if start + 1 == len(words):
            return None
        for rest, payload in self._longer[words[start]].get(words[start + 1], ()):
            end = start + 2 + len(rest)
            if not rest or words[start + 2 : end] == rest:
                return start, end, payload
        return None
