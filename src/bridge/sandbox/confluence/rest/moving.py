"""Moving, archiving and restoring pages: what only version 1 offers."""

import json
from typing import Any

from flask import Response

from bridge.sandbox.call import answer, body, the_call
from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest.legacy import person_shape
from bridge.sandbox.confluence.rest.routes import base, me, number, seen, v1, wiki

POSITIONS = ("before", "after", "append")


def _editable(page_id: str) -> Page:
    page = seen(page_id)
    if not wiki().pages.may(me(), "update", page):
        raise ConfluenceRefusalError(403, "Not permitted to edit this content")
    return page


@v1.put("/content/<page_id>/move/<position>/<target_id>")
def move(page_id: str, position: str, target_id: str) -> Response:
    """Put a page before or after another, or below it (append)."""
    page, target = _editable(page_id), seen(target_id)
    if position not in POSITIONS:
        raise ConfluenceRefusalError(400, f"position must be one of {', '.join(POSITIONS)}")
    wiki().pages.move(page, position, target)
    return answer({"pageId": str(page.id)})


@v1.post("/content/archive")
def archive() -> Response:
    """Archive pages, as a long task that is over by the time somebody asks."""
    sent = body()
    asked = sent.get("pages") if isinstance(sent, dict) else None
    if not isinstance(asked, list) or not asked or not all(isinstance(p, dict) for p in asked):
        raise ConfluenceRefusalError(400, "'pages' must be a list of objects with an id")
    pages = [_editable(str(one.get("id"))) for one in asked]
    for page in pages:
        wiki().pages.archive(page)
    store = the_call().site.store
    task = str(store.next_id("longtask", 1))
    store.set_meta(f"longtask-{task}", json.dumps([page.id for page in pages]))
    return answer(
        {"id": task, "links": {"status": f"/rest/api/longtask/{task}"}},
        202,
    )


@v1.get("/longtask/<task_id>")
def long_task(task_id: str) -> Response:
    """Answer how a long task stands: done."""
    if the_call().site.store.meta(f"longtask-{number(task_id)}") is None:
        raise not_found("No task with this id")
    told: dict[str, Any] = {
        "id": task_id,
        "name": {"key": "com.atlassian.confluence.archive.pages", "args": []},
        "elapsedTime": 0,
        "percentageComplete": 100,
        "successful": True,
        "finished": True,
        "messages": [],
        "_links": {"base": base(), "self": f"{base()}/rest/api/longtask/{task_id}"},
    }
    return answer(told)


@v1.post("/content/<page_id>/version")
def restore_version(page_id: str) -> Response:
    """Save an old version of a page anew."""
    page, sent = _editable(page_id), body()
    params = sent.get("params") if isinstance(sent, dict) else None
    if (
        not isinstance(params, dict)
        or sent.get("operationKey") != "restore"
        or not isinstance(params.get("versionNumber"), int)
        or isinstance(params["versionNumber"], bool)
    ):
        raise ConfluenceRefusalError(400, "'operationKey' must be restore, with its params")
    old = wiki().pages.version(page.id, params["versionNumber"])
    if old is None:
        raise ConfluenceRefusalError(400, f"No version {params['versionNumber']} of this page")
    title = old.title if params.get("restoreTitle") else None
    changed = wiki().pages.update(
        page, me(), page.version + 1, title=title, body=old.body, message=str(params.get("message"))
    )
    made = wiki().pages.latest(changed)
    return answer(
        {
            "by": person_shape(me()),
            "when": made.created,
            "message": made.message,
            "number": made.number,
            "minorEdit": made.minor,
        }
    )
