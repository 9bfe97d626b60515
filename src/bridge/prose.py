"""Text with a little structure, as data: what an issue's description says before any markup."""

import re
import unicodedata
from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Code:
    """Text that stands as it is written, line by line; ``language`` for its colours, '' for none.

    Characters that nobody sees are dropped when it is written, as :func:`clean` does.
    """

    words: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells with a line of plain words each; the first row is the heading."""

    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Checklist | Code | Table
Prose: TypeAlias = tuple[Block, ...]


def fitted(prose: Iterable[Block], most: int, rest: str) -> Prose:
    """Return as much of a text as ``most`` characters hold, whole lines only; ``rest`` says there is more."""
    kept: list[Block] = []
    for block in prose:
        items = block.items if isinstance(block, Bullets) else (_words(block),)
        fit = 0
        while fit < len(items) and len(items[fit]) <= most:
            most -= len(items[fit])
            fit += 1
        if fit == len(items):
            kept.append(block)
            continue
        if isinstance(block, Bullets) and fit:
            kept.append(Bullets(items[:fit]))
        return (*kept, Paragraph(rest))
    return tuple(kept)


def words_of(prose: Prose) -> str:
    """Return the bare words, folded as :func:`folded` does: what two versions are compared by.

    Code and tables leave a sign: a text is not the same once somebody made a table of it.
    """
    return folded(" ".join(_words(block) for block in prose))


def _words(block: Block) -> str:
    match block:
        case Bullets(items) | Checklist(items):
            return " ".join(items)
        case Code(words):
            return f"{sign_of_code(language_of(block))}{words}" if folded(words) else ""
        case Table(rows):
            cells = " ".join(cell for row in rows for cell in row)
            return f"{TABLE_SIGN}{cells}" if has_words(block) else ""
        case _:
            return block.words


TABLE_SIGN = "‹table› "


def sign_of_code(language: str) -> str:
    """Return what stands for a block of code among the words."""
    return f"‹codeBlock {language}› " if language else "‹codeBlock› "


def language_of(code: Code) -> str:
    """Return the language without what no language's name has and markup would stumble over."""
    return re.sub(r"[^\w+#.-]", "", code.language)


def has_words(table: Table) -> bool:
    """Tell whether any cell says something; a table of nothing is left out."""
    return any(folded(cell) for row in table.rows for cell in row)


def lines_of(prose: Prose) -> str:
    """Return the bare words with their lines: a paragraph, an item, a row of a table is one."""
    return "\n".join(line for block in prose for line in _lines(block) if line.strip())


def _lines(block: Block) -> list[str]:
    match block:
        case Bullets(items) | Checklist(items):
            return [folded(item) for item in items]
        case Code(words):
            return clean(words).split("\n")
        case Table(rows):
            return (
                [row_of(folded(cell) for cell in row) for row in rows] if has_words(block) else []
            )
        case _:
            return [folded(block.words)]


def row_of(cells: Iterable[str]) -> str:
    """Return a table's row as one line of words."""
    return " | ".join(cells).strip()


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
