"""The grammar of Atlassian Document Format: which node may stand where, with which attributes.

Written from the published JSON Schema (``@atlaskit/adf-schema``, version 1 "full"); the tests
compare the two.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[object], bool]


def string(value: object) -> bool:
    """Any text."""
    return isinstance(value, str)


def filled(value: object) -> bool:
    """Text that is not empty."""
    return isinstance(value, str) and value != ""


def number(value: object) -> bool:
    """Any number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def boolean(value: object) -> bool:
    """Accept true or false."""
    return isinstance(value, bool)


def anything(_: object) -> bool:
    """No restriction."""
    return True


def within(low: float, high: float) -> Check:
    """Return a number between two bounds, both included."""
    return lambda value: isinstance(value, int | float) and number(value) and low <= value <= high


def one_of(*choices: str) -> Check:
    """One of some words."""
    return lambda value: isinstance(value, str) and value in choices


def matching(pattern: str) -> Check:
    """Text of a certain form."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.search(value) is not None


@dataclass(frozen=True)
class Rule:
    """What a node may be: attributes (a name ending in ``*`` is required), content, marks."""

    attrs: Mapping[str, Check] = field(default_factory=dict)
    content: frozenset[str] | None = None
    least: int = 0
    most: int | None = None
    needs_attrs: bool = False
    marks: frozenset[str] = frozenset()
    plain_text: bool = False


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ID = {"localId": string}
_COLOUR = matching(r"^#[0-9a-fA-F]{6}$")
_WRAPPING = one_of(
    "wide", "full-width", "center", "wrap-right", "wrap-left", "align-end", "align-start"
)
_EXTENSION = {
    "extensionKey*": filled,
    "extensionType*": filled,
    "parameters": anything,
    "text": string,
    "localId": filled,
}
_LAID_OUT = {**_EXTENSION, "layout": one_of("wide", "full-width", "default")}
_EXTENSION_MARKS = _names("dataConsumer fragment")
_CELL = {
    "colspan": number,
    "rowspan": number,
    "colwidth": lambda v: isinstance(v, list) and all(map(number, v)),
    "background": string,
    "valign": one_of("top", "middle", "bottom"),
    **_ID,
}
_CARD = {
    "url": string,
    "data": anything,
    "datasource": anything,
    "width": number,
    "layout": _WRAPPING,
    **_ID,
}
_MEDIA = {
    "type": one_of("link", "file", "external", "image"),
    "id": filled,
    "collection": string,
    "occurrenceKey": filled,
    "url": string,
    "alt": string,
    "width": number,
    "height": number,
    "data": anything,
    **_ID,
}
_MEDIA_MARKS = _names("dataConsumer link annotation border")

_INLINE = _names(
    "text date emoji hardBreak inlineCard mention placeholder status inlineExtension mediaInline"
)
_LISTS_AND_TEXT = _names(
    "paragraph bulletList orderedList taskList codeBlock mediaSingle extension"
)
_NESTABLE = _names(
    "paragraph panel blockquote orderedList bulletList rule heading codeBlock mediaGroup mediaSingle"
    " decisionList taskList blockCard embedCard extension"
)
_NON_NESTABLE = _NESTABLE | {"table"}
_BLOCK = _NON_NESTABLE | _names("expand bodiedExtension")
_IN_PANEL = _names(
    "paragraph heading bulletList orderedList blockCard mediaGroup mediaSingle codeBlock taskList rule"
    " decisionList extension"
)
_IN_QUOTE = _names("paragraph orderedList bulletList codeBlock mediaSingle mediaGroup extension")
_IN_CELL = (_NON_NESTABLE - {"table"}) | {"nestedExpand"}
_IN_NESTED_EXPAND = _NESTABLE - _names("blockCard embedCard")
_ROOT = _BLOCK | _names("layoutSection syncBlock bodiedSyncBlock")

NODES: dict[str, Rule] = {
    "doc": Rule(content=_ROOT),
    "text": Rule(),
    "paragraph": Rule(_ID, _INLINE, marks=_names("alignment indentation fontSize")),
    "heading": Rule(
        {"level*": within(1, 6), **_ID},
        _INLINE,
        needs_attrs=True,
        marks=_names("alignment indentation"),
    ),
    "bulletList": Rule(_ID, _names("listItem"), least=1),
    "orderedList": Rule({"order": within(0, float("inf")), **_ID}, _names("listItem"), least=1),
    "listItem": Rule(_ID, _LISTS_AND_TEXT, least=1),
    "taskList": Rule(
        {"localId*": string}, _names("taskItem taskList blockTaskItem"), least=1, needs_attrs=True
    ),
    "taskItem": Rule(
        {"localId*": string, "state*": one_of("TODO", "DONE")}, _INLINE, needs_attrs=True
    ),
    "blockTaskItem": Rule(
        {"localId*": string, "state*": one_of("TODO", "DONE")},
        _names("paragraph extension"),
        least=1,
        needs_attrs=True,
    ),
    "decisionList": Rule({"localId*": string}, _names("decisionItem"), least=1, needs_attrs=True),
    "decisionItem": Rule({"localId*": string, "state*": string}, _INLINE, needs_attrs=True),
    "codeBlock": Rule(
        {
            "language": string,
            "uniqueId": string,
            "wrap": boolean,
            "hideLineNumbers": boolean,
            **_ID,
        },
        _names("text"),
        marks=_names("breakout"),
        plain_text=True,
    ),
    "blockquote": Rule(_ID, _IN_QUOTE, least=1),
    "panel": Rule(
        {
            "panelType*": one_of("info", "note", "tip", "warning", "error", "success", "custom"),
            "panelIcon": string,
            "panelIconId": string,
            "panelIconText": string,
            "panelColor": string,
            **_ID,
        },
        _IN_PANEL,
        least=1,
        needs_attrs=True,
    ),
    "rule": Rule(_ID),
    "expand": Rule(
        {"title": string, **_ID},
        _NON_NESTABLE | {"nestedExpand"},
        least=1,
        marks=_names("breakout"),
    ),
    "nestedExpand": Rule({"title": string, **_ID}, _IN_NESTED_EXPAND, least=1, needs_attrs=True),
    "table": Rule(
        {
            "displayMode": one_of("default", "fixed"),
            "isNumberColumnEnabled": boolean,
            "layout": one_of("wide", "full-width", "center", "align-end", "align-start", "default"),
            "localId": filled,
            "width": number,
        },
        _names("tableRow"),
        least=1,
        marks=_names("fragment"),
    ),
    "tableRow": Rule(_ID, _names("tableCell tableHeader")),
    "tableCell": Rule(_CELL, _IN_CELL, least=1),
    "tableHeader": Rule(_CELL, _IN_CELL, least=1),
    "hardBreak": Rule({"text": one_of("\n"), **_ID}),
    "mention": Rule(
        {
            "id*": string,
            "text": string,
            "accessLevel": string,
            "userType": one_of("DEFAULT", "SPECIAL", "APP"),
            **_ID,
        },
        needs_attrs=True,
        marks=_names("annotation"),
    ),
    "emoji": Rule({"shortName*": string, "id": string, "text": string, **_ID}, needs_attrs=True),
    "date": Rule({"timestamp*": filled, **_ID}, needs_attrs=True),
    "status": Rule(
        {
            "text*": filled,
            "color*": matching("^(neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6})$"),
            "style": string,
            **_ID,
        },
        needs_attrs=True,
    ),
    "placeholder": Rule({"text*": string, **_ID}, needs_attrs=True),
    "inlineCard": Rule({"url": string, "data": anything, **_ID}, needs_attrs=True),
    "blockCard": Rule(_CARD, needs_attrs=True),
    "embedCard": Rule(
        {
            "url*": string,
            "layout*": _WRAPPING,
            "width": within(0, 100),
            "originalHeight": number,
            "originalWidth": number,
            **_ID,
        },
        needs_attrs=True,
    ),
    "media": Rule(_MEDIA, needs_attrs=True, marks=_MEDIA_MARKS),
    "mediaInline": Rule(
        {**_MEDIA, "id*": filled, "collection*": string}, needs_attrs=True, marks=_MEDIA_MARKS
    ),
    "mediaGroup": Rule({}, _names("media"), least=1),
    "mediaSingle": Rule(
        {"width": number, "layout*": _WRAPPING, "widthType": one_of("percentage", "pixel"), **_ID},
        _names("media caption"),
        least=1,
        most=2,
        marks=_names("link"),
    ),
    "caption": Rule(_ID, _INLINE),
    "extension": Rule(_LAID_OUT, needs_attrs=True, marks=_EXTENSION_MARKS),
    "inlineExtension": Rule(_EXTENSION, needs_attrs=True, marks=_EXTENSION_MARKS),
    "bodiedExtension": Rule(
        _LAID_OUT, _NON_NESTABLE, least=1, needs_attrs=True, marks=_EXTENSION_MARKS
    ),
    "layoutSection": Rule(_ID, _names("layoutColumn"), least=2, most=3, marks=_names("breakout")),
    "layoutColumn": Rule(
        {"width*": within(0, 100), "valign": one_of("top", "middle", "bottom"), **_ID},
        _BLOCK,
        least=1,
        needs_attrs=True,
    ),
    "syncBlock": Rule(
        {"resourceId*": string, "localId*": string}, needs_attrs=True, marks=_names("breakout")
    ),
    "bodiedSyncBlock": Rule(
        {"resourceId*": string, "localId*": string},
        _BLOCK | {"layoutSection"},
        least=1,
        needs_attrs=True,
        marks=_names("breakout"),
    ),
}

MARKS: dict[str, Mapping[str, Check]] = {
    "strong": {},
    "em": {},
    "strike": {},
    "underline": {},
    "code": {},
    "subsup": {"type*": one_of("sub", "sup")},
    "link": {
        "href*": string,
        "title": string,
        "id": string,
        "collection": string,
        "occurrenceKey": string,
    },
    "textColor": {"color*": _COLOUR},
    "backgroundColor": {"color*": _COLOUR},
    "annotation": {"id*": string, "annotationType*": one_of("inlineComment")},
    "alignment": {"align*": one_of("center", "end")},
    "indentation": {"level*": within(1, 6)},
    "fontSize": {"fontSize*": one_of("small")},
    "breakout": {"mode*": one_of("wide", "full-width"), "width": number},
    "border": {"size*": within(1, 3), "color*": matching("^#[0-9a-fA-F]{8}$|^#[0-9a-fA-F]{6}$")},
    "fragment": {"localId*": filled, "name": string},
    "dataConsumer": {"sources*": lambda v: isinstance(v, list) and bool(v) and all(map(string, v))},
}
TEXT_MARKS = _names("strong em strike underline subsup link textColor backgroundColor annotation")
CODE_MARKS = _names("code link annotation")
"""Inline code takes no other formatting than a link or an annotation."""
