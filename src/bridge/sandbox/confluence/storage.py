"""Confluence storage format: reading it as XML with named entities, and writing it back as text."""

import functools
import html.entities
import re
from collections.abc import Iterator

from lxml import etree

AC = "http://atlassian.com/content"
RI = "http://atlassian.com/resource/identifier"
_PREFIXES = {AC: "ac", RI: "ri"}
_ROOT = "storage-format"
NBSP = "\u00a0"

Element = etree._Element  # noqa: SLF001  # lxml's own name for the type


class StorageFormatError(ValueError):
    """The markup is not well formed. ``line`` and ``column`` count from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(
            f"Error parsing xhtml: {reason}\n at [row,col {{unknown-source}}]: [{line},{column}]"
        )
        self.line = line
        self.column = column


@functools.cache
def _prologue() -> str:
    """One line that declares XHTML's entities and binds the prefixes, so that rows count from the second."""
    entities = "".join(
        f'<!ENTITY {name} "&#{code};">'
        for name, code in html.entities.name2codepoint.items()
        if name not in ("amp", "lt", "gt", "quot", "apos")
    )
    return f'<!DOCTYPE {_ROOT} [{entities}]><{_ROOT} xmlns:ac="{AC}" xmlns:ri="{RI}">\n'


def parse(body: str) -> Element:
    """Return the root element that holds a page's body.

    Raises:
        StorageFormatError: not well formed, with the place.

    """
    illegal = re.search("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", body)
    if illegal:
        line = body.count("\n", 0, illegal.start()) + 1
        column = illegal.start() - (body.rfind("\n", 0, illegal.start()) + 1) + 1
        raise StorageFormatError(f"Illegal character (code {ord(illegal.group())})", line, column)
    parser = etree.XMLParser(no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"{_prologue()}{body}</{_ROOT}>".encode(), parser)
    except etree.XMLSyntaxError as wrong:
        raise StorageFormatError(_reason(wrong), *_place(wrong, body)) from None
    root.text = (root.text or "").removeprefix("\n") or None  # the prologue's own line break
    return root


def _place(wrong: etree.XMLSyntaxError, body: str) -> tuple[int, int]:
    """Line and column within the body: the prologue is one line, the root's end tag is nobody's."""
    lines = body.split("\n")
    line = min(max(1, wrong.position[0] - 1), len(lines))
    return line, min(max(1, wrong.position[1]), len(lines[line - 1]) + 1)


def _reason(wrong: etree.XMLSyntaxError) -> str:
    """Return the parser's complaint in the words of the real one's (Woodstox)."""
    text = str(wrong.msg)
    mismatch = re.match(
        r"Opening and ending tag mismatch: (\S+) line \d+ and (\S+?)(?:, line|$)", text
    )
    if mismatch:
        expected, found = mismatch.groups()
        if expected == _ROOT:
            return f"Unexpected close tag </{found}>; expected end of document."
        if found == _ROOT:
            return f"Unexpected end-of-input; was expecting a close tag for element <{expected}>"
        return f"Unexpected close tag </{found}>; expected </{expected}>."
    undeclared = re.match(r"Entity '([^']+)' not defined", text)
    if undeclared:
        return f'Undeclared general entity "{undeclared.group(1)}"'
    if "xmlParseEntityRef: no name" in text:
        return "Unexpected character ' ' (code 32) (missing name?)"
    unbound = re.match(r"Namespace prefix (\S+) ", text)
    if unbound:
        return f'Undeclared namespace prefix "{unbound.group(1)}"'
    return re.sub(r", line \d+, column \d+.*", "", text)


def name(element: Element) -> str:
    """Return the tag as people write it: ``ac:link``, ``p``."""
    return _short(str(element.tag))


def _short(qualified: str) -> str:
    if qualified.startswith("{"):
        uri, _, local = qualified[1:].partition("}")
        return f"{_PREFIXES.get(uri, uri)}:{local}"
    return qualified


def qualified(short: str) -> str:
    """Return the tag or attribute name as lxml keeps it."""
    prefix, colon, local = short.partition(":")
    if not colon:
        return short
    return f"{{{AC if prefix == 'ac' else RI}}}{local}"


def attribute(element: Element, short: str) -> str | None:
    """Return the value of an attribute such as ``ac:name``, or None."""
    value = element.get(qualified(short))
    return None if value is None else str(value)


def child(element: Element, short: str) -> Element | None:
    """Return the first child with a tag such as ``ac:rich-text-body``, or None."""
    return element.find(qualified(short))


def inner_text(element: Element) -> str:
    """All text inside."""
    return "".join(str(piece) for piece in element.itertext())


def serialize(root: Element) -> str:
    """Return the root's content as storage format: no declarations, empty elements closed."""
    return "".join([_text(root.text), *_contents(root)])


def _contents(element: Element) -> Iterator[str]:
    for item in element:
        yield from _element(item)
        yield _text(item.tail)


def _element(element: Element) -> Iterator[str]:
    tag = name(element)
    attributes = "".join(
        f' {_short(str(key))}="{_attribute(str(value))}"' for key, value in element.attrib.items()
    )
    if tag in ("ac:plain-text-body", "ac:plain-text-link-body"):
        verbatim = inner_text(element).replace("]]>", "]]]]><![CDATA[>")
        yield f"<{tag}{attributes}><![CDATA[{verbatim}]]></{tag}>"
    elif len(element) or element.text:
        yield f"<{tag}{attributes}>{_text(element.text)}"
        yield from _contents(element)
        yield f"</{tag}>"
    else:
        yield f"<{tag}{attributes} />"


def _text(text: str | None) -> str:
    if not text:
        return ""
    escaped = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;").replace(NBSP, "&nbsp;")


def _attribute(value: str) -> str:
    escaped = (
        value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
    return escaped.replace(NBSP, "&nbsp;").replace("\n", "&#10;").replace("\t", "&#9;")
