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
    """Return text without control characters: neither XML nor a terminal may meet them."""
    return "".join(c for c in written if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def one_line(written: str, longest: int = 255) -> str:
    """Return text fit for a summary or title: one line, at most ``longest`` characters."""
    line = re.sub(r"\s+", " ", clean(written)).strip()
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
