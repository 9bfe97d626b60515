"""Epics as Jira Software's own interface (``/rest/agile/1.0``) shows them."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, login_needed, nothing, texts, the_call, whole, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.draft import Draft
from bridge.sandbox.jira.kinds import EPIC_LEVEL
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.issues import seen
from bridge.sandbox.jira.rest.routes import jira, shapes
from bridge.sandbox.jira.rest_server.routes import agile
from bridge.sandbox.jira.rest_server.searching import DEFAULT, found

MOVE_MOST = 50


def _epic(key: str) -> Issue:
    issue = seen(key)
    if jira().setup.types[issue.type].level != EPIC_LEVEL:
        raise JiraRefusalError(404, "The requested issue is not an epic.")
    return issue


@agile.get("/epic/<key>")
@login_needed
def epic(key: str) -> Response:
    """One epic."""
    issue, setup = _epic(key), jira().setup
    url = f"{shapes().base}/rest/agile/1.0/epic/{issue.id}"
    shape: dict[str, Any] = {
        "id": issue.id,
        "key": issue.key,
        "self": url,
        "name": issue.values.get(setup.flavour.epic_name) or "",
        "summary": issue.summary,
        "color": {"key": "color_1"},
        "done": setup.statuses[issue.status].category == "done",
    }
    return answer(shape)


@agile.get("/epic/<key>/issue")
@login_needed
def issues_of_epic(key: str) -> Response:
    """Answer the issues of an epic, as a search does; ``jql`` narrows them."""
    clause = f"cf[{jira().setup.fields[jira().setup.flavour.epic_link].number}] = {_epic(key).key}"
    asked = request.args.get("jql")
    jql = f"{clause} and ({asked})" if asked else f"{clause} order by key"
    start, size = whole("startAt", 0), whole("maxResults", DEFAULT)
    return answer(found(jql, start, size, words("fields"), words("expand")))


@agile.post("/epic/<key>/issue")
@login_needed
def move_to_epic(key: str) -> Response:
    """Put up to 50 issues below an epic."""
    epic_key, sent, setup, call = _epic(key).key, body(), jira().setup, the_call()
    keys = texts(sent.get("issues") if isinstance(sent, dict) else None)
    if not 0 < len(keys) <= MOVE_MOST:
        raise JiraRefusalError(400, f"Between 1 and {MOVE_MOST} issues must be given.")
    link = Draft({setup.flavour.epic_link: [("set", epic_key)]})
    for one in map(seen, keys):
        if not jira().issues.may(call.someone, permissions.EDIT, one):
            raise JiraRefusalError(
                403, "You do not have permission to edit issues in this project."
            )
        jira().issues.edit(one, link, call.someone, call.api)
    return nothing()
