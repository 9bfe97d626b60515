"""The elements of storage format as HTML: an allow-list of tags, every text escaped."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from bridge.sandbox.confluence.storage import Element, attribute, child, inner_text, name
from bridge.sandbox.confluence.surroundings import Surroundings
from bridge.sandbox.richtext.to_html import safe_href

_KEPT = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup",
    "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr",
    "td", "th", "caption", "span", "div", "small", "br", "hr", "kbd", "cite", "q",
}  # fmt: skip
_EMPTY = {"br", "hr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SHADE = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")
_SHADE_NAMES = {
    "grey": "#f4f5f7", "red": "#ffebe6", "yellow": "#fffae6", "green": "#e3fcef", "blue": "#deebff",
    "purple": "#eae6ff",
}  # fmt: skip
_EMOTICONS = {
    "tick": "✅", "cross": "❌", "warning": "⚠️", "information": "ℹ️", "question": "❓", "thumbs-up": "👍",
    "thumbs-down": "👎", "smile": "🙂", "sad": "🙁", "light-on": "💡", "yellow-star": "⭐", "heart": "❤️",
    "plus": "➕", "minus": "➖",
}  # fmt: skip


@dataclass
class Rendering:
    """One body being rendered.

    ``macro`` renders a macro; ``headings`` have anchors. While a page can be changed in place,
    ``numbers`` are those of the elements that hold plain text, ``tables`` those of the tables.
    """

    around: Surroundings
    macro: "Callable[[Rendering, Element], str]"
    headings: dict[Element, str] = field(default_factory=dict)
    numbers: dict[Element, int] = field(default_factory=dict)
    tables: dict[Element, int] = field(default_factory=dict)

    def inside(self, element: Element) -> str:
        """Tell what an element contains."""
        return escape(str(element.text or "")) + "".join(
            self.element(item) + escape(str(item.tail or "")) for item in element
        )

    def element(self, element: Element) -> str:
        """One element."""
        tag = name(element)
        if tag in ("ac:structured-macro", "ac:macro"):
            return self.macro(self, element)
        special = _SPECIAL.get(tag)
        if special:
            return special(self, element)
        if tag in _KEPT:
            return self._kept(element, tag)
        return self.inside(element)

    def _kept(self, element: Element, tag: str) -> str:
        attributes = _attributes(element, tag)
        if element in self.headings:
            attributes += f' id="{self.headings[element]}"'
        if element in self.numbers:
            attributes += f' data-edit="{self.numbers[element]}"'
        if tag in _EMPTY:
            return f"<{tag}>"
        shown = f"<{tag}{attributes}>{self.inside(element)}</{tag}>"
        return self._table(element, shown) if tag == "table" else shown

    def _table(self, element: Element, shown: str) -> str:
        button = ""
        if element in self.tables:
            label = escape(self.around.gettext("Add a row"))
            number = self.tables[element]
            button = f'<button class="add-row" form="row-form" name="table" value="{number}">{label}</button>'
        return f'<div class="table-scroll">{shown}</div>{button}'


def _attributes(element: Element, tag: str) -> str:
    shown = ""
    for key in ("colspan", "rowspan", "start"):
        value = element.get(key)
        if value is not None and str(value).isdecimal():
            shown += f' {key}="{value}"'
    if tag == "table" and element.get("data-layout") in ("full-width", "wide"):
        shown += ' class="full"'
    if tag in ("td", "th"):
        shade = str(element.get("data-highlight-colour") or "")
        shade = _SHADE_NAMES.get(shade, shade)
        if _SHADE.fullmatch(shade):
            shown += f' class="shaded" style="--shade: {shade}"'
    return shown


# --- elements that are not plain HTML -----------------------------------------------------------


def _anchor(rendering: Rendering, element: Element) -> str:
    href = escape(safe_href(str(element.get("href") or "#")))
    return f'<a href="{href}" rel="noopener noreferrer">{rendering.inside(element)}</a>'


def _time(rendering: Rendering, element: Element) -> str:
    day = str(element.get("datetime") or "")
    return f'<time class="date" datetime="{escape(day)}">{escape(rendering.around.day(day))}</time>'


def _link(rendering: Rendering, element: Element) -> str:
    user, page = child(element, "ri:user"), child(element, "ri:page")
    label = _label(rendering, element)
    if user is not None:
        account = attribute(user, "ri:account-id") or attribute(user, "ri:userkey") or ""
        shown = rendering.around.name_of(account) or account or "?"
        return f'<span class="mention">{escape(shown)}</span>'
    if page is not None:
        title = attribute(page, "ri:content-title") or ""
        url = rendering.around.page_url(title, attribute(page, "ri:space-key"))
        text = label or escape(title)
        return (
            f'<a href="{escape(url)}">{text}</a>' if url else f'<span class="missing">{text}</span>'
        )
    target = attribute(element, "ac:anchor")
    return f'<a href="#{escape(target)}">{label or escape(target)}</a>' if target else label


def _label(rendering: Rendering, element: Element) -> str:
    plain, rich = child(element, "ac:plain-text-link-body"), child(element, "ac:link-body")
    if rich is not None:
        return rendering.inside(rich)
    return escape(inner_text(plain)) if plain is not None else ""


def _image(rendering: Rendering, element: Element) -> str:
    source = child(element, "ri:url")
    attached = child(element, "ri:attachment")
    shown = ""
    if source is not None:
        shown = attribute(source, "ri:value") or ""
    elif attached is not None:
        shown = attribute(attached, "ri:filename") or ""
        url = rendering.around.file_url(shown)
        if url:
            said = attribute(element, "ac:alt") or shown
            return f'<img src="{escape(url)}" alt="{escape(said)}">'
    label = rendering.around.gettext("Image")
    return f'<span class="placeholder">{escape(label)} {escape(shown)}</span>'


def _marker(rendering: Rendering, element: Element) -> str:
    ref = escape(attribute(element, "ac:ref") or "")
    return f'<mark class="remarked" data-ref="{ref}">{rendering.inside(element)}</mark>'


def _emoticon(_: Rendering, element: Element) -> str:
    fallback = attribute(element, "ac:emoji-fallback")
    return escape(fallback or _EMOTICONS.get(attribute(element, "ac:name") or "", "•"))


def _tasks(rendering: Rendering, element: Element) -> str:
    items = []
    for task in element:
        body, status = child(task, "ac:task-body"), child(task, "ac:task-status")
        done = status is not None and inner_text(status).strip() == "complete"
        words = rendering.inside(body) if body is not None else ""
        kind, box = "task done" if done else "task", _box(rendering, task, done=done)
        items.append(f'<li class="{kind}">{box}<span>{words}</span></li>')
    return f'<ul class="tasks">{"".join(items)}</ul>'


def _box(rendering: Rendering, task: Element, *, done: bool) -> str:
    """Return the check box of a task: a button where the page can be changed in place."""
    uuid = child(task, "ac:task-uuid")
    if not rendering.numbers or uuid is None:
        return f'<input type="checkbox" disabled{" checked" if done else ""}>'
    label = escape(rendering.around.gettext("Finished"))
    value = escape(f"{inner_text(uuid).strip()}:{'incomplete' if done else 'complete'}")
    pressed = "true" if done else "false"
    spoken = f'aria-pressed="{pressed}" aria-label="{label}"'
    return f'<button class="box" form="tick-form" name="task" value="{value}" {spoken}></button>'


def _section(rendering: Rendering, element: Element) -> str:
    kind = re.sub(r"[^a-z_]", "", attribute(element, "ac:type") or "single")
    return f'<section class="layout layout-{kind}">{rendering.inside(element)}</section>'


_SPECIAL: dict[str, Callable[[Rendering, Element], str]] = {
    "a": _anchor,
    "time": _time,
    "ac:link": _link,
    "ac:image": _image,
    "ac:inline-comment-marker": _marker,
    "ac:emoticon": _emoticon,
    "ac:task-list": _tasks,
    "ac:layout": lambda r, e: f'<div class="layouts">{r.inside(e)}</div>',
    "ac:layout-section": _section,
    "ac:layout-cell": lambda r, e: f'<div class="layout-cell">{r.inside(e)}</div>',
    "ac:placeholder": lambda _r, _e: "",
    "ac:parameter": lambda _r, _e: "",
    "ac:task-id": lambda _r, _e: "",
    "script": lambda _r, _e: "",
    "style": lambda _r, _e: "",
}
