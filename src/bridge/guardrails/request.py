"""A request: what marketing asks for, its parts, and the fingerprint of its content."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bridge.guardrails.circumstances import Scope
from bridge.guardrails.finding import Where
from bridge.guardrails.words import folded
from bridge.prose import one_line
from bridge.text import text

_MAJOR = re.compile(r"[1-9][0-9]{0,4}|0")
_LONGEST_NUMBER = 10_000  # bits; Python writes out no number of more than 4,300 digits
_LONGEST_ID = 100  # characters
_LONGEST_VALUE = 80  # characters of a value that stands in a line as it is
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
FORMAT: Final = "bridge/request/v1"
# Under which key a kind keeps its one part, and the module that part is checked against.
_SINGLE: Final[Mapping[str, tuple[str, str]]] = {
    "form": ("form", ""),
    "mailing": ("mailing", "mailing"),
    "sms": ("sms", "sms"),
    "tag": ("tag", "tag"),
    "promo-code": ("promo_code", "promo-code"),
    "contest": ("contest", "contest"),
}
# What any request may say beside its parts.
HEAD: Final = ("format", "id", "kind", "title", "campaign", "requester", "needed_by", "audience")
# What every request must say: whose it is and for when.
NEEDED: Final = ("title", "campaign", "requester", "needed_by")
# What the head wants, in words.
SOMETHING: Final = text("something here")
A_DAY: Final = text("a day of the calendar, such as 2027-03-31")
PARTS: Final = (
    "page",
    "blocks",
    "scripts",
    "form",
    "mailing",
    "sms",
    "tag",
    "promo_code",
    "contest",
)
# What a part says about itself rather than to its module.
OF_THE_PART: Final = frozenset({"use", "id"})
# Under which key only modules of one name belong, or of one beginning (`form.lead` below `form`).
_HOMES: Final[Mapping[str, str]] = {"page": "page", "scripts": "tag", "form": "form"} | {
    key: module for key, module in _SINGLE.values() if module
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a request, where it stands, and the module it is to be checked against.

    ``major`` is the major version it names (``hero@2``), None where it names none. ``module`` is
    empty where the part does not say what it is.
    """

    where: Where
    module: str
    major: int | None
    data: Any

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Return what the module's schema speaks of; empty where the part is no mapping."""
        if not isinstance(self.data, Mapping):
            return {}
        return {name: value for name, value in self.data.items() if name not in OF_THE_PART}

    @property
    def is_in_its_place(self) -> bool:
        """Tell whether the module belongs where the part stands: a page is no block, a text no page.

        Else a part could be held to the limits of another, and none of its own.
        """
        home = _HOMES.get(str(self.where[0]))
        if home is None:
            return self.module != "page"
        return self.module == home or self.module.startswith(f"{home}.")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a person wrote it: ``data`` is plain JSON-like content, whatever stands in it."""

    data: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return the kind as written, empty where there is none."""
        return self._word("kind")

    @property
    def title(self) -> str:
        """Return the title as written, empty where there is none."""
        return self._word("title")

    @property
    def campaign(self) -> str:
        """Return the campaign's id as written, empty where there is none."""
        return self._word("campaign")

    @property
    def requester(self) -> str:
        """Return the requester's id as written, empty where there is none."""
        return self._word("requester")

    def _word(self, key: str) -> str:
        value = self.data.get(key)
        return value if isinstance(value, str) else ""

    @property
    def identity(self) -> str:
        """Return what tells the request from others of its campaign: its id, else its title in short.

        One line: it stands in comments, and in the terms of exceptions.
        """
        return one_line(self._word("id"), _LONGEST_ID) or folded(self.title).replace(" ", "-")[
            :50
        ].strip("-")

    @property
    def scopes(self) -> Mapping[Scope, str]:
        """Return what an exception may be limited to: the campaign, or this page (request) of it."""
        return {"campaign": self.campaign, "page": f"{self.campaign}/{self.identity}"}

    @property
    def fingerprint(self) -> str:
        """Return the hash of the content: the same for the same content, however it was written."""
        return hashlib.sha256(canonical(self.data).encode(errors="surrogatepass")).hexdigest()

    def parts(self) -> Iterator[Part]:
        """Yield every part, in the order of the request."""
        single = {key: (kind, module) for kind, (key, module) in _SINGLE.items()}
        for key in PARTS:
            if key not in self.data:
                continue
            value = self.data[key]
            match key:
                case "blocks" | "scripts":
                    default = "tag" if key == "scripts" else ""
                    entries = value if isinstance(value, list) else [value]
                    for number, entry in enumerate(entries):
                        yield _part((key, number), entry, default)
                case "page":
                    yield _part((key,), value, "page")
                case "form":
                    yield _part((key,), value, form_module(value))
                case _:
                    yield _part((key,), value, single[key][1])

    @property
    def own_part(self) -> str | None:
        """Return the key of the part that this kind of request is about; None for an unknown kind."""
        if self.kind == "landing-page":
            return "blocks"
        return _SINGLE[self.kind][0] if self.kind in _SINGLE else None


def canonical(value: Any) -> str:
    """Return content as one text: the same for the same content, whatever stands in it."""
    try:
        return _written(value)
    except (TypeError, ValueError):  # keys that are no text; numbers too long to be written out
        return _written(_writable(value))


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _writable(value: Any) -> Any:
    """Return content that no sound file holds in a form that can be written and sorted."""
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else f"{type(key).__name__}:{key!r}": _writable(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_writable(inner) for inner in value]
    is_long = isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER
    return f"int:{value:x}" if is_long else value


def exactly(value: Any) -> str:
    """Return a value as one short line that no other value has: as it is where it is plain, else a hash."""
    said = canonical(value)
    if len(said) <= _LONGEST_VALUE and _PLAIN.fullmatch(said):
        return said
    return f"sha256:{hashlib.sha256(said.encode(errors='surrogatepass')).hexdigest()[:24]}"


def form_module(form: Any) -> str:
    """Return the form module of a form's purpose, for one that names no module (section 6)."""
    purpose = form.get("purpose") if isinstance(form, Mapping) else None
    return "form.newsletter" if purpose == "newsletter" else "form.lead"


def seat(module: str, kinds: Sequence[str]) -> tuple[str, Where]:
    """Return the kind of request, of the given ones, and the place in it where a module's part stands."""
    if module == "page":
        return "landing-page", ("page",)
    if module.startswith("form.") and "form" in kinds:
        return "form", ("form",)
    own = next((kind for kind, (_, name) in _SINGLE.items() if name == module), None)
    if own in kinds and own is not None:
        return own, (_SINGLE[own][0],)
    kind = "landing-page" if "landing-page" in kinds else kinds[0]
    return kind, ("scripts" if module == "tag" else "blocks", 0)


def _part(where: Where, value: Any, default: str) -> Part:
    use = value.get("use", default) if isinstance(value, Mapping) else default
    if not isinstance(use, str):
        return Part(where, "", None, value)
    module, at, version = use.partition("@")
    major = int(version) if _MAJOR.fullmatch(version) else None
    if at and major is None:
        return Part(where, use, None, value)  # `hero@latest` names no module that exists
    return Part(where, module, major, value)


def is_day(written: str) -> bool:
    """Tell whether a text is a day that exists, written 2027-03-31."""
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
