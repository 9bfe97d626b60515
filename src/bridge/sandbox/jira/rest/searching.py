"""Searching over REST: by token-paged JQL, counting, parsing; and the search that was removed."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, login_needed, texts, the_call, whole, words
from bridge.sandbox.jira.jql.compile import compiled
from bridge.sandbox.jira.jql.parse import parse
from bridge.sandbox.jira.jql.tree import JqlError, Query
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.issue_shape import IssueShape, Selection
from bridge.sandbox.jira.rest.jql_shape import structure
from bridge.sandbox.jira.rest.routes import api, jira, shapes
from bridge.sandbox.store import dumps

MOST, MOST_WITH_FIELDS, DEFAULT = 5000, 100, 50
PROPERTIES_MOST = 5
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    " A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@api.get("/search/jql")
def search() -> Response:
    """Search with the parameters in the query string."""
    asked = {
        "jql": request.args.get("jql", ""),
        "nextPageToken": request.args.get("nextPageToken"),
        "maxResults": whole("maxResults", DEFAULT),
        "fields": words("fields"),
        "expand": words("expand"),
        "properties": words("properties"),
        "reconcileIssues": words("reconcileIssues"),
    }
    return answer(_found(asked))


@api.post("/search/jql")
def search_by_post() -> Response:
    """Search with the parameters in the body."""
    sent = body()
    if not isinstance(sent, dict):
        raise JiraRefusalError(
            400, "Invalid request payload. Refer to the REST API documentation and try again."
        )
    known = {
        "jql",
        "nextPageToken",
        "maxResults",
        "fields",
        "expand",
        "properties",
        "reconcileIssues",
        "fieldsByKeys",
    }
    if set(sent) - known - {"failFast"}:
        raise JiraRefusalError(
            400, "Invalid request payload. Refer to the REST API documentation and try again."
        )
    texts([sent[name] for name in ("jql", "nextPageToken") if sent.get(name) is not None])
    lists = {name: texts(sent.get(name)) for name in ("fields", "properties")}
    expand = sent.get("expand") or ""
    return answer(
        _found(
            {
                **sent,
                **lists,
                "expand": texts(expand.split(",") if isinstance(expand, str) else expand),
            }
        )
    )


def _found(asked: dict[str, Any]) -> dict[str, Any]:
    properties = asked["properties"]
    if len(properties) > PROPERTIES_MOST:
        raise JiraRefusalError(400, f"The maximum number of issue properties is {PROPERTIES_MOST}.")
    selection = Selection(asked["fields"], "id")
    shape = IssueShape(shapes(), selection, asked["expand"], properties)
    most = MOST if selection.only_key and not properties else MOST_WITH_FIELDS
    size = _size(asked.get("maxResults"), most)
    page = jira().search.page(
        str(asked.get("jql") or ""), the_call().person, size, asked.get("nextPageToken"),
        _ids(asked.get("reconcileIssues") or []),
    )  # fmt: skip
    result: dict[str, Any] = {
        "issues": shape.issues(page.issues),
        "isLast": page.token is None,
    }
    if page.token:
        result["nextPageToken"] = page.token
    if "names" in asked["expand"]:
        result["names"] = shape.names()
    if "schema" in asked["expand"]:
        result["schema"] = shape.schema()
    return result


def _size(asked: Any, most: int) -> int:
    if asked is None:
        return min(DEFAULT, most)
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 0:
        raise JiraRefusalError(400, "The value of maxResults is invalid.")
    if asked > MOST:
        raise JiraRefusalError(400, f"The value of maxResults must not be greater than {MOST}.")
    return max(1, min(asked, most))


def _ids(asked: Sequence[Any]) -> list[int]:
    try:
        return [int(one) for one in asked]
    except (TypeError, ValueError):
        raise JiraRefusalError(400, "reconcileIssues must be a list of issue ids.") from None


@api.post("/search/approximate-count")
def count() -> Response:
    """How many issues match."""
    sent = body()
    jql = sent.get("jql") if isinstance(sent, dict) else None
    return answer({"count": jira().search.count(str(jql or ""), the_call().person)})


@api.route("/search", methods=["GET", "POST"])
def removed() -> Response:
    """Answer the search of old: gone since August 2025."""
    raise JiraRefusalError(410, REMOVED)


@api.post("/jql/parse")
def parse_queries() -> Response:
    """Whether queries are well formed and mean something to the caller."""
    sent = body()
    queries = sent.get("queries") if isinstance(sent, dict) else None
    validation = request.args.get("validation", "strict")
    if not isinstance(queries, list) or not queries or validation not in ("strict", "warn", "none"):
        raise JiraRefusalError(
            400, "The list of queries must not be empty, and validation be strict, warn or none."
        )
    return answer({"queries": [_parsed(str(query), validation) for query in queries]})


def _parsed(text: str, validation: str) -> dict[str, Any]:
    try:
        query = parse(text)
    except JqlError as wrong:
        return {"query": text, "errors": [str(wrong)]}
    trouble = None if validation == "none" else _trouble(query)
    if trouble is None:
        return {"query": text, "structure": structure(query)}
    if validation == "warn":
        return {"query": text, "structure": structure(query), "warnings": [trouble]}
    return {"query": text, "errors": [trouble]}


def _trouble(query: Query) -> str | None:
    try:
        compiled(query, jira().search.asker(the_call().person))
    except JqlError as wrong:
        return str(wrong)
    return None


@api.post("/jql/match")
@login_needed
def match() -> Response:
    """Which of some issues match which of some queries."""
    sent = body()
    ids, queries = (
        (sent.get("issueIds"), sent.get("jqls")) if isinstance(sent, dict) else (None, None)
    )
    if (
        not isinstance(ids, list)
        or not isinstance(queries, list)
        or len(ids) > 1000
        or len(queries) > 10
    ):
        raise JiraRefusalError(400, "At most 1000 issue ids and 10 queries must be provided.")
    return answer({"matches": [_matching(str(query), _ids(ids)) for query in queries]})


def _matching(text: str, ids: list[int]) -> dict[str, Any]:
    jira().index.settle()
    try:
        ready = compiled(parse(text), jira().search.asker(the_call().person))
    except JqlError as wrong:
        return {"matchedIssues": [], "errors": [str(wrong)]}
    among = "id in (select value from json_each(?))"
    sql = f"select id from found where {among} and {ready.where} order by id"  # noqa: S608  # values are bound
    return {
        "matchedIssues": [
            row["id"] for row in jira().setup.store.all(sql, dumps(ids), *ready.values)
        ],
        "errors": [],
    }
