"""Writing issues: create one or fifty, edit, assign, move, delete, link."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, flag, login_needed, nothing, the_call, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.attached import Comment
from bridge.sandbox.jira.draft import draft
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError, no_issue
from bridge.sandbox.jira.rest.issues import seen, shaped
from bridge.sandbox.jira.rest.routes import api, jira, shapes
from bridge.sandbox.jira.values import Reader, WrongValueError

QUIET_REFUSED = (
    "To discard the user notification either admin or project admin permissions are required."
)


def _created(issue: Issue) -> dict[str, str]:
    return {"id": str(issue.id), "key": issue.key, "self": f"{shapes().rest}/issue/{issue.id}"}


@api.post("/issue")
@login_needed
def create_issue() -> Response:
    """Create one issue."""
    call = the_call()
    sent = body()
    issue = jira().issues.create(draft(sent), call.someone, call.api)
    _transitioned(issue, sent)
    return answer(_created(issue), 201)


def _transitioned(issue: Issue, sent: dict[str, Any]) -> None:
    """Answer the step that a create body may name."""
    wanted = sent.get("transition")
    if isinstance(wanted, dict) and wanted.get("id"):
        jira().issues.transition(
            issue, str(wanted["id"]), draft({}), the_call().someone, the_call().api
        )


@api.post("/issue/bulk")
@login_needed
def create_issues() -> Response:
    """Create up to 50 issues; each succeeds or fails on its own."""
    sent = body()
    updates = sent.get("issueUpdates") if isinstance(sent, dict) else None
    if not isinstance(updates, list) or not updates:
        raise JiraRefusalError(400, "No issues were provided: issueUpdates is required.")
    most = the_call().site.flavour.bulk_most
    if most is not None and len(updates) > most:
        raise JiraRefusalError(
            400, f"The number of issues to be created exceeds the limit of {most}."
        )
    made, errors = [], []
    for position, update in enumerate(updates):
        try:
            made.append(_created(_one_of_many(update)))
        except JiraRefusalError as refusal:
            errors.append(
                {
                    "status": refusal.status,
                    "failedElementNumber": position,
                    "elementErrors": refusal.body(),
                }
            )
    return answer({"issues": made, "errors": errors}, 201 if made else 400)


def _one_of_many(update: Any) -> Issue:
    call = the_call()
    with call.site.store.transaction():
        issue = jira().issues.create(draft(update), call.someone, call.api)
        _transitioned(issue, update)
        return issue


@api.put("/issue/<key>")
@login_needed
def edit_issue(key: str) -> Response:
    """Edit fields and properties; a transition in the body is ignored."""
    call, issue = the_call(), seen(key)
    if flag("overrideScreenSecurity") or flag("overrideEditableFlag"):
        raise JiraRefusalError(403, "Only apps may override screen security or the editable flag.")
    if not flag("notifyUsers", default=True) and not jira().issues.may_be_quiet(
        call.someone, issue
    ):
        if jira().habits.quiet_refused:
            raise JiraRefusalError(403, QUIET_REFUSED)
        return nothing()
    changed = jira().issues.edit(issue, draft(body()), call.someone, call.api)
    if flag("returnIssue"):
        return answer(shaped(changed, [], words("expand")))
    return nothing()


@api.delete("/issue/<key>")
@login_needed
def delete_issue(key: str) -> Response:
    """Delete an issue, with its sub-tasks where ``deleteSubtasks=true``."""
    jira().issues.delete(seen(key), the_call().someone, with_subtasks=flag("deleteSubtasks"))
    return nothing()


@api.put("/issue/<key>/assignee")
@login_needed
def assign(key: str) -> Response:
    """Assign an issue; needs no right to edit, only to assign."""
    call, issue, sent = the_call(), seen(key), body()
    if not jira().issues.may(call.someone, permissions.ASSIGN, issue):
        raise JiraRefusalError(403, "You do not have permission to assign issues.")
    if not isinstance(sent, dict) or "accountId" not in sent:
        raise JiraRefusalError(
            400,
            "'accountId' must be the only user identifying query parameter in GDPR strict mode.",
        )
    setup = jira().setup
    try:
        reader = Reader(setup, setup.projects[issue.project], call.api)
        account = reader.read(setup.fields["assignee"], None if sent["accountId"] is None else sent)
    except WrongValueError as wrong:
        raise JiraRefusalError(400, errors={"assignee": str(wrong)}) from None
    after = Issue(**{**issue.doc(), "values": {**issue.values, "assignee": account}})
    jira().book.change(issue, after, call.someone.account_id)
    return nothing()


@api.post("/issue/<key>/transitions")
@login_needed
def transition(key: str) -> Response:
    """Move an issue along its workflow."""
    call, issue, sent = the_call(), seen(key), body()
    wanted = sent.get("transition") if isinstance(sent, dict) else None
    if not isinstance(wanted, dict) or not wanted.get("id"):
        raise JiraRefusalError(400, "The transition id is required for this request.")
    jira().issues.transition(issue, str(wanted["id"]), draft(sent), call.someone, call.api)
    return nothing()


# --- links ----------------------------------------------------------------------------------------


@api.post("/issueLink")
@login_needed
def link_issues() -> Response:
    """Link two issues; the same link again also answers 201 and makes no second one."""
    call, sent = the_call(), body()
    if not isinstance(sent, dict):
        raise JiraRefusalError(400, "expected a JSON object")
    kind, source, target = jira().links.requested(
        sent, call.someone, lambda k: jira().issues.look(k, call.person)
    )
    if source.id == target.id:
        raise JiraRefusalError(400, "You cannot link an issue to itself.")
    jira().links.add(kind, source, target, call.someone)
    if sent.get("comment"):
        _comment_link(source, sent["comment"])
    return nothing(201)


def _comment_link(issue: Issue, raw: Any) -> Comment:
    setup = jira().setup
    try:
        text = Reader(setup, setup.projects[issue.project], the_call().api).rich_text(
            raw.get("body")
        )
    except (WrongValueError, AttributeError):
        raise JiraRefusalError(400, errors={"comment": "Comment body is not valid!"}) from None
    if text is None:
        raise JiraRefusalError(400, errors={"comment": "Comment body can not be empty!"})
    return jira().comments.add(issue.id, the_call().someone.account_id, text)


@api.get("/issueLink/<int:link_id>")
def get_link(link_id: int) -> Response:
    """One link, with both its issues."""
    link = jira().links.get(link_id)
    ends = (
        [jira().issues.look(str(end), the_call().person) for end in (link.source, link.target)]
        if link
        else []
    )
    if link is None or None in ends:
        raise JiraRefusalError(404, f"No issue link with id '{link_id}' exists.")
    source, target = (shapes().brief(end) for end in ends if end)
    return answer(
        {
            "id": str(link.id),
            "self": f"{shapes().rest}/issueLink/{link.id}",
            "type": shapes().link_type(link.type),
            "inwardIssue": source,
            "outwardIssue": target,
        }
    )


@api.delete("/issueLink/<int:link_id>")
@login_needed
def delete_link(link_id: int) -> Response:
    """Take a link away."""
    call, link = the_call(), jira().links.get(link_id)
    source = jira().issues.look(str(link.source), call.person) if link else None
    if link is None or source is None:
        raise JiraRefusalError(404, f"No issue link with id '{link_id}' exists.")
    if not jira().issues.may(call.someone, permissions.LINK, source):
        raise no_issue()
    jira().links.remove(link, call.someone)
    return nothing(204 if request.method == "DELETE" else 200)
