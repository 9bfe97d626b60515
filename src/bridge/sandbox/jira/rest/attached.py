"""What hangs on an issue: comments, entity properties, watchers, links to the web."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, login_needed, nothing, the_call, whole, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.attached import Comment
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.issues import seen
from bridge.sandbox.jira.rest.routes import api, jira, shapes
from bridge.sandbox.jira.values import Reader, WrongValueError
from bridge.sandbox.richtext.adf import Node

# --- comments -------------------------------------------------------------------------------------


@api.get("/issue/<key>/comment")
def comments(key: str) -> Response:
    """Answer the comments of an issue, in pages."""
    order = request.args.get("orderBy", "created")
    if order.lstrip("+-") != "created":
        raise JiraRefusalError(400, "The value of orderBy must be 'created'.")
    found = jira().comments.of(seen(key).id)
    start, size = whole("startAt", 0), whole("maxResults", 100, most=5000)
    chosen = (found[::-1] if order.startswith("-") else found)[start : start + size]
    shaped = [shapes().comment(c, rendered="renderedBody" in words("expand")) for c in chosen]
    return answer({"startAt": start, "maxResults": size, "total": len(found), "comments": shaped})


def _comment(issue: Issue, comment_id: int) -> Comment:
    comment = jira().comments.get(comment_id)
    if comment is None or comment.issue != issue.id:
        raise JiraRefusalError(404, f"Can not find a comment for the id: {comment_id}.")
    return comment


@api.get("/issue/<key>/comment/<int:comment_id>")
def comment(key: str, comment_id: int) -> Response:
    """One comment."""
    return answer(
        shapes().comment(
            _comment(seen(key), comment_id), rendered="renderedBody" in words("expand")
        )
    )


def _text(issue: Issue) -> Node:
    """Answer the body of a comment that is sent."""
    sent, setup = body(), jira().setup
    try:
        raw = sent.get("body") if isinstance(sent, dict) else None
        if raw is not None and the_call().api == 3 and not isinstance(raw, dict):
            raise WrongValueError("Comment body is not valid!")
        text = Reader(setup, setup.projects[issue.project], the_call().api).rich_text(raw)
    except WrongValueError as wrong:
        if str(wrong) == "INVALID_INPUT":
            raise JiraRefusalError(400, "INVALID_INPUT") from None
        raise JiraRefusalError(400, errors={"comment": str(wrong)}) from None
    if text is None:
        raise JiraRefusalError(400, errors={"comment": "Comment body can not be empty!"})
    return text


@api.post("/issue/<key>/comment")
@login_needed
def add_comment(key: str) -> Response:
    """Comment an issue."""
    call, issue = the_call(), seen(key)
    if not jira().issues.may(call.someone, permissions.COMMENT, issue):
        raise JiraRefusalError(403, "You do not have the permission to comment on this issue.")
    made = jira().comments.add(issue.id, call.someone.account_id, _text(issue))
    jira().book.touch(issue)
    return answer(shapes().comment(made), 201)


def _may_change(issue: Issue, found: Comment, what: str) -> bool:
    call = the_call()
    own = found.author == call.someone.account_id and jira().issues.may(
        call.person, f"{what}_OWN_COMMENTS", issue
    )
    return own or jira().issues.may(call.person, f"{what}_ALL_COMMENTS", issue)


@api.put("/issue/<key>/comment/<int:comment_id>")
@login_needed
def change_comment(key: str, comment_id: int) -> Response:
    """Write a comment anew."""
    issue = seen(key)
    found = _comment(issue, comment_id)
    if not _may_change(issue, found, "EDIT"):
        raise JiraRefusalError(400, "You do not have the permission to edit this comment.")
    changed = jira().comments.change(found, the_call().someone.account_id, _text(issue))
    jira().book.touch(issue)
    return answer(shapes().comment(changed))


@api.delete("/issue/<key>/comment/<int:comment_id>")
@login_needed
def delete_comment(key: str, comment_id: int) -> Response:
    """Delete a comment."""
    issue = seen(key)
    found = _comment(issue, comment_id)
    if not _may_change(issue, found, "DELETE"):
        raise JiraRefusalError(400, "You do not have permission to delete this comment.")
    jira().comments.remove(found)
    jira().book.touch(issue)
    return nothing()


@api.post("/comment/list")
def comments_by_id() -> Response:
    """Comments by their ids, in one page."""
    sent = body()
    ids = sent.get("ids") if isinstance(sent, dict) else None
    if not isinstance(ids, list) or not 0 < len(ids) <= 1000:
        raise JiraRefusalError(400, "Between 1 and 1000 comment ids must be provided.")
    found = [c for c in map(jira().comments.get, (i for i in ids if isinstance(i, int))) if c]
    visible = [c for c in found if jira().issues.look(str(c.issue), the_call().person)]
    values = [shapes().comment(c, rendered="renderedBody" in words("expand")) for c in visible]
    return answer(
        {"startAt": 0, "maxResults": 1000, "total": len(values), "isLast": True, "values": values}
    )


# --- entity properties ----------------------------------------------------------------------------


@api.get("/issue/<key>/properties")
def property_keys(key: str) -> Response:
    """Answer the keys of an issue's properties."""
    issue = seen(key)
    url = f"{shapes().rest}/issue/{issue.key}/properties"
    return answer(
        {
            "keys": [
                {"self": f"{url}/{name}", "key": name} for name in jira().properties.of(issue.id)
            ]
        }
    )


