"""Jira Cloud's payloads as pure functions: what to send, and what came back.

Shapes: Jira Cloud platform REST API v3 (https://developer.atlassian.com/cloud/jira/platform/rest/v3/).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from bridge.atlassian import adf
from bridge.atlassian.wire import Request
from bridge.memory import PROPERTY
from bridge.tracker import (
    Account,
    Category,
    Created,
    Draft,
    Edit,
    Failure,
    FieldName,
    FieldValue,
    Form,
    Issue,
    Kind,
    Status,
)

API = "/rest/api/3"
AT_ONCE = 50  # issues per bulk create
FETCHED_AT_ONCE = 100  # issues per bulk fetch
PAGE = 1000  # results asked per page of a search; the server may return fewer
RIGHTS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ASSIGN_ISSUES",
    "LINK_ISSUES",
    "ADMINISTER_PROJECTS",
)
START_NAMES = frozenset({"start date", "date de début"})
DATEPICKER = "com.atlassian.jira.plugin.system.customfieldtypes:datepicker"

_SYSTEM: Mapping[FieldName, str] = {
    "summary": "summary",
    "description": "description",
    "assignee": "assignee",
    "due": "duedate",
    "priority": "priority",
}
# Set by the site itself, or by every create call of ours.
_ALWAYS_FILLED = frozenset({"project", "issuetype", "reporter", "labels", "parent"})
_INDISPENSABLE: Mapping[Kind, tuple[str, ...]] = {
    "epic": ("summary", "labels", "assignee", "duedate"),
    "task": ("summary", "labels", "assignee", "duedate", "parent"),
}
_CATEGORIES: Mapping[str, Category] = {"new": "todo", "indeterminate": "doing", "done": "done"}


def read_fields(start_field: str | None) -> list[str]:
    """Return the fields that an :class:`Issue` is read from."""
    return [
        *_SYSTEM.values(),
        "status",
        "labels",
        "parent",
        "issuetype",
        "project",
        "issuelinks",
        "security",
        *([start_field] if start_field else []),
    ]


# --- writing -----------------------------------------------------------------------------------


def field_body(name: FieldName, value: FieldValue, start_field: str | None) -> tuple[str, Any]:
    """Return a field's id on the site and its value as Jira takes it."""
    key = start_field if name == "start" else _SYSTEM[name]
    if key is None:
        raise ValueError(name)
    match name:
        case "description":
            return key, adf.document(value) if isinstance(value, tuple) and value else None
        case "assignee":
            return key, {"accountId": value} if value else None
        case "priority":
            return key, {"id": value} if value else None
        case "due" | "start":
            return key, value.isoformat() if isinstance(value, date) else None
        case _:
            return key, value


def create_body(draft: Draft, type_id: str, start_field: str | None) -> dict[str, Any]:
    """Return one entry of a bulk create: fields, labels and memory in the same call."""
    fields = dict(field_body(name, value, start_field) for name, value in draft.fields.items())
    fields |= {
        "project": {"key": draft.project},
        "issuetype": {"id": type_id},
        "labels": list(draft.labels),
    }
    if draft.parent:
        fields["parent"] = {"key": draft.parent}
    return {"fields": fields, "properties": [{"key": PROPERTY, "value": dict(draft.memory)}]}


def edit_request(edit: Edit, start_field: str | None, *, quietly: bool) -> Request:
    """Return the request that writes fields and memory of one issue together."""
    return Request(
        method="PUT",
        path=f"{API}/issue/{edit.key}",
        # Without the right to administer the project Jira ignores a request that says this.
        query={"notifyUsers": "false"} if quietly else {},
        body={
            "fields": dict(field_body(n, v, start_field) for n, v in edit.fields.items()),
            "properties": [{"key": PROPERTY, "value": dict(edit.memory)}],
        },
        writes=(project_of(edit.key),),
        expects="anything",
    )


def link_request(link_type: str, blocker: str, blocked: str) -> Request:
    """Return the request for “blocker blocks blocked”.

    Counter-intuitive, and right: the blocker is the *inward* issue; the blocked one then shows
    “is blocked by”.
    """
    return Request(
        method="POST",
        path=f"{API}/issueLink",
        body={
            "type": {"name": link_type},
            "inwardIssue": {"key": blocker},
            "outwardIssue": {"key": blocked},
        },
        writes=tuple(sorted({project_of(blocker), project_of(blocked)})),
        expects="anything",  # 201 with an empty body; repeated: 201 again and no second link
    )


