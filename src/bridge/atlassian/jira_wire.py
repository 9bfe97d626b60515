"""Jira's payloads as pure functions: what to send, and what came back.

Where Cloud and Data Center differ, the :class:`~bridge.atlassian.dialect.Dialect` says how.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bridge.atlassian.dialect import Dialect, FieldIds, Raw
from bridge.atlassian.wire import Request
from bridge.memory import PROPERTY
from bridge.ports import Whom
from bridge.tracker import (
    Account,
    Category,
    Created,
    Draft,
    Edit,
    Failure,
    FieldName,
    FieldValue,
    Issue,
    Kind,
    Status,
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
_CATEGORIES: Mapping[str, Category] = {"new": "todo", "indeterminate": "doing", "done": "done"}


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
    """Return the project key of an issue key."""
    return key.rpartition("-")[0]


def quoted(value: str) -> str:
    """Return a value quoted for JQL; operators and reserved words inside it are plain text."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- reading -----------------------------------------------------------------------------------


def issue(
    raw: Raw, dialect: Dialect, ids: FieldIds, link_type: str, epic_type: str | None = None
) -> Issue:
    """Return an issue from its JSON; fields that were not asked for are empty."""
    fields = raw.get("fields") or {}
    return Issue(
        id=str(raw.get("id", "")),
        key=str(raw["key"]),
        project=(fields.get("project") or {}).get("key") or project_of(str(raw["key"])),
        kind=dialect.kind(fields.get("issuetype") or {}, epic_type),
        summary=fields.get("summary") or "",
        words=dialect.words(fields.get("description")),
        unticked=dialect.unticked(fields.get("description")),
        assignee=dialect.account(fields["assignee"]) if fields.get("assignee") else None,
        due=_date(fields.get("duedate")),
        start=_date(fields.get(ids.start)) if ids.start else None,
        priority=(fields.get("priority") or {}).get("id"),
        status=_status(fields.get("status") or {}),
        labels=frozenset(fields.get("labels") or ()),
        parent=dialect.parent(fields, ids),
        memory=(raw.get("properties") or {}).get(PROPERTY),
        blocks=frozenset(_blocked(fields.get("issuelinks") or (), link_type)),
        blockers=frozenset(_blockers(fields.get("issuelinks") or (), link_type)),
        secured=bool(fields.get("security")),
    )


def _status(raw: Mapping[str, Any]) -> Status:
    category = (raw.get("statusCategory") or {}).get("key", "")
    return Status(raw.get("name", ""), _CATEGORIES.get(category, "todo"))


def _blocked(links: Iterable[Mapping[str, Any]], link_type: str) -> Iterable[str]:
    for link in links:
        if (link.get("type") or {}).get("name") == link_type and "outwardIssue" in link:
            yield str(link["outwardIssue"]["key"])


def _blockers(links: Iterable[Mapping[str, Any]], link_type: str) -> Iterable[tuple[str, Status]]:
    for link in links:
        if (link.get("type") or {}).get("name") == link_type and "inwardIssue" in link:
            other = link["inwardIssue"]
            yield str(other["key"]), _status((other.get("fields") or {}).get("status") or {})


def _date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def granted(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the rights that `mypermissions` grants."""
    return frozenset(
        name for name, right in body["permissions"].items() if right.get("havePermission")
    )


def matching(raw: Sequence[Raw], whom: Whom, dialect: Dialect) -> tuple[Account, ...]:
    """Return the users that a search for a person found: by id or e-mail where the site shows it.

    A search finds by the beginnings of names too, so an exact user name is looked for first.
    """
    found = [(user, dialect.account(user)) for user in raw]
    named = [account for _, account in found if account.id in (whom.account, whom.dc_user)]
    email = (whom.email or "").lower()
    exact = [a for user, a in found if email and (user.get("emailAddress") or "").lower() == email]
    return tuple(named or exact or (account for _, account in found))


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


def has_shape(request: Request, body: Any, dialect: Dialect) -> bool:
    """Tell whether an answer has the one key that this path's answers always have."""
    if request.path.endswith(("/user/assignable/search", "/field")):
        return isinstance(body, list)
    for ending, (key, kind) in dialect.shapes.items():
        if request.path.endswith(ending):
            return isinstance(body, dict) and isinstance(body.get(key), kind)
    return isinstance(body, dict)
