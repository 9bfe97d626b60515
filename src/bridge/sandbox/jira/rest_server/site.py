"""Which server this is, what must be known to create an issue, and what the caller may do."""

from flask import Response

from bridge.sandbox.call import answer, login_needed, the_call, whole
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.catalogue import held_permissions
from bridge.sandbox.jira.rest.projects import CREATEMETA_MOST, creatable
from bridge.sandbox.jira.rest.routes import jira, page, shapes
from bridge.sandbox.jira.rest_server.routes import api
from bridge.sandbox.jira.screens import fields_on

VERSION = "10.3.24"


@api.get("/serverInfo")
def server_info() -> Response:
    """Which server this is; for everybody. ``deploymentType`` tells Data Center from Cloud."""
    return answer(
        {
            "baseUrl": shapes().base,
            "version": VERSION,
            "versionNumbers": [int(part) for part in VERSION.split(".")],
            "deploymentType": "Server",
            "buildNumber": 10030024,
            "buildDate": "2026-11-02T00:00:00.000+0000",
            "databaseBuildNumber": 10030024,
            "serverTime": shapes().time(the_call().site.now()),
            "scmInfo": "sandbox",
            "serverTitle": "Sandbox",
        }
    )


@api.get("/mypermissions")
@login_needed
def my_permissions() -> Response:
    """Every permission, and whether the caller has it: somewhere, in a project or on an issue."""
    held = held_permissions()
    found = {key: shapes().permission(key, held(key)) for key in permissions.NAMES}
    return answer({"permissions": found})


def _size() -> tuple[int, int]:
    return whole("startAt", 0), whole("maxResults", 50, least=1, most=CREATEMETA_MOST)


@api.get("/issue/createmeta/<key>/issuetypes")
def createmeta_types(key: str) -> Response:
    """Answer the issue types that can be created in a project, in pages."""
    found = [shapes().issue_type(t) for t in jira().setup.types_of(creatable(key))]
    return answer(page(found, *_size()))


@api.get("/issue/createmeta/<key>/issuetypes/<type_id>")
def createmeta_fields(key: str, type_id: str) -> Response:
    """Answer the fields of the create screen of one type, in pages."""
    project, setup = creatable(key), jira().setup
    kind = next((t for t in setup.types_of(project) if t.id == type_id), None)
    if kind is None:
        sentence = f"Issue type with id '{type_id}' not found in project '{project.key}'."
        raise JiraRefusalError(400, sentence)
    described = shapes().described
    fields = fields_on(setup, project, kind, "create", the_call().person)
    metas = [described.field(project, kind, field, "create") for field in fields]
    return answer(page(metas, *_size()))
