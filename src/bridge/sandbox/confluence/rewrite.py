"""What Confluence does to a body when it is saved.

It adds ids and versions, orders macro parameters, drops inline style, and normalises entities, blanks
and empty elements; so what is read back is never what was sent. Rewriting what was read changes
nothing. Which attributes: md2conf's comparison code, which ignores exactly these.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from bridge.sandbox.confluence.storage import (
    Element,
    attribute,
    child,
    inner_text,
    name,
    parse,
    qualified,
    serialize,
)

VersionOf = Callable[[str | None, str], int]
"""The current version of the page with a title (in the space with a key, None for the same space)."""

_INLINE_MACROS = {"status", "anchor", "jira"}
_BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody",
    "tfoot", "tr", "td", "th", "colgroup", "col", "caption", "hr", "pre", "blockquote", "div", "ac:layout",
    "ac:layout-section", "ac:layout-cell", "ac:rich-text-body", "ac:plain-text-body", "ac:parameter",
    "ac:task-list", "ac:task", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:task-body", "ac:image",
    "ac:adf-extension",
}  # fmt: skip
_CONTAINERS = _BLOCKS - {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ac:parameter", "ac:plain-text-body",
}  # fmt: skip
_WITH_LOCAL_ID = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"}
_VERBATIM = {"pre", "ac:plain-text-body", "ac:plain-text-link-body", "ac:parameter"}
_BLANKS = re.compile(r"[ \t\r\n]*[\r\n][ \t\r\n]*")


@dataclass
class Ids:
    """New ids, the same for the same ``seed`` and order, never one that is taken."""

    seed: str
    taken: set[str] = field(default_factory=set)
    _count: int = 0

    def new(self, *, short: bool = False) -> str:
        """Make a UUID, or its first twelve digits."""
        while True:
            self._count += 1
            made = str(uuid5(NAMESPACE_URL, f"{self.seed}#{self._count}"))
            made = made.replace("-", "")[:12] if short else made
            if made not in self.taken:
                self.taken.add(made)
                return made


def rewritten(body: str, seed: str, version_of: VersionOf = lambda _space, _title: 1) -> str:
    """Return the body as Confluence keeps it. ``seed`` (page and version) decides the new ids.

    Raises:
        StorageFormatError: not well formed.

    """
    root = parse(body)
    elements = list(root.iter())
    ids = Ids(seed, {str(v) for e in elements for v in e.attrib.values()})
    for element in elements:
        _drop_style(element)
        _REWRITERS.get(name(element), _leave)(element, ids)
        if name(element) in _WITH_LOCAL_ID and element.get("local-id") is None:
            element.set("local-id", ids.new(short=True))
        if name(element) in ("ri:page", "ri:attachment"):
            _stamp_version(element, version_of)
    _tidy_blanks(root)
    return serialize(root)


def _leave(_: Element, __: Ids) -> None:
    """Most elements need nothing."""


def _drop_style(element: Element) -> None:
    for key in list(element.attrib):
        if str(key) == "style" or str(key).lower().startswith("on"):
            del element.attrib[key]


def _macro(element: Element, ids: Ids) -> None:
    if attribute(element, "ac:schema-version") is None:
        element.set(qualified("ac:schema-version"), "1")
    if attribute(element, "ac:macro-id") is None:
        element.set(qualified("ac:macro-id"), ids.new())
    parameters = [c for c in element if name(c) == "ac:parameter"]
    others = [c for c in element if name(c) != "ac:parameter"]
    parameters.sort(key=lambda p: attribute(p, "ac:name") or "")
    for item in (*parameters, *others):
        item.tail = None
    element[:] = [*parameters, *others]


def _table(element: Element, ids: Ids) -> None:
    if attribute(element, "ac:local-id") is None:
        element.set(qualified("ac:local-id"), ids.new())


def _task_list(element: Element, ids: Ids) -> None:
    tasks = [c for c in element if name(c) == "ac:task"]
    kept = {inner_text(i).strip() for t in tasks if (i := child(t, "ac:task-id")) is not None}
    free = iter(str(n) for n in range(1, len(tasks) + len(kept) + 1) if str(n) not in kept)
    for task in tasks:
        _task(task, free.__next__, ids)


def _task(task: Element, next_id: Callable[[], str], ids: Ids) -> None:
    parts = {
        short: child(task, short)
        for short in ("ac:task-id", "ac:task-uuid", "ac:task-status", "ac:task-body")
    }
    makers: dict[str, Callable[[], str]] = {
        "ac:task-id": next_id,
        "ac:task-uuid": ids.new,
        "ac:task-status": lambda: "incomplete",
        "ac:task-body": lambda: "",
    }
    for short, part in parts.items():
        found = part if part is not None else _made(task, short)
        if not inner_text(found).strip() and len(found) == 0:
            found.text = makers[short]() or None
        found.tail = None
        parts[short] = found
    task[:] = [part for part in parts.values() if part is not None]


def _made(parent: Element, short: str) -> Element:
    return etree.SubElement(parent, qualified(short))


def _stamp_version(element: Element, version_of: VersionOf) -> None:
    if attribute(element, "ri:version-at-save") is None:
        title = attribute(element, "ri:content-title") or ""
        version = (
            version_of(attribute(element, "ri:space-key"), title)
            if name(element) == "ri:page"
            else 1
        )
        element.set(qualified("ri:version-at-save"), str(version))


_REWRITERS: dict[str, Callable[[Element, Ids], None]] = {
    "ac:structured-macro": _macro,
    "table": _table,
    "ac:task-list": _task_list,
}


def is_block(element: Element) -> bool:
    """Whether an element stands in a line of its own, so that blanks beside it mean nothing."""
    tag = name(element)
    if tag == "ac:structured-macro":
        return attribute(element, "ac:name") not in _INLINE_MACROS
    return tag in _BLOCKS


def _tidy_blanks(root: Element) -> None:
    """Blanks between blocks go; a line break inside text becomes one blank."""
    for element in root.iter():
        if name(element) in _VERBATIM:
            continue
        contains_blocks = element is root or name(element) in _CONTAINERS or _is_macro(element)
        kids = list(element)
        element.text = _tidied(element.text, edge=contains_blocks, after=kids[0] if kids else None)
        for at, item in enumerate(kids):
            following = kids[at + 1] if at + 1 < len(kids) else None
            item.tail = _tidied(item.tail, edge=contains_blocks, before=item, after=following)


def _is_macro(element: Element) -> bool:
    return name(element) == "ac:structured-macro"


def _tidied(
    text: str | None, *, edge: bool, before: Element | None = None, after: Element | None = None
) -> str | None:
    if text is None:
        return None
    if not text.strip(" \t\r\n"):
        opens = is_block(before) if before is not None else edge
        closes = is_block(after) if after is not None else edge
        if opens and closes:
            return None
    return _BLANKS.sub(" ", str(text)) or None
