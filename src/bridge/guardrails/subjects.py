"""What people call a place in a request: a field by its label, a block by its module and its number."""

from collections.abc import Mapping
from typing import Any

from bridge.guardrails.finding import Where
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.text import Text, Value, Words, text


def subject(request: Request, where: Where, bundle: Bundle) -> Words:
    """Return the name of a place, as precise as the request allows."""
    words: list[Value] = []
    value: Any = request.data
    for number, step in enumerate(where):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        above = where[number - 1] if number else None
        if above == "fields" and isinstance(step, int):
            words.append(_field(value, step))
        elif above in ("blocks", "scripts") and isinstance(step, int):
            words.append(_block(value, step, bundle))
        elif isinstance(step, str) and step not in ("fields", "blocks", "scripts"):
            words.append(step)
    if not words:
        return text("the request")
    return text("{place}", place=words[0]) if len(words) == 1 else _joined(words)


def entry(request: Request, where: Where, bundle: Bundle) -> Words | None:
    """Return the name of one field, block or script by itself, None where the place is another."""
    number = where[-1] if where else ""
    if not isinstance(number, int) or len(where) < 2:
        return None
    value: Any = request.data
    for step in where:
        value = value[step]
    name = _field(value, number) if where[-2] == "fields" else _block(value, number, bundle)
    return text("the {entry}", entry=name)


def _joined(words: list[Value]) -> Text:
    said: Text = text("{place}", place=words[0])
    for word in words[1:]:
        said = text("{outer} › {inner}", outer=said, inner=word)
    return said


def _field(value: Any, number: int) -> Text:
    if isinstance(value, Mapping):
        for key in ("label", "name"):
            if isinstance(value.get(key), str) and value[key].strip():
                return text("field “{label}”", label=value[key][:80])
    return text("field {number}", number=number + 1)


def _block(value: Any, number: int, bundle: Bundle) -> Text:
    use = value.get("use") if isinstance(value, Mapping) else None
    module = bundle.modules.get(use.partition("@")[0]) if isinstance(use, str) else None
    if module is None:
        return text("block {number}", number=number + 1)
    return text("block {number} ({title})", number=number + 1, title=module.title)
