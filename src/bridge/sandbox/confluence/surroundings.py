"""What a page refers to beyond itself: people, other pages, issues."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


class Ticket(NamedTuple):
    """An issue as a page shows it.

    ``category`` is the key of its status's category, ``due`` is ``yyyy-MM-dd`` or empty.
    """

    key: str
    summary: str
    status: str
    category: str
    url: str
    owner: str = ""
    due: str = ""
    kind: str = ""
    priority: str = ""


@dataclass(frozen=True)
class Surroundings:
    """Look-ups for rendering; each answers None where nothing is found (``tickets`` raises ValueError).

    ``gettext`` translates the few words that rendering itself adds.
    """

    name_of: Callable[[str], str | None] = lambda _: None
    page_url: Callable[[str, str | None], str | None] = lambda _title, _space: None
    file_url: Callable[[str], str | None] = lambda _: None
    """Where an attached picture is."""
    ticket: Callable[[str], Ticket | None] = lambda _: None
    tickets: Callable[[str, int], list[Ticket]] = lambda _jql, _most: []
    children: Callable[[], list[tuple[str, str]]] = list
    day: Callable[[str], str] = lambda text: text
    gettext: Callable[[str], str] = field(default=lambda text: text)
