"""Searching on Data Center: pages by offset, with a total; the default is every navigable field."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, texts, the_call, whole, words
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.issue_shape import IssueShape, Selection
from bridge.sandbox.jira.rest.routes import jira, shapes
from bridge.sandbox.jira.rest_server.routes import api

DEFAULT, MOST = 50, 1000
"""``jira.search.views.default.max``: what an administrator has not changed."""
_KNOWN = {"jql", "startAt", "maxResults", "fields", "expand", "validateQuery"}


@api.get("/search")
def search() -> Response:
    """Search with the parameters in the query string."""
    start, size = whole("startAt", 0), whole("maxResults", DEFAULT)
    return answer(found(request.args.get("jql", ""), start, size, words("fields"), words("expand")))


@api.post("/search")
def search_by_post() -> Response:
    """Search with the parameters in the body."""
    sent = body()
    if not isinstance(sent, dict):
        raise JiraRefusalError(400, "Can not deserialize instance of SearchRequestBean")
    unknown = sorted(set(sent) - _KNOWN)
    if unknown:
        sentence = (
            f'Unrecognized field "{unknown[0]}" (Class SearchRequestBean), not marked as ignorable'
        )
        raise JiraRefusalError(400, sentence)
    start, size = _number(sent, "startAt", 0), _number(sent, "maxResults", DEFAULT)
    fields, expand = texts(sent.get("fields")), texts(sent.get("expand"))
    return answer(found(str(sent.get("jql") or ""), start, size, fields, expand))


def _number(sent: dict[str, Any], name: str, default: int) -> int:
    value = sent.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise JiraRefusalError(400, f"The value of {name} is invalid.")
    return value


def found(
    jql: str, start: int, size: int, fields: Sequence[str], expand: Sequence[str]
) -> dict[str, Any]:
    """Answer one page of a search.

    Raises:
        JiraRefusalError: 400, a query that Jira refuses.

    """
    size = min(size, MOST)
    shape = IssueShape(shapes(), Selection(fields, "*navigable"), expand)
    issues, total = jira().search.part(jql, the_call().person, start, size)
    result: dict[str, Any] = {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": total,
        "issues": shape.issues(issues),
    }
    if "names" in expand:
        result["names"] = shape.names()
    if "schema" in expand:
        result["schema"] = shape.schema()
    return result