def search_request(jql: str, fields: Sequence[str], size: int, page: str | None) -> Request:
    """Return one page of a bounded search over the index."""
    body: dict[str, Any] = {
        "jql": jql,
        "fields": list(fields),
        "properties": [PROPERTY],
        "maxResults": size,
    }
    if page:
        body["nextPageToken"] = page
    return Request(method="POST", path=f"{API}/search/jql", body=body)


def rights_request(project: str) -> Request:
    """Return the request for what this account may do in a project."""
    return Request(
        method="GET",
        path=f"{API}/mypermissions",
        query={"projectKey": project, "permissions": ",".join(RIGHTS)},
    )


def types_request(project: str) -> Request:
    """Return the request for the issue types that can be created in a project."""
    return Request(
        method="GET", path=f"{API}/issue/createmeta/{project}/issuetypes", query={"maxResults": 200}
    )


def screen_request(project: str, type_id: str) -> Request:
    """Return the request for the fields that a create screen takes."""
    return Request(
        method="GET",
        path=f"{API}/issue/createmeta/{project}/issuetypes/{type_id}",
        query={"maxResults": 200},
    )


def assignable_request(project: str, query: Mapping[str, str]) -> Request:
    """Return the request for the users that match and can be assigned in a project."""
    return Request(
        method="GET", path=f"{API}/user/assignable/search", query={"project": project, **query}
    )


def link_types_request() -> Request:
    """Return the request for the site's link types."""
    return Request(method="GET", path=f"{API}/issueLinkType")


def newest_request(project: str) -> Request:
    """Return the request for the newest issue that the index shows in a project."""
    return search_request(f"project = {quoted(project)} ORDER BY key DESC", ["project"], 1, None)


def newest_of(body: Mapping[str, Any]) -> int:
    """Return the number of the newest issue in an answer to :func:`newest_request`, else 0."""
    return max((int(raw["key"].rpartition("-")[2]) for raw in body["issues"]), default=0)


def fetch_request(keys: Sequence[str], fields: Sequence[str]) -> Request:
    """Return the request that reads issues from the store, not the index."""
    return Request(
        method="POST",
        path=f"{API}/issue/bulkfetch",
        body={"issueIdsOrKeys": list(keys), "fields": list(fields), "properties": [PROPERTY]},
    )


def project_of(key: str) -> str:
    """Return the project key of an issue key."""
    return key.rpartition("-")[0]


def quoted(value: str) -> str:
    """Return a value quoted for JQL; operators and reserved words inside it are plain text."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- reading -----------------------------------------------------------------------------------


def issue(raw: Mapping[str, Any], start_field: str | None, link_type: str) -> Issue:
    """Return an issue from its JSON; fields that were not asked for are empty."""
    fields = raw.get("fields") or {}
    kind = fields.get("issuetype") or {}
    status = fields.get("status") or {}
    return Issue(
        id=str(raw.get("id", "")),
        key=str(raw["key"]),
        project=(fields.get("project") or {}).get("key") or project_of(str(raw["key"])),
        kind=_kind(kind),
        summary=fields.get("summary") or "",
        words=adf.words_of(fields.get("description")),
        assignee=account(fields["assignee"]) if fields.get("assignee") else None,
        due=_date(fields.get("duedate")),
        start=_date(fields.get(start_field)) if start_field else None,
        priority=(fields.get("priority") or {}).get("id"),
        status=Status(
            status.get("name", ""),
            _CATEGORIES.get((status.get("statusCategory") or {}).get("key", ""), "todo"),
        ),
        labels=frozenset(fields.get("labels") or ()),
        parent=(fields.get("parent") or {}).get("key"),
        memory=(raw.get("properties") or {}).get(PROPERTY),
        blocks=frozenset(_blocked(fields.get("issuelinks") or (), link_type)),
        secured=bool(fields.get("security")),
    )


def _kind(raw: Mapping[str, Any]) -> Literal["epic", "task", "subtask"]:
    level = raw.get("hierarchyLevel", 0)
    return "epic" if level and level > 0 else "subtask" if raw.get("subtask") else "task"


def _blocked(links: Iterable[Mapping[str, Any]], link_type: str) -> Iterable[str]:
    for link in links:
        if (link.get("type") or {}).get("name") == link_type and "outwardIssue" in link:
            yield str(link["outwardIssue"]["key"])


def _date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def account(raw: Mapping[str, Any]) -> Account:
    """Return a user; Cloud knows them by account id only."""
    return Account(str(raw["accountId"]), raw.get("displayName") or "", raw.get("active", True))


def granted(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the rights that `mypermissions` grants."""
    return frozenset(
        name for name, right in body["permissions"].items() if right.get("havePermission")
    )


