"""Jira wiki markup as Atlassian Document Format: what version 2 of the REST interface accepts.

Blocks here, what stands inside a line in :mod:`bridge.sandbox.richtext.wiki_inline`. Markup that is
not understood survives as text.
"""

import re
from collections.abc import Callable
from uuid import NAMESPACE_OID, uuid5

from bridge.sandbox.richtext.adf import NameOf, Node, doc, node, plain, text
from bridge.sandbox.richtext.wiki_inline import parse_inline

_HEADING = re.compile(r"h([1-6])\.\s+(.*)$")
_RULE = re.compile(r"-{4,}\s*$")
_ITEM = re.compile(r"\s*([*#]+|-)\s+(.*)$")
_TASK = re.compile(r"\[( |x|X)?\]\s+(.*)$")
_ROW = re.compile(r"\s*\|")
_FENCE = re.compile(
    r"\{(code|noformat|quote|panel|info|note|tip|warning)(?::([^}]*))?\}(.*)$", re.DOTALL
)
_PANELS = {"info": "info", "note": "note", "tip": "success", "warning": "warning", "panel": "info"}
_CELL_BREAK = re.compile(r"(?<!\\)\|\|?")


def from_wiki(markup: str, name_of: NameOf = lambda _: None) -> Node:
    """Read wiki markup; an empty text is a document without content."""
    lines = markup.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return doc(_Blocks(lines, name_of).read())


