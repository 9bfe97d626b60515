"""People on Data Center: by user name and key; who can be assigned; who watches."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, flag, login_needed, nothing, the_call, whole, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError, no_issue
from bridge.sandbox.jira.rest.attached import add_remote_link
from bridge.sandbox.jira.rest.issues import seen
from bridge.sandbox.jira.rest.routes import jira, shapes
from bridge.sandbox.jira.rest_server.routes import api
from bridge.sandbox.jira.values import Reader, WrongValueError
from bridge.sandbox.people import Person


def _in_full(person: Person) -> dict[str, Any]:
    empty = {"size": 0, "items": []}
    return {
        **shapes().person(person),
        "deleted": False,
        "locale": person.locale,
        "groups": empty,
        "applicationRoles": empty,
        "expand": "groups,applicationRoles",
    }


@api.get("/myself")
@login_needed
def myself() -> Response:
    """Answer the caller."""
    return answer(_in_full(the_call().someone))


@api.get("/user")
@login_needed
def user() -> Response:
    """One person by ``username`` or ``key``."""
    name, key = request.args.get("username"), request.args.get("key")
    if not name and not key:
        raise JiraRefusalError(404, "Either the username or the key must be provided")
    person = jira().setup.people.named(name) if name else _keyed(key or "")
    if person is None:
        what = f"named '{name}'" if name else f"with key '{key}'"
        raise JiraRefusalError(404, f"The user {what} does not exist")
    return answer(_in_full(person))


def _keyed(key: str) -> Person | None:
    return next((p for p in jira().setup.people if p.key == key), None)


@api.get("/user/search")
@login_needed
def search_users() -> Response:
    """People whose user name, name or address begins with ``username``; ``.`` finds everybody."""
    wanted = request.args.get("username")
    if wanted is None:
        raise JiraRefusalError(400, "The username query parameter was not provided")
    if not permissions.allowed_globally(the_call().person, permissions.BROWSE_USERS):
        return answer([])
    active, inactive = flag("includeActive", default=True), flag("includeInactive")
    found = [p for p in _matching(wanted) if (active if p.active else inactive)]
    return answer(_part(found, 1000))


def _matching(wanted: str) -> list[Person]:
    """Return people by user name, or as Cloud's search finds them; the empty query and ``.`` match all."""
    people = jira().setup.people
    text = "" if wanted in (".", "%") else wanted
    named = {p.account_id for p in people.search(text, only_active=False)}
    start = text.casefold()
    found = [p for p in people if p.account_id in named or p.username.startswith(start)]
    return sorted(found, key=lambda p: p.name.casefold())


def _part(found: list[Person], most: int) -> list[dict[str, Any]]:
    start, size = whole("startAt", 0), whole("maxResults", 50, most=most)
    return [shapes().person(p) for p in found[start : start + size]]


@api.get("/user/assignable/search")
@login_needed
def assignable() -> Response:
    """People who can be assigned issues of a project, or a given issue."""
    issue_key, project_key = request.args.get("issueKey"), request.args.get("project")
    if issue_key:
        issue = jira().issues.look(issue_key, the_call().person)
        if issue is None:
            raise no_issue()
        return answer(_assignable([jira().setup.projects[issue.project]]))
    if not project_key:
        sentence = "Either the 'project' or the 'issueKey' query parameter must be provided"
        raise JiraRefusalError(400, sentence)
    return answer(_assignable([_browsable(project_key)]))


@api.get("/user/assignable/multiProjectSearch")
@login_needed
def assignable_in_all() -> Response:
    """People who can be assigned issues of every one of several projects."""
    return answer(_assignable([_browsable(key) for key in words("projectKeys")]))


def _browsable(key: str) -> Project:
    project = jira().setup.project(key)
    if project is None or not permissions.allowed(the_call().person, permissions.BROWSE, project):
        raise JiraRefusalError(404, f"No project could be found with key '{key}'.")
    return project


def _assignable(projects: list[Project]) -> list[dict[str, Any]]:
    found = _matching(request.args.get("username", ""))
    holders = [
        p
        for p in found
        if p.active
        and all(permissions.allowed(p, permissions.ASSIGNABLE, project) for project in projects)
    ]
    return _part(holders, 100)


@api.put("/issue/<key>/assignee")
@login_needed
def assign(key: str) -> Response:
    """Assign an issue to the person with a ``name``; needs no right to edit, only to assign."""
    call, issue, sent = the_call(), seen(key), body()
    if not jira().issues.may(call.someone, permissions.ASSIGN, issue):
        raise JiraRefusalError(401, "You do not have permission to assign issues.")
    if not isinstance(sent, dict) or "name" not in sent:
        raise JiraRefusalError(400, "The name of the assignee must be provided.")
    setup = jira().setup
    try:
        reader = Reader(setup, setup.projects[issue.project], call.api)
        account = reader.read(setup.fields["assignee"], sent)
    except WrongValueError as wrong:
        raise JiraRefusalError(400, errors={"assignee": str(wrong)}) from None
    after = Issue(**{**issue.doc(), "values": {**issue.values, "assignee": account}})
    jira().book.change(issue, after, call.someone.account_id)
    return nothing()


# --- watchers -------------------------------------------------------------------------------------


def _watcher(issue: Issue, name: str) -> Person:
    person = jira().setup.people.named(name)
    call = the_call()
    if person is None:
        raise JiraRefusalError(404, f"User '{name}' does not exist.")
    own = person.account_id == call.someone.account_id
    if not own and not jira().issues.may(call.person, "MANAGE_WATCHERS", issue):
        raise JiraRefusalError(401, "You do not have permission to manage the watcher list.")
    return person


@api.post("/issue/<key>/watchers")
@login_needed
def watch(key: str) -> Response:
    """Add a watcher: the user name as a JSON text or in ``userName``, or nobody for oneself."""
    issue = seen(key)
    sent = body() if request.get_data() else request.args.get("userName")
    name = sent or the_call().someone.username
    if not isinstance(name, str):
        raise JiraRefusalError(400, "The user name must be a JSON string.")
    jira().watchers.add(issue.id, _watcher(issue, name).account_id)
    return nothing()


@api.delete("/issue/<key>/watchers")
@login_needed
def unwatch(key: str) -> Response:
    """Take a watcher away."""
    issue = seen(key)
    name = request.args.get("username") or request.args.get("userName")
    if not name:
        raise JiraRefusalError(400, "The username query parameter must be provided.")
    jira().watchers.remove(issue.id, _watcher(issue, name).account_id)
    return nothing()


@api.post("/issue/<key>/remotelink")
@login_needed
def put_remote_link(key: str) -> Response:
    """Create a link to the web, or update it: 200 for both, says the contract."""
    made = add_remote_link(key)
    made.status_code = 200
    return made
