"""Pages over REST: listing, reading, publishing, changing, renaming, deleting."""

from typing import Any

from flask import Response, request

from bridge.sandbox.between import surroundings
from bridge.sandbox.call import answer, body, flag, nothing, the_call, words
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.render import render
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.routes import (
    listed,
    me,
    number,
    numbers,
    one_of,
    seen,
    v2,
    wiki,
    writable,
)
from bridge.sandbox.confluence.spaces import Space
from bridge.sandbox.richtext.from_wiki import from_wiki
from bridge.sandbox.richtext.to_storage import to_storage

BODY_LIMIT = 5 * 2**20
"""Bytes of a request, then 413 ([cv2] create page)."""
_SORTS = (
    "id",
    "-id",
    "created-date",
    "-created-date",
    "modified-date",
    "-modified-date",
    "title",
    "-title",
)
_STATUSES = ("current", "archived", "deleted", "trashed")
_VIEWS = ("view", "export_view", "styled_view", "anonymous_export_view", "editor")


def chosen_body(page: Page, state: Version, *, single: bool) -> dict[str, Any]:
    """Answer the body in the format that ``body-format`` names."""
    formats = ("storage", *(_VIEWS if single else ()))
    wanted = one_of("body-format", formats)
    if wanted is None:
        return {}
    value = state.body
    if wanted != "storage":
        value = render(state.body, surroundings(the_call().site, page, me()))
    return {wanted: {"representation": wanted, "value": value}}


def _bulk(page: Page) -> dict[str, Any]:
    state = wiki().pages.latest(page)
    return {**shapes.page(page, state, chosen_body(page, state, single=False)), "subtype": None}


def _sorted(pages: list[Page]) -> list[Page]:
    order = one_of("sort", _SORTS) or "id"
    keys: dict[str, Any] = {
        "id": lambda p: p.id,
        "created-date": lambda p: (p.created, p.id),
        "modified-date": lambda p: (wiki().pages.latest(p).created, p.id),
        "title": lambda p: (p.title.casefold(), p.id),
    }
    return sorted(pages, key=keys[order.lstrip("-")], reverse=order.startswith("-"))


def _filtered(pages: list[Page]) -> Response:
    ids, spaces, title = numbers("id"), words("space-id"), request.args.get("title")
    found = [
        p
        for p in pages
        if (not ids or p.id in ids)
        and (not spaces or p.space in spaces)
        and (title is None or p.title == title)
        and wiki().pages.may(me(), "read", p)
    ]
    return listed(_sorted(found), _bulk)


def _asked_statuses() -> list[str]:
    asked = words("status")
    wrong = [s for s in asked if s not in _STATUSES]
    if wrong:
        raise ConfluenceRefusalError(
            400, f"Provided value {{{wrong[0]}}} for 'status' is not one of {', '.join(_STATUSES)}"
        )
    return asked or ["current", "archived"]


@v2.get("/pages")
def pages() -> Response:
    """Pages by id, space, title (case counts) and status, in pages."""
    return _filtered(wiki().pages.all(_asked_statuses()))


@v2.get("/spaces/<space_id>/pages")
def pages_in_space(space_id: str) -> Response:
    """Answer the pages of a space."""
    space = readable_space(space_id)
    found = wiki().pages.in_space(space.id, _asked_statuses())
    if one_of("depth", ("all", "root")) == "root":
        found = [p for p in found if p.parent is None]
    return _filtered(found)


@v2.get("/labels/<label_id>/pages")
def pages_with_label(label_id: str) -> Response:
    """Answer the pages that carry a label."""
    ids = wiki().labels.pages(number(label_id))
    return _filtered([p for p in map(wiki().pages.get, ids) if p and p.status == "current"])


def readable_space(space_id: str) -> Space:
    """Answer the space that a path names, if the caller may see it."""
    space = wiki().spaces.get(str(number(space_id)))
    if space is None or not wiki().spaces.allowed(me(), "read", space):
        raise not_found("Not Found")
    return space


@v2.get("/pages/<page_id>")
def page(page_id: str) -> Response:
    """One page, now or at a version."""
    found = seen(page_id, words("status") or ("current", "archived"))
    state = wiki().pages.latest(found)
    if request.args.get("version"):
        state = _version(found, request.args["version"])
    shape = shapes.single(found, state, chosen_body(found, state, single=True))
    if not flag("include-version", default=True):
        del shape["version"]
    return answer({**shape, **_included(found)})


def _version(page: Page, text: str) -> Version:
    state = wiki().pages.version(page.id, number(text, "version"))
    if state is None:
        raise not_found(f"No version {text} of page {page.id}")
    return state


def _included(page: Page) -> dict[str, Any]:
    """Tell what ``include-labels`` and the like add: the first fifty of each."""
    sources: dict[str, Any] = {
        "labels": lambda: [shapes.label(i) for i in wiki().labels.of(page.id)],
        "properties": lambda: [
            shapes.content_property(i) for i in wiki().page_properties.of(page.id)
        ],
        "operations": lambda: shapes.operations(page),
        "likes": list,
        "versions": lambda: [shapes.version(i) for i in wiki().pages.versions(page.id)],
    }
    added: dict[str, Any] = {}
    for name, source in sources.items():
        if flag(f"include-{name}"):
            results = source()
            link = f"/wiki/api/v2/pages/{page.id}/{name}"
            added[name] = {
                "results": results[:50],
                "meta": {"hasMore": len(results) > 50},
                "_links": {"self": link},
            }
    if flag("include-favorited-by-current-user-status"):
        added["isFavoritedByCurrentUser"] = False
    return added


