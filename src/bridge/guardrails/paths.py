"""Paths into a request, such as ``fields``, ``/page.kb`` or ``send_on@weekday``.

A path goes down from a part, or from the request's root where it begins with ``/``. After ``@`` stands
what is derived from the value: a closed list, so that every rule can be read and tested.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from bridge.guardrails.finding import Where
from bridge.guardrails.phrases import words_of

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LARGEST_TEXT = (
    200_000  # characters of markup that are looked into; more is a rule that cannot be evaluated
)


class Absent:
    """Stands for a value that is not there; different from null, which somebody wrote."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What derived values depend on: the registers' valid values, and which days are off."""

    registers: Mapping[str, frozenset[str]]
    is_day_off: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path."""

    from_root: bool
    steps: tuple[str, ...]
    derived: str = ""
    argument: str = ""

    def read(self, root: Any, item: Any, around: Surroundings) -> Any:
        """Return the value, :data:`ABSENT` where there is none; TypeError where it cannot be derived."""
        value = root if self.from_root else item
        for step in self.steps:
            if not isinstance(value, dict | Mapping) or step not in value:
                return ABSENT
            value = value[step]
        if not self.derived or value is ABSENT or value is None:
            return ABSENT if value is None else value
        return DERIVED[self.derived](value, self.argument, around)

    def where(self, part: Where) -> Where:
        """Return the place of the value for a part (or item) that stands at ``part``."""
        return self.steps if self.from_root else (*part, *self.steps)


_PATH = re.compile(
    r"(?P<root>/?)(?P<steps>[a-z][a-z0-9_.]*)?(?:@(?P<name>[a-z]+)(?::(?P<arg>.+))?)?"
)


@lru_cache(maxsize=4096)
def path_of(written: str) -> Path:
    """Parse a path; ``.`` is the item itself. Raise ValueError where it is none."""
    if written == ".":
        return Path(from_root=False, steps=())
    found = _PATH.fullmatch(written)
    if found is None or not written:
        raise ValueError(written)
    steps = tuple(found["steps"].split(".")) if found["steps"] else ()
    if "" in steps or (found["name"] and found["name"] not in DERIVED):
        raise ValueError(written)
    return Path(bool(found["root"]), steps, found["name"] or "", found["arg"] or "")


def items(path: Path, root: Any, part: Any, at: Where) -> Iterator[tuple[Any, Where]]:
    """Yield each item of the list at a path with its place; raise TypeError where it is no list."""
    value = path.read(root, part, _NOWHERE)
    if value is ABSENT:
        return
    if not isinstance(value, list):
        raise TypeError("list")
    for number, item in enumerate(value):
        yield item, (*path.where(at), number)


# --- what is derived from a value ----------------------------------------------------------------


def day_of(value: Any) -> date:
    """Read a date; raise TypeError where it is none."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise TypeError("date") from None


_BARE_HOST = re.compile(r"[^@:/?#]+(:[0-9]+)?(/.*)?")  # `mailto:a@shop.fr` is no host


def host_of(value: Any) -> str:
    """Return the host of an address, or of a bare host name, in small letters; TypeError for neither.

    What comes before an @ or after a port is not the host: ``https://shop.fr@evil.example`` is evil's.
    An address of another scheme has none: ``javascript://shop.fr/…`` runs code, wherever it points.
    """
    if not isinstance(value, str):
        raise TypeError("host")
    written = value.strip()
    try:
        parts = urlsplit(written if "//" in written else f"//{written}")
        host = parts.hostname if parts.scheme in ("", "http", "https") else None
    except ValueError:
        host = None
    if "//" not in written and not _BARE_HOST.fullmatch(written):
        host = None
    if not host or "\\" in written or any(map(str.isspace, written)):
        raise TypeError("host")
    return host.rstrip(".").casefold()


_ADDRESS_INSIDE = re.compile(r"//|%2f%2f|%5c", re.IGNORECASE)


def web_host_of(value: Any) -> str:
    """Return the host of an address that leads there plainly; TypeError for any other.

    Unencrypted, with a name and password, at another port, or with a second address inside (as an open
    redirect takes it), an address may lead elsewhere than its host says.
    """
    host = host_of(value)
    scheme, _, rest = value.rpartition("://") if value.count("://") == 1 else ("", "", value)
    rest = rest.removeprefix("//")
    named = re.split("[/?#]", rest, maxsplit=1)[0]
    is_plain = scheme.casefold() in ("", "https") and value == value.strip()
    has_more = "@" in named or (":" in named and not named.endswith(":443"))
    if not is_plain or has_more or _ADDRESS_INSIDE.search(rest):
        raise TypeError("host")
    return host


