"""The older, whole answers about what can be created and who may do what, which clients still ask for."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, login_needed, texts, the_call, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.kinds import IssueType
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.routes import api, jira, shapes
from bridge.sandbox.jira.screens import Described, fields_on

Json = dict[str, Any]


@api.get("/issue/createmeta")
def createmeta() -> Response:
    """Everything that can be created, by project; deprecated on Cloud, and still served."""
    keys, ids = [k.upper() for k in words("projectKeys")], words("projectIds")
    found = [
        p
        for p in jira().setup.projects
        if (not keys or p.key in keys)
        and (not ids or p.id in ids)
        and permissions.allowed(the_call().person, permissions.CREATE, p)
    ]
    return answer({"expand": "projects", "projects": [_creatable(p) for p in found]})


def _creatable(project: Project) -> Json:
    names = [n.casefold() for n in request.args.getlist("issuetypeNames")]
    ids = words("issuetypeIds")
    kinds = [
        kind
        for kind in jira().setup.types_of(project)
        if (not names or kind.name.casefold() in names) and (not ids or kind.id in ids)
    ]
    shape = shapes().project(project)
    kept = {name: shape[name] for name in ("self", "id", "key", "name", "avatarUrls")}
    return {**kept, "expand": "issuetypes", "issuetypes": [_type(project, k) for k in kinds]}


def _type(project: Project, kind: IssueType) -> Json:
    shape = shapes().issue_type(kind)
    if "projects.issuetypes.fields" not in words("expand"):
        return shape
    setup, call = jira().setup, the_call()
    described = Described(setup, call.base, call.api)
    fields = fields_on(setup, project, kind, "create", call.person)
    return {
        **shape,
        "expand": "fields",
        "fields": {f.id: described.field(project, kind, f, "create") for f in fields},
    }


@api.get("/issuetype/project")
@login_needed
def types_of_project() -> Response:
    """Answer the issue types of a project by its id."""
    project = jira().setup.projects.get(request.args.get("projectId", ""))
    person = the_call().person
    if project is None or not permissions.allowed(person, permissions.BROWSE, project):
        raise JiraRefusalError(404, "No project could be found with the given id.")
    level = request.args.get("level")
    kinds = [t for t in jira().setup.types_of(project) if level in (None, str(t.level))]
    return answer([shapes().issue_type(t) for t in kinds])


@api.get("/resolution")
@login_needed
def resolutions() -> Response:
    """Every resolution."""
    return answer(
        [
            {
                "self": f"{shapes().rest}/resolution/{r.id}",
                "id": r.id,
                "name": r.name,
                "description": "",
            }
            for r in jira().setup.resolutions
        ]
    )


@api.post("/permissions/check")
def check_permissions() -> Response:
    """In which of some projects and issues somebody has which of some permissions."""
    call, sent = the_call(), body()
    if not isinstance(sent, dict):
        raise JiraRefusalError(400, "expected a JSON object")
    asked = sent.get("accountId")
    person = call.person if asked is None else jira().setup.people.get(str(asked))
    own = person is not None and person == call.person
    if asked is not None and not own:
        if not permissions.allowed_globally(call.person, permissions.ADMINISTER):
            raise JiraRefusalError(403, "You may only check your own permissions.")
        if person is None:
            raise JiraRefusalError(400, f"The user '{asked}' does not exist.")
    wanted_globally = _known(sent.get("globalPermissions"))
    held = [k for k in wanted_globally if permissions.allowed_globally(person, k)]
    groups = sent.get("projectPermissions") or []
    if not isinstance(groups, list) or not all(isinstance(g, dict) for g in groups):
        raise JiraRefusalError(400, "projectPermissions must be a list of objects")
    grants = [
        _grant(group, key, person) for group in groups for key in _known(group.get("permissions"))
    ]
    return answer({"globalPermissions": held, "projectPermissions": grants})


def _known(keys: Any) -> list[str]:
    asked = texts(keys)
    unknown = [key for key in asked if key not in permissions.NAMES]
    if unknown:
        raise JiraRefusalError(400, f"Unrecognized permission: {unknown[0]}")
    return asked


def _grant(group: Json, key: str, person: Any) -> Json:
    projects = [p for p in jira().setup.projects if int(p.id) in (group.get("projects") or [])]
    issues = [jira().book.find(str(i)) for i in group.get("issues") or []]
    return {
        "permission": key,
        "projects": [int(p.id) for p in projects if permissions.allowed(person, key, p)],
        "issues": [i.id for i in issues if i and jira().issues.may(person, key, i)],
    }
