"""Prose as Atlassian Document Format, built as data, and ADF back to bare words. Pure.

The grammar is Atlassian's ``@atlaskit/adf-schema``; an empty text node is invalid, so empty blocks
are left out.
"""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from bridge.prose import (
    Block,
    Bullets,
    Checklist,
    Code,
    Heading,
    Paragraph,
    Prose,
    Table,
    clean,
    folded,
    has_words,
    language_of,
)

Node = dict[str, Any]
_NAMES = uuid.UUID("5f0f6e0e-6c1b-4b8e-9a37-3a3c6c0b6f10")  # our own name space for local ids
_HEADING = 3
_WRITTEN = frozenset(
    {
        *("doc", "paragraph", "bulletList", "listItem", "taskList"),
        *("tableRow", "tableHeader", "tableCell"),  # the table itself leaves a sign
    }
)
_TELLING = ("url", "href", "timestamp", "id", "color", "language", "title")
_TICKED = "☑ "
INLINE = frozenset({"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard"})


def document(prose: Prose) -> Node:
    """Return the ADF document of a prose."""
    return {"type": "doc", "version": 1, "content": [n for block in prose for n in _nodes(block)]}


def extended(node: Any, prose: Prose) -> Node:
    """Return a document (None: an empty one) with a prose at its end; every node stays as it is.

    Raises TypeError for what is no document.
    """
    added = document(prose)
    if node is None:
        return added
    if not isinstance(node, dict) or not isinstance(node.get("content"), list):
        raise TypeError(node)
    return {**node, "content": [*node["content"], *added["content"]]}


def words_of(node: Any) -> str:
    """Return the bare words of an ADF document, folded for comparing; '' for nothing."""
    return folded("".join(_words(node)))


def unticked(node: Any) -> tuple[str, ...]:
    """Return the words of the tasks that nobody ticked, in their order."""
    if not isinstance(node, dict):
        return ()
    if node.get("type") == "taskItem":
        is_ticked = (node.get("attrs") or {}).get("state") == "DONE"
        return () if is_ticked else (words_of(node),)
    return tuple(words for child in node.get("content") or () for words in unticked(child))


def _nodes(block: Block) -> Iterator[Node]:
    match block:
        case Heading(words):
            yield from _block("heading", words, {"level": _HEADING})
        case Paragraph(words):
            yield from _block("paragraph", words)
        case Bullets(items):
            lines = [_wrapped("listItem", item) for item in items if _text(item)]
            if lines:
                yield {"type": "bulletList", "content": lines}
        case Checklist(items):
            yield from _task_list(items)
        case Code(words):
            yield from _code(block, clean(words))
        case Table(rows):
            if has_words(block):
                content = [_row(row, is_head=n == 0) for n, row in enumerate(rows) if row]
                yield {"type": "table", "content": content}


def _code(block: Code, words: str) -> Iterator[Node]:
    if folded(words):
        language = language_of(block)
        attributes = {"attrs": {"language": language}} if language else {}
        yield {"type": "codeBlock", **attributes, "content": [{"type": "text", "text": words}]}


def _row(cells: Iterable[str], *, is_head: bool) -> Node:
    kind = "tableHeader" if is_head else "tableCell"
    return {"type": "tableRow", "content": [_wrapped(kind, cell) for cell in cells]}


def _block(kind: str, words: str, attributes: Node | None = None) -> Iterator[Node]:
    content = _text(words)
    if content:
        yield {"type": kind, **({"attrs": attributes} if attributes else {}), "content": content}


def _wrapped(kind: str, words: str) -> Node:
    return {"type": kind, "content": [{"type": "paragraph", "content": _text(words)}]}


def _task_list(items: Iterable[str]) -> Iterator[Node]:
    # Local ids follow from the words, so that the same prose is the same document.
    tasks = [
        {
            "type": "taskItem",
            "attrs": {"localId": str(uuid.uuid5(_NAMES, f"{number} {item}")), "state": "TODO"},
            "content": _text(item),
        }
        for number, item in enumerate(items)
        if _text(item)
    ]
    if tasks:
        local = str(uuid.uuid5(_NAMES, "\n".join(items)))
        yield {"type": "taskList", "attrs": {"localId": local}, "content": tasks}


def _text(words: str) -> list[Node]:
    plain = clean(words).replace("\n", " ").strip()
    return [{"type": "text", "text": plain}] if plain else []


def _words(node: Any) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind == "text":
        yield str(node.get("text", "")) + "".join(
            _foreign(mark) for mark in node.get("marks") or ()
        )
    elif kind == "hardBreak":
        yield "\n"
    else:
        yield _sign(node)
        for child in node.get("content") or ():
            yield from _words(child)
        if kind not in INLINE:
            yield " "


def _sign(node: Node) -> str:
    """Return what stands for a node that has no words of its own, or that the bridge never writes.

    A person's card, picture, tick or table must show in a comparison, or it would count as nothing.
    """
    kind, attributes = str(node.get("type")), node.get("attrs") or {}
    if kind == "taskItem":
        return _TICKED if attributes.get("state") == "DONE" else ""
    if kind == "heading":
        return "" if attributes.get("level") == _HEADING else f"‹h{attributes.get('level')}› "
    if kind in _WRITTEN:
        return ""
    if kind in ("mention", "emoji", "status") and attributes.get("text"):
        return str(attributes["text"])
    return _foreign(node) + (" " if kind in ("table", "codeBlock") else "")


def _foreign(node: Node) -> str:
    """Return a node's or mark's type with the attributes that say what it is."""
    attributes = node.get("attrs") or {}
    what = [str(attributes[name]) for name in _TELLING if attributes.get(name)]
    return f"‹{' '.join([str(node.get('type')), *what])}›"