# --- writing --------------------------------------------------------------------------------------


def _sent() -> dict[str, Any]:
    if len(request.get_data()) > BODY_LIMIT:
        raise ConfluenceRefusalError(413, "Request is too large: the limit is 5 MB")
    sent = body()
    if not isinstance(sent, dict):
        raise ConfluenceRefusalError(400, "Expected a JSON object")
    return sent


def markup(raw: Any) -> str:
    """Answer the storage format in a body: ``{"representation", "value"}``, plain or nested under its name.

    Raises:
        ConfluenceRefusalError: 400, a representation that cannot be read, or no value.

    """
    if isinstance(raw, dict) and "representation" not in raw and len(raw) == 1:
        raw = next(iter(raw.values()))
    representation = raw.get("representation") if isinstance(raw, dict) else None
    value = raw.get("value") if isinstance(raw, dict) else None
    if representation not in ("storage", "wiki") or not isinstance(value, str):
        raise ConfluenceRefusalError(
            400, "Body must have a value, and a representation of 'storage' or 'wiki'"
        )
    return value if representation == "storage" else to_storage(from_wiki(value))


@v2.post("/pages")
def create_page() -> Response:
    """Publish a page: below ``parentId``, else below the home page, else (``root-level``) at the root."""
    sent = _sent()
    space = wiki().spaces.get(str(sent.get("spaceId") or ""))
    if space is None or not wiki().spaces.allowed(me(), "create", space):
        raise not_found("The space does not exist, or you may not create pages in it")
    if sent.get("status", "current") != "current":
        raise ConfluenceRefusalError(400, "Only the status 'current' is supported")
    title = sent.get("title")
    if not isinstance(title, str):
        raise ConfluenceRefusalError(400, "Title is required: page title must not be empty")
    text = markup(sent["body"]) if sent.get("body") else ""
    made = wiki().pages.create(space, title, text, me(), parent=_parent(sent, space))
    if flag("private"):
        wiki().restrictions.put(made.id, {op: [me().account_id] for op in ("read", "update")})
    return answer(_written(made))


def _parent(sent: dict[str, Any], space: Space) -> int | None:
    if flag("root-level"):
        if sent.get("parentId"):
            raise ConfluenceRefusalError(
                400, "A parentId may not be supplied together with root-level=true"
            )
        return None
    if not sent.get("parentId"):
        return space.homepage
    parent = wiki().pages.get(number(str(sent["parentId"]), "parentId"))
    if parent is None or parent.space != space.id or parent.status not in ("current", "archived"):
        raise not_found("The parent page does not exist in this space")
    return parent.id


def _written(page: Page) -> dict[str, Any]:
    state = wiki().pages.latest(page)
    return shapes.single(
        page, state, {"storage": {"representation": "storage", "value": state.body}}
    )


@v2.put("/pages/<page_id>")
def update_page(page_id: str) -> Response:
    """Save a new version; the body names the version it was computed from, plus one."""
    sent = _sent()
    missing = [
        name
        for name in ("id", "status", "title", "body", "version")
        if sent.get(name) in (None, "")
    ]
    if missing:
        raise ConfluenceRefusalError(400, f"'{missing[0]}' is required")
    found = writable(page_id, ("current", "archived", "trashed"))
    if str(sent["id"]) != page_id:
        raise ConfluenceRefusalError(400, "The id in the body differs from the id in the path")
    if sent["status"] != "current":
        raise ConfluenceRefusalError(400, "Only the status 'current' is supported")
    if str(sent.get("spaceId") or found.space) != found.space:
        raise ConfluenceRefusalError(400, "Moving a page to another space is not supported")
    stated = sent["version"] if isinstance(sent["version"], dict) else {}
    changed = wiki().pages.update(
        found,
        me(),
        stated.get("number"),
        title=str(sent["title"]) if found.status != "trashed" else None,
        body=markup(sent["body"]) if found.status != "trashed" else None,
        message=str(stated.get("message") or ""),
        minor=bool(stated.get("minorEdit")),
        parent=number(str(sent["parentId"]), "parentId") if sent.get("parentId") else None,
    )
    return answer(_written(changed))


@v2.put("/pages/<page_id>/title")
def rename_page(page_id: str) -> Response:
    """Give a page another title, which is a new version."""
    sent, found = _sent(), writable(page_id)
    if sent.get("status") != "current" or not isinstance(sent.get("title"), str):
        raise ConfluenceRefusalError(400, "'status' (current) and 'title' are required")
    return answer(
        _written(wiki().pages.update(found, me(), found.version + 1, title=sent["title"]))
    )


@v2.delete("/pages/<page_id>")
def delete_page(page_id: str) -> Response:
    """Move a page to the trash; with ``purge=true`` delete one from the trash for good."""
    purge = flag("purge")
    found = seen(page_id, ("trashed",) if purge else ("current", "archived"))
    space = wiki().spaces.get(found.space)
    needed = "administer" if purge else "delete"
    if (
        space is None
        or not wiki().spaces.allowed(me(), needed, space)
        or not wiki().pages.may(me(), "delete", found)
    ):
        raise not_found("Not permitted to delete this page")
    if purge:
        wiki().pages.purge(found)
    else:
        wiki().pages.trash(found)
    return nothing()