class _Tags(HTMLParser):
    """The tags of a piece of HTML, and whether anything in it runs or loads code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.runs = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            written = re.sub(r"[\s\x00-\x20]+", "", value or "")  # as a browser reads an address
            address = written.casefold()
            is_code = address.startswith(("javascript:", "data:", "vbscript:"))
            is_code |= name.startswith("on") or name in ("style", "srcdoc")
            self.runs |= is_code
            if not is_code:
                self.attributes.append(name)
            if name in ("href", "src", "action", "formaction", "ping"):
                self.links.append(written)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)  # `</div>` may close what stands around the text

    def handle_comment(self, data: str) -> None:
        self.tags.append("!")  # where it ends, browsers and parsers disagree

    def handle_decl(self, decl: str) -> None:
        self.tags.append("!")

    def unknown_decl(self, data: str) -> None:
        self.tags.append("!")

    def handle_pi(self, data: str) -> None:
        self.tags.append("?")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


# Markup whose every tag and comment ends. The reader's time grows with the square of the tags that do
# not (20 KB of "<a <a <a" take it seconds), so few of those are read, and more are left to a person.
_MOST_OPEN = 20
_TAG = r"""<[a-zA-Z/][^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>"""
_COMMENT = r"<!--(?:[^-]|-[^-])*-->"
_SOUND_MARKUP = rf"""(?s)(?:[^<]|<[^a-zA-Z/!?<]|{_TAG}|{_COMMENT}|<[!?][^<>\[-][^<>]*>)*<?"""


@lru_cache(maxsize=16)  # several limits look at one text; what has no hash is no text either
def _markup(value: Any) -> _Tags:
    """Read markup; raise TypeError where it is none, too long, or has many tags that do not end."""
    if not isinstance(value, str) or len(value) > _LARGEST_TEXT:
        raise TypeError("text")
    if value.count("<") > _MOST_OPEN and not _is_sound(value):
        raise TypeError("markup")
    reader = _Tags()
    reader.feed(value)
    if "<" in reader.rawdata or _CONTROL.search(value):
        reader.tags.append(
            "?"
        )  # a tag not closed or cut by a NUL: a browser may still read it as one
    reader.close()
    return reader


def _is_sound(markup: str) -> bool:
    import re2  # noqa: PLC0415  # only where there is markup; linear time whatever it says

    return re2.fullmatch(_SOUND_MARKUP, markup) is not None


def _in_register(value: Any, register: str, around: Surroundings) -> bool:
    """Tell whether a register lists a value, or a period (``from/to``) around a date."""
    listed = around.registers.get(register)
    if listed is None or not isinstance(value, str):
        raise TypeError(register)
    if value.casefold() in listed:
        return True
    periods = [entry.split("/") for entry in listed if "/" in entry]
    return bool(periods) and any(first <= value <= last for first, last in periods)


def _says(value: Any, word: str, around: Surroundings) -> bool:
    """Tell whether a text says a word, in any number (« solde », « soldé ») and however it is spelled."""
    if not isinstance(value, str):
        raise TypeError("text")
    return f" {' '.join(words_of(word))} " in f" {' '.join(words_of(value.lower()))} "


# What reads as an address in a text without markup, and what a telephone makes a link of.
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,19}://\S+|(?<![\w@.-])(?:www\.\S+|(?:[\w-]+\.)+(?:[a-z]{2,20}/\S*|(?:"
    r"fr|com|net|org|io|ly|me|eu|be|ch|info|biz|app|gl|co|us|uk|de|es|it|shop|link|click|top|xyz)\b))",
    re.IGNORECASE,
)


def _addresses(value: Any, _: str, __: Surroundings) -> list[str]:
    """Return the web addresses in a text, without the punctuation that ends a sentence."""
    if not isinstance(value, str) or len(value) > _LARGEST_TEXT:
        raise TypeError("text")
    return [found.rstrip(".,;:!?)»\"'") for found in _ADDRESS.findall(value)]


# What the template engines of shops replace before a page is shown.
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|<%|%%=|#\{")


def _runs(value: Any, _: str, __: Surroundings) -> bool:
    return _markup(value).runs or _TEMPLATE.search(value) is not None


def _leaves(address: str) -> bool:
    """Tell whether a link may lead off the page's own site: all but ``/path`` and ``#place`` may."""
    is_inside = re.fullmatch(r"#.*|/([^/\\].*)?", address)
    return not is_inside or _ADDRESS_INSIDE.search(address) is not None


def _asks(value: Any, type_: str, around: Surroundings) -> bool:
    """Tell whether a list of form fields, or of blocks with fields, has one that declares a type of data."""
    if not isinstance(value, list):
        raise TypeError("list")
    entries = [entry for entry in value if isinstance(entry, Mapping)]
    inside = [entry["fields"] for entry in entries if isinstance(entry.get("fields"), list)]
    declared = any(entry.get("data") == type_ for entry in entries)
    return declared or any(_asks(fields, type_, around) for fields in inside)


def _uses(value: Any, module: str, around: Surroundings) -> bool:
    """Tell whether a list of blocks holds one of a module, whatever its version."""
    if not isinstance(value, list):
        raise TypeError("list")
    uses = (block.get("use") for block in value if isinstance(block, Mapping))
    return any(isinstance(use, str) and use.partition("@")[0] == module for use in uses)


DERIVED: Final[Mapping[str, Callable[[Any, str, Surroundings], Any]]] = {
    "weekday": lambda value, _, __: WEEKDAYS[day_of(value).weekday()],
    "off": lambda value, _, around: around.is_day_off(day_of(value)),
    "host": lambda value, _, __: host_of(value),
    "in": _in_register,
    "says": _says,
    "tags": lambda value, _, __: list(dict.fromkeys(_markup(value).tags)),
    "links": lambda value, _, __: list(filter(_leaves, _markup(value).links)),
    "uses": _uses,
    "asks": _asks,
    "runs": _runs,
    "attributes": lambda value, _, __: list(dict.fromkeys(_markup(value).attributes)),
    "addresses": _addresses,
}
_NOWHERE = Surroundings({}, lambda _: False)
