"""What an Atlassian document says, line by line, and the code and tables it holds. Pure."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bridge.atlassian.adf import INLINE, Node
from bridge.prose import Code, clean, folded, row_of
from bridge.tracker import Content

# Blocks whose children are the words of a line; a hard break in them begins another.
_HOLDERS = frozenset({"paragraph", "heading", "taskItem", "decisionItem", "caption"})
_CELLS = frozenset({"tableHeader", "tableCell"})


def lines_of(node: Any) -> str:
    """Return the bare words of a document with their lines; '' for nothing.

    A quotation's lines begin with ``> ``; words struck through are left out.
    """
    return "\n".join(line for line in _lines(node) if line.strip())


def content(node: Any) -> Content:
    """Return the code and the tables of a document, in their order."""
    blocks = [*_walk(node)]
    return Content(
        tuple(_code(block) for block in blocks if block.get("type") == "codeBlock"),
        tuple(_rows(block) for block in blocks if block.get("type") == "table"),
    )


def _children(node: Any) -> list[Any]:
    return (node.get("content") or []) if isinstance(node, dict) else []


def _walk(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        yield node
        for child in _children(node):
            yield from _walk(child)


def _code(node: Node) -> Code:
    words = "".join(str(child.get("text", "")) for child in _children(node))
    return Code(words, str((node.get("attrs") or {}).get("language") or ""))


def _rows(table: Node) -> tuple[tuple[str, ...], ...]:
    rows = (row for row in _children(table) if row.get("type") == "tableRow")
    return tuple(tuple(_cells(row)) for row in rows)


def _cells(row: Node) -> Iterator[str]:
    for cell in _children(row):
        if cell.get("type") in _CELLS:
            yield folded(" ".join(_lines(cell)))


def _lines(node: Any) -> Iterator[str]:
    match node.get("type") if isinstance(node, dict) else None:
        case kind if kind in _HOLDERS:
            words = "".join(_said(child) for child in _children(node))
            yield from (folded(line) for line in words.split("\n"))
        case "codeBlock":
            yield from clean(_code(node).words).split("\n")
        case "tableRow":
            yield row_of(_cells(node))
        case "blockquote":
            yield from (f"> {line}" for line in _lines_below(node) if line)
        case kind if kind in INLINE:  # a card on a line of its own
            yield folded(_said(node))
        case _:
            yield from _lines_below(node)


def _lines_below(node: Any) -> Iterator[str]:
    for child in _children(node):
        yield from _lines(child)


def _said(node: Any) -> str:
    """Return what an inline node says to a reader, whatever it looks like."""
    attributes = node.get("attrs") or {}
    marks = {mark.get("type") for mark in node.get("marks") or ()}
    said = _SAID.get(str(node.get("type")))
    return "" if "strike" in marks or said is None else said(node, attributes)


def _day(_: Node, attributes: Node) -> str:
    """Return a date as YYYY-MM-DD; it is kept in milliseconds. Raises ValueError for anything else."""
    return datetime.fromtimestamp(int(attributes["timestamp"]) / 1000, UTC).date().isoformat()


_SAID: dict[str, Callable[[Node, Node], str]] = {
    "text": lambda node, _: str(node.get("text", "")).replace("\n", " "),
    "hardBreak": lambda *_: "\n",
    "mention": lambda _, attributes: str(attributes.get("text") or ""),
    "emoji": lambda _, attributes: str(attributes.get("text") or attributes.get("shortName") or ""),
    "status": lambda _, attributes: str(attributes.get("text") or ""),
    "inlineCard": lambda _, attributes: str(attributes.get("url") or ""),
    "date": _day,
}
