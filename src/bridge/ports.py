"""What the verbs need from the world, as protocols; the gateway, the disk and tests provide it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bridge.prose import Prose
from bridge.site import Limited, Project, Readers, Server, Space, Webhook
from bridge.text import Speaker, Text
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
    Kind,
    Stamp,
    Status,
    Survey,
)
from bridge.wiki import Page, Remembered


class PageMoved(Exception):  # no refusal: the caller reads again and decides again
    """Somebody else wrote the page (or took its title) since it was read."""


class Clock(Protocol):
    """Time, as the workspace sees it."""

    def now(self) -> datetime:
        """Return the present moment, with its time zone."""
        ...

    def today(self) -> date:
        """Return the civil date in the workspace's time zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Progress(Protocol):
    """Where long work says how far it is."""

    def __call__(self, words: Text) -> None:
        """Say one thing on the way."""
        ...


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


class Wiki(Protocol):
    """A wiki: Confluence, or its in-memory twin. Every method may raise a SiteError."""

    def find(self, title: str) -> Page | None:
        """Return the page with this title in the configured space, archived ones included."""
        ...

    def page(self, page_id: str, version: int | None = None) -> Page | None:
        """Return a page, at a version of its history where one is named; None where it is gone."""
        ...

    def create(self, title: str, body: str, parent: str | None) -> Page:
        """Create a page below ``parent`` (None: below the space's home); PageMoved: title taken."""
        ...

    def update(self, page: Page, body: str, message: str) -> Page:
        """Write a new version on top of ``page``; raise PageMoved where it is not the newest."""
        ...

    def recall(self, page_id: str, key: str) -> Remembered | None:
        """Return what is remembered on a page under a key."""
        ...

    def remember(self, page_id: str, key: str, value: Any, before: Remembered | None) -> None:
        """Remember a value on a page, replacing exactly ``before``."""
        ...

    def forget(self, page_id: str, key: str) -> None:
        """Take what is remembered under a key off a page; where there is none, nothing happens."""
        ...

    def label(self, page_id: str, label: str) -> None:
        """Put a label on a page; putting it twice is harmless."""
        ...

    def unlabel(self, page_id: str, label: str) -> None:
        """Take a label off a page; where there is none, nothing happens."""
        ...

    def labelled(self, label: str) -> Page | None:
        """Return the one page of the space with a label, by the search index."""
        ...

    def versions(self, page_id: str) -> Sequence[tuple[int, str]]:
        """Return the numbers and messages of a page's latest versions, the newest first."""
        ...

    def url(self, page_id: str) -> str:
        """Return the address where people see a page."""
        ...


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


class Hooks(Protocol):
    """The webhooks of a Jira site, as its administrators keep them. Every method may raise a SiteError.

    Who does not administer the site is refused with WebhooksForbidden.
    """

    def registered(self) -> Sequence[Webhook]:
        """Return every webhook of the site, whoever registered it."""
        ...

    def register(
        self, name: str, url: str, secret: str, events: Sequence[str], jql: str
    ) -> Webhook:
        """Register a webhook that signs what it sends with ``secret``.

        Raises LostAnswer where it is not known whether it was registered.
        """
        ...

    def unregister(self, webhook_id: str) -> None:
        """Take a webhook away; where there is none, nothing happens."""
        ...


class Journal(Protocol):
    """The workspace's own record of intents and writes, on one site.

    ``campaign`` is a campaign's id, or ``request/...`` for the issue of a request: one name, one key.
    """

    def intend(self, campaign: str, floors: Mapping[str, int]) -> None:
        """Record, before the epic is created, that it is about to be; durable on return."""
        ...

    def epic(self, campaign: str, key: str) -> None:
        """Record the epic that was created or adopted."""
        ...

    def epic_of(self, campaign: str) -> str | None:
        """Return the epic's key as last recorded."""
        ...

    def intent_of(self, campaign: str) -> Mapping[str, int] | None:
        """Return the newest issue numbers at the time of an intent that has no result yet."""
        ...

    def wrote(self, what: str, name: str, field: str, before: str, after: str, cause: str) -> None:
        """Record one write."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a creation works with."""

    tracker: Tracker
    journal: Journal
    clock: Clock
    speaker: Speaker
    progress: Progress