def matching(raw: Sequence[Mapping[str, Any]], email: str | None) -> tuple[Account, ...]:
    """Return the users that a search for a person found: by e-mail where the site shows it."""
    exact = [u for u in raw if email and (u.get("emailAddress") or "").lower() == email.lower()]
    return tuple(account(user) for user in exact or raw)


def issue_type(
    types: Sequence[Mapping[str, Any]], kind: Kind, wanted: str | None
) -> Mapping[str, Any] | None:
    """Return the issue type to use: the configured one, else by hierarchy level and usual names."""
    level = 1 if kind == "epic" else 0
    fitting = [t for t in types if t.get("hierarchyLevel", 0) == level and not t.get("subtask")]
    names = [wanted] if wanted else ["epic", "épopée"] if kind == "epic" else ["task", "tâche"]
    for name in names:
        for found in fitting:
            if str(found.get("name", "")).casefold() == name.casefold():
                return found
    return fitting[0] if fitting and not wanted else None


def form(
    project: str,
    kind: Kind,
    type_name: str,
    fields: Sequence[Mapping[str, Any]],
    start_field: str | None,
) -> Form:
    """Return what a create screen takes, from its create metadata."""
    by_id = {str(field.get("fieldId") or field.get("key")): field for field in fields}
    starts = start_candidates(by_id, start_field)
    settable: set[FieldName] = {name for name, key in _SYSTEM.items() if key in by_id}
    if len(starts) == 1:
        settable.add("start")
    filled = {_SYSTEM[name] for name in settable if name not in ("start", "priority")}
    filled |= _ALWAYS_FILLED | {key for key, _ in starts[:1]}
    return Form(
        project=project,
        kind=kind,
        type_name=type_name,
        settable=frozenset(settable),
        absent=tuple(key for key in _INDISPENSABLE[kind] if key not in by_id),
        unfilled=tuple(
            str(field.get("name", key))
            for key, field in by_id.items()
            if field.get("required") and not field.get("hasDefaultValue") and key not in filled
        ),
        start_fields=starts,
        priorities=tuple(
            str(value["id"]) for value in by_id.get("priority", {}).get("allowedValues") or ()
        ),
    )


def start_candidates(
    by_id: Mapping[str, Mapping[str, Any]], configured: str | None
) -> tuple[tuple[str, str], ...]:
    """Return the start-date fields, as (id, name): the configured one, else by name **and** type."""
    if configured:
        return (
            ((configured, str(by_id[configured].get("name", ""))),) if configured in by_id else ()
        )
    return tuple(
        (key, str(field.get("name", "")))
        for key, field in by_id.items()
        if str(field.get("name", "")).casefold() in START_NAMES
        and (field.get("schema") or {}).get("type") == "date"
        and (field.get("schema") or {}).get("custom") == DATEPICKER
    )


def created(drafts: Sequence[Draft], body: Mapping[str, Any]) -> Created:
    """Match a bulk create's answer with its drafts.

    ``issues`` holds only the successes, in order; failures say their element, counted from 0.
    """
    failures = {
        int(error["failedElementNumber"]): tuple(_reasons(error.get("elementErrors") or {}))
        for error in body.get("errors") or ()
    }
    made = [draft for number, draft in enumerate(drafts) if number not in failures]
    return Created(
        {draft.ref: str(raw["key"]) for draft, raw in zip(made, body["issues"], strict=True)},
        tuple(Failure(drafts[number].ref, reasons) for number, reasons in failures.items()),
    )


def _reasons(errors: Mapping[str, Any]) -> Iterable[str]:
    yield from (str(message) for message in errors.get("errorMessages") or ())
    yield from (f"{name}: {message}" for name, message in (errors.get("errors") or {}).items())


_SHAPES: Mapping[str, tuple[str, type]] = {
    "/search/jql": ("issues", list),
    "/issue/bulkfetch": ("issues", list),
    "/issueLinkType": ("issueLinkTypes", list),
    "/myself": ("accountId", str),
    "/issuetypes": ("issueTypes", list),
}


def has_shape(request: Request, body: Any) -> bool:
    """Tell whether an answer has the one key that this path's answers always have."""
    if request.path.endswith("/user/assignable/search"):
        return isinstance(body, list)
    for ending, (key, kind) in _SHAPES.items():
        if request.path.endswith(ending):
            return isinstance(body, dict) and isinstance(body.get(key), kind)
    return isinstance(body, dict)
