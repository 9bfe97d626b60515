"""What Jira answers, as the values of the tracker. Pure.

Where Cloud and Data Center differ, the :class:`~bridge.atlassian.dialect.Dialect` says how.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bridge.atlassian.dialect import Dialect, FieldIds, Raw
from bridge.atlassian.jira_wire import project_of
from bridge.atlassian.wire import Request
from bridge.memory import PROPERTY
from bridge.ports import Whom
from bridge.tracker import (
    Account,
    Attached,
    Category,
    Created,
    Draft,
    Failure,
    Issue,
    Stamp,
    Status,
)

_CATEGORIES: Mapping[str, Category] = {"new": "todo", "indeterminate": "doing", "done": "done"}


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
        assignee=who(fields.get("assignee"), dialect),
        due=_date(fields.get("duedate")),
        start=_date(fields.get(ids.start)) if ids.start else None,
        priority=(fields.get("priority") or {}).get("id"),
        status=_status(fields.get("status") or {}),
        labels=frozenset(fields.get("labels") or ()),
        parent=dialect.parent(fields, ids),
        memory=(raw.get("properties") or {}).get(PROPERTY),
        blocks=frozenset(str(o["key"]) for o in _linked(fields, link_type, "outwardIssue")),
        blockers=frozenset(
            (str(other["key"]), _status((other.get("fields") or {}).get("status") or {}))
            for other in _linked(fields, link_type, "inwardIssue")
        ),
        secured=bool(fields.get("security")),
        creator=who(fields.get("creator"), dialect),
        reporter=who(fields.get("reporter"), dialect),
        created=moment(fields["created"]) if fields.get("created") else None,
        updated=moment(fields["updated"]) if fields.get("updated") else None,
        attachments=tuple(map(_attached, fields.get("attachment") or ())),
    )


def stamp(raw: Raw) -> Stamp:
    """Return when an issue changed last; raise KeyError, TypeError or ValueError for a damaged one."""
    fields = raw["fields"]
    return Stamp(str(raw["key"]), moment(fields["updated"]), _date(fields.get("duedate")))


def _status(raw: Raw) -> Status:
    category = (raw.get("statusCategory") or {}).get("key", "")
    return Status(raw.get("name", ""), _CATEGORIES.get(category, "todo"))


def _linked(fields: Raw, link_type: str, side: str) -> Iterable[Raw]:
    for link in fields.get("issuelinks") or ():
        if (link.get("type") or {}).get("name") == link_type and side in link:
            yield link[side]


def _attached(raw: Raw) -> Attached:
    return Attached(str(raw["id"]), str(raw["filename"]), int(raw["size"]))


def who(raw: Raw | None, dialect: Dialect) -> Account | None:
    """Return a user; None where Jira names nobody: an anonymous visitor, a deleted account."""
    return dialect.account(raw) if raw else None


def moment(raw: Any) -> datetime:
    """Return a point in time with its zone; raise ValueError or TypeError for anything else."""
    found = datetime.fromisoformat(raw)
    if found.tzinfo is None:
        raise ValueError(raw)
    return found


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
    if not request.only_reads:
        return isinstance(body, dict)
    if request.path.endswith(("/user/assignable/search", "/field")):
        return isinstance(body, list)
    for ending, (key, kind) in dialect.shapes.items():
        if request.path.endswith(ending):
            return isinstance(body, dict) and isinstance(body.get(key), kind)
    return isinstance(body, dict)
