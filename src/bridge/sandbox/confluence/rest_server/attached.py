"""What hangs on a page over version 1: children, labels, properties, restrictions."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, nothing
from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.properties import Property
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest import legacy
from bridge.sandbox.confluence.rest.routes import base, collection, me, wiki
from bridge.sandbox.confluence.rest_server.comments import comment, comments_of
from bridge.sandbox.confluence.rest_server.files import attachment, files_of
from bridge.sandbox.confluence.rest_server.routes import (
    api,
    editable,
    expanded,
    found_page,
    listed,
    readable,
)
from bridge.sandbox.confluence.rest_server.shapes import (
    Contents,
    content_property,
    label,
    person,
)

_KINDS = ("page", "comment", "attachment")


# --- children -------------------------------------------------------------------------------------


def _of_kind(page: Page, kind: str) -> dict[str, Any]:
    """Answer the children of a kind."""
    if kind == "comment":
        return listed(comments_of(page.id), comment)
    if kind == "attachment":
        return listed(files_of(page.id), attachment)
    return listed(readable(wiki().pages.children(page.id)), Contents(expanded()).content)


@api.get("/content/<page_id>/child")
def children(page_id: str) -> Response:
    """Answer the children by kind: those that ``expand`` names."""
    page, wanted = found_page(page_id), expanded()
    url = f"/rest/api/content/{page.id}/child"
    shape: dict[str, Any] = {kind: _of_kind(page, kind) for kind in _KINDS if kind in wanted}
    shape["_expandable"] = {k: f"{url}/{k}" for k in _KINDS if k not in wanted}
    return answer({**shape, "_links": {"self": base() + url, "base": base()}})


@api.get("/content/<page_id>/child/<kind>")
def children_of_kind(page_id: str, kind: str) -> Response:
    """Answer the children of one kind."""
    page = found_page(page_id)
    if kind not in _KINDS:
        raise not_found(f"No children of type {kind}")
    return answer(_of_kind(page, kind))


# --- labels ---------------------------------------------------------------------------------------


@api.get("/content/<page_id>/label")
def labels(page_id: str) -> Response:
    """Answer the labels of a page."""
    prefix = request.args.get("prefix")
    held = [i for i in wiki().labels.of(found_page(page_id).id) if prefix in (None, i.prefix)]
    return answer(listed(held, label))


api.add_url_rule("/content/<page_id>/label", view_func=legacy.add_labels, methods=["POST"])
api.add_url_rule(
    "/content/<page_id>/label", view_func=legacy.remove_label_by_query, methods=["DELETE"]
)
api.add_url_rule(
    "/content/<page_id>/label/<name>", view_func=legacy.remove_label, methods=["DELETE"]
)


# --- properties -----------------------------------------------------------------------------------


def _property(page: Page, key: str) -> Property:
    held = wiki().page_properties.of(page.id, key)
    if not held:
        raise not_found(f"Could not find content property with key: {key}")
    return held[0]


def _sent_property(key: str | None = None) -> dict[str, Any]:
    sent = body()
    if not isinstance(sent, dict) or "value" not in sent:
        raise ConfluenceRefusalError(400, "The value of the content property is missing")
    if key is not None and sent.get("key", key) != key:
        raise ConfluenceRefusalError(400, "The key differs from the key in the path")
    return sent


@api.get("/content/<page_id>/property")
def properties(page_id: str) -> Response:
    """Answer the properties of a page."""
    return answer(listed(wiki().page_properties.of(found_page(page_id).id), content_property))


def _create_property(page: Page, key: Any, value: Any) -> Response:
    try:
        made = wiki().page_properties.create(page.id, key, value, me().account_id)
    except ConfluenceRefusalError as refusal:
        status = 400 if refusal.status == 409 else refusal.status  # so says the contract
        raise ConfluenceRefusalError(status, refusal.title) from None
    return answer(content_property(made))


@api.post("/content/<page_id>/property")
def create_property(page_id: str) -> Response:
    """Add a property; a key that is taken is refused."""
    page, sent = editable(page_id), _sent_property()
    return _create_property(page, sent.get("key"), sent["value"])


@api.get("/content/<page_id>/property/<key>")
def one_property(page_id: str, key: str) -> Response:
    """One property by key."""
    return answer(content_property(_property(found_page(page_id), key)))


@api.put("/content/<page_id>/property/<key>")
def change_property(page_id: str, key: str) -> Response:
    """Change a property, whose new version is named; version 1 makes one that is not there yet."""
    page, sent = editable(page_id), _sent_property(key)
    stated = sent.get("version")
    first = isinstance(stated, dict) and stated.get("number") == 1
    if first and not wiki().page_properties.of(page.id, key):
        return _create_property(page, key, sent["value"])
    old = _property(page, key)
    changed = wiki().page_properties.update(old, key, sent["value"], stated, me().account_id)
    return answer(content_property(changed))


@api.delete("/content/<page_id>/property/<key>")
def delete_property(page_id: str, key: str) -> Response:
    """Delete a property."""
    wiki().page_properties.delete(_property(editable(page_id), key))
    return nothing()


# --- restrictions ---------------------------------------------------------------------------------


@api.get("/content/<page_id>/restriction/byOperation")
def restrictions(page_id: str) -> Response:
    """Who alone may read and change a page, by operation."""
    page = found_page(page_id)
    return answer({op: _restriction(page, op) for op in ("read", "update")})


def _restriction(page: Page, operation: str) -> dict[str, Any]:
    people = [p for p in map(wiki().people.get, wiki().restrictions.of(page.id, operation)) if p]
    url = f"{base()}/rest/api/content/{page.id}/restriction/byOperation/{operation}"
    return {
        "operation": operation,
        "restrictions": {
            "user": collection([person(p) for p in people], 0, 200),
            "group": {"results": [], "start": 0, "limit": 200, "size": 0},
        },
        "_links": {"self": url},
        "_expandable": {"content": f"/rest/api/content/{page.id}"},
    }


@api.put("/content/<page_id>/restriction")
def put_restrictions(page_id: str) -> Response:
    """Replace the restrictions of a page; people are named by ``username`` or ``userKey``."""
    page, sent = editable(page_id), body()
    asked = sent.get("results") if isinstance(sent, dict) else sent
    if not isinstance(asked, list):
        raise ConfluenceRefusalError(400, "Expected a list of restrictions")
    wiki().restrictions.put(page.id, dict(map(_asked, asked)))
    return answer(listed(["read", "update"], lambda operation: _restriction(page, operation)))


def _asked(one: Any) -> tuple[str, list[str]]:
    operation = one.get("operation") if isinstance(one, dict) else None
    limits = one.get("restrictions") if isinstance(one, dict) else None
    if operation not in ("read", "update") or not isinstance(limits, dict):
        sentence = "A restriction needs an operation (read, update) and restrictions"
        raise ConfluenceRefusalError(400, sentence)
    users = limits.get("user") or []
    users = users.get("results", []) if isinstance(users, dict) else users
    people = wiki().people
    found = [
        people.named(str(u.get("username") or "")) or people.keyed(str(u.get("userKey") or ""))
        for u in users
        if isinstance(u, dict)
    ]
    if None in found:
        raise ConfluenceRefusalError(400, "A person named in the restrictions does not exist")
    return operation, [p.account_id for p in found if p]
