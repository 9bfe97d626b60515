"""Aligned columns for a terminal: widths in cells, not in characters."""

import unicodedata
from collections.abc import Iterable, Sequence


def width(written: str) -> int:
    """Return how many terminal cells the text takes (emoji and East Asian characters take two)."""
    return sum(
        0
        if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me")
        else 2
        if unicodedata.east_asian_width(char) in ("W", "F")
        else 1
        for char in written
    )


def clip(written: str, cells: int, ellipsis: str = "…") -> str:
    """Return the text cut to ``cells``, with an ellipsis where something is missing."""
    if width(written) <= cells:
        return written
    kept = ""
    for char in written:
        if width(kept + char) > cells - len(ellipsis):
            break
        kept += char
    return kept + ellipsis


def pad(written: str, cells: int) -> str:
    """Return the text followed by blanks up to ``cells``."""
    return written + " " * (cells - width(written))


def printable(written: str) -> str:
    """Return the text without control characters: names must not drive the reader's terminal."""
    return "".join("�" if _is_control(char) else char for char in written)


def _is_control(char: str) -> bool:
    # Direction overrides could make a line read as something else; joiners in emoji may stay.
    turns = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    return turns or unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def columns(
    rows: Iterable[Sequence[str]], *, cells: int | None = None, gap: str = "  "
) -> list[str]:
    """Return the rows as lines, each column as wide as its widest cell.

    The last column is not padded; where ``cells`` is given it is wrapped to fit, with its further
    lines below it.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)][:-1]
    indent = sum(widths) + len(gap) * len(widths)
    lines: list[str] = []
    for *firsts, last in rows:
        head = "".join(pad(cell, size) + gap for cell, size in zip(firsts, widths, strict=True))
        parts = _wrapped(last, max(20, cells - indent)) if cells else [last]
        lines.append((head + parts[0]).rstrip())
        lines += [" " * indent + part for part in parts[1:]]
    return lines


def _wrapped(written: str, cells: int) -> list[str]:
    lines = [""]
    for word in written.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) > cells:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
