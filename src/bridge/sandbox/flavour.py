"""The two kinds of site, as data: Atlassian's Cloud, and the Data Center products on one's own servers."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Flavour:
    """How a kind of site differs from the other, wherever a value says it.

    ``jira`` and ``confluence`` are the context paths of the products; ``epic_name``, ``epic_link``
    and ``start_date`` are the ids of fields (a Data Center site has no start date of its own);
    ``bulk_most`` is how many issues one call creates, None where no limit is stated.
    """

    name: Literal["cloud", "datacenter"]
    jira: str
    confluence: str
    epic_name: str
    epic_link: str
    start_date: str
    bulk_most: int | None

    @property
    def server(self) -> bool:
        """Whether people have user names, epics have names and links, and REST is of the older kind."""
        return self.name == "datacenter"

    def placed(self, path: str) -> str:
        """Return where a page of the web face stands that Cloud has at ``path``."""
        if not self.server:
            return path
        if path.startswith(("/browse/", "/secure/")):
            return self.jira + path
        if path == "/wiki" or path.startswith("/wiki/"):
            return self.confluence + path.removeprefix("/wiki")
        return path


CLOUD = Flavour(
    "cloud", "", "/wiki", "customfield_10011", "customfield_10014", "customfield_10015", 50
)
DATA_CENTER = Flavour(
    "datacenter", "/jira", "/confluence",
    "customfield_10203", "customfield_10201", "customfield_10204", None,
)  # fmt: skip
"""The field ids are those of the captured Server site (``contracts/createmeta-samples``)."""
FLAVOURS: dict[str, Flavour] = {flavour.name: flavour for flavour in (CLOUD, DATA_CENTER)}
