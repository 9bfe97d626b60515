"""Jira Data Center's dialect: REST v2, user names, wiki markup, Epic Link, ``search``. Pure.

Shapes: https://docs.atlassian.com/software/jira/docs/api/REST/10.3.0/.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from bridge.atlassian import wiki_reading, wikitext
from bridge.atlassian.dialect import FieldIds, IssueKind, Raw
from bridge.atlassian.jira_wire import PAGE, STAMP
from bridge.atlassian.wire import Answer, Request
from bridge.memory import PROPERTY
from bridge.ports import Whom
from bridge.prose import Prose, one_line
from bridge.tracker import Account, Attached, Content, Draft, Kind

EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
EPIC_NAME = "com.pyxis.greenhopper.jira:gh-epic-label"
# Fields that the history calls otherwise than the rest of Jira; the others go by their ids.
_CHANGED: Mapping[str, str] = {"Link": "issuelinks", "Attachment": "attachment"}
EPIC_TYPES = ("epic", "épopée")


class DataCenter:
    """Implements :class:`bridge.atlassian.dialect.Dialect`."""

    api = "/rest/api/2"
    searches_with_memory = False  # only GET of one issue takes ``properties``
    scanned_at_once, believed_gap = 25, 25  # each key is a request
    shapes: Mapping[str, tuple[str, type]] = {
        "/search": ("issues", list),
        "/issueLinkType": ("issueLinkTypes", list),
        "/myself": ("name", str),
        "/issuetypes": ("values", list),
        "/comment": ("comments", list),
        "/transitions": ("transitions", list),
    }

    def account(self, raw: Raw) -> Account:
        """Return a user, assigned by user name."""
        return Account(str(raw["name"]), raw.get("displayName") or "", raw.get("active", True))

    def person(self, account: str) -> dict[str, str]:
        """Return what a person field takes."""
        return {"name": account}

    def whom(self, whom: Whom) -> dict[str, str] | None:
        """Ask by ``username``: it finds by the beginnings of user name, display name, e-mail."""
        wanted = whom.dc_user or whom.email
        return {"username": wanted} if wanted else None

    def rich(self, prose: Prose) -> Any:
        """Return wiki markup."""
        return wikitext.markup(prose)

    def extended(self, raw: Any, prose: Prose) -> Any:
        """Return wiki markup with more below it; an empty line ends whatever stands before."""
        return wikitext.extended(raw, prose)

    def words(self, raw: Any) -> str:
        """Return wiki markup's bare words."""
        return wiki_reading.words_of(raw or "")

    def lines(self, raw: Any) -> str:
        """Return wiki markup's bare words, with its lines."""
        return wiki_reading.lines_of(raw or "")

    def content(self, raw: Any) -> Content:
        """Return wiki markup's code and tables."""
        return wiki_reading.content(raw or "")

    def unticked(self, raw: Any) -> tuple[str, ...]:
        """Return nothing: wiki markup has no boxes to tick."""
        return ()

    def place(self, draft: Draft, ids: FieldIds) -> dict[str, Any]:
        """Give an epic its Epic Name, a child the epic in Epic Link."""
        if draft.kind == "epic" and ids.epic_name:
            return {ids.epic_name: one_line(str(draft.fields.get("summary", "")))}
        if draft.parent and ids.epic_link:
            return {ids.epic_link: draft.parent}
        return {}

    def parent_field(self, ids: FieldIds) -> str:
        """Return Epic Link's id; its name where the site has none, for the message."""
        return ids.epic_link or "Epic Link"

    def own_fields(self, kind: Kind, ids: FieldIds) -> tuple[str, ...]:
        """Return Epic Name for an epic: it is filled with the summary."""
        return (ids.epic_name,) if kind == "epic" and ids.epic_name else ()

    def parent(self, fields: Raw, ids: FieldIds) -> str | None:
        """Return the epic's key; on a sub-task, its issue's."""
        epic = fields.get(ids.epic_link) if ids.epic_link else None
        return epic or (fields.get("parent") or {}).get("key")

    def kind(self, issue_type: Raw, wanted: str | None) -> IssueKind:
        """Go by the name: Data Center tells no hierarchy level."""
        names = (wanted.casefold(),) if wanted else EPIC_TYPES
        if str(issue_type.get("name", "")).casefold() in names:
            return "epic"
        return "subtask" if issue_type.get("subtask") else "task"

    def children_clause(self, epics: Sequence[str], ids: FieldIds) -> str:
        """Return the JQL for the issues below these epics, by the field's id: names are translated."""
        number = (ids.epic_link or "").rpartition("_")[2]
        field = f"cf[{number}]" if number.isdigit() else '"Epic Link"'
        return f"{field} in ({', '.join(epics)})"

    def fields_request(self) -> Request | None:
        """Return the request for every field of the site."""
        return Request(method="GET", path=f"{self.api}/field")

    def field_ids(self, fields: Sequence[Raw], start: str | None) -> FieldIds:
        """Return the ids of the agile fields: their names are translated, their types are not."""
        by_type = {(f.get("schema") or {}).get("custom"): str(f["id"]) for f in reversed(fields)}
        return FieldIds(start, by_type.get(EPIC_LINK), by_type.get(EPIC_NAME))

    def rights_request(self, project: str) -> Request:
        """Return the request for every right there is."""
        return Request(
            method="GET", path=f"{self.api}/mypermissions", query={"projectKey": project}
        )

    def listed(
        self, body: Raw, name: Literal["issueTypes", "fields"]
    ) -> Sequence[Raw]:  # the protocol
        """Return the entries of an answer about create metadata."""
        entries: Sequence[Raw] = body["values"]
        return entries

    def history_request(self, key: str, start: int) -> Request:
        """Expand the whole history with the issue: there are no pages to ask for."""
        query = {"fields": "created", "expand": "changelog"}
        return Request(method="GET", path=f"{self.api}/issue/{key}", query=query)

    def history_page(self, body: Raw) -> tuple[Sequence[Raw], int]:
        """Return the entries, and how many there are in all."""
        return body["changelog"]["histories"], int(body["changelog"]["total"])

    def changed_field(self, item: Raw) -> str:
        """Return the field's id, which for system fields is what the history calls it."""
        return _CHANGED.get(item["field"], str(item["field"]))

    def file_request(self, attached: Attached, most: int) -> Request:
        """Ask where people download it: REST has no such operation."""
        path = f"/secure/attachment/{int(attached.id)}/{quote(attached.name, safe='')}"
        return Request(method="GET", path=path, expects="bytes", most=most)

    def search_request(
        self, jql: str, fields: Sequence[str], size: int, page: str | None
    ) -> Request:
        """Return one page of a search, by its start."""
        return Request(
            method="POST",
            path=f"{self.api}/search",
            body={
                "jql": jql,
                "startAt": int(page or 0),
                "maxResults": size,
                "fields": list(fields),
            },
        )

    def stamps_request(self, jql: str, page: str | None) -> Request:
        """Ask for as many as Jira gives without being told otherwise by its administrator."""
        return self.search_request(jql, STAMP, PAGE, page)

    def next_page(self, body: Raw) -> str | None:
        """Go on where this page ended: the server may give fewer than asked."""
        issues = body["issues"]
        end = int(body.get("startAt", 0)) + len(issues)
        return str(end) if issues and end < int(body.get("total", 0)) else None

    def fetch_requests(self, keys: Sequence[str], fields: Sequence[str]) -> Sequence[Request]:
        """Return one request an issue: there is no bulk read of the store."""
        query = {"fields": ",".join(fields), "properties": PROPERTY}
        return [Request(method="GET", path=f"{self.api}/issue/{key}", query=query) for key in keys]

    def fetched(self, answers: Iterable[Answer]) -> Iterable[Raw]:
        """Return the issues that exist and can be seen."""
        return [answer.body for answer in answers]
