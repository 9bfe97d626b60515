"""Where Jira Cloud and Jira Data Center differ, as one protocol with two implementations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bridge.atlassian.wire import Answer, Request
from bridge.ports import Whom
from bridge.prose import Prose
from bridge.tracker import Account, Attached, Content, Draft, Kind

IssueKind = Literal["epic", "task", "subtask"]
Raw = Mapping[str, Any]  # a JSON object as it came


@dataclass(frozen=True, slots=True)
class FieldIds:
    """The ids, on this site, of fields that have no fixed one; None where there is none.

    ``epic_link`` and ``epic_name`` exist on Data Center only.
    """

    start: str | None = None
    epic_link: str | None = None
    epic_name: str | None = None


class Dialect(Protocol):
    """How one flavour of Jira says what both can say. Pure."""

    @property
    def api(self) -> str:
        """Return the path of the REST API below the site's address."""
        ...

    @property
    def shapes(self) -> Mapping[str, tuple[str, type]]:
        """Return, by the end of a path, the one key that its answers always have, and its type."""
        ...

    @property
    def searches_with_memory(self) -> bool:
        """Tell whether a search's answer carries entity properties."""
        ...

    @property
    def scanned_at_once(self) -> int:
        """Return how many keys a search of the store for new issues reads at once."""
        ...

    @property
    def believed_gap(self) -> int:
        """Return how many keys in a row must be missing before their end is believed.

        Keys count up without gaps; only issues that were deleted or moved leave some.
        """
        ...

    # --- people and text ---------------------------------------------------------------------------

    def account(self, raw: Raw) -> Account:
        """Return a user; its id is what assigns an issue."""
        ...

    def person(self, account: str) -> dict[str, str]:
        """Return what a person field takes."""
        ...

    def whom(self, whom: Whom) -> dict[str, str] | None:
        """Return the query that finds somebody among assignable users; None: nothing to ask by."""
        ...

    def rich(self, prose: Prose) -> Any:
        """Return a description as this flavour takes it."""
        ...

    def extended(self, raw: Any, prose: Prose) -> Any:
        """Return a description as it came, with blocks below; raise TypeError for what is none."""
        ...

    def words(self, raw: Any) -> str:
        """Return a description's bare words, folded for comparing."""
        ...

    def lines(self, raw: Any) -> str:
        """Return the bare words of a description or comment, with its lines."""
        ...

    def content(self, raw: Any) -> Content:
        """Return the code and the tables of a description."""
        ...

    def unticked(self, raw: Any) -> tuple[str, ...]:
        """Return the words of a description's unticked lines, none where lines cannot be ticked."""
        ...

    # --- epics and their children ------------------------------------------------------------------

    def place(self, draft: Draft, ids: FieldIds) -> dict[str, Any]:
        """Return the fields that make a draft an epic, or put it below one."""
        ...

    def parent_field(self, ids: FieldIds) -> str:
        """Return the id of the field that holds an issue's epic."""
        ...

    def own_fields(self, kind: Kind, ids: FieldIds) -> tuple[str, ...]:
        """Return the ids of further fields that the bridge fills for this kind."""
        ...

    def parent(self, fields: Raw, ids: FieldIds) -> str | None:
        """Return the key of an issue's epic, or of a sub-task's issue."""
        ...

    def kind(self, issue_type: Raw, wanted: str | None) -> IssueKind:
        """Return what an issue type is; ``wanted`` is the configured name for epics."""
        ...

    def children_clause(self, epics: Sequence[str], ids: FieldIds) -> str:
        """Return the JQL for the issues below these (quoted) epics."""
        ...

    def fields_request(self) -> Request | None:
        """Return the request for the site's fields, None where no id has to be looked up."""
        ...

    def field_ids(self, fields: Sequence[Raw], start: str | None) -> FieldIds:
        """Return the ids that the site gave; ``start`` is the configured start-date field."""
        ...

    # --- requests and answers ----------------------------------------------------------------------

    def rights_request(self, project: str) -> Request:
        """Return the request for what this account may do in a project."""
        ...

    def listed(self, body: Raw, name: Literal["issueTypes", "fields"]) -> Sequence[Raw]:
        """Return the entries of an answer about create metadata."""
        ...

    def history_request(self, key: str, start: int) -> Request:
        """Return the request for an issue's history from its ``start``-th entry on."""
        ...

    def history_page(self, body: Raw) -> tuple[Sequence[Raw], int]:
        """Return the entries of an answer, and how many there are in all."""
        ...

    def changed_field(self, item: Raw) -> str:
        """Return the field that an item of an entry is about, by its id where there is one."""
        ...

    def file_request(self, attached: Attached, most: int) -> Request:
        """Return the request for what an attachment holds."""
        ...

    def search_request(
        self, jql: str, fields: Sequence[str], size: int, page: str | None
    ) -> Request:
        """Return the request for one page of a search over the index."""
        ...

    def stamps_request(self, jql: str, page: str | None) -> Request:
        """Return the request for one page, as large as can be, of when issues changed last."""
        ...

    def next_page(self, body: Raw) -> str | None:
        """Return what asks for the page after this one, None on the last."""
        ...

    def fetch_requests(self, keys: Sequence[str], fields: Sequence[str]) -> Sequence[Request]:
        """Return the requests that read issues (at most 100) from the store, not the index."""
        ...

    def fetched(self, answers: Iterable[Answer]) -> Iterable[Raw]:
        """Return the issues of their answers."""
        ...
