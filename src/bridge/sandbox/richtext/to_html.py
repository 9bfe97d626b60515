"""Atlassian Document Format as HTML, every text escaped: for ``renderedFields`` and for the web face."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from bridge.sandbox.richtext.adf import NameOf, Node, children

_WRAP = {"strong": "strong", "em": "em", "strike": "del", "underline": "u", "code": "code"}
_PLAIN_BLOCKS = {
    "bulletList": "ul",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
    "caption": "figcaption",
}
_CARDS = {"inlineCard", "blockCard", "embedCard"}
_SAFE_SCHEMES = {"http", "https", "mailto", "ftp", ""}


def safe_href(url: str) -> str:
    """Return the address if a browser may follow it, else ``#``: no ``javascript:`` in a page."""
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return "#"
    return url.strip() if scheme in _SAFE_SCHEMES else "#"


def to_html(item: Node | None, name_of: NameOf) -> str:
    """Render a document or one of its nodes."""
    if item is None:
        return ""
    kind = item["type"]
    if kind == "text":
        return _text(item)
    if kind in _PLAIN_BLOCKS:
        return f"<{_PLAIN_BLOCKS[kind]}>{_inside(item, name_of)}</{_PLAIN_BLOCKS[kind]}>"
    if kind in _CARDS:
        return _link(item["attrs"].get("url", ""), escape(item["attrs"].get("url", "")))
    return _RENDERERS.get(kind, _inside)(item, name_of)


def _inside(item: Node, name_of: NameOf) -> str:
    return "".join(to_html(child, name_of) for child in children(item))


def _text(item: Node) -> str:
    html = escape(item["text"])
    for mark in item.get("marks", []):
        attrs = mark.get("attrs", {})
        match mark["type"]:
            case "link":
                html = _link(attrs["href"], html)
            case "subsup":
                html = f"<{attrs['type']}>{html}</{attrs['type']}>"
            case "textColor":
                html = f'<span style="color: {escape(attrs["color"])}">{html}</span>'
            case kind if kind in _WRAP:
                html = f"<{_WRAP[kind]}>{html}</{_WRAP[kind]}>"
    return html


def _link(url: str, html: str) -> str:
    return f'<a href="{escape(safe_href(url))}" rel="noopener noreferrer">{html}</a>'


def _heading(item: Node, name_of: NameOf) -> str:
    level = int(item["attrs"]["level"])
    return f"<h{level}>{_inside(item, name_of)}</h{level}>"


def _ordered(item: Node, name_of: NameOf) -> str:
    start = int(item.get("attrs", {}).get("order", 1))
    opening = f'<ol start="{start}">' if start != 1 else "<ol>"
    return f"{opening}{_inside(item, name_of)}</ol>"


def _cell(item: Node, name_of: NameOf) -> str:
    tag = "th" if item["type"] == "tableHeader" else "td"
    attrs = item.get("attrs", {})
    spans = "".join(
        f' {name}="{int(attrs[name])}"'
        for name in ("colspan", "rowspan")
        if attrs.get(name, 1) != 1
    )
    return f"<{tag}{spans}>{_inside(item, name_of)}</{tag}>"


def _task(item: Node, name_of: NameOf) -> str:
    ticked = " checked" if item["attrs"]["state"] == "DONE" else ""
    box = f'<input type="checkbox" disabled{ticked}>'
    return f'<li class="task">{box} <span>{_inside(item, name_of)}</span></li>'


def _panel(item: Node, name_of: NameOf) -> str:
    return f'<div class="panel panel-{escape(item["attrs"]["panelType"])}">{_inside(item, name_of)}</div>'


def _expand(item: Node, name_of: NameOf) -> str:
    title = escape(item.get("attrs", {}).get("title", "")) or "…"
    return f"<details><summary>{title}</summary>{_inside(item, name_of)}</details>"


def _mention(item: Node, name_of: NameOf) -> str:
    shown = name_of(item["attrs"]["id"]) or str(item["attrs"].get("text", "")).removeprefix("@")
    return f'<span class="mention">@{escape(shown or item["attrs"]["id"])}</span>'


def _date(item: Node, _: NameOf) -> str:
    try:
        day = datetime.fromtimestamp(int(item["attrs"]["timestamp"]) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return escape(item["attrs"]["timestamp"])
    return f'<time datetime="{day}">{day}</time>'


def _status(item: Node, _: NameOf) -> str:
    colour = item["attrs"]["color"]
    shade = colour if colour.isalpha() else "neutral"
    return f'<span class="lozenge lozenge-{shade}">{escape(item["attrs"]["text"])}</span>'


_RENDERERS: dict[str, Callable[[Node, NameOf], str]] = {
    "paragraph": lambda n, names: f"<p>{_inside(n, names)}</p>",
    "heading": _heading,
    "orderedList": _ordered,
    "taskList": lambda n, names: f'<ul class="tasks">{_inside(n, names)}</ul>',
    "taskItem": _task,
    "blockTaskItem": _task,
    "decisionList": lambda n, names: f'<ul class="decisions">{_inside(n, names)}</ul>',
    "decisionItem": lambda n, names: f"<li>{_inside(n, names)}</li>",
    "codeBlock": lambda n, names: f"<pre><code>{_inside(n, names)}</code></pre>",
    "rule": lambda _n, _names: "<hr>",
    "hardBreak": lambda _n, _names: "<br>",
    "table": lambda n, names: f"<table><tbody>{_inside(n, names)}</tbody></table>",
    "tableCell": _cell,
    "tableHeader": _cell,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "mention": _mention,
    "emoji": lambda n, _: escape(n["attrs"].get("text") or n["attrs"]["shortName"]),
    "date": _date,
    "status": _status,
    "placeholder": lambda n, _: f"<em>{escape(n['attrs']['text'])}</em>",
}
