"""Jira Cloud's dialect: REST v3, account ids, ADF, ``parent``, ``search/jql``, ``bulkfetch``. Pure.

Shapes: https://developer.atlassian.com/cloud/jira/platform/rest/v3/.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from bridge.atlassian import adf, adf_reading
from bridge.atlassian.dialect import FieldIds, IssueKind, Raw
from bridge.atlassian.jira_wire import STAMP
from bridge.atlassian.wire import Answer, Request
from bridge.memory import PROPERTY
from bridge.ports import Whom
from bridge.prose import Prose
from bridge.tracker import Account, Attached, Content, Draft, Kind

_MOST_AT_ONCE = 5000  # results of a search; the server may return fewer
RIGHTS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ASSIGN_ISSUES",
    "LINK_ISSUES",
    "ADD_COMMENTS",
    "TRANSITION_ISSUES",
    "ADMINISTER_PROJECTS",
)


class Cloud:
    """Implements :class:`bridge.atlassian.dialect.Dialect`."""

    api = "/rest/api/3"
    searches_with_memory = True
    scanned_at_once, believed_gap = 100, 50
    shapes: Mapping[str, tuple[str, type]] = {
        "/search/jql": ("issues", list),
        "/issue/bulkfetch": ("issues", list),
        "/issueLinkType": ("issueLinkTypes", list),
        "/myself": ("accountId", str),
        "/issuetypes": ("issueTypes", list),
        "/comment": ("comments", list),
        "/changelog": ("values", list),
        "/transitions": ("transitions", list),
    }

    def account(self, raw: Raw) -> Account:
        """Return a user, known by account id only."""
        return Account(str(raw["accountId"]), raw.get("displayName") or "", raw.get("active", True))

    def person(self, account: str) -> dict[str, str]:
        """Return what a person field takes."""
        return {"accountId": account}

    def whom(self, whom: Whom) -> dict[str, str] | None:
        """Ask by account id where it is known, else by e-mail, which the site may hide."""
        if whom.account:
            return {"accountId": whom.account}
        return {"query": whom.email} if whom.email else None

    def rich(self, prose: Prose) -> Any:
        """Return an ADF document."""
        return adf.document(prose)

    def extended(self, raw: Any, prose: Prose) -> Any:
        """Return an ADF document with more nodes at its end; the others stay as they are."""
        return adf.extended(raw, prose)

    def words(self, raw: Any) -> str:
        """Return an ADF document's bare words."""
        return adf.words_of(raw)

    def lines(self, raw: Any) -> str:
        """Return an ADF document's bare words, with its lines."""
        return adf_reading.lines_of(raw)

    def content(self, raw: Any) -> Content:
        """Return an ADF document's code and tables."""
        return adf_reading.content(raw)

    def unticked(self, raw: Any) -> tuple[str, ...]:
        """Return the words of an ADF document's unticked tasks."""
        return adf.unticked(raw)

    def place(self, draft: Draft, ids: FieldIds) -> dict[str, Any]:  # the protocol
        """Name the epic in ``parent``, in company- and team-managed projects alike."""
        return {"parent": {"key": draft.parent}} if draft.parent else {}

    def parent_field(self, ids: FieldIds) -> str:  # as above
        """Return ``parent``."""
        return "parent"

    def own_fields(self, kind: Kind, ids: FieldIds) -> tuple[str, ...]:  # as above
        """Return none: an epic needs nothing more."""
        return ()

    def parent(self, fields: Raw, ids: FieldIds) -> str | None:  # as above
        """Return the parent's key."""
        return (fields.get("parent") or {}).get("key")

    def kind(self, issue_type: Raw, wanted: str | None) -> IssueKind:  # as above
        """Go by the hierarchy level, whatever the type is called."""
        level = issue_type.get("hierarchyLevel", 0)
        return "epic" if level and level > 0 else "subtask" if issue_type.get("subtask") else "task"

    def children_clause(self, epics: Sequence[str], ids: FieldIds) -> str:  # as above
        """Return the JQL for the issues below these epics."""
        return f"parent in ({', '.join(epics)})"

    def fields_request(self) -> Request | None:
        """Return none: ``parent`` is ``parent`` everywhere."""
        return None

    def field_ids(self, fields: Sequence[Raw], start: str | None) -> FieldIds:  # as above
        """Return the one id that can be configured."""
        return FieldIds(start)

    def rights_request(self, project: str) -> Request:
        """Name the rights asked for: none, or an unknown one, is refused."""
        return Request(
            method="GET",
            path=f"{self.api}/mypermissions",
            query={"projectKey": project, "permissions": ",".join(RIGHTS)},
        )

    def listed(self, body: Raw, name: Literal["issueTypes", "fields"]) -> Sequence[Raw]:
        """Return the entries of an answer about create metadata."""
        entries: Sequence[Raw] = body[name]
        return entries

    def history_request(self, key: str, start: int) -> Request:
        """Return one page of the history, the oldest entries first."""
        return Request(
            method="GET",
            path=f"{self.api}/issue/{key}/changelog",
            query={"startAt": start, "maxResults": 100},
        )

    def history_page(self, body: Raw) -> tuple[Sequence[Raw], int]:
        """Return the entries of a page, and how many there are in all."""
        return body["values"], int(body["total"])

    def changed_field(self, item: Raw) -> str:
        """Return the field's id; a change of the parent has none."""
        return str(item.get("fieldId") or item["field"])

    def file_request(self, attached: Attached, most: int) -> Request:
        """Ask the site itself: a redirect to the host of the files would have to be followed."""
        return Request(
            method="GET",
            path=f"{self.api}/attachment/content/{int(attached.id)}",
            query={"redirect": "false"},
            expects="bytes",
            most=most,
        )

    def search_request(
        self, jql: str, fields: Sequence[str], size: int, page: str | None
    ) -> Request:
        """Return one page of a bounded search, entity property included."""
        body: dict[str, Any] = {
            "jql": jql,
            "fields": list(fields),
            "properties": [PROPERTY],
            "maxResults": size,
        }
        return self._search(body, page)

    def stamps_request(self, jql: str, page: str | None) -> Request:
        """Ask for most issues at once, and without entity properties: it is asked every minute."""
        body: dict[str, Any] = {"jql": jql, "fields": list(STAMP), "maxResults": _MOST_AT_ONCE}
        return self._search(body, page)

    def _search(self, body: dict[str, Any], page: str | None) -> Request:
        paged = body | {"nextPageToken": page} if page else body
        return Request(method="POST", path=f"{self.api}/search/jql", body=paged)

    def next_page(self, body: Raw) -> str | None:
        """Return the token, which the last page does not have."""
        return body.get("nextPageToken")

    def fetch_requests(self, keys: Sequence[str], fields: Sequence[str]) -> Sequence[Request]:
        """Return one request: it reads up to a hundred issues and leaves out what does not exist."""
        body = {"issueIdsOrKeys": list(keys), "fields": list(fields), "properties": [PROPERTY]}
        return [Request(method="POST", path=f"{self.api}/issue/bulkfetch", body=body)]

    def fetched(self, answers: Iterable[Answer]) -> Iterable[Raw]:
        """Return the issues of their answers."""
        for answer in answers:
            yield from answer.body["issues"]
