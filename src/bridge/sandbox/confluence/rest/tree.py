"""The tree and the history of pages, their labels and what may be done with them."""

from typing import Any

from flask import Response

from bridge.sandbox.call import answer, body, whole
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.pages import chosen_body
from bridge.sandbox.confluence.rest.routes import base, listed, me, number, one_of, seen, v2, wiki


def _child(page: Page, **more: Any) -> dict[str, Any]:
    return {
        "id": str(page.id),
        "status": page.status,
        "title": page.title,
        "spaceId": page.space,
        "childPosition": page.position,
        **more,
    }


def _readable(pages: list[Page]) -> list[Page]:
    return [p for p in pages if wiki().pages.may(me(), "read", p)]


@v2.get("/pages/<page_id>/children")
def children(page_id: str) -> Response:
    """Answer the pages directly below one."""
    return listed(_readable(wiki().pages.children(seen(page_id).id)), _child)


@v2.get("/pages/<page_id>/direct-children")
def direct_children(page_id: str) -> Response:
    """Answer the content directly below a page: here, pages."""
    return listed(
        _readable(wiki().pages.children(seen(page_id).id)), lambda p: _child(p, type="page")
    )


@v2.get("/pages/<page_id>/ancestors")
def ancestors(page_id: str) -> Response:
    """Answer the pages above one, the highest first."""
    above = wiki().pages.ancestors(seen(page_id))
    return listed(above, lambda p: {"id": str(p.id), "type": "page"})


@v2.get("/pages/<page_id>/descendants")
def descendants(page_id: str) -> Response:
    """Everything below a page down to a depth, from top to bottom."""
    deepest = whole("depth", 2, least=1, most=10)
    found: list[tuple[Page, int]] = []

    def gather(parent: int, depth: int) -> None:
        for child in _readable(wiki().pages.children(parent)):
            found.append((child, depth))
            if depth < deepest:
                gather(child.id, depth + 1)

    gather(seen(page_id).id, 1)
    return listed(found, _descendant)


def _descendant(found: tuple[Page, int]) -> dict[str, Any]:
    page, depth = found
    shape = _child(page, type="page", depth=depth, parentId=str(page.parent))
    del shape["spaceId"]
    return shape


@v2.get("/pages/<page_id>/versions")
def versions(page_id: str) -> Response:
    """Answer the versions of a page, the newest first unless sorted otherwise."""
    page = seen(page_id)
    found = wiki().pages.versions(page.id)
    if one_of("sort", ("modified-date", "-modified-date")) == "modified-date":
        found = found[::-1]
    return listed(found, lambda v: _version(page, v))


def _version(page: Page, version: Version) -> dict[str, Any]:
    owner = {
        "id": str(page.id),
        "title": version.title,
        "body": chosen_body(page, version, single=False),
    }
    return {**shapes.version(version), "page": owner}


@v2.get("/pages/<page_id>/versions/<version_number>")
def version(page_id: str, version_number: str) -> Response:
    """One version of a page, with its neighbours."""
    page = seen(page_id)
    found = wiki().pages.version(page.id, number(version_number, "version-number"))
    if found is None:
        raise not_found(f"No version {version_number} of page {page.id}")
    shape = {**shapes.version(found), "contentTypeModified": False, "collaborators": [found.author]}
    if found.number > 1:
        shape["prevVersion"] = found.number - 1
    if found.number < page.version:
        shape["nextVersion"] = found.number + 1
    return answer(shape)


@v2.get("/pages/<page_id>/labels")
def page_labels(page_id: str) -> Response:
    """Answer the labels of a page."""
    prefix = one_of("prefix", ("my", "team", "global", "system"))
    found = [
        label for label in wiki().labels.of(seen(page_id).id) if prefix in (None, label.prefix)
    ]
    return listed(found, shapes.label)


@v2.get("/labels")
def labels() -> Response:
    """Every label in use."""
    return listed(wiki().labels.all(), shapes.label)


@v2.get("/pages/<page_id>/operations")
def page_operations(page_id: str) -> Response:
    """Tell what the caller may do with a page."""
    return answer({"operations": shapes.operations(seen(page_id))})


@v2.post("/content/convert-ids-to-types")
def types_of_ids() -> Response:
    """Tell what kind of content some ids stand for; null where nothing visible has them."""
    sent = body()
    ids = sent.get("contentIds") if isinstance(sent, dict) else None
    if not isinstance(ids, list) or len(ids) > 100:
        raise ConfluenceRefusalError(400, "contentIds must be a list of at most 100 ids")
    return answer({"results": {str(i): _type_of(str(i)) for i in ids}})


def _type_of(content_id: str) -> str | None:
    if not content_id.isdecimal():
        return None
    page = wiki().pages.get(int(content_id))
    if page and wiki().pages.may(me(), "read", page):
        return "page"
    remark = wiki().remarks.get(int(content_id))
    return f"{remark.kind}-comment" if remark else None


@v2.post("/users-bulk")
def users() -> Response:
    """People by account ids; unknown ones are left out."""
    sent = body()
    ids = sent.get("accountIds") if isinstance(sent, dict) else None
    if not isinstance(ids, list) or not 0 < len(ids) <= 250:
        raise ConfluenceRefusalError(400, "accountIds must be a list of 1 to 250 ids")
    people = [p for p in map(_person, ids) if p]
    return answer({"results": people, "_links": {"base": base()}})


def _person(account: Any) -> dict[str, Any] | None:
    person = wiki().people.get(str(account))
    if person is None:
        return None
    return {
        "accountId": person.account_id,
        "accountType": "atlassian",
        "accountStatus": "active" if person.active else "inactive",
        "displayName": person.name,
        "publicName": person.name,
        "email": person.visible_email,
        "timeZone": person.timezone,
        "isExternalCollaborator": person.external,
        "profilePicture": {"path": f"/avatar/{person.account_id}", "isDefault": True},
    }
