"""Macros as people see them; one that is not known is a visible placeholder, never nothing."""

import re
from collections.abc import Callable, Iterable
from html import escape

from bridge.sandbox.confluence.elements import Rendering
from bridge.sandbox.confluence.storage import Element, attribute, child, inner_text, name
from bridge.sandbox.confluence.surroundings import Ticket

_PANELS = {"info", "note", "tip", "warning", "panel", "success", "error"}
_COLOURS = {"grey", "gray", "red", "yellow", "green", "blue", "purple"}
_CATEGORY_SHADES = {"new": "grey", "indeterminate": "blue", "done": "green", "undefined": "grey"}
_TRANSPARENT = {"excerpt", "details", "section", "column", "div", "span"}
MOST_TICKETS = 50


def macro(rendering: Rendering, element: Element) -> str:
    """Render a structured macro."""
    kind = attribute(element, "ac:name") or ""
    if kind in _PANELS:
        return _panel(rendering, element, kind)
    if kind in _TRANSPARENT:
        return f'<div class="macro-{kind}">{_rich(rendering, element)}</div>'
    known = _MACROS.get(kind)
    return known(rendering, element) if known else _unknown(rendering, element, kind)


def parameter(element: Element, wanted: str) -> str:
    """Return the text of a macro's parameter, empty where it has none."""
    for item in element:
        if name(item) == "ac:parameter" and attribute(item, "ac:name") == wanted:
            return inner_text(item).strip()
    return ""


def _rich(rendering: Rendering, element: Element) -> str:
    body = child(element, "ac:rich-text-body")
    return rendering.inside(body) if body is not None else ""


def _panel(rendering: Rendering, element: Element, kind: str) -> str:
    title = parameter(element, "title")
    heading = f'<p class="panel-title">{escape(title)}</p>' if title else ""
    return f'<div class="panel panel-{kind}">{heading}{_rich(rendering, element)}</div>'


def _unknown(rendering: Rendering, element: Element, kind: str) -> str:
    label = rendering.around.gettext("Macro")
    shown = f'<span class="placeholder">{escape(label)} “{escape(kind)}”</span>'
    body = _rich(rendering, element)
    return f'<div class="unknown-macro">{shown}{body}</div>' if body else shown


def _status(_: Rendering, element: Element) -> str:
    colour = parameter(element, "colour").lower() or parameter(element, "color").lower()
    shade = colour if colour in _COLOURS else "grey"
    subtle = " subtle" if parameter(element, "subtle") == "true" else ""
    title = escape(parameter(element, "title") or "…")
    return f'<span class="lozenge lozenge-{shade}{subtle}">{title}</span>'


def _expand(rendering: Rendering, element: Element) -> str:
    title = parameter(element, "title") or rendering.around.gettext("Click here to expand…")
    body = _rich(rendering, element)
    return f'<details class="expand"><summary>{escape(title)}</summary><div>{body}</div></details>'


def _code(_: Rendering, element: Element) -> str:
    body = child(element, "ac:plain-text-body")
    title = parameter(element, "title")
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    code = escape(inner_text(body)) if body is not None else ""
    return f'<figure class="code">{caption}<pre><code>{code}</code></pre></figure>'


def _contents(rendering: Rendering, _: Element) -> str:
    items = [
        f'<li class="toc-{name(heading)}"><a href="#{anchor}">{escape(inner_text(heading))}</a></li>'
        for heading, anchor in rendering.headings.items()
        if inner_text(heading).strip()
    ]
    label = escape(rendering.around.gettext("Contents"))
    return f'<nav class="toc" aria-label="{label}"><ul>{"".join(items)}</ul></nav>' if items else ""


def _anchor(_: Rendering, element: Element) -> str:
    return f'<span id="{escape(parameter(element, ""))}"></span>'


def _children(rendering: Rendering, _: Element) -> str:
    items = (
        f'<li><a href="{escape(url)}">{escape(title)}</a></li>'
        for title, url in rendering.around.children()
    )
    return f"<ul>{''.join(items)}</ul>"


# --- issues -------------------------------------------------------------------------------------


def ticket_lozenge(ticket: Ticket) -> str:
    """Return the status of an issue as a lozenge."""
    return f'<span class="lozenge lozenge-{_CATEGORY_SHADES[ticket.category]}">{escape(ticket.status)}</span>'


def _jira(rendering: Rendering, element: Element) -> str:
    key, jql = (
        parameter(element, "key"),
        parameter(element, "jqlQuery") or parameter(element, "jql"),
    )
    if key:
        ticket = rendering.around.ticket(key)
        if ticket is None:
            return f'<span class="placeholder">{escape(key)}</span>'
        return (
            f'<span class="ticket"><a href="{escape(ticket.url)}">{escape(ticket.key)}</a>'
            f" {escape(ticket.summary)} {ticket_lozenge(ticket)}</span>"
        )
    if not jql:
        return _unknown(rendering, element, "jira")
    most = parameter(element, "maximumIssues")
    columns = [c for c in re.split(r"[;,]\s*", parameter(element, "columns")) if c]
    return _table(rendering, jql, int(most) if most.isdecimal() else MOST_TICKETS, columns)


def msg(text: str) -> str:
    """Mark a text for translation where it is translated later."""
    return text


_COLUMNS: dict[str, tuple[str, Callable[[Rendering, Ticket], str]]] = {
    "key": (msg("Key"), lambda _, t: f'<a href="{escape(t.url)}">{escape(t.key)}</a>'),
    "summary": (msg("Summary"), lambda _, t: escape(t.summary)),
    "assignee": (msg("Owner"), lambda _, t: escape(t.owner)),
    "duedate": (
        msg("Due"),
        lambda r, t: f"<time>{escape(r.around.day(t.due))}</time>" if t.due else "",
    ),
    "status": (msg("Status"), lambda _, t: ticket_lozenge(t)),
    "type": (msg("Type"), lambda _, t: escape(t.kind)),
    "priority": (msg("Priority"), lambda _, t: escape(t.priority)),
}
_ALIASES = {"due": "duedate", "due date": "duedate", "issuetype": "type"}


def _table(rendering: Rendering, jql: str, most: int, columns: Iterable[str]) -> str:
    wanted = [_ALIASES.get(c.lower(), c.lower()) for c in columns]
    chosen = [c for c in wanted if c in _COLUMNS] or [
        "key",
        "summary",
        "assignee",
        "duedate",
        "status",
    ]
    try:
        tickets = rendering.around.tickets(jql, most)
    except ValueError as wrong:
        return f'<p class="placeholder">{escape(str(wrong))}</p>'
    gettext = rendering.around.gettext
    head = "".join(f"<th>{escape(gettext(_COLUMNS[c][0]))}</th>" for c in chosen)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_COLUMNS[c][1](rendering, t)}</td>" for c in chosen) + "</tr>"
        for t in tickets
    )
    table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="table-scroll"><table class="tickets">{table}</table></div>'


_MACROS: dict[str, Callable[[Rendering, Element], str]] = {
    "status": _status,
    "expand": _expand,
    "code": _code,
    "noformat": _code,
    "toc": _contents,
    "anchor": _anchor,
    "children": _children,
    "jira": _jira,
}
