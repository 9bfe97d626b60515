"""Atlassian Document Format as Confluence storage format: how wiki markup becomes a page."""

from collections.abc import Callable
from html import escape

from bridge.sandbox.richtext.adf import Node, children, inline_text
from bridge.sandbox.richtext.to_html import safe_href

_TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
    "tableCell": "td",
    "tableHeader": "th",
}
_MARKS = {"strong": "strong", "em": "em", "strike": "del", "underline": "u", "code": "code"}


def to_storage(item: Node) -> str:
    """Write a document or one of its nodes as well-formed markup."""
    kind = item["type"]
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>{_inside(item)}</{_TAGS[kind]}>"
    return _WRITERS.get(kind, _inside)(item)


def _inside(item: Node) -> str:
    return "".join(to_storage(child) for child in children(item))


def _text(item: Node) -> str:
    markup = escape(item["text"], quote=False)
    for mark in item.get("marks", []):
        attrs = mark.get("attrs", {})
        if mark["type"] in _MARKS:
            markup = f"<{_MARKS[mark['type']]}>{markup}</{_MARKS[mark['type']]}>"
        elif mark["type"] == "link":
            markup = f'<a href="{escape(safe_href(attrs["href"]))}">{markup}</a>'
        elif mark["type"] == "subsup":
            markup = f"<{attrs['type']}>{markup}</{attrs['type']}>"
    return markup


def _heading(item: Node) -> str:
    level = item["attrs"]["level"]
    return f"<h{level}>{_inside(item)}</h{level}>"


def _code(item: Node) -> str:
    language = item.get("attrs", {}).get("language")
    named = (
        f'<ac:parameter ac:name="language">{escape(language)}</ac:parameter>' if language else ""
    )
    code = inline_text(item).replace("]]>", "]]]]><![CDATA[>")
    body = f"<ac:plain-text-body><![CDATA[{code}]]></ac:plain-text-body>"
    return f'<ac:structured-macro ac:name="code">{named}{body}</ac:structured-macro>'


def _panel(item: Node) -> str:
    name = {"success": "tip", "error": "warning", "custom": "panel"}.get(
        item["attrs"]["panelType"], item["attrs"]["panelType"]
    )
    body = f"<ac:rich-text-body>{_inside(item)}</ac:rich-text-body>"
    return f'<ac:structured-macro ac:name="{name}">{body}</ac:structured-macro>'


def _task(item: Node) -> str:
    status = "complete" if item["attrs"]["state"] == "DONE" else "incomplete"
    body = f"<ac:task-status>{status}</ac:task-status><ac:task-body>{_inside(item)}</ac:task-body>"
    return f"<ac:task>{body}</ac:task>"


_WRITERS: dict[str, Callable[[Node], str]] = {
    "text": _text,
    "heading": _heading,
    "codeBlock": _code,
    "panel": _panel,
    "rule": lambda _: "<hr />",
    "hardBreak": lambda _: "<br />",
    "table": lambda n: f"<table><tbody>{_inside(n)}</tbody></table>",
    "taskList": lambda n: f"<ac:task-list>{_inside(n)}</ac:task-list>",
    "taskItem": _task,
    "mention": lambda n: (
        f'<ac:link><ri:user ri:account-id="{escape(n["attrs"]["id"])}" /></ac:link>'
    ),
}
