"""The board of a project, an issue, and what people do there."""

import re
from itertools import groupby
from typing import Any

from flask import Response, abort, request

from bridge.sandbox.jira import permissions, workflow
from bridge.sandbox.jira.draft import Draft, draft
from bridge.sandbox.jira.epics import for_this_flavour
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.screens import fields_on
from bridge.sandbox.jira.values import Reader
from bridge.sandbox.richtext.to_html import to_html
from bridge.sandbox.richtext.to_wiki import to_wiki
from bridge.sandbox.web.face import actor, face, shown, site, then
from bridge.sandbox.web.language import day
from bridge.sandbox.web.tickets import (
    ON_BOARD,
    Row,
    board,
    by_date,
    progress,
    row,
    today,
    visible_epics,
)

TABS = ("comments", "history")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@face.get("/jira/projects/<key>")
@face.get("/jira/projects/<key>/board")
def show_board(key: str) -> Response:
    """Show a project's board: a column per status, the epics above."""
    project = _project(key)
    epics, columns = board(site(), project, actor())
    total = site().jira.book.count(project.id)
    counts = {"total": total, "listed": min(total, ON_BOARD)}
    return shown("board.html", project=project, epics=epics, columns=columns, **counts)


def _project(key: str) -> Project:
    project = site().jira.setup.project(key)
    if project is None or not permissions.allowed(actor(), permissions.BROWSE, project):
        abort(404)
    return project


@face.get("/jira/projects/<key>/create")
def create_form(key: str) -> Response:
    """Show the form for a new issue."""
    return _create_form(_project(key), {}, {})


def _create_form(project: Project, given: dict[str, str], errors: dict[str, str]) -> Response:
    setup = site().jira.setup
    kinds = [t for t in setup.types_of(project) if not t.subtask]
    epics = visible_epics(site(), actor(), 200)
    values = {"project": project, "kinds": kinds, "epics": epics, "given": given, "errors": errors}
    values["start_field"] = setup.start_date
    return shown("create.html", 400 if errors else 200, owners=_assignable(project), **values)


def _assignable(project: Project) -> list[Any]:
    return [p for p in site().people if permissions.allowed(p, permissions.ASSIGNABLE, project)]


@face.post("/jira/projects/<key>/create")
def create(key: str) -> Response:
    """Make an issue."""
    project, form = _project(key), request.form
    fields: dict[str, Any] = {
        "project": {"key": project.key},
        "issuetype": {"id": form.get("type", "")},
        "summary": form.get("summary", ""),
        "labels": form.get("labels", "").split(),
        "description": form.get("description") or None,
        "duedate": form.get("duedate") or None,
        "assignee": _person(form.get("owner", "")),
        "parent": {"key": form["parent"]} if form.get("parent") else None,
    }
    setup = site().jira.setup
    if setup.start_date and form.get("start"):
        fields[setup.start_date] = form["start"]
    chosen = {name: value for name, value in fields.items() if value not in (None, [])}
    kind = setup.type_named(project, form.get("type", ""))
    chosen = for_this_flavour(setup, kind, chosen, new=True)
    try:
        issue = site().jira.issues.create(draft({"fields": chosen}), actor(), 2)
    except JiraRefusalError as refusal:
        return _create_form(project, dict(form), refusal.errors or {"": str(refusal)})
    return then("face.show_issue", key=issue.key)


# --- one issue ------------------------------------------------------------------------------------


def _seen(key: str) -> Issue:
    issue = site().jira.issues.look(key, actor())
    if issue is None:
        abort(404)
    return issue


@face.get("/browse/<key>")
def show_issue(key: str) -> Response:
    """One issue; for an epic, its actions."""
    return _issue_page(_seen(key), {})


def _issue_page(issue: Issue, errors: dict[str, str]) -> Response:
    jira, person = site().jira, actor()
    project, kind = jira.setup.projects[issue.project], jira.setup.types[issue.type]
    present = today(site(), person)
    parent = jira.book.get(issue.parent) if issue.parent else None
    visible = [
        c for c in jira.book.children(issue.id) if jira.issues.may(person, permissions.BROWSE, c)
    ]
    children = by_date(row(site(), c, present) for c in visible)
    may_edit = jira.issues.may(person, permissions.EDIT, issue)
    tab = request.args.get("tab", TABS[0])
    return shown(
        "issue.html",
        400 if errors else 200,
        issue=issue,
        row=row(site(), issue, present, parent),
        project=project,
        kind=kind,
        parent=parent,
        children=children,
        progress=progress(children),
        waiting=_waiting(children),
        links=_links(issue, present),
        description=to_html(issue.values.get("description"), _name_of),
        markup=to_wiki(issue.values.get("description")),
        comments=[
            (c, site().people.get(c.author), to_html(c.body, _name_of))
            for c in jira.comments.of(issue.id)
        ],
        history=[_told(entry) for entry in jira.history(issue.key)[::-1]],
        files=jira.files.of(issue.id),
        memory=jira.properties.of(issue.id),
        steps=workflow.available(jira.setup, issue, person),
        owners=_assignable(project),
        priorities=list(jira.setup.priorities),
        editable={f.id for f in fields_on(jira.setup, project, kind, "edit", person)}
        if may_edit
        else set(),
        may_delete=jira.issues.may(person, permissions.DELETE, issue),
        reporter=site().people.get(issue.values.get("reporter")),
        watchers=[p for p in map(site().people.get, jira.watchers.of(issue.id)) if p],
        start_field=jira.setup.start_date,
        tab=tab if tab in TABS else TABS[0],
        errors=errors,
    )


