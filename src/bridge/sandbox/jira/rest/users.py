"""People: who am I, who is that, who can be assigned."""

from flask import Response, request

from bridge.sandbox.call import answer, login_needed, the_call, whole, words
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.refusals import JiraRefusalError, no_issue
from bridge.sandbox.jira.rest.routes import api, jira, page, shapes
from bridge.sandbox.people import Person

_NOT_IN_CLOUD = ("username", "key")


def _only_account_ids() -> None:
    """Cloud identifies people by account id since 2019."""
    for name in _NOT_IN_CLOUD:
        if name in request.args:
            sentence = f"The query parameter '{name}' is not supported in GDPR strict mode."
            raise JiraRefusalError(400, sentence)


@api.get("/myself")
@login_needed
def myself() -> Response:
    """Answer the caller."""
    person = the_call().someone
    empty = {"size": 0, "items": []}
    return answer(
        {**shapes().person(person), "locale": person.locale, "groups": empty, "applicationRoles": empty,
         "expand": "groups,applicationRoles"}
    )  # fmt: skip


def _may_browse_users() -> bool:
    return permissions.allowed_globally(the_call().person, permissions.BROWSE_USERS)


@api.get("/user")
def user() -> Response:
    """One person by account id."""
    _only_account_ids()
    if the_call().person is None:
        raise JiraRefusalError(
            401, "You are not authenticated. Authentication required to perform this operation."
        )
    if not _may_browse_users():
        raise JiraRefusalError(403, "You do not have permission to browse users.")
    account = request.args.get("accountId")
    if not account:
        raise JiraRefusalError(400, "The accountId query parameter needs to be provided.")
    person = jira().setup.people.get(account)
    if person is None:
        raise JiraRefusalError(
            404, "Specified user does not exist or you do not have required permissions"
        )
    empty = {"size": 0, "items": []}
    return answer({**shapes().person(person), "groups": empty, "applicationRoles": empty})


@api.get("/user/search")
def search_users() -> Response:
    """Active people whose name or visible address begins with the query; none without the right to browse."""
    _only_account_ids()
    account, text = request.args.get("accountId"), request.args.get("query")
    if account is None and text is None and "property" not in request.args:
        raise JiraRefusalError(400, "Either query or accountId or property should be set")
    if not _may_browse_users():
        return answer([])
    found = jira().setup.people.search(text or "") if text is not None else []
    if account is not None:
        person = jira().setup.people.get(account)
        found = [person] if person and person.active else []
    return answer(_part(found))


@api.get("/user/bulk")
@login_needed
def several_users() -> Response:
    """People by account ids, in pages; unknown ones are left out."""
    ids = words("accountId")
    if not ids:
        raise JiraRefusalError(400, "The accountId query parameter needs to be provided.")
    found = [p for p in map(jira().setup.people.get, ids) if p]
    return answer(
        page(
            [shapes().person(p) for p in found],
            whole("startAt", 0),
            whole("maxResults", 10, most=200),
        )
    )


@api.get("/user/assignable/search")
def assignable() -> Response:
    """People who can be assigned issues of a project, or a given issue."""
    _only_account_ids()
    call, issue_key = the_call(), request.args.get("issueKey") or request.args.get("issueId")
    if issue_key:
        issue = jira().issues.look(issue_key, call.person)
        if issue is None:
            raise no_issue()
        project: Project | None = jira().setup.projects[issue.project]
    else:
        project = jira().setup.project(request.args.get("project", ""))
        if not request.args.get("project"):
            raise JiraRefusalError(
                400, "Either the 'issueKey' or 'project' query parameter needs to be provided"
            )
    if project is None or not permissions.allowed(call.person, permissions.BROWSE, project):
        raise JiraRefusalError(
            404, f"No project could be found with key '{request.args.get('project')}'."
        )
    return answer(_part(_assignable([project])))


@api.get("/user/assignable/multiProjectSearch")
def assignable_in_all() -> Response:
    """People who can be assigned issues of every one of several projects."""
    setup, projects = jira().setup, []
    for key in words("projectKeys"):
        project = setup.project(key)
        if project is None or not permissions.allowed(
            the_call().person, permissions.BROWSE, project
        ):
            raise JiraRefusalError(404, f"No project could be found with key '{key}'.")
        projects.append(project)
    if not projects:
        raise JiraRefusalError(400, "The 'projectKeys' query parameter needs to be provided")
    return answer(_part(_assignable(projects)))


def _assignable(projects: list[Project]) -> list[Person]:
    people, account = jira().setup.people, request.args.get("accountId")
    found = people.search(request.args.get("query", ""))
    return [
        p
        for p in found
        if (account is None or p.account_id == account)
        and all(permissions.allowed(p, permissions.ASSIGNABLE, project) for project in projects)
    ]


def _part(found: list[Person]) -> list[dict[str, object]]:
    start, size = whole("startAt", 0), whole("maxResults", 50, most=1000)
    return [shapes().person(p) for p in found[start : start + size]]
