"""Reading issues: one, many, their history and what may be done with them."""

from collections.abc import Iterable
from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, login_needed, texts, the_call, whole, words
from bridge.sandbox.jira.projects import Transition
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.issue_shape import IssueShape, Selection
from bridge.sandbox.jira.rest.routes import api, jira, page, shapes
from bridge.sandbox.jira.screens import fields_of
from bridge.sandbox.jira.workflow import available
from bridge.sandbox.store import loads

BULK_FETCH_MOST = 100
CHANGELOGS_MOST = 1000


def seen(key: str) -> Issue:
    """Answer the issue that a path names, if the caller may see it."""
    return jira().issues.seen(key, the_call().person)


def shaped(
    issue: Issue, fields: Iterable[str], expand: Iterable[str] = (), properties: Iterable[str] = ()
) -> dict[str, Any]:
    """One issue with every field, unless told otherwise."""
    return IssueShape(shapes(), Selection(fields, "*all"), expand, properties).issue(issue)


@api.get("/issue/<key>")
def get_issue(key: str) -> Response:
    """One issue by key or id, read from the store."""
    return answer(shaped(seen(key), words("fields"), words("expand"), words("properties")))


@api.post("/issue/bulkfetch")
def fetch_issues() -> Response:
    """Up to 100 issues by ids or keys, read from the store; what cannot be read is listed apart."""
    sent = body()
    asked = sent.get("issueIdsOrKeys") if isinstance(sent, dict) else None
    if not isinstance(asked, list) or not asked:
        raise JiraRefusalError(400, "No issue ids or keys were provided.")
    if len(asked) > BULK_FETCH_MOST:
        raise JiraRefusalError(400, f"The maximum number of issues to fetch is {BULK_FETCH_MOST}.")
    shape = IssueShape(
        shapes(),
        Selection(texts(sent.get("fields")), "*navigable"),
        texts(sent.get("expand")),
        texts(sent.get("properties")),
    )
    found: dict[int, Issue] = {}
    errors = []
    for one in asked:
        issue = jira().issues.look(str(one), the_call().person)
        if issue:
            found[issue.id] = issue
        else:
            errors.append(
                {
                    "id": str(one),
                    "errorMessage": "Issue does not exist or you do not have permission to see it.",
                }
            )
    return answer({"issues": [shape.issue(found[i]) for i in sorted(found)], "issueErrors": errors})


@api.get("/issue/<key>/changelog")
def changelog(key: str) -> Response:
    """Answer the history of an issue, oldest first, in pages."""
    rows = shapes().changes(jira().history(seen(key).key))
    return answer(
        page(rows, whole("startAt", 0), whole("maxResults", 100, most=100), self=request.base_url)
    )


@api.post("/changelog/bulkfetch")
@login_needed
def changelogs() -> Response:
    """Answer the history of up to 1000 issues, only of some fields where asked."""
    sent = body()
    asked = sent.get("issueIdsOrKeys") if isinstance(sent, dict) else None
    if not isinstance(asked, list) or not 0 < len(asked) <= CHANGELOGS_MOST:
        raise JiraRefusalError(
            400, f"Between 1 and {CHANGELOGS_MOST} issue ids or keys must be provided."
        )
    wanted = set(texts(sent.get("fieldIds")))
    found = []
    for one in asked:
        issue = jira().issues.look(str(one), the_call().person)
        if issue:
            rows = jira().setup.store.all(
                "select * from history where issue = ? order by id", issue.id
            )
            entries = [{**dict(row), "items": loads(row["items"])} for row in rows]
            kept = [
                e for e in entries if not wanted or wanted & {i.get("fieldId") for i in e["items"]}
            ]
            found.append(
                {"issueId": str(issue.id), "changeHistories": [_with_epoch(e) for e in kept]}
            )
    return answer({"issueChangeLogs": found})


def _with_epoch(entry: dict[str, Any]) -> dict[str, Any]:
    return shapes().change(entry)


@api.get("/issue/<key>/editmeta")
def editmeta(key: str) -> Response:
    """Tell what the caller may edit."""
    return answer(IssueShape(shapes(), Selection([], "*all")).edit_metadata(seen(key)))


@api.get("/issue/<key>/transitions")
def transitions(key: str) -> Response:
    """Answer the transitions that the caller may carry out now."""
    issue = seen(key)
    wanted = request.args.get("transitionId")
    steps = available(jira().setup, issue, the_call().person)
    shaped_steps = [shapes().transition(s, issue) for s in steps if wanted in (None, s.id)]
    if "transitions.fields" in words("expand"):
        by_id = {s.id: s for s in steps}
        shaped_steps = [{**s, "fields": _asked_by(by_id[s["id"]], issue)} for s in shaped_steps]
    return answer({"expand": "transitions", "transitions": shaped_steps})


def _asked_by(step: Transition, issue: Issue) -> dict[str, Any]:
    """Answer the fields of a transition's screen."""
    if not step.screen:
        return {}
    setup, call = jira().setup, the_call()
    project, kind = setup.projects[issue.project], setup.types[issue.type]
    described = shapes().described
    return {
        field.id: {
            **described.field(project, kind, field, "edit"),
            "required": field.id in step.required,
        }
        for field in fields_of(setup, project, kind, step, call.person)
    }