def _name_of(account: str) -> str | None:
    person = site().people.get(account)
    return person.name if person else None


def _links(issue: Issue, present: Any) -> list[tuple[str, list[Row]]]:
    """Show the links by phrase: ``blocks``, ``is blocked by``."""
    jira = site().jira
    found = []
    for link in jira.links.of(issue.id):
        other = jira.issues.look(str(link.other(issue.id)), actor())
        if other:
            found.append((link.phrase(issue.id), row(site(), other, present)))
    found.sort(key=lambda pair: pair[0])
    return [
        (phrase, [r for _, r in pairs])
        for phrase, pairs in groupby(found, key=lambda pair: pair[0])
    ]


def _waiting(children: list[Row]) -> dict[str, list[str]]:
    """For each child, the keys of the unfinished issues that block it."""
    jira = site().jira
    waiting: dict[str, list[str]] = {}
    for child in children:
        issue = jira.book.find(child.key)
        for link in jira.links.of(issue.id) if issue else []:
            blocker = jira.book.get(link.source)
            blocks = (
                issue is not None
                and link.target == issue.id
                and link.type.outward != link.type.inward
            )
            if blocks and blocker and jira.setup.statuses[blocker.status].category != "done":
                waiting.setdefault(child.key, []).append(blocker.key)
    return waiting


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    """Show an entry of the history with names that people know."""
    names = {f.id: f.name for f in site().jira.setup.fields}
    items = [
        {
            "name": names.get(i["fieldId"] or "parent", i["field"]),
            "before": _side(i, "from"),
            "after": _side(i, "to"),
        }
        for i in entry["items"]
    ]
    return {**entry, "items": items, "person": site().people.get(entry["author"])}


def _side(item: dict[str, Any], side: str) -> str | None:
    """Show a value of the history as people read it: dates in their language."""
    held, shown_as = item[side], item[f"{side}String"]
    return day(held) if held and _DAY.fullmatch(held) else shown_as


# --- doing ----------------------------------------------------------------------------------------


@face.post("/browse/<key>/edit")
def edit(key: str) -> Response:
    """Change the fields that the form names."""
    issue, fields = _seen(key), {}
    for name, value in request.form.items():
        fields[name] = _raw(name, value.strip())
    try:
        site().jira.issues.edit(issue, draft({"fields": fields}), actor(), 2)
    except JiraRefusalError as refusal:
        return _issue_page(issue, refusal.errors or {"": str(refusal)})
    return then("face.show_issue", key=issue.key)


def _person(account: str) -> dict[str, str] | None:
    """Return how a request names the person that was chosen; None for nobody."""
    person = site().people.get(account)
    if person is None:
        return {"accountId": account} if account else None
    return site().jira.setup.reference(person)


def _raw(name: str, value: str) -> Any:
    if name == "summary":
        return " ".join(value.split())
    if name == "assignee":
        return _person(value)
    if name == "priority":
        return {"id": value}
    if name == "labels":
        return value.split()
    return value or None


@face.post("/browse/<key>/transition")
def move(key: str) -> Response:
    """Move the issue along its workflow."""
    issue = _seen(key)
    site().jira.issues.transition(issue, request.form.get("step", ""), Draft({}), actor(), 2)
    return then("face.show_issue", key=issue.key)


@face.post("/browse/<key>/comment")
def comment(key: str) -> Response:
    """Comment the issue, in wiki markup."""
    issue = _seen(key)
    if not site().jira.issues.may(actor(), permissions.COMMENT, issue):
        abort(403)
    text = Reader(site().jira.setup, site().jira.setup.projects[issue.project], 2).rich_text(
        request.form.get("text", "")
    )
    if text:
        site().jira.comments.add(issue.id, actor().account_id, text)
        site().jira.book.touch(issue)
    return then("face.show_issue", key=issue.key)


@face.post("/browse/<key>/delete")
def delete(key: str) -> Response:
    """Delete the issue for good."""
    issue = _seen(key)
    project = site().jira.setup.projects[issue.project]
    site().jira.issues.delete(issue, actor(), with_subtasks=True)
    return then("face.show_board", key=project.key)