def _no_property(name: str) -> JiraRefusalError:
    return JiraRefusalError(
        404, f"The property {name} is not set or you do not have permission to see it."
    )


@api.get("/issue/<key>/properties/<path:name>")
def get_property(key: str, name: str) -> Response:
    """One property."""
    found = jira().properties.get(seen(key).id, name)
    if found is None:
        raise _no_property(name)
    return answer({"key": name, "value": found[0]})


def _editable(key: str) -> Issue:
    issue = seen(key)
    if not jira().issues.may(the_call().someone, permissions.EDIT, issue):
        raise JiraRefusalError(403, "You do not have permission to edit issues in this project.")
    return issue


@api.put("/issue/<key>/properties/<path:name>")
@login_needed
def put_property(key: str, name: str) -> Response:
    """Set a property: 201 where it is new, 200 where it was changed."""
    is_new = jira().properties.put(_editable(key).id, name, body())
    return nothing(201 if is_new else 200)


@api.delete("/issue/<key>/properties/<path:name>")
@login_needed
def delete_property(key: str, name: str) -> Response:
    """Delete a property."""
    if not jira().properties.remove(_editable(key).id, name):
        raise _no_property(name)
    return nothing()


# --- watchers -------------------------------------------------------------------------------------


@api.get("/issue/<key>/watchers")
def watchers(key: str) -> Response:
    """Who watches an issue; without the right to see others, only whether oneself does."""
    call, issue = the_call(), seen(key)
    accounts = jira().watchers.of(issue.id)
    me = call.person.account_id if call.person else None
    open_to_me = jira().issues.may(call.person, "VIEW_VOTERS_AND_WATCHERS", issue)
    shown = [a for a in accounts if open_to_me or a == me]
    return answer(
        {
            "self": f"{shapes().rest}/issue/{issue.key}/watchers",
            "isWatching": me in accounts,
            "watchCount": len(accounts),
            "watchers": [_short(p) for p in map(shapes().account, shown) if p],
        }
    )


def _short(person: dict[str, Any]) -> dict[str, Any]:
    return person


