"""Markup in texts that are plain: titles, labels, subjects that some template may write out as they are."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from bridge.guardrails.finding import Where
from bridge.guardrails.paths import path_of
from bridge.guardrails.policy import Module

# A tag, a comment, a character written as its number or name, a control or one that turns text around.
_MARKUP = re.compile(
    r"<[a-zA-Z/!?]|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
)
_READS_MARKUP: Final = ("tags", "runs", "links", "attributes")
_MOST: Final = 20  # places that are named; one is enough for a person to look
_DEEPEST: Final = 12  # levels of lists and mappings; no module's parameters have as many


def marked_up(
    module: Module, parameters: Mapping[str, Any], at: Where
) -> Iterator[tuple[Where, str]]:
    """Yield the texts of a part that hold markup, but those that a limit of its module reads as markup."""
    read = _read_as_markup(module)
    found = 0
    waiting: list[tuple[Where, Any]] = [((), parameters)]
    while waiting and found < _MOST:
        where, value = waiting.pop()
        if isinstance(value, str):
            if _MARKUP.search(value) and ".".join(map(str, where)) not in read:
                found += 1
                yield (*at, *where), value
        elif len(where) < _DEEPEST:
            waiting += [((*where, step), inner) for step, inner in _inside(value)]


def _inside(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from reversed([(str(key), inner) for key, inner in value.items()])
    elif isinstance(value, list):
        yield from reversed(list(enumerate(value)))


def _read_as_markup(module: Module) -> frozenset[str]:
    written = (path for limit in module.limits for path in (limit.path, limit.each) if "@" in path)
    return _places(tuple(written))


@lru_cache(maxsize=256)
def _places(written: tuple[str, ...]) -> frozenset[str]:
    paths = map(path_of, written)
    return frozenset(".".join(p.steps) for p in paths if p.derived in _READS_MARKUP)
