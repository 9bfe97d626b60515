"""What one account sees of a site: its server, projects, spaces, and who may read what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Flavour = Literal["cloud", "datacenter"]


@dataclass(frozen=True, slots=True)
class Server:
    """Which Jira this is, and how the two ends of the line compare.

    ``seconds``: how long its answer took. ``ahead``: by how many seconds this machine's clock is
    ahead of the server's (negative: behind), None where the server did not say its time.
    ``is_gateway``: reached through Atlassian's gateway, as scoped tokens must be.
    """

    flavour: Flavour
    version: str
    title: str = ""
    seconds: float = 0.0
    ahead: float | None = None
    is_gateway: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """A Jira project as a list of projects shows it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Space:
    """A Confluence space. ``is_personal``: somebody's own."""

    id: str
    key: str
    name: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Readers:
    """Who alone may read a page or space: accounts by id, and groups by name or id."""

    accounts: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()

    @property
    def only_people(self) -> bool:
        """Tell whether no group is let in, so that everybody who may read is known."""
        return bool(self.accounts) and not self.groups


@dataclass(frozen=True, slots=True)
class Limited:
    """A page that not everybody of its space may read."""

    title: str
    readers: Readers


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook that an administrator registered: who is told of which events, on which issues.

    ``jql`` '' stands for every issue. Its secret is never shown again.
    """

    id: str
    name: str
    url: str
    enabled: bool
    events: tuple[str, ...]
    jql: str = ""


def names(projects: Sequence[Project | Space]) -> dict[str, str]:
    """Return the names of projects or spaces by their keys."""
    return {one.key: one.name for one in projects}
