"""Sentences as values: what to say, without the language to say it in.

The centre decides and explains; it never reads a catalogue. It returns :class:`Text`, and the edge
says it in French or English (``language.py``). English sentences are the message ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol, TypeAlias

LANGUAGES: Final = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words a person wrote in both languages, in a template or a module file."""

    fr: str
    en: str

    def in_(self, language: str) -> str:
        """Return the words in ``language`` (``fr`` or ``en``)."""
        return self.fr if language == "fr" else self.en


class Either(tuple["Value", ...]):
    """Words of which one will do: said as a list with « ou »."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the catalogue with the values that fill it.

    ``one`` is the message id, with ``{name}`` places; where ``many`` is given the sentence has a
    plural and the value ``n`` chooses. Values may be dates (said in the reader's way), numbers,
    words in both languages, other sentences, or tuples of these (said as a list; an
    :class:`Either` as a choice).
    """

    one: str
    values: Mapping[str, "Value"] = field(default_factory=dict)
    many: str | None = None

    def __hash__(self) -> int:
        return hash(
            (self.one, self.many, tuple(sorted((k, str(v)) for k, v in self.values.items())))
        )


Value: TypeAlias = "str | int | float | date | Text | Bilingual | tuple[Value, ...]"
Words: TypeAlias = str | Text | Bilingual


def text(one: str, /, **values: Value) -> Text:
    """Build a sentence; ``one`` is collected into the catalogues by the extraction tool."""
    return Text(one, values)


def texts(one: str, many: str, /, n: int, **values: Value) -> Text:
    """Build a sentence with a plural; ``n`` both chooses the form and fills ``{n}``."""
    return Text(one, {"n": n, **values}, many)


class Speaker(Protocol):
    """What says a sentence in one language; implemented at the edge by ``language.Language``."""

    @property
    def code(self) -> str:
        """Return ``fr`` or ``en``."""
        ...

    def say(self, words: Words) -> str:
        """Return the words in this language, values filled in."""
        ...

    def day(self, day: date, *, style: str = "medium") -> str:
        """Return a date as this language writes it: ``short``, ``medium``, ``full`` ..."""
        ...
