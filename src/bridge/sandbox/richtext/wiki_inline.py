"""What stands inside a line of wiki markup: emphasis, links, mentions, monospaced text, colours."""

import re
from collections.abc import Callable

from bridge.sandbox.richtext.adf import NameOf, Node, mark, node, text

_SIGNS = {"*": "strong", "_": "em", "-": "strike", "+": "underline", "^": "sup", "~": "sub"}
_PATTERN = re.compile(
    r"\\(?P<escaped>[{\[\]}|*_+^~#!-])"
    r"|\{\{(?P<mono>.+?)\}\}"
    r"|\{color:(?P<colour>[^}]+)\}(?P<coloured>.+?)\{color\}"
    r"|\[~accountid:(?P<account>[^\]|]+)\]"
    r"|\[(?P<label>[^\[\]|\n]+)\|(?P<href>[^\[\]|\s]+)(?:\|[^\]]*)?\]"
    r"|\[(?P<bare>(?:https?://|mailto:|#)[^\[\]|\s]+)\]"
    r"|(?P<url>(?:https?://)[^\s|\]<>\"']+[^\s|\]<>\"'.,;:!?)])"
    r"|(?P<break>\\\\\s?|\n)"
    r"|(?<![\w\\])(?P<sign>[*_+^~-])(?=[^\s*_+^~-])(?P<body>[^\n]*?[^\s\\])(?P=sign)(?!\w)",
    re.DOTALL,
)
_COLOUR_NAMES = {
    "red": "#ff5630",
    "green": "#36b37e",
    "blue": "#4c9aff",
    "orange": "#ff991f",
    "black": "#000000",
    "white": "#ffffff",
    "grey": "#97a0af",
    "gray": "#97a0af",
    "purple": "#6554c0",
    "yellow": "#ffc400",
}


def parse_inline(markup: str, name_of: NameOf, marks: tuple[Node, ...] = ()) -> list[Node]:
    """Read one block's inline markup; ``marks`` hold around all of it."""
    found: list[Node] = []
    at = 0
    for match in _PATTERN.finditer(markup):
        found += _plain(markup[at : match.start()], marks)
        found += _construct(match, name_of, marks)
        at = match.end()
    return _joined(found + _plain(markup[at:], marks))


def _construct(match: re.Match[str], name_of: NameOf, marks: tuple[Node, ...]) -> list[Node]:
    for group, read in _READERS.items():
        if match.group(group) is not None:
            return read(match, name_of, marks)
    return _plain(match.group(), marks)


def _plain(value: str, marks: tuple[Node, ...]) -> list[Node]:
    return [text(value, marks)] if value else []


def _mono(match: re.Match[str], _: NameOf, marks: tuple[Node, ...]) -> list[Node]:
    kept = [m for m in marks if m["type"] in ("link", "annotation")]
    return [text(match.group("mono"), [*kept, mark("code")])]


def _coloured(match: re.Match[str], name_of: NameOf, marks: tuple[Node, ...]) -> list[Node]:
    wanted = match.group("colour").strip().lower()
    colour = _COLOUR_NAMES.get(wanted, wanted)
    inner = (
        (*marks, mark("textColor", color=colour)) if re.fullmatch("#[0-9a-f]{6}", colour) else marks
    )
    return parse_inline(match.group("coloured"), name_of, inner)


def _mention(match: re.Match[str], name_of: NameOf, _: tuple[Node, ...]) -> list[Node]:
    account = match.group("account")
    return [node("mention", id=account, text=f"@{name_of(account) or account}")]


def _labelled(match: re.Match[str], name_of: NameOf, marks: tuple[Node, ...]) -> list[Node]:
    inner = (*(m for m in marks if m["type"] != "link"), mark("link", href=match.group("href")))
    return parse_inline(match.group("label"), name_of, inner)


def _address(match: re.Match[str], _: NameOf, marks: tuple[Node, ...]) -> list[Node]:
    href = match.group("bare") or match.group("url")
    if any(m["type"] == "link" for m in marks):
        return [text(href, marks)]
    return [text(href, [*marks, mark("link", href=href)])]


def _emphasis(match: re.Match[str], name_of: NameOf, marks: tuple[Node, ...]) -> list[Node]:
    kind = _SIGNS[match.group("sign")]
    made = mark("subsup", type=kind) if kind in ("sup", "sub") else mark(kind)
    if any(m["type"] == made["type"] for m in marks):
        return _plain(match.group(), marks)
    return parse_inline(match.group("body"), name_of, (*marks, made))


_READERS: dict[str, Callable[[re.Match[str], NameOf, tuple[Node, ...]], list[Node]]] = {
    "escaped": lambda m, _, marks: _plain(m.group("escaped"), marks),
    "mono": _mono,
    "coloured": _coloured,
    "account": _mention,
    "href": _labelled,
    "bare": _address,
    "url": _address,
    "break": lambda _m, _n, _marks: [node("hardBreak")],
    "sign": _emphasis,
}


def _joined(nodes: list[Node]) -> list[Node]:
    """Neighbouring texts with the same marks as one text."""
    made: list[Node] = []
    for item in nodes:
        same = (
            made
            and made[-1]["type"] == item["type"] == "text"
            and made[-1].get("marks") == item.get("marks")
        )
        if same:
            made[-1] = {**made[-1], "text": made[-1]["text"] + item["text"]}
        else:
            made.append(item)
    return made
