"""What a request says of itself, beside its parts: whose it is, for when, for whom."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from bridge.guardrails.finding import Where
from bridge.guardrails.numbers import is_number
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.request import A_DAY, NEEDED, SOMETHING, Request, is_day
from bridge.text import Text, text

# No slash: an exception for one page is granted to `campaign/request`.
_NAME = re.compile(r"[^\s/<>](?:[^/<>\x00-\x1f]*[^\s/<>])?")
_SHORT: Final = text("a short name without “/”")
_AUDIENCE: Final = ("size", "youngest")


class Gap(NamedTuple):
    """Something that a request must say and does not, or says in a way that cannot be read."""

    where: Where
    expected: Text
    found: Any


def gaps(request: Request) -> Iterator[Gap]:
    """Yield everything that is missing around a request's parts, or cannot be read there."""
    data = request.data
    for key in NEEDED:
        if not _says_something(data.get(key)):
            yield Gap((key,), SOMETHING, data.get(key, ABSENT))
    if _says_something(data.get("needed_by")) and not is_day(data["needed_by"]):
        yield Gap(("needed_by",), A_DAY, data["needed_by"])
    if _says_something(data.get("campaign")) and not _is_name(data["campaign"]):
        yield Gap(("campaign",), _SHORT, data["campaign"])
    if "id" in data and not _is_name(data["id"]):
        yield Gap(("id",), _SHORT, data["id"])
    for part in request.parts():
        written = part.data.get("id", "name") if isinstance(part.data, Mapping) else "name"
        if not _is_name(written):
            yield Gap((*part.where, "id"), _SHORT, written)
    yield from _own_parts(request)
    yield from _audience(data.get("audience", {}))


def _own_parts(request: Request) -> Iterator[Gap]:
    """Yield the part that the kind of request is about, where there is none."""
    own, wanted = request.own_part, text("what is asked for")
    if own is not None and not request.data.get(own):
        yield Gap((own,), wanted, request.data.get(own, ABSENT))
    if request.kind == "landing-page" and "page" not in request.data:
        yield Gap(("page",), wanted, ABSENT)


def _audience(audience: Any) -> Iterator[Gap]:
    """Yield what cannot be read about the audience: a misspelt age would be an age that nobody checks."""
    if not isinstance(audience, Mapping):
        yield Gap(("audience",), text("a mapping of keys and values"), audience)
        return
    for key, value in audience.items():
        where = ("audience", str(key))
        if key not in _AUDIENCE:
            yield Gap(where, text("“size” or “youngest”"), str(key))
        elif not is_number(value) or value < 0:
            yield Gap(where, text("a number of people, or of years"), value)


def _says_something(value: Any) -> bool:
    """Tell whether a text can be read: a letter or digit at least, not blanks that nobody sees."""
    return isinstance(value, str) and any(map(str.isalnum, value))


def _is_name(value: Any) -> bool:
    return _says_something(value) and _NAME.fullmatch(value) is not None
