"""Text with a little structure, as data: what an issue's description says before any markup."""

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A small heading."""

    words: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain words."""

    words: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Lines that people tick; whether a line is ticked is theirs and is not part of the words."""

    items: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Checklist
Prose: TypeAlias = tuple[Block, ...]


def words_of(prose: Prose) -> str:
    """Return the bare words, folded as :func:`folded` does: what two versions are compared by."""
    parts: list[str] = []
    for block in prose:
        parts.extend(block.items if isinstance(block, Bullets | Checklist) else [block.words])
    return folded(" ".join(parts))


def folded(written: str) -> str:
    """Return text with blanks folded and control characters dropped, for comparing."""
    return " ".join(clean(written).split())


def clean(written: str) -> str:
    """Return text without characters that nobody sees, blanks and line ends excepted.

    Neither XML nor a terminal may meet a control character; a direction override makes a line read as
    something else; a zero-width blank makes two equal names differ. What emoji and scripts need stays:
    joiners, direction marks, the tags of regional flags, the Arabic signs that enclose a number.
    """
    return "".join(
        c for c in written if c in "\n\t" or c in _NEEDED or unicodedata.category(c) not in _UNSEEN
    )


_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_NEEDED = frozenset(
    "\u200c\u200d\u200e\u200f\u061c"  # joiners and direction marks
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"  # they enclose or head a number
) | {chr(tag) for tag in range(0xE0020, 0xE0080)}  # the flags of Scotland, of Texas


def printable(written: str) -> str:
    """Return text fit for one line of a terminal: clean, every other break a blank."""
    return re.sub(r"[\n\t\u2028\u2029]", " ", clean(written))


def one_line(written: str, longest: int = 255) -> str:
    """Return text fit for a summary or title: one line, at most ``longest`` characters."""
    line = re.sub(r"\s+", " ", clean(written)).strip()
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
