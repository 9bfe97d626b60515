"""What the doctor needs to look around on a site; reads only."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bridge.ports.tracker import Whom
from bridge.site import Limited, Project, Readers, Server, Space
from bridge.tracker import Account, Kind, Status


class Inspector(Protocol):
    """Looks around in Jira with the eyes of the account that signs in; reads only.

    Every method may raise a SiteError.
    """

    def server(self) -> Server:
        """Return which Jira this is; the only thing that needs no sign-in."""
        ...

    def cloud_id(self) -> str | None:
        """Return the site's id on Atlassian's gateway, None where it does not say."""
        ...

    def me(self) -> Account:
        """Return who signs in."""
        ...

    def site_rights(self) -> frozenset[str]:
        """Return the global rights of this account, by Jira's keys."""
        ...

    def projects(self) -> Sequence[Project]:
        """Return every project that this account sees."""
        ...

    def rights(self, projects: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Return what this account may do in each project; left out where it cannot be asked."""
        ...

    def statuses(self, project: str) -> Sequence[Status]:
        """Return the statuses of a project's workflows."""
        ...

    def issue_types(self, project: str) -> Sequence[tuple[str, Kind]]:
        """Return the names of the issue types that can be created, and what each is good for."""
        ...

    def assignable(self, project: str) -> Sequence[Account]:
        """Return the people (no apps) who can be assigned in a project."""
        ...

    def known(self, whom: "Whom") -> Sequence[Account]:
        """Return the accounts that ``whom`` may be, inactive ones included where the site shows them."""
        ...


class WikiInspector(Protocol):
    """Looks around in Confluence with the eyes of the account that signs in; reads only.

    Every method may raise a SiteError. None stands for what the site does not let one know.
    """

    def me(self) -> Account:
        """Return who signs in."""
        ...

    def is_administrator(self) -> bool | None:
        """Tell whether this account administers the whole site."""
        ...

    def spaces(self) -> Sequence[Space]:
        """Return every space that this account sees."""
        ...

    def rights(self, spaces: Sequence[Space]) -> Mapping[str, frozenset[str] | None]:
        """Return what this account may do in each space, by key: words such as “create page”."""
        ...

    def page_rights(self, page_id: str) -> frozenset[str] | None:
        """Return what this account may do with a page: words such as “update page”."""
        ...

    def readers(self, space: Space) -> Readers | None:
        """Return who was given the right to read a space."""
        ...

    def limits(self, page_id: str) -> Sequence[Limited]:
        """Return the page and those above it that only some may read."""
        ...
