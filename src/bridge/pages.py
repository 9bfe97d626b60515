"""Render page views with Jinja2: storage format for Confluence, HTML for a preview.

Strict and autoescaped: a missing value is an error, and nothing a person wrote becomes markup.
"""

from collections.abc import Mapping
from datetime import date
from html import escape
from html.parser import HTMLParser
from typing import Any, Literal

import jinja2
from markupsafe import Markup

from bridge import library
from bridge.monthpage import MonthView
from bridge.prose import clean
from bridge.text import Speaker, Text

MACHINE = ("day", "grid", "table", "holidays")
HUMAN = "intentions"
# What a preview says of itself: only such a file is written over by the next one.
GENERATOR = "bridge month preview"
ORDER = ("day", "intentions", "grid", "table", "holidays")


class Pages:
    """The page templates in one language, in one markup."""

    def __init__(self, speaker: Speaker, markup: Literal["storage", "html"] = "storage") -> None:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(library.folder("templates") / "pages"),
            # select_autoescape() would leave *.xml.j2 alone.
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=_without_controls,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["_"] = lambda one, **values: speaker.say(Text(one, values))
        environment.globals["_n"] = lambda one, many, n, **values: speaker.say(
            Text(one, {"n": n, **values}, many)
        )
        environment.filters["day"] = lambda day, style="medium": speaker.day(day, style=style)
        self._month = environment.get_template("month.xml.j2").make_module(
            {"markup": f"{markup}.xml.j2"}
        )
        self._environment = environment

    def regions(self, view: MonthView) -> Mapping[str, str]:
        """Return each machine region of the month's page."""
        return {name: self._render(name, view) for name in MACHINE}

    def intentions(self, deciders: tuple[str, ...]) -> str:
        """Return what the intentions region says before anybody decided."""
        return self._render(HUMAN, deciders)

    def root(self) -> str:
        """Return the body of the page above the months, when the bridge has to make it."""
        return self._render("root")

    def preview(self, title: str, regions: Mapping[str, str], language: str) -> str:
        """Return a whole HTML page of rendered regions (made with the html markup)."""
        page = self._environment.get_template("preview.html.j2")
        parts = [Markup(regions[name]) for name in ORDER]  # noqa: S704  # rendered by our autoescaping templates, or cleaned by plain_html()
        return page.render(title=title, parts=parts, language=language, generator=GENERATOR)

    def _render(self, macro: str, *arguments: Any) -> str:
        rendered = getattr(self._month, macro)(*arguments)
        return " ".join(str(rendered).split("\n")).strip() if rendered else ""


def _without_controls(value: Any) -> Any:
    """Drop control characters: U+0008 is not XML, and a name may contain one."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return clean(value)
    return value


# What a preview shows of a person's storage format; anything else is dropped, its words stay.
_SHOWN = frozenset(
    {"p", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "u", "s", "code"}
    | {"br", "table", "tbody", "tr", "th", "td", "blockquote"}
)
_VOID = frozenset({"br"})


class _Plain(HTMLParser):
    """Keeps plain elements without their attributes, and every word, escaped."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # HTMLParser's name
        if tag == "ac:parameter":
            self.hidden += 1
        elif tag in _SHOWN:
            self.parts.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "ac:parameter":
            self.hidden -= 1
        elif tag in _SHOWN - _VOID:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(escape(data))


def plain_html(storage: str) -> str:
    """Return a person's storage format as bare HTML: its words and plain structure, nothing active."""
    parser = _Plain()
    parser.feed(storage)
    parser.close()
    return "".join(parser.parts)


def month_title(parent: str, month: date, speaker: Speaker) -> str:
    """Return the title a month's page is created with; people may rename the page."""
    return f"{parent} – {speaker.day(month, style='month')}"