class _Blocks:
    """Lines, read from the top; each ``_read_*`` takes the lines of one block and returns its node."""

    def __init__(self, lines: list[str], name_of: NameOf) -> None:
        self._lines = lines
        self._at = 0
        self._inline: Callable[[str], list[Node]] = lambda markup: parse_inline(markup, name_of)
        self._name_of = name_of

    def read(self) -> list[Node]:
        found: list[Node] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip():
                found.append(self._read_block(line))
            else:
                self._at += 1
        return found

    def _read_block(self, line: str) -> Node:
        heading = _HEADING.match(line.strip())
        if heading:
            self._at += 1
            return node("heading", self._inline(heading.group(2)), level=int(heading.group(1)))
        if _RULE.match(line.strip()):
            self._at += 1
            return node("rule")
        if line.strip().startswith("bq. "):
            self._at += 1
            return node("blockquote", [node("paragraph", self._inline(line.strip()[4:]))])
        fence = _FENCE.match(line.strip())
        if fence and self._fence_closes(fence.group(1), fence.group(3)):
            return self._read_fence(fence)
        if _ITEM.match(line):
            return self._read_list()
        if _ROW.match(line):
            return self._read_table()
        return self._read_paragraph()

    def _starts_block(self, line: str) -> bool:
        bare = line.strip()
        known = _HEADING.match(bare) or _RULE.match(bare) or _ITEM.match(line) or _ROW.match(line)
        return bool(known or bare.startswith("bq. ") or _FENCE.match(bare))

    def _read_paragraph(self) -> Node:
        taken = [self._lines[self._at].strip()]
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip() or self._starts_block(line):
                break
            taken.append(line.strip())
            self._at += 1
        return node("paragraph", self._inline("\n".join(taken)))

    def _fence_closes(self, name: str, rest: str) -> bool:
        closing = f"{{{name}}}"
        return closing in rest or any(closing in line for line in self._lines[self._at + 1 :])

    def _read_fence(self, fence: re.Match[str]) -> Node:
        name, options, rest = fence.group(1), fence.group(2) or "", fence.group(3)
        closing = f"{{{name}}}"
        body = rest
        self._at += 1
        while closing not in body:
            body += "\n" + self._lines[self._at]
            self._at += 1
        body, _, after = body.partition(closing)
        if after.strip():
            self._at -= 1
            self._lines[self._at] = after
        return self._fenced(name, options, body.strip("\n"))

    def _fenced(self, name: str, options: str, body: str) -> Node:
        if name in ("code", "noformat"):
            language = next((o for o in options.split("|") if o and "=" not in o), None)
            content = [text(body)] if body else []
            return (
                node("codeBlock", content, language=language)
                if language
                else node("codeBlock", content)
            )
        inner = _Blocks(body.split("\n"), self._name_of).read() or [node("paragraph", [])]
        if name == "quote":
            return node("blockquote", [n if n["type"] in _IN_QUOTE else _flat(n) for n in inner])
        return node(
            "panel",
            [n if n["type"] in _IN_PANEL else _flat(n) for n in inner],
            panelType=_PANELS[name],
        )

    def _read_list(self) -> Node:
        items: list[tuple[str, str]] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            found = _ITEM.match(line)
            if found:
                items.append((found.group(1), found.group(2)))
            elif items and line.strip() and not self._starts_block(line):
                items[-1] = (items[-1][0], f"{items[-1][1]}\n{line.strip()}")
            else:
                break
            self._at += 1
        taken, made = self._nest(items, 1)
        self._at -= sum(1 + body.count("\n") for _, body in items[taken:])
        return made

    def _nest(self, items: list[tuple[str, str]], depth: int) -> tuple[int, Node]:
        """One list of the first items, and how many of them it took."""
        sign = items[0][0][depth - 1 : depth] or items[0][0][-1]
        is_tasks = depth == len(items[0][0]) and _TASK.match(items[0][1]) is not None
        made: list[Node] = []
        at = 0
        while at < len(items) and len(items[at][0]) >= depth and items[at][0][depth - 1] == sign:
            signs, body = items[at]
            if len(signs) > depth:
                taken, inner = self._nest(items[at:], depth + 1)
                _hang(made, inner, is_tasks=is_tasks)
                at += taken
            elif (_TASK.match(body) is not None) != is_tasks:
                break
            else:
                made.append(
                    self._task(body, at)
                    if is_tasks
                    else node("listItem", [node("paragraph", self._inline(body))])
                )
                at += 1
        if is_tasks:
            return at, node("taskList", made, localId=_local_id("list", items[0][1], 0))
        return at, node("orderedList" if sign == "#" else "bulletList", made)

    def _task(self, body: str, position: int) -> Node:
        box = _TASK.match(body)
        assert box is not None  # noqa: S101  # the caller has looked
        state = "DONE" if (box.group(1) or " ") in "xX" else "TODO"
        return node(
            "taskItem",
            self._inline(box.group(2)),
            localId=_local_id("task", body, position),
            state=state,
        )

    def _read_table(self) -> Node:
        rows: list[Node] = []
        while self._at < len(self._lines) and _ROW.match(self._lines[self._at]):
            line = self._lines[self._at].strip()
            self._at += 1
            while (
                not line.endswith("|")
                and self._at < len(self._lines)
                and self._lines[self._at].strip()
            ):
                line += "\n" + self._lines[self._at].strip()
                self._at += 1
            rows.append(node("tableRow", self._cells(line)))
        return node("table", rows)

    def _cells(self, line: str) -> list[Node]:
        breaks = [*_CELL_BREAK.finditer(line)]
        cells = []
        for at, opening in enumerate(breaks):
            end = breaks[at + 1].start() if at + 1 < len(breaks) else len(line)
            body = line[opening.end() : end].strip().replace("\\|", "|")
            if at + 1 == len(breaks) and not body:
                break
            kind = "tableHeader" if opening.group() == "||" else "tableCell"
            inner = _Blocks(body.split("\n"), self._name_of).read() if body else []
            content = [n if n["type"] in _IN_CELL else _flat(n) for n in inner] or [
                node("paragraph", [])
            ]
            cells.append(node(kind, content))
        return cells


_IN_QUOTE = {"paragraph", "bulletList", "orderedList", "codeBlock"}
_IN_PANEL = {*_IN_QUOTE, "heading", "rule", "taskList"}
_IN_CELL = {*_IN_PANEL, "panel", "blockquote"}


def _hang(made: list[Node], inner: Node, *, is_tasks: bool) -> None:
    """Put a deeper list under the item before it."""
    if is_tasks and inner["type"] == "taskList":
        made.append(inner)
    elif made and made[-1]["type"] == "listItem":
        made[-1]["content"].append(inner)
    else:
        made.append(node("listItem", [inner]))


def _flat(item: Node) -> Node:
    """Tell what may not stand here, as a paragraph of its text."""
    words = plain(item)
    return node("paragraph", [text(words)] if words else [])


def _local_id(kind: str, body: str, position: int) -> str:
    """Return an id that is the same whenever the same markup is read."""
    return str(uuid5(NAMESPACE_OID, f"{kind}:{position}:{body}"))