@api.post("/issue/<key>/watchers")
@login_needed
def watch(key: str) -> Response:
    """Add a watcher: the account id as a JSON text, or nobody for oneself."""
    call, issue = the_call(), seen(key)
    account = body() if request.get_data() else None
    account = call.someone.account_id if account in (None, "") else account
    if not isinstance(account, str):
        raise JiraRefusalError(400, "The account id must be a JSON string.")
    if account != call.someone.account_id and not jira().issues.may(
        call.person, "MANAGE_WATCHERS", issue
    ):
        raise JiraRefusalError(403, "You do not have permission to manage the watcher list.")
    person = jira().setup.people.get(account)
    if person is None or not jira().issues.may(person, permissions.BROWSE, issue):
        raise JiraRefusalError(
            404 if person is None else 400, f"The user '{account}' cannot watch this issue."
        )
    jira().watchers.add(issue.id, account)
    return nothing()


@api.delete("/issue/<key>/watchers")
@login_needed
def unwatch(key: str) -> Response:
    """Take a watcher away."""
    call, issue = the_call(), seen(key)
    account = request.args.get("accountId")
    if not account:
        raise JiraRefusalError(400, "The accountId query parameter needs to be provided.")
    if account != call.someone.account_id and not jira().issues.may(
        call.person, "MANAGE_WATCHERS", issue
    ):
        raise JiraRefusalError(403, "You do not have permission to manage the watcher list.")
    if jira().setup.people.get(account) is None:
        raise JiraRefusalError(404, f"The user '{account}' does not exist.")
    jira().watchers.remove(issue.id, account)
    return nothing()


# --- links to the web -----------------------------------------------------------------------------


@api.get("/issue/<key>/remotelink")
def remote_links(key: str) -> Response:
    """Answer the links of an issue to the web, or the one with a global id."""
    issue, wanted = seen(key), request.args.get("globalId")
    url = f"{shapes().rest}/issue/{issue.key}/remotelink"
    found = [{**link, "self": f"{url}/{link['id']}"} for link in jira().links.remote(issue.id)]
    if wanted is None:
        return answer(found)
    for link in found:
        if link.get("globalId") == wanted:
            return answer(link)
    raise JiraRefusalError(404, f"No remote issue link with globalId '{wanted}' exists.")


@api.post("/issue/<key>/remotelink")
@login_needed
def add_remote_link(key: str) -> Response:
    """Create a link to the web, or update the one with the same global id."""
    issue, sent = seen(key), body()
    if not jira().issues.may(the_call().person, permissions.LINK, issue):
        raise JiraRefusalError(403, "You do not have permission to link issues.")
    target = sent.get("object") if isinstance(sent, dict) else None
    errors = {
        name: f"'{name.removeprefix('object.')}' is required."
        for name in ("object.title", "object.url")
        if not isinstance(target, dict) or not target.get(name.removeprefix("object."))
    }
    if not isinstance(sent, dict) or not isinstance(sent.get("globalId", ""), str):
        errors["globalId"] = "'globalId' should be a string."
    if errors:
        raise JiraRefusalError(400, errors=errors)
    kept = {k: sent[k] for k in ("globalId", "application", "relationship", "object") if k in sent}
    link_id, is_new = jira().links.put_remote(issue.id, kept)
    url = f"{shapes().rest}/issue/{issue.key}/remotelink/{link_id}"
    return answer({"id": link_id, "self": url}, 201 if is_new else 200)


@api.delete("/issue/<key>/remotelink")
@login_needed
def delete_remote_link(key: str) -> Response:
    """Delete the link to the web with a global id."""
    issue, wanted = seen(key), request.args.get("globalId")
    if not wanted:
        raise JiraRefusalError(400, "The globalId query parameter needs to be provided.")
    if not jira().issues.may(the_call().person, permissions.LINK, issue):
        raise JiraRefusalError(403, "You do not have permission to link issues.")
    if not jira().links.remove_remote(issue.id, wanted):
        raise JiraRefusalError(404, f"No remote issue link with globalId '{wanted}' exists.")
    return nothing()
