"""Spaces over REST."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, flag, words
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.pages import readable_space
from bridge.sandbox.confluence.rest.routes import base, listed, me, numbers, one_of, v2, wiki
from bridge.sandbox.confluence.spaces import EVERYONE, Space

_KINDS = (
    "global",
    "collaboration",
    "knowledge_base",
    "personal",
    "system",
    "onboarding",
    "xflow_sample_space",
)

_TARGETS = {
    "read": "space",
    "create": "page",
    "update": "page",
    "delete": "page",
    "administer": "space",
}
_ALL_USERS = "3c1f9f2e-6d0b-4f5e-9a53-5f6c1c1d5a10"
"""The id of the group that everybody with an account belongs to."""


def _described(space: Space) -> dict[str, Any]:
    shape = shapes.space(space)
    wanted = one_of("description-format", ("plain", "view"))
    if wanted:
        shape["description"] = {wanted: {"representation": wanted, "value": space.description}}
    return shape


@v2.get("/spaces")
def spaces() -> Response:
    """Answer the spaces that the caller may see, by ids, keys, type and status."""
    ids, keys = numbers("ids"), [k.casefold() for k in words("keys")]
    kind, status = one_of("type", _KINDS), one_of("status", ("current", "archived"))
    found = [
        s
        for s in wiki().spaces
        if (not ids or int(s.id) in ids)
        and (not keys or s.key.casefold() in keys)
        and kind in (None, s.kind)
        and status in (None, s.status)
        and wiki().spaces.allowed(me(), "read", s)
    ]
    order = one_of("sort", ("id", "-id", "key", "-key", "name", "-name")) or "id"
    sort_keys: dict[str, Any] = {
        "id": lambda s: int(s.id),
        "key": lambda s: s.key,
        "name": lambda s: s.name.casefold(),
    }
    found.sort(key=sort_keys[order.lstrip("-")], reverse=order.startswith("-"))
    return listed(found, _described)


@v2.get("/spaces/<space_id>")
def space(space_id: str) -> Response:
    """One space."""
    found = readable_space(space_id)
    shape = _described(found)
    shape["_links"]["base"] = base()
    if flag("include-operations"):
        shape["operations"] = {
            "results": _operations(found),
            "meta": {"hasMore": False},
            "_links": {"self": request.path},
        }
    if flag("include-properties"):
        held = [shapes.space_property(p) for p in wiki().space_properties.of(int(found.id))]
        shape["properties"] = {
            "results": held,
            "meta": {"hasMore": False},
            "_links": {"self": request.path},
        }
    if flag("include-labels"):
        shape["labels"] = {
            "results": [],
            "meta": {"hasMore": False},
            "_links": {"self": request.path},
        }
    return answer(shape)


def _operations(found: Space) -> list[dict[str, str]]:
    allowed = [op for op in _TARGETS if wiki().spaces.allowed(me(), op, found)]
    return [{"operation": op, "targetType": _TARGETS[op]} for op in allowed]


@v2.get("/spaces/<space_id>/operations")
def space_operations(space_id: str) -> Response:
    """Tell what the caller may do in a space."""
    return answer({"operations": _operations(readable_space(space_id))})


@v2.get("/spaces/<space_id>/permissions")
def space_permissions(space_id: str) -> Response:
    """Answer who was given what in a space; "everybody signed in" is the site's group of all users.

    Not in the contract files; shape from Atlassian's reference, "Get space permissions assignments".
    """
    given = [
        (operation, holder)
        for operation, holders in readable_space(space_id).grants.items()
        for holder in holders
    ]
    return listed(list(enumerate(given, start=1)), _assignment)


def _assignment(numbered: tuple[int, tuple[str, str]]) -> dict[str, Any]:
    number, (operation, holder) = numbered
    everyone = holder == EVERYONE
    return {
        "id": str(number),
        "principal": {
            "type": "group" if everyone else "user",
            "id": _ALL_USERS if everyone else holder,
        },
        "operation": {"key": operation, "targetType": _TARGETS[operation]},
    }


@v2.get("/spaces/<space_id>/labels")
def space_labels(space_id: str) -> Response:
    """Answer the labels of the space itself: the imitated ones have none."""
    readable_space(space_id)
    return listed([], shapes.label)


@v2.get("/spaces/<space_id>/content/labels")
def labels_in_space(space_id: str) -> Response:
    """Answer the labels of the pages of a space."""
    found = {
        label
        for p in wiki().pages.in_space(readable_space(space_id).id)
        for label in wiki().labels.of(p.id)
    }
    return listed(sorted(found, key=lambda label: label.id), shapes.label)
