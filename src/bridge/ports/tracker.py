"""What the verbs need from an issue tracker: Jira, or its in-memory twin."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from bridge.prose import Prose
from bridge.tracker import (
    Account,
    Attached,
    Comment,
    Content,
    Created,
    Draft,
    Edit,
    Happening,
    Issue,
    Stamp,
    Survey,
)


class Tracker(Protocol):
    """An issue tracker: Jira, or its in-memory twin. Every method may raise a SiteError."""

    def me(self) -> Account:
        """Return who signs in: by whom the bridge's own comments and changes are signed."""
        ...

    def survey(
        self, projects: Sequence[str], people: Sequence[tuple["Whom", str]], label: str
    ) -> Survey:
        """Gather what a creation depends on.

        ``people`` with the project each must be assignable in; ``label`` of the campaign, to see what
        the index shows under it.
        """
        ...

    def search(self, jql: str) -> Sequence[Issue]:
        """Return every issue that the search index shows for a bounded JQL."""
        ...

    def epics(self, project: str, condition: str) -> Sequence[Issue]:
        """Return the epics of a project that fulfil a JQL condition, by the search index."""
        ...

    def children(self, epics: Collection[str], condition: str) -> Sequence[Issue]:
        """Return the issues below epics that fulfil a JQL condition, by due date and key."""
        ...

    def read(self, keys: Iterable[str]) -> Mapping[str, Issue]:
        """Return issues by key from the store itself, not the index; what does not exist is left out."""
        ...

    def created_since(self, project: str, number: int, newest: int = 0) -> Sequence[Issue]:
        """Return the issues of a project whose number is above ``number``, from the store itself.

        ``newest``: a number that is known to exist by now; the look goes at least so far.
        """
        ...

    def content(self, key: str) -> Content:
        """Return the code and the tables of an issue's description, from the store."""
        ...

    def attachment(self, attached: Attached, most: int) -> bytes:
        """Return what an attachment holds; raise AttachmentTooLarge above ``most`` bytes."""
        ...

    def stamps(self, jql: str) -> Sequence[Stamp]:
        """Return key, last change and due date of every issue that the index shows for a bounded JQL.

        One request for a whole page of them: cheap enough to ask every minute.
        """
        ...

    def lines(self, key: str) -> Sequence[str]:
        """Return the lines of an issue's description as bare words, from the store; empty ones left out.

        A paragraph, a heading, an item of a list and each row of a table is a line; a line break
        within a paragraph begins a new one.
        """
        ...

    def add_to_description(self, key: str, prose: Prose, *, quietly: bool) -> None:
        """Write blocks below what an issue's description holds, which stays as it is, to the byte.

        Reads it just before: Jira edits carry no version, so the window is narrow, not closed.
        """
        ...

    def forget(self, key: str) -> None:
        """Take the bridge's memory off an issue; where there is none, nothing happens."""
        ...

    def comments(self, key: str) -> Sequence[Comment]:
        """Return every comment of an issue, the oldest first."""
        ...

    def history(self, key: str) -> Sequence[Happening]:
        """Return every change of an issue's fields, the oldest first.

        What an issue was created with is no change: labels set at creation do not stand there.
        """
        ...

    def create(self, drafts: Sequence[Draft]) -> Created:
        """Create issues, each with its labels and memory in the same call.

        Raises LostAnswer where it is not known whether they were created.
        """
        ...

    def edit(self, edit: Edit, *, quietly: bool) -> None:
        """Write some fields of one issue and its memory in one request."""
        ...

    def remember(self, key: str, memory: Mapping[str, Any]) -> None:
        """Write an issue's memory alone."""
        ...

    def comment(self, key: str, prose: Prose) -> str:
        """Write a new comment; return its id.

        Raises LostAnswer where it is not known whether it was written.
        """
        ...

    def recomment(self, key: str, comment_id: str, prose: Prose) -> None:
        """Write a comment anew, in its place; the same once more is harmless."""
        ...

    def relabel(
        self, key: str, add: Collection[str], remove: Collection[str], *, quietly: bool
    ) -> None:
        """Put labels on an issue and take others off; those that somebody adds meanwhile stay."""
        ...

    def finish(self, key: str) -> bool:
        """Move an issue to a status of category done by the simplest step that asks nothing.

        True where it is done, now or already; False where the workflow offers this account no such
        step. Raises LostAnswer where it is not known whether the step was taken.
        """
        ...

    def link(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Make each pair (blocker, blocked) a link; repeating one is harmless."""
        ...

    def url(self, key: str) -> str:
        """Return the address where people see an issue."""
        ...

    @property
    def link_type(self) -> str:
        """Return the name of the link type that dependencies become."""
        ...

    @property
    def site(self) -> str:
        """Return the site's address: what a journal entry belongs to."""
        ...


class Whom(Protocol):
    """Whatever says who somebody is on the site: a person of the workspace."""

    @property
    def id(self) -> str:
        """Return the person's id in the workspace."""
        ...

    @property
    def account(self) -> str | None:
        """Return the account id on Cloud, None where it is not known."""
        ...

    @property
    def email(self) -> str | None:
        """Return the e-mail address, by which a site may find the account."""
        ...

    @property
    def dc_user(self) -> str | None:
        """Return the user name on Data Center, None where it is not known."""
        ...
