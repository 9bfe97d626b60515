"""Tasks of pages over REST."""

from typing import Any

from flask import Response

from bridge.sandbox.call import answer, body, words
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.routes import listed, me, number, numbers, one_of, v2, wiki
from bridge.sandbox.confluence.tasks import Task


def _shape(task: Task) -> dict[str, Any]:
    return shapes.task(task, with_body=one_of("body-format", ("storage",)) == "storage")


def _visible(task: Task) -> bool:
    page = wiki().pages.get(task.page)
    return page is not None and page.status == "current" and wiki().pages.may(me(), "read", page)


@v2.get("/tasks")
def tasks() -> Response:
    """Tasks by id, page, space, status and person."""
    ids, pages, spaces = numbers("task-id"), numbers("page-id"), words("space-id")
    status = one_of("status", ("complete", "incomplete"))
    people = {"created-by": "author", "assigned-to": "assignee", "completed-by": "completed_by"}
    found = [
        t
        for t in wiki().tasks.all()
        if (not ids or t.id in ids)
        and (not pages or t.page in pages)
        and (not spaces or wiki().page(t.page).space in spaces)
        and status in (None, t.status)
        and all(not words(name) or getattr(t, kept) in words(name) for name, kept in people.items())
        and _visible(t)
    ]
    return listed(found, _shape)


def _seen(task_id: str) -> Task:
    task = wiki().tasks.get(number(task_id))
    if task is None or not _visible(task):
        raise not_found("Not Found")
    return task


@v2.get("/tasks/<task_id>")
def task(task_id: str) -> Response:
    """One task."""
    return answer(_shape(_seen(task_id)))


@v2.put("/tasks/<task_id>")
def update_task(task_id: str) -> Response:
    """Tick a task, or take the tick away; the page gets a new version."""
    sent, found = body(), _seen(task_id)
    status = sent.get("status") if isinstance(sent, dict) else None
    if status not in ("complete", "incomplete"):
        raise ConfluenceRefusalError(400, "'status' must be complete or incomplete")
    if not wiki().pages.may(me(), "update", wiki().page(found.page)):
        raise not_found("Not permitted to update this page")
    if status != found.status:
        found = wiki().tick(found.id, by=me(), done=status == "complete")
    return answer(_shape(found))
