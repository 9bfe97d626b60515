"""What a value derived from another means in words: ``send_on@weekday`` is a Sunday, not ``sun``."""

from collections.abc import Mapping
from typing import Any, Final

from bridge.guardrails.paths import path_of
from bridge.text import Text, text

_DAYS: Final[Mapping[str, Text]] = {
    "mon": text("Monday"),
    "tue": text("Tuesday"),
    "wed": text("Wednesday"),
    "thu": text("Thursday"),
    "fri": text("Friday"),
    "sat": text("Saturday"),
    "sun": text("Sunday"),
}
# For each derivation that says yes or no: what yes means, what no means.
_TRUTHS: Final[Mapping[str, tuple[Text, Text]]] = {
    "off": (text("a Sunday, a holiday or a closure"), text("a day that is worked")),
    "in": (text("listed in “{name}”", name=""), text("not listed in “{name}”", name="")),
    "says": (text("the word “{name}”", name=""), text("no word “{name}”", name="")),
    "uses": (text("a block “{name}”", name=""), text("no block “{name}”", name="")),
    "asks": (text("a field that asks for {name}", name=""), text("no field that asks for {name}", name="")),
    "runs": (text("code that runs"), text("nothing that runs")),
}  # fmt: skip


def derived(path: str, value: Any) -> Text | None:
    """Return what a derived value means; None where the path derives nothing, or the value says it."""
    parsed = path_of(path)
    if parsed.derived == "weekday":
        return _DAYS.get(value) if isinstance(value, str) else None
    if parsed.derived not in _TRUTHS or not isinstance(value, bool):
        return None
    yes, no = _TRUTHS[parsed.derived]
    return Text((yes if value else no).one, {"name": parsed.argument})
