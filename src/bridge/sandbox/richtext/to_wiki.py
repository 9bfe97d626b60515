"""Atlassian Document Format as Jira wiki markup: what version 2 of the REST interface answers."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from bridge.sandbox.richtext.adf import Node, children, inline_text

VERBATIM = "markup"
"""The key under which a document holds the markup it was read from, where that is kept (Data Center)."""
_MARKS = {"strong": "*", "em": "_", "strike": "-", "underline": "+"}
_SPECIAL = re.compile(
    r"[{\[]|^(?:[*#-]+(?= )|----$|\|)|(?<!\w)[*_+^~-](?=\S)|(?<=\S)[*_+^~-](?!\w)", re.MULTILINE
)


def to_wiki(item: Node | None) -> str:
    """Write a document as wiki markup."""
    if item is None:
        return ""
    if VERBATIM in item:
        return str(item[VERBATIM])
    return _blocks(children(item))


def _blocks(nodes: list[Node]) -> str:
    return "\n\n".join(filter(None, (_block(n) for n in nodes)))


def _block(item: Node) -> str:
    return _WRITERS.get(item["type"], _other)(item)


def _other(item: Node) -> str:
    kids = children(item)
    return _blocks(kids) if kids and kids[0]["type"] not in _INLINE else inline(kids)


def _list(item: Node, prefix: str = "") -> str:
    sign = prefix + ("#" if item["type"] == "orderedList" else "*")
    return "\n".join(_list_item(child, sign) for child in children(item))


def _list_item(item: Node, sign: str) -> str:
    lines: list[str] = []
    for child in children(item):
        if child["type"] in ("bulletList", "orderedList"):
            lines.append(_list(child, sign))
        elif child["type"] == "taskList":
            lines.append(_tasks(child, sign))
        elif lines:
            lines.append(_block(child))
        else:
            lines.append(f"{sign} {_block(child)}")
    return "\n".join(lines)


def _tasks(item: Node, prefix: str = "") -> str:
    lines = []
    for child in children(item):
        if child["type"] == "taskList":
            lines.append(_tasks(child, prefix + "*"))
        else:
            box = "[x]" if child["attrs"]["state"] == "DONE" else "[ ]"
            lines.append(f"{prefix}* {box} {inline(children(child))}")
    return "\n".join(lines)


def _table(item: Node) -> str:
    return "\n".join(_row(row) for row in children(item))


def _row(row: Node) -> str:
    cells = children(row)
    parts = []
    for cell in cells:
        sign = "||" if cell["type"] == "tableHeader" else "|"
        content = _blocks(children(cell)).replace("\n\n", "\n").replace("|", "\\|")
        parts.append(f"{sign}{content or ' '}")
    closing = "||" if cells and cells[-1]["type"] == "tableHeader" else "|"
    return "".join(parts) + closing


def _code(item: Node) -> str:
    language = item.get("attrs", {}).get("language")
    opening = f"{{code:{language}}}" if language else "{code}"
    return f"{opening}\n{inline_text(item)}\n{{code}}"


def _panel(item: Node) -> str:
    name = {"info": "info", "note": "note", "tip": "tip", "success": "tip", "warning": "warning"}
    macro = name.get(item["attrs"]["panelType"], "panel")
    return f"{{{macro}}}\n{_blocks(children(item))}\n{{{macro}}}"


def _expand(item: Node) -> str:
    title = item.get("attrs", {}).get("title", "")
    return f"*{title}*\n\n{_blocks(children(item))}" if title else _blocks(children(item))


_WRITERS: dict[str, Callable[[Node], str]] = {
    "paragraph": lambda n: inline(children(n)),
    "heading": lambda n: f"h{n['attrs']['level']}. {inline(children(n))}",
    "bulletList": _list,
    "orderedList": _list,
    "taskList": _tasks,
    "decisionList": lambda n: "\n".join(f"* {inline(children(d))}" for d in children(n)),
    "codeBlock": _code,
    "blockquote": lambda n: f"{{quote}}\n{_blocks(children(n))}\n{{quote}}",
    "rule": lambda _: "----",
    "table": _table,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
}


def inline(nodes: list[Node]) -> str:
    """Inline nodes as wiki markup."""
    return "".join(_INLINE.get(n["type"], _unsaid)(n) for n in nodes)


def _unsaid(_: Node) -> str:
    return ""


def _text(item: Node) -> str:
    marks = {m["type"]: m.get("attrs", {}) for m in item.get("marks", [])}
    if "code" in marks:
        written = f"{{{{{item['text']}}}}}"
    else:
        written = _SPECIAL.sub(lambda m: _escape(m.group()), item["text"])
    for kind, sign in _MARKS.items():
        if kind in marks:
            written = f"{sign}{written}{sign}"
    if "subsup" in marks:
        sign = "^" if marks["subsup"]["type"] == "sup" else "~"
        written = f"{sign}{written}{sign}"
    if "textColor" in marks:
        written = f"{{color:{marks['textColor']['color']}}}{written}{{color}}"
    if "link" in marks:
        href = marks["link"]["href"]
        written = href if href == item["text"] else f"[{written}|{href}]"
    return written


def _escape(special: str) -> str:
    """Put a backslash before what would otherwise start or end a construct."""
    return "\\" + special


def _date(item: Node) -> str:
    try:
        return (
            datetime.fromtimestamp(int(item["attrs"]["timestamp"]) / 1000, UTC).date().isoformat()
        )
    except (ValueError, OverflowError, OSError):
        return str(item["attrs"]["timestamp"])


_INLINE: dict[str, Callable[[Node], str]] = {
    "text": _text,
    "hardBreak": lambda _: "\n",
    "mention": lambda n: f"[~accountid:{n['attrs']['id']}]",
    "emoji": lambda n: n["attrs"].get("text") or n["attrs"]["shortName"],
    "date": _date,
    "status": lambda n: f"*{n['attrs']['text']}*",
    "inlineCard": lambda n: n["attrs"].get("url", ""),
    "placeholder": lambda n: n["attrs"]["text"],
}
