"""Atlassian Document Format as plain data: building it, walking it, reading its text."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Node = dict[str, Any]
NameOf = Callable[[str], str | None]
"""Account id to display name, or None where nobody has it."""


def doc(content: Iterable[Node]) -> Node:
    """Return a whole document."""
    return {"type": "doc", "version": 1, "content": list(content)}


def node(kind: str, content: Iterable[Node] | None = None, **attrs: object) -> Node:
    """Return a node; attributes and content are left out where there are none."""
    made: Node = {"type": kind}
    if attrs:
        made["attrs"] = attrs
    if content is not None:
        made["content"] = list(content)
    return made


def text(value: str, marks: Iterable[Node] = ()) -> Node:
    """Return a text node; ``value`` is not empty (an empty text node is invalid)."""
    made: Node = {"type": "text", "text": value}
    marks = list(marks)
    if marks:
        made["marks"] = marks
    return made


def mark(kind: str, **attrs: object) -> Node:
    """Return a mark such as ``strong`` or ``link``."""
    return {"type": kind, "attrs": attrs} if attrs else {"type": kind}


def from_plain(value: str) -> Node:
    """Return a document of one paragraph per line of plain text."""
    return doc(node("paragraph", [text(line)] if line else []) for line in value.splitlines())


def children(item: Node) -> list[Node]:
    """Return the content of a node, empty for leaves."""
    content: list[Node] = item.get("content", [])
    return content


def walk(item: Node) -> Iterator[Node]:
    """Return the node and everything inside it, in reading order."""
    yield item
    for child in children(item):
        yield from walk(child)


def plain(item: Node | None) -> str:
    """Tell what a person reads, one line per block: for searching and for short previews."""
    if item is None:
        return ""
    return "\n".join(line for line in _lines(item) if line)


_INLINE_TEXT: dict[str, Callable[[Node], str]] = {
    "text": lambda n: n["text"],
    "hardBreak": lambda _: "\n",
    "mention": lambda n: n["attrs"].get("text") or "@" + n["attrs"]["id"],
    "emoji": lambda n: n["attrs"].get("text") or n["attrs"]["shortName"],
    "status": lambda n: n["attrs"]["text"],
    "inlineCard": lambda n: n["attrs"].get("url", ""),
    "blockCard": lambda n: n["attrs"].get("url", ""),
}
_WITH_INLINE = {"paragraph", "heading", "codeBlock", "taskItem", "decisionItem", "caption"}


def _lines(item: Node) -> Iterator[str]:
    if item["type"] in _WITH_INLINE:
        yield inline_text(item)
    else:
        for child in children(item):
            yield from _lines(child)


def inline_text(item: Node) -> str:
    """Return the text of one block's inline content."""
    return "".join(_INLINE_TEXT.get(child["type"], _unsaid)(child) for child in children(item))


def _unsaid(_: Node) -> str:
    return ""
