"""A body as lines of plain text: for comparing two versions as a person would."""

from collections.abc import Iterator
from itertools import pairwise

from bridge.sandbox.confluence.macros import parameter
from bridge.sandbox.confluence.rewrite import is_block
from bridge.sandbox.confluence.storage import (
    Element,
    attribute,
    child,
    inner_text,
    name,
    parse,
    serialize,
)
from bridge.sandbox.richtext.adf import NameOf

_LINES = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "caption", "dt", "dd", "ac:task-body",
}  # fmt: skip
_SHOWN_MACROS = {"status": "title", "jira": "key", "expand": "title"}


def broken_into_lines(body: str) -> str:
    """Return a stored body with line breaks between blocks; saving takes them out again."""
    root = parse(body)
    for element in root.iter():
        for item, following in pairwise(element):
            if not item.tail and is_block(item) and is_block(following):
                item.tail = "\n"
    return serialize(root)


def lines_of(body: str, name_of: NameOf = lambda _: None) -> list[str]:
    """One line per paragraph, heading, item and table row; cells are parted by ``|``."""
    return [line for line in _Reader(name_of).lines(parse(body)) if line.strip()]


class _Reader:
    """Reads elements as text; people are shown by name."""

    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of

    def lines(self, element: Element) -> Iterator[str]:
        """Return the lines inside an element."""
        for item in element:
            tag = name(item)
            if tag == "tr":
                yield " | ".join(self._words(cell) for cell in item)
            elif tag == "ac:task":
                yield self._task(item)
            elif tag in _LINES and not _contains_lines(item):
                yield self._words(item)
            elif tag == "ac:structured-macro" and attribute(item, "ac:name") in _SHOWN_MACROS:
                yield _macro(item)
                yield from self.lines(item)
            elif tag != "ac:parameter":
                yield (item.text or "").strip()
                yield from self.lines(item)

    def _task(self, task: Element) -> str:
        status, text = child(task, "ac:task-status"), child(task, "ac:task-body")
        done = status is not None and inner_text(status).strip() == "complete"
        return f"{'☑' if done else '☐'} {self._words(text) if text is not None else ''}"

    def _words(self, element: Element) -> str:
        """Return the text of an element on one line; lozenges in brackets."""
        return " ".join("".join(self._pieces(element)).split())

    def _pieces(self, element: Element) -> Iterator[str]:
        yield str(element.text or "")
        for item in element:
            tag = name(item)
            gap = " " if tag in _LINES or tag == "br" else ""
            yield gap
            if tag == "ac:structured-macro" and attribute(item, "ac:name") in _SHOWN_MACROS:
                yield _macro(item)
            elif tag == "ri:user":
                account = attribute(item, "ri:account-id") or attribute(item, "ri:userkey") or "?"
                yield self._name_of(account) or account
            elif tag == "time":
                yield str(item.get("datetime") or "")
            elif tag != "ac:parameter":
                yield from self._pieces(item)
            yield gap
            yield str(item.tail or "")


def _contains_lines(element: Element) -> bool:
    return any(name(inner) in _LINES | {"ul", "ol", "table"} for inner in element)


def _macro(element: Element) -> str:
    return f"[{parameter(element, _SHOWN_MACROS[attribute(element, 'ac:name') or ''])}]"
