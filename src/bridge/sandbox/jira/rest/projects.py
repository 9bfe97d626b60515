"""Projects, their statuses and hierarchy, and what must be known to create an issue in them."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, login_needed, the_call, whole, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.routes import api, jira, page, shapes
from bridge.sandbox.jira.screens import Described, fields_on

CREATEMETA_MOST = 200


def _visible() -> list[Project]:
    person = the_call().person
    return sorted(
        (p for p in jira().setup.projects if permissions.allowed(person, permissions.BROWSE, p)),
        key=lambda p: p.key,
    )


def _seen(key: str) -> Project:
    project = jira().setup.project(key)
    if project is None or project not in _visible():
        raise JiraRefusalError(404, f"No project could be found with key '{key}'.")
    return project


@api.get("/project")
def projects() -> Response:
    """Every project the caller may browse; anonymously none."""
    return answer([shapes().project_in_list(p) for p in _visible()])


@api.get("/project/search")
def search_projects() -> Response:
    """Projects by key, id or words of the name, in pages."""
    if not _visible():
        raise (
            JiraRefusalError(404, "No projects were found.") if the_call().person else _anonymous()
        )
    keys, ids = [k.upper() for k in words("keys")], request.args.getlist("id")
    text = request.args.get("query", "").casefold()
    found = [
        shapes().project_in_list(p)
        for p in _visible()
        if (not keys or p.key in keys)
        and (not ids or p.id in ids)
        and text in f"{p.key} {p.name}".casefold()
    ]
    return answer(
        page(found, whole("startAt", 0), whole("maxResults", 50, most=100), self=request.url)
    )


def _anonymous() -> JiraRefusalError:
    return JiraRefusalError(401, "You must be authenticated to access this resource.")


@api.get("/project/<key>")
def project(key: str) -> Response:
    """One project by key or id."""
    return answer(shapes().project_in_full(_seen(key)))


@api.get("/project/<key>/statuses")
def project_statuses(key: str) -> Response:
    """Answer the statuses of a project, by issue type."""
    found, setup = _seen(key), jira().setup
    keep = ("self", "id", "name", "subtask")
    kinds = [shapes().issue_type(t) for t in setup.types_of(found)]

    def statuses(type_id: str) -> list[dict[str, Any]]:
        return [shapes().status(setup.statuses[s]) for s in found.statuses(type_id)]

    return answer(
        [{**{k: kind[k] for k in keep}, "statuses": statuses(kind["id"])} for kind in kinds]
    )


@api.get("/project/<int:project_id>/hierarchy")
@login_needed
def hierarchy(project_id: int) -> Response:
    """Answer the levels of a project's issue types."""
    found = _seen(str(project_id))
    names = {1: "Epic", 0: "Base", -1: "Subtask"}
    levels: list[dict[str, Any]] = [
        {
            "level": level,
            "name": names[level],
            "issueTypes": [
                {"id": int(t.id), "name": t.name}
                for t in jira().setup.types_of(found)
                if t.level == level
            ],
        }
        for level in (1, 0, -1)
    ]
    return answer({"projectId": project_id, "hierarchy": levels})


@api.get("/project/<key>/components")
@api.get("/project/<key>/versions")
def none_of_these(key: str) -> Response:
    """Components and versions: the imitated projects have none."""
    _seen(key)
    return answer([])


# --- create metadata ------------------------------------------------------------------------------


def creatable(key: str) -> Project:
    """Answer the project with a key or id in which the caller may create issues."""
    project = jira().setup.project(key)
    if (
        project is None
        or not permissions.allowed(the_call().person, permissions.CREATE, project)
        or project not in _visible()
    ):
        raise JiraRefusalError(400, f"No project could be found with key or id '{key}'.")
    return project


def _size() -> tuple[int, int]:
    return whole("startAt", 0), whole("maxResults", 50, least=1, most=CREATEMETA_MOST)


@api.get("/issue/createmeta/<key>/issuetypes")
def createmeta_types(key: str) -> Response:
    """Answer the issue types that can be created in a project, in pages."""
    start, size = _size()
    found = [shapes().issue_type(t) for t in jira().setup.types_of(creatable(key))]
    chosen = found[start : start + size]
    return answer({"startAt": start, "maxResults": size, "total": len(found), "issueTypes": chosen})


@api.get("/issue/createmeta/<key>/issuetypes/<type_id>")
def createmeta_fields(key: str, type_id: str) -> Response:
    """Answer the fields of the create screen of one type, in pages."""
    start, size = _size()
    project, setup, call = creatable(key), jira().setup, the_call()
    kind = next((t for t in setup.types_of(project) if t.id == type_id), None)
    if kind is None:
        raise JiraRefusalError(
            400, f"Issue type with id '{type_id}' not found in project '{project.key}'."
        )
    described = Described(setup, call.base, call.api)
    fields = fields_on(setup, project, kind, "create", call.person)
    metas = [{**described.field(project, kind, f, "create"), "fieldId": f.id} for f in fields]
    chosen = metas[start : start + size]
    return answer({"startAt": start, "maxResults": size, "total": len(metas), "fields": chosen})
