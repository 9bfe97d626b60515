"""Aligned columns for a terminal: widths in cells, not in characters."""

import shutil
import unicodedata
from collections.abc import Iterable, Sequence

import click

from bridge.prose import printable as printable  # noqa: PLC0414  # what every cell goes through


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


def terminal_width(otherwise: int = 160) -> int:
    """Return how many cells a line may take: the terminal's (or COLUMNS), at most 160."""
    return min(160, shutil.get_terminal_size((otherwise, 24)).columns)


def headed(rows: Sequence[Sequence[str]], *, cells: int | None = None) -> list[str]:
    """Return a table whose first row is its head, underlined, at most ``cells`` wide.

    Where the columns leave no room for the last one, even wrapped, each row stands below the other:
    its last cell first, then a line for every other cell that says something.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    cells = cells or terminal_width()
    for gap in (2, 1):
        sizes = _sizes(rows, cells, gap)
        if cells - sum(sizes) - gap * len(sizes) >= min(_NARROWEST, _natural(rows)[-1]):
            break
    else:
        return _stacked(rows, cells)
    head, *lines = _laid(rows, sizes, cells, gap)
    return [click.style(head, underline=True), *lines]


_NARROWEST = 18  # cells that the last column needs at least


def columns(rows: Iterable[Sequence[str]], *, cells: int | None = None) -> list[str]:
    """Return the rows as lines, each column as wide as its widest cell.

    The last column is not padded; where ``cells`` is given it is wrapped to fit, with its further
    lines below it.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    return _laid(rows, _natural(rows)[:-1], cells, 2)


def _natural(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of every column, nothing wrapped."""
    return [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]


def _sizes(rows: Sequence[Sequence[str]], cells: int, gap: int) -> list[int]:
    """Return the widths of all columns but the last, the widest narrowed until the last has room.

    Words stay whole, and so does a cell with a number in it, since that is a date or an offset.
    """
    sizes = _natural(rows)[:-1]
    least = [
        max(
            width(cell) if any(map(str.isdecimal, cell)) else max(map(width, cell.split(" ")))
            for cell in column
        )
        for column in zip(*rows, strict=True)
    ]
    room = cells - gap * len(sizes) - _NARROWEST
    while sum(sizes) > room and any(size > low for size, low in zip(sizes, least, strict=False)):
        widest = max(range(len(sizes)), key=lambda n: (sizes[n] > least[n], sizes[n]))
        sizes[widest] -= 1
    return sizes


def _laid(
    rows: Sequence[Sequence[str]], sizes: Sequence[int], cells: int | None, gap: int
) -> list[str]:
    """Return the rows as lines; a cell too wide for its column goes on below."""
    last = max(_NARROWEST, cells - sum(sizes) - gap * len(sizes)) if cells else None
    lines = []
    for row in rows:
        parts = [wrapped(cell, size) for cell, size in zip(row, [*sizes, last], strict=True)]
        for number in range(max(map(len, parts))):
            line = [part[number] if number < len(part) else "" for part in parts]
            padded = [pad(cell, size) for cell, size in zip(line, sizes, strict=False)]
            lines.append((" " * gap).join([*padded, line[-1]]).rstrip())
    return lines


def _stacked(rows: Sequence[Sequence[str]], cells: int) -> list[str]:
    *heads, _ = rows[0]
    names = max((width(head) for head in heads), default=0)
    lines: list[str] = []
    for *firsts, last in rows[1:]:
        lines += [click.style(line, bold=True) for line in wrapped(last, cells)]
        for head, cell in zip(heads, firsts, strict=True):
            if cell:
                first, *others = wrapped(cell, max(1, cells - names - 4))
                lines.append(f"  {pad(head, names)}  {first}")
                lines += [" " * (names + 4) + other for other in others]
    return lines


def lines(written: str, *, indent: str = "") -> list[str]:
    """Return a text in lines that the terminal holds; what goes on below is set in further."""
    room = terminal_width() - 2 * len(indent)
    first, *others = wrapped(printable(written), room)
    return [indent + first, *(2 * indent + other for other in others)]


def wrapped(written: str, cells: int | None) -> list[str]:
    """Return the text in lines of at most ``cells``, broken at blanks; a longer word stays whole."""
    if cells is None or width(written) <= cells:
        return [written]
    lines = [""]
    for word in written.split(" "):
        if lines[-1] and width(lines[-1]) + 1 + width(word) > cells:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
