"""Pages over version 1: finding, reading, publishing, changing, deleting."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, nothing, whole, words
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest.legacy_search import matching_pages
from bridge.sandbox.confluence.rest.pages import BODY_LIMIT, markup
from bridge.sandbox.confluence.rest.routes import base, me, wiki
from bridge.sandbox.confluence.rest_server.comments import comment, create_comment
from bridge.sandbox.confluence.rest_server.routes import (
    api,
    editable,
    expanded,
    found_page,
    listed,
    readable,
)
from bridge.sandbox.confluence.rest_server.shapes import Contents, webui
from bridge.sandbox.confluence.spaces import Space

_ALONE = "history,space,version"
_STATUSES = {"any": ("current", "archived", "trashed"), "historical": ("current", "archived")}


def _statuses() -> tuple[str, ...]:
    asked = words("status") or ["current"]
    return tuple(s for word in asked for s in _STATUSES.get(word, (word,)))


@api.get("/content")
def find_content() -> Response:
    """Pages by space, title (case counts) and status."""
    asked, key, title = (
        request.args.get("type", "page"),
        request.args.get("spaceKey"),
        request.args.get("title"),
    )
    found = readable(wiki().pages.all(_statuses())) if asked == "page" else []
    space = wiki().spaces.by_key(key) if key else None
    if key:
        found = [p for p in found if space and p.space == space.id]
    if title is not None:
        found = [p for p in found if p.title == title]
    return answer(listed(found, Contents(expanded()).content))


@api.get("/content/search")
def search_content() -> Response:
    """Pages that match a query."""
    found, _ = matching_pages()
    return answer(listed(found, Contents(expanded()).content))


@api.get("/search")
def search() -> Response:
    """Pages that match a query, with where they were found."""
    found, text = matching_pages()
    total = {"totalSize": len(found), "cqlQuery": text, "searchDuration": 1}
    return answer({**listed(found, _hit), **total})


def _hit(page: Page) -> dict[str, Any]:
    space = wiki().spaces.get(page.space)
    name, key = (space.name, space.key) if space else ("", "")
    return {
        "content": Contents(frozenset()).content(page),
        "title": page.title,
        "excerpt": "",
        "url": webui(page),
        "resultGlobalContainer": {"title": name, "displayUrl": f"/display/{key}"},
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": wiki().pages.latest(page).created,
        "friendlyLastModified": "",
    }


@api.get("/content/<page_id>")
def content(page_id: str) -> Response:
    """One page, now or (``status=historical&version=``) at a version."""
    page = found_page(page_id, _statuses())
    return answer(Contents(expanded(_ALONE)).alone(page, _asked_state(page)))


def _asked_state(page: Page) -> Version:
    number = whole("version", 0)
    state = wiki().pages.version(page.id, number) if number else wiki().pages.latest(page)
    past = "historical" in words("status")
    if state is None or (number and number != page.version and not past):
        raise not_found(f"No content found with id : {page.id}, version: {number}")
    return state


@api.get("/content/<page_id>/history")
def history(page_id: str) -> Response:
    """Who made a page, and its neighbouring versions."""
    page = found_page(page_id)
    wanted = expanded("previousVersion,nextVersion,lastUpdated")
    shape = Contents(frozenset()).history(page, wanted)
    shape["_links"] |= {"base": base()}
    return answer(shape)


# --- writing --------------------------------------------------------------------------------------


def _sent() -> dict[str, Any]:
    if len(request.get_data()) > BODY_LIMIT:
        raise ConfluenceRefusalError(413, "Request is too large: the limit is 5 MB")
    sent = body()
    if not isinstance(sent, dict):
        raise ConfluenceRefusalError(400, "Could not parse the request: expected a JSON object")
    if sent.get("type") not in ("page", "comment", None):
        raise ConfluenceRefusalError(400, f"Unsupported content type: {sent['type']}")
    return sent


def _text(sent: dict[str, Any]) -> str | None:
    """Answer the storage format in ``body.storage`` (or ``body.wiki``); None where there is no body."""
    raw = sent.get("body")
    if raw is None:
        return None
    known = {n: raw[n] for n in ("storage", "wiki") if n in raw} if isinstance(raw, dict) else {}
    for name, part in known.items():
        if isinstance(part, dict):
            return markup({"representation": name, **part})
    raise ConfluenceRefusalError(400, "The body must have a storage representation with a value")


def _parent(sent: dict[str, Any], space: Space) -> int | None:
    """Answer the first of ``ancestors``: the parent, says the contract."""
    above = sent.get("ancestors")
    if not above:
        return None
    first = above[0] if isinstance(above, list) and isinstance(above[0], dict) else {}
    wanted = str(first.get("id", ""))
    page = wiki().pages.get(int(wanted)) if wanted.isdecimal() else None
    if page is None or page.space != space.id or page.status not in ("current", "archived"):
        raise ConfluenceRefusalError(400, "The parent page does not exist in this space")
    return page.id


@api.post("/content")
def create_content() -> Response:
    """Publish a page below the page in ``ancestors``, else at the root; or comment on a page."""
    sent = _sent()
    if sent.get("type") == "comment":
        return answer(comment(create_comment(sent, _text(sent) or "")))
    return answer(Contents(expanded(f"body.storage,ancestors,{_ALONE}")).alone(_created(sent)))


def _created(sent: dict[str, Any]) -> Page:
    if sent.get("type") != "page":
        raise ConfluenceRefusalError(400, "The type of the content is required")
    named = sent.get("space")
    space = wiki().spaces.by_key(str(named.get("key", ""))) if isinstance(named, dict) else None
    if space is None or not wiki().spaces.allowed(me(), "read", space):
        raise not_found("No space found with this key")
    if not wiki().spaces.allowed(me(), "create", space):
        raise ConfluenceRefusalError(403, "User not permitted to create content in this space")
    if sent.get("status", "current") != "current":
        raise ConfluenceRefusalError(400, "Only the status 'current' is imitated")
    if not isinstance(sent.get("title"), str):
        raise ConfluenceRefusalError(400, "Title is required: page title must not be empty")
    return wiki().pages.create(
        space, sent["title"], _text(sent) or "", me(), parent=_parent(sent, space),
        message=_message(sent),
    )  # fmt: skip


def _message(sent: dict[str, Any]) -> str:
    stated = sent.get("version")
    return str(stated.get("message") or "") if isinstance(stated, dict) else ""


@api.put("/content/<page_id>")
def update_content(page_id: str) -> Response:
    """Save a new version; ``version.number`` is the one it was computed from, plus one."""
    sent = _sent()
    if sent.get("type") is None and sent.get("status") is None:
        raise ConfluenceRefusalError(400, "The type of the content is required")
    page = editable(page_id, ("current", "archived", "trashed"))
    stated = sent.get("version")
    number = stated.get("number") if isinstance(stated, dict) else None
    if number is None:
        sentence = "Must supply an incremented version when updating Content. No version supplied."
        raise ConfluenceRefusalError(400, sentence)
    restored = page.status == "trashed"
    space = wiki().spaces.get(page.space)
    title = sent.get("title")
    changed = wiki().pages.update(
        page,
        me(),
        number,
        title=str(title) if title is not None and not restored else None,
        body=None if restored else _text(sent),
        message=_message(sent),
        minor=bool(stated.get("minorEdit")) if isinstance(stated, dict) else False,
        parent=_parent(sent, space) if space else None,
    )
    return answer(Contents(expanded(f"body.storage,ancestors,{_ALONE}")).alone(changed))


@api.delete("/content/<page_id>")
def delete_content(page_id: str) -> Response:
    """Move a page to the trash, or with ``status=trashed`` delete one from the trash for good."""
    purge = request.args.get("status") == "trashed"
    page = found_page(page_id, ("trashed",) if purge else ("current", "archived"))
    space = wiki().spaces.get(page.space)
    needed = "administer" if purge else "delete"
    allowed = space is not None and wiki().spaces.allowed(me(), needed, space)
    if not allowed or not wiki().pages.may(me(), "delete", page):
        raise not_found("Not permitted to delete this content")
    if purge:
        wiki().pages.purge(page)
    else:
        wiki().pages.trash(page)
    return nothing()
