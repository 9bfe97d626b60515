"""What an inspection asks of Jira and Confluence and what comes back, as pure functions.

Jira is asked through ``/rest/api/2``, which Cloud and Data Center both serve. Shapes: Jira Cloud and
Data Center REST API 2, Confluence Cloud REST API v2 (v1 for people and restrictions), Confluence
Data Center REST API.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bridge.atlassian.wire import Answer, Request
from bridge.ports import Whom
from bridge.site import Flavour, Project, Readers, Space
from bridge.tracker import Account, Category, Kind, Status

JIRA = "/rest/api/2"
PAGE = 100
MOST = 1000  # projects or spaces that are looked at
SITE_RIGHTS = ("ADMINISTER", "SYSTEM_ADMIN")
PROJECT_RIGHTS = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ADMINISTER_PROJECTS")

_CATEGORIES: Mapping[str, Category] = {"new": "todo", "indeterminate": "doing", "done": "done"}


def get(path: str, **query: str | int) -> Request:
    """Return a reading request; underscores in names of parameters stand for hyphens."""
    return Request(
        method="GET", path=path, query={k.replace("_", "-"): v for k, v in query.items()}
    )


# --- Jira ----------------------------------------------------------------------------------------


def ahead(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return by how many seconds ``now`` is ahead of the Date header, None where there is none."""
    try:
        theirs = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return None
    if theirs.tzinfo is None:  # RFC 5322: -0000, a time without a known zone
        return None
    return (now - theirs).total_seconds()


def permissions_request(permissions: Iterable[str], project: str | None = None) -> Request:
    """Return the request for what this account may do; Cloud insists on being told what to look for."""
    asked = {"permissions": ",".join(permissions)}
    return get(f"{JIRA}/mypermissions", **asked, **({"projectKey": project} if project else {}))


def granted(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the rights that `mypermissions` grants; Data Center lists all there are."""
    return frozenset(
        key for key, right in body["permissions"].items() if right.get("havePermission")
    )


def projects_request(flavour: Flavour, start: int) -> Request:
    """Return the request for a page of the visible projects; Data Center has but one page."""
    if flavour == "cloud":
        return get(f"{JIRA}/project/search", startAt=start, maxResults=PAGE)
    return get(f"{JIRA}/project")


def project(raw: Mapping[str, Any]) -> Project:
    """Return a project."""
    return Project(str(raw["key"]), str(raw.get("name") or raw["key"]))


def statuses(body: Sequence[Mapping[str, Any]]) -> tuple[Status, ...]:
    """Return the statuses of a project, each once, in the order of its issue types."""
    found = {
        str(raw["name"]): Status(
            str(raw["name"]),
            _CATEGORIES.get((raw.get("statusCategory") or {}).get("key", ""), "todo"),
        )
        for kind in body
        for raw in kind.get("statuses") or ()
    }
    return tuple(found.values())


def issue_types(body: Mapping[str, Any]) -> tuple[tuple[str, Kind], ...]:
    """Return what can be created: names of epics and of tasks.

    Cloud says the level of a type in the hierarchy; Data Center does not, and calls the list
    ``values``: there an epic is known by its name alone.
    """
    found: list[tuple[str, Kind]] = []
    for raw in body.get("issueTypes") or body.get("values") or ():
        name = str(raw.get("name", ""))
        epic = raw["hierarchyLevel"] == 1 if "hierarchyLevel" in raw else name.casefold() == "epic"
        if not raw.get("subtask") and raw.get("hierarchyLevel", 0) in (0, 1):
            found.append((name, "epic" if epic else "task"))
    return tuple(found)


def account(raw: Mapping[str, Any]) -> Account:
    """Return a user: Cloud knows account ids, Data Center user names."""
    identity = raw.get("accountId") or raw.get("name") or raw.get("username") or ""
    return Account(str(identity), str(raw.get("displayName") or ""), raw.get("active", True))


def is_person(raw: Mapping[str, Any]) -> bool:
    """Tell a person from an app or a customer of a service desk; Data Center knows only people."""
    return bool(raw.get("accountType", "atlassian") == "atlassian")


def known_request(flavour: Flavour, whom: Whom) -> Request | None:
    """Return the request that finds somebody's account, None where nothing says who that is.

    Only a look-up by account id shows inactive accounts on Cloud.
    """
    if flavour == "datacenter":
        name = whom.dc_user or whom.email
        return get(f"{JIRA}/user/search", username=name, includeInactive="true") if name else None
    if whom.account:
        return get(f"{JIRA}/user/bulk", accountId=whom.account)
    return get(f"{JIRA}/user/search", query=whom.email) if whom.email else None


def users(body: Any) -> tuple[Account, ...]:
    """Return the users of a list, or of a page of one."""
    listed = body.get("values") if isinstance(body, dict) else body
    return tuple(account(raw) for raw in listed or ())


# --- Confluence ----------------------------------------------------------------------------------


def space(raw: Mapping[str, Any]) -> Space:
    """Return a space."""
    return Space(
        str(raw["id"]), str(raw["key"]), str(raw.get("name") or ""), raw.get("type") == "personal"
    )


def cursor(body: Mapping[str, Any]) -> str | None:
    """Return where the next page of a v2 list begins, None on the last one."""
    following = (body.get("_links") or {}).get("next")
    found = parse_qs(urlsplit(following).query).get("cursor") if following else None
    return found[0] if found else None


def operations(raw: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return permitted operations as words: “create page”, “administer space”."""
    return frozenset(f"{one.get('operation')} {one.get('targetType')}" for one in raw)


def space_readers(assignments: Iterable[Mapping[str, Any]]) -> Readers:
    """Return who was given the right to read a space; whoever is no single user counts as a group."""
    readers = [
        raw.get("principal") or {}
        for raw in assignments
        if (raw.get("operation") or {}).get("key") == "read"
        and (raw.get("operation") or {}).get("targetType") == "space"
    ]
    return Readers(
        frozenset(str(one.get("id")) for one in readers if one.get("type") == "user"),
        tuple(str(one.get("id")) for one in readers if one.get("type") != "user"),
    )


def page_readers(restrictions: Mapping[str, Any]) -> Readers | None:
    """Return who alone may read a page, from its ``restrictions``; None where everybody may."""
    people = _results(restrictions.get("user"))
    groups = _results(restrictions.get("group"))
    if not people and not groups:
        return None
    return Readers(
        frozenset(account(raw).id for raw in people),
        tuple(str(raw.get("name") or raw.get("id")) for raw in groups),
    )


def restrictions(body: Mapping[str, Any], operation: str) -> Mapping[str, Any]:
    """Return the restrictions of one operation, from Cloud's list of them."""
    for raw in body["results"]:
        if raw.get("operation") == operation:
            return dict(raw.get("restrictions") or {})
    return {}


def _results(raw: Any) -> Sequence[Mapping[str, Any]]:
    return (raw or {}).get("results") or ()


def has(answer: Answer, key: str | None) -> bool:
    """Tell whether an answer is an object with a key, or a list where ``key`` is None."""
    if key is None:
        return isinstance(answer.body, list)
    return isinstance(answer.body, dict) and key in answer.body
