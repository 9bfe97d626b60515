"""Which scopes a token needs for an operation: ``scopes.txt``, asked by method and path template."""

import functools
import re
from importlib.resources import files

Alternatives = list[frozenset[str]]
_VERSION = re.compile(r"/rest/api/(?:<any[^>]*>|2|latest)/")


def template(rule: str) -> str:
    """Return a Flask rule as the table writes paths: version 3 for all of Jira's, ``{}`` for what varies."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "{}", _VERSION.sub("/rest/api/3/", rule))


def needed(method: str, rule: str) -> Alternatives:
    """Return the sets of scopes of which one must be held whole; none where no token with scopes may."""
    return _table().get((method, template(rule)), [])


def suffice(held: frozenset[str], method: str, rule: str) -> bool:
    """Whether a token with these scopes may call an operation."""
    return any(one <= held for one in needed(method, rule))


@functools.cache
def _table() -> dict[tuple[str, str], Alternatives]:
    text = files("bridge.sandbox").joinpath("scopes.txt").read_text("utf-8")
    found: dict[tuple[str, str], Alternatives] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            operation, _, sets = line.partition(" |")
            method, _, path = operation.partition(" ")
            found[method, path] = [frozenset(one.split()) for one in sets.split("|")]
    return found
