"""What the site offers to every issue: server, fields, priorities, statuses, types, labels, permissions."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, flag, login_needed, the_call, whole, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.kinds import STATUS_CATEGORIES, LinkType
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.routes import api, jira, page, shapes


@api.get("/serverInfo")
def server_info() -> Response:
    """Which server this is; ``deploymentType`` tells Cloud from Data Center."""
    call = the_call()
    return answer(
        {
            "baseUrl": call.base,
            "displayUrl": call.base,
            "displayUrlConfluence": call.base + "/wiki",
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100290,
            "buildDate": "2026-11-20T08:00:00.000+0000",
            "serverTime": shapes().time(call.site.now()),
            "serverTimeZone": "Etc/UTC",
            "scmInfo": "sandbox",
            "serverTitle": "Sandbox",
        }
    )


@api.get("/configuration")
@login_needed
def configuration() -> Response:
    """Which optional features are on."""
    return answer(
        {
            "votingEnabled": True,
            "watchingEnabled": True,
            "unassignedIssuesAllowed": True,
            "subTasksEnabled": True,
            "issueLinkingEnabled": True,
            "timeTrackingEnabled": False,
            "attachmentsEnabled": True,
        }
    )


@api.get("/field")
def fields() -> Response:
    """Every field."""
    return answer([shapes().field(f) for f in jira().setup.fields])


@api.get("/field/search")
@login_needed
def search_fields() -> Response:
    """Fields by type, id or name, in pages."""
    start, size = whole("startAt", 0), whole("maxResults", 50, most=100)
    kinds, ids, text = words("type"), words("id"), request.args.get("query", "").casefold()
    found = [
        {
            "id": f.id,
            "key": f.id,
            "name": f.name,
            "schema": f.schema(),
            "description": "",
            "isLocked": f.kind == "readonly",
            "typeDisplayName": f.kind,
        }
        for f in jira().setup.fields
        if (not kinds or ("custom" if f.custom else "system") in kinds)
        and (not ids or f.id in ids)
        and text in f.name.casefold()
    ]
    return answer(page(sorted(found, key=lambda f: str(f["name"])), start, size))


@api.get("/priority")
@login_needed
def priorities() -> Response:
    """Every priority, most urgent first."""
    return answer([shapes().priority_in_full(p) for p in jira().setup.priorities])


@api.get("/priority/search")
@login_needed
def search_priorities() -> Response:
    """Priorities by id or name, in pages."""
    ids, name = request.args.getlist("id"), request.args.get("priorityName", "").casefold()
    found = [
        p for p in jira().setup.priorities if (not ids or p.id in ids) and name in p.name.casefold()
    ]
    shaped = [{**shapes().priority_in_full(p), "isDefault": p.id == "3"} for p in found]
    if flag("onlyDefault"):
        shaped = [p for p in shaped if p["isDefault"]]
    return answer(page(shaped, whole("startAt", 0), whole("maxResults", 50, most=100)))


@api.get("/status")
@login_needed
def statuses() -> Response:
    """Every status that a project the caller may browse uses."""
    used = {status for project in _browsable() for status in project.statuses()}
    return answer([shapes().status(s) for s in jira().setup.statuses if s.id in used])


@api.get("/status/<id_or_name>")
@login_needed
def status(id_or_name: str) -> Response:
    """One status by id or name."""
    try:
        return answer(shapes().status(jira().setup.status(id_or_name)))
    except LookupError:
        raise JiraRefusalError(
            404, f"Status with id or name '{id_or_name}' does not exist."
        ) from None


@api.get("/statuscategory")
@login_needed
def status_categories() -> Response:
    """Answer the four status categories."""
    return answer([shapes().category(key) for key in STATUS_CATEGORIES])


@api.get("/issuetype")
def issue_types() -> Response:
    """Answer the issue types of the projects the caller may browse."""
    used = {type_id for project in _browsable() for type_id in project.types}
    return answer([shapes().issue_type(t) for t in jira().setup.types if t.id in used])


@api.get("/issueLinkType")
def link_types() -> Response:
    """Every link type; none for somebody who may browse no project."""
    kinds = list(jira().setup.link_types) if _browsable() else []
    return answer({"issueLinkTypes": [shapes().link_type(t) for t in kinds]})


@api.get("/issueLinkType/<type_id>")
def link_type(type_id: str) -> Response:
    """One link type by id."""
    kind: LinkType | None = jira().setup.link_types.get(type_id)
    if kind is None or not _browsable():
        raise JiraRefusalError(404, f"No issue link type with id '{type_id}' found.")
    return answer(shapes().link_type(kind))


@api.get("/label")
@login_needed
def labels() -> Response:
    """Every label in use, in pages."""
    found = jira().book.labels([project.id for project in _browsable()])
    return answer(page(found, whole("startAt", 0), whole("maxResults", 1000, most=1000)))


def _browsable() -> list[Project]:
    person = the_call().person
    return [p for p in jira().setup.projects if permissions.allowed(person, permissions.BROWSE, p)]


# --- permissions ----------------------------------------------------------------------------------


@api.get("/permissions")
@login_needed
def all_permissions() -> Response:
    """Every permission there is."""
    return answer({"permissions": {key: shapes().permission(key) for key in permissions.NAMES}})


@api.get("/mypermissions")
def my_permissions() -> Response:
    """Whether the caller has certain permissions, somewhere, in a project or on an issue."""
    asked = words("permissions")
    if not asked:
        raise JiraRefusalError(400, "The 'permissions' query parameter is required.")
    unknown = [key for key in asked if key not in permissions.NAMES]
    if unknown:
        raise JiraRefusalError(400, f"Unrecognized permission: {unknown[0]}")
    held = held_permissions()
    return answer({"permissions": {key: shapes().permission(key, held(key)) for key in asked}})


def held_permissions() -> Any:
    """Answer a function from permission key to whether the caller has it in the asked context."""
    call, setup = the_call(), jira().setup
    issue_key = request.args.get("issueId") or request.args.get("issueKey")
    project_key = request.args.get("projectId") or request.args.get("projectKey")
    if issue_key:
        issue = jira().issues.seen(issue_key, call.person)
        return lambda key: (
            _globally(key)
            if permissions.is_global(key)
            else jira().issues.may(call.person, key, issue)
        )
    projects = list(setup.projects)
    if project_key:
        project = setup.project(project_key)
        if project is None or not permissions.allowed(call.person, permissions.BROWSE, project):
            raise JiraRefusalError(404, f"No project could be found with key '{project_key}'.")
        projects = [project]
    return lambda key: (
        _globally(key)
        if permissions.is_global(key)
        else any(permissions.allowed(call.person, key, p) for p in projects)
    )


def _globally(key: str) -> bool:
    return permissions.allowed_globally(the_call().person, key)
