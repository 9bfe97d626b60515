"""The JSON of pages, versions, spaces, comments and tasks in version 2."""

from typing import Any
from urllib.parse import quote_plus

from bridge.sandbox.confluence.labels import Label
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.properties import Property
from bridge.sandbox.confluence.remarks import Remark
from bridge.sandbox.confluence.rest.routes import base, me, wiki
from bridge.sandbox.confluence.spaces import Space
from bridge.sandbox.confluence.tasks import Task

Json = dict[str, Any]


def version(item: Version) -> Json:
    """Answer a version of a page."""
    return {
        "number": item.number,
        "message": item.message,
        "minorEdit": item.minor,
        "authorId": item.author,
        "createdAt": item.created,
    }


def page_links(page: Page) -> Json:
    """Where people find a page."""
    space = wiki().spaces.get(page.space)
    key = space.key if space else ""
    return {
        "webui": f"/spaces/{key}/pages/{page.id}/{quote_plus(page.title)}",
        "editui": f"/pages/resumedraft.action?draftId={page.id}",
        "tinyui": f"/x/{page.id:x}",
    }


def page(item: Page, state: Version | None = None, body: Json | None = None) -> Json:
    """Answer a page: as it is now, or at an earlier state."""
    state = state or wiki().pages.latest(item)
    return {
        "id": str(item.id),
        "status": item.status if state.number == item.version else "historical",
        "title": state.title,
        "spaceId": item.space,
        "parentId": None if item.parent is None else str(item.parent),
        "parentType": None if item.parent is None else "page",
        "position": item.position,
        "authorId": item.author,
        "ownerId": item.owner,
        "lastOwnerId": None,
        "createdAt": item.created,
        "version": version(state),
        "body": body or {},
        "_links": page_links(item),
    }


def single(item: Page, state: Version | None = None, body: Json | None = None) -> Json:
    """Answer a page that is answered alone: its links say to which address they belong."""
    shape = page(item, state, body)
    shape["_links"]["base"] = base()
    return shape


def space(item: Space) -> Json:
    """Answer a space."""
    return {
        "id": item.id,
        "key": item.key,
        "name": item.name,
        "type": item.kind,
        "status": item.status,
        "authorId": item.author,
        "createdAt": item.created,
        "homepageId": None if item.homepage is None else str(item.homepage),
        "_links": {"webui": f"/spaces/{item.key}"},
    }


def label(item: Label) -> Json:
    """Answer a label."""
    return {"id": str(item.id), "name": item.name, "prefix": item.prefix}


def content_property(item: Property) -> Json:
    """Answer a content property."""
    made = {
        "number": item.version,
        "message": item.message,
        "minorEdit": False,
        "authorId": item.author,
        "createdAt": item.created,
    }
    return {"id": str(item.id), "key": item.name, "value": item.value, "version": made}


def space_property(item: Property) -> Json:
    """Answer a property of a space, which names its author otherwise."""
    changed = {"createdBy": item.author, "createdAt": item.created}
    made = {"number": item.version, "message": item.message, **changed}
    return {"id": str(item.id), "key": item.name, "value": item.value, **changed, "version": made}


def remark(item: Remark, *, with_body: bool) -> Json:
    """Answer a comment on a page."""
    shape: Json = {
        "id": str(item.id),
        "status": item.status,
        "title": "Re: " + getattr(wiki().pages.get(item.page), "title", ""),
        "pageId": str(item.page),
        "version": {
            "number": item.version,
            "message": "",
            "minorEdit": False,
            "authorId": item.author,
            "createdAt": item.updated,
        },
        "body": {"storage": {"representation": "storage", "value": item.body}} if with_body else {},
        "_links": {"webui": f"/pages/{item.page}?focusedCommentId={item.id}"},
    }
    if item.parent is not None:
        shape["parentCommentId"] = str(item.parent)
    if item.kind == "inline":
        shape["resolutionStatus"] = item.resolution
        shape["properties"] = {
            "inlineMarkerRef": item.marker,
            "inlineOriginalSelection": item.selection,
        }
    return shape


def task(item: Task, *, with_body: bool) -> Json:
    """Answer a task; what is not set is left out."""
    owner = wiki().pages.get(item.page)
    shape = {
        "id": str(item.id),
        "localId": item.local_id,
        "spaceId": owner.space if owner else "",
        "pageId": str(item.page),
        "status": item.status,
        "body": {"storage": {"representation": "storage", "value": item.body}} if with_body else {},
        "createdBy": item.author,
        "assignedTo": item.assignee,
        "completedBy": item.completed_by,
        "createdAt": item.created,
        "updatedAt": item.updated,
        "dueAt": f"{item.due}T00:00:00.000Z" if item.due else None,
        "completedAt": item.completed,
    }
    return {k: v for k, v in shape.items() if v is not None}


_VERBS = {"read": "read", "update": "update", "delete": "delete"}


def operations(item: Page) -> list[Json]:
    """Tell what the caller may do with a page."""
    allowed = [verb for verb in _VERBS if wiki().pages.may(me(), verb, item)]
    return [{"operation": verb, "targetType": "page"} for verb in allowed]
