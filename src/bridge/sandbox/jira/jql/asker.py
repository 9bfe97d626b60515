"""Who asks a query, and the pieces of SQL a query is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.sandbox.jira.jql.dates import Almanac
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person

Sql = tuple[str, list[Any]]
"""A piece of SQL and the values bound to its question marks."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and what the site looks like to them."""

    setup: Setup
    person: Person | None
    almanac: Almanac
    visible: frozenset[str]
    """Ids of the projects whose issues may be found."""
    levels: frozenset[str]
    """Ids of the security levels the asker is a member of."""
    find: Callable[[str], Issue | None] = field(repr=False)


@dataclass(frozen=True)
class Term:
    """One key of the order: an expression, its direction, and the values bound in it."""

    sql: str
    descending: bool
    values: tuple[Any, ...] = ()


def marks(values: Sequence[object]) -> str:
    """As many question marks as values."""
    return ",".join("?" * len(values))
