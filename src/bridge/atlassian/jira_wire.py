"""Jira's payloads as pure functions: what to send.

Where Cloud and Data Center differ, the :class:`~bridge.atlassian.dialect.Dialect` says how.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bridge.atlassian.dialect import Dialect, FieldIds, Raw
from bridge.atlassian.wire import Request
from bridge.memory import PROPERTY
from bridge.tracker import (
    Draft,
    Edit,
    FieldName,
    FieldValue,
    Kind,
)

AT_ONCE = 50  # issues per bulk create
FETCHED_AT_ONCE = 100  # issues per bulk fetch
PAGE = 1000  # results asked per page of a search; the server may return fewer
SYSTEM: Mapping[FieldName, str] = {
    "summary": "summary",
    "description": "description",
    "assignee": "assignee",
    "due": "duedate",
    "priority": "priority",
}
STAMP = ("updated", "duedate")  # the fields that a stamp is read from
_KEY = re.compile(r"(\w+)-\d+")


def read_fields(dialect: Dialect, ids: FieldIds) -> list[str]:
    """Return the fields that an :class:`Issue` is read from."""
    own = (ids.start, dialect.parent_field(ids))
    return [
        *SYSTEM.values(),
        "status",
        "labels",
        "parent",
        "issuetype",
        "project",
        "issuelinks",
        "security",
        "creator",
        "reporter",
        "created",
        "updated",
        "attachment",
        *(field for field in own if field and field != "parent"),
    ]


# --- writing -----------------------------------------------------------------------------------


def field_body(
    name: FieldName, value: FieldValue, dialect: Dialect, ids: FieldIds
) -> tuple[str, Any]:
    """Return a field's id on the site and its value as Jira takes it."""
    key = ids.start if name == "start" else SYSTEM[name]
    if key is None:
        raise ValueError(name)
    match name:
        case "description":
            return key, dialect.rich(value) if isinstance(value, tuple) and value else None
        case "assignee":
            return key, dialect.person(str(value)) if value else None
        case "priority":
            return key, {"id": value} if value else None
        case "due" | "start":
            return key, value.isoformat() if isinstance(value, date) else None
        case _:
            return key, value


def _fields_body(
    fields: Mapping[FieldName, FieldValue], dialect: Dialect, ids: FieldIds
) -> dict[str, Any]:
    return dict(field_body(name, value, dialect, ids) for name, value in fields.items())


def create_request(
    drafts: Sequence[Draft],
    type_ids: Mapping[tuple[str, Kind], str],
    dialect: Dialect,
    ids: FieldIds,
) -> Request:
    """Return the bulk create of at most fifty drafts.

    There is no idempotency key: a lost answer is looked up, never sent again.
    """
    updates = [
        create_body(draft, type_ids[draft.project, draft.kind], dialect, ids) for draft in drafts
    ]
    return Request(
        method="POST",
        path=f"{dialect.api}/issue/bulk",
        body={"issueUpdates": updates},
        writes=tuple(sorted({draft.project for draft in drafts})),
        repeatable=False,
    )


def create_body(draft: Draft, type_id: str, dialect: Dialect, ids: FieldIds) -> dict[str, Any]:
    """Return one entry of a bulk create: fields, labels and memory in the same call."""
    fields = _fields_body(draft.fields, dialect, ids) | {
        "project": {"key": draft.project},
        "issuetype": {"id": type_id},
        "labels": list(draft.labels),
        **dialect.place(draft, ids),
    }
    return {"fields": fields, "properties": [{"key": PROPERTY, "value": dict(draft.memory)}]}


def edit_request(edit: Edit, dialect: Dialect, ids: FieldIds, *, quietly: bool) -> Request:
    """Return the request that writes fields and memory of one issue together."""
    return Request(
        method="PUT",
        path=f"{dialect.api}/issue/{edit.key}",
        # Without the right to administer the project Jira ignores a request that says this.
        query={"notifyUsers": "false"} if quietly else {},
        body={
            "fields": _fields_body(edit.fields, dialect, ids),
            "properties": [{"key": PROPERTY, "value": dict(edit.memory)}],
        },
        writes=(project_of(edit.key),),
        expects="anything",
    )


def remember_request(key: str, memory: Raw, dialect: Dialect) -> Request:
    """Return the request that writes an issue's memory alone; nobody gets a mail for that."""
    return Request(
        method="PUT",
        path=f"{dialect.api}/issue/{key}/properties/{PROPERTY}",
        body=dict(memory),
        writes=(project_of(key),),
        expects="anything",
    )


def link_request(link_type: str, blocker: str, blocked: str, dialect: Dialect) -> Request:
    """Return the request for “blocker blocks blocked”.

    Counter-intuitive, and right: the blocker is the *inward* issue; the blocked one then shows
    “is blocked by”.
    """
    return Request(
        method="POST",
        path=f"{dialect.api}/issueLink",
        body={
            "type": {"name": link_type},
            "inwardIssue": {"key": blocker},
            "outwardIssue": {"key": blocked},
        },
        writes=tuple(sorted({project_of(blocker), project_of(blocked)})),
        expects="anything",  # 201 with an empty body; repeated: 201 again and no second link
    )


def types_request(project: str, dialect: Dialect) -> Request:
    """Return the request for the issue types that can be created in a project."""
    return Request(
        method="GET",
        path=f"{dialect.api}/issue/createmeta/{project}/issuetypes",
        query={"maxResults": 200},
    )


def screen_request(project: str, type_id: str, dialect: Dialect) -> Request:
    """Return the request for the fields that a create screen takes."""
    return Request(
        method="GET",
        path=f"{dialect.api}/issue/createmeta/{project}/issuetypes/{type_id}",
        query={"maxResults": 200},
    )


def assignable_request(project: str, query: Mapping[str, str], dialect: Dialect) -> Request:
    """Return the request for the users that match and can be assigned in a project."""
    return Request(
        method="GET",
        path=f"{dialect.api}/user/assignable/search",
        query={"project": project, **query},
    )


def link_types_request(dialect: Dialect) -> Request:
    """Return the request for the site's link types."""
    return Request(method="GET", path=f"{dialect.api}/issueLinkType")


def newest_request(project: str, dialect: Dialect) -> Request:
    """Return the request for the newest issue that the index shows in a project."""
    jql = f"project = {quoted(project)} ORDER BY key DESC"
    return dialect.search_request(jql, ["project"], 1, None)


def newest_of(body: Mapping[str, Any]) -> int:
    """Return the number of the newest issue in an answer to :func:`newest_request`, else 0."""
    return max((int(raw["key"].rpartition("-")[2]) for raw in body["issues"]), default=0)


def project_of(key: str) -> str:
    """Return the project key of an issue key; raise ValueError for what is none.

    A key becomes a part of a path: with a slash in it, the path would lead to another issue.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(key)
    return found[1]


def quoted(value: str) -> str:
    """Return a value quoted for JQL; operators and reserved words inside it are plain text."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
