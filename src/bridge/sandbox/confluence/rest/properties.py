"""Content properties of pages and spaces over REST."""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, nothing
from bridge.sandbox.confluence.properties import ContentProperties
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.files import file_number
from bridge.sandbox.confluence.rest.pages import readable_space
from bridge.sandbox.confluence.rest.routes import (
    listed,
    me,
    number,
    one_of,
    seen,
    v2,
    wiki,
    writable,
)


def _administered_space(space_id: str) -> int:
    space = readable_space(space_id)
    if not wiki().spaces.allowed(me(), "administer", space):
        raise not_found("Not permitted to administer this space")
    return int(space.id)


def _sent() -> dict[str, Any]:
    sent = body()
    if not isinstance(sent, dict) or "value" not in sent:
        raise ConfluenceRefusalError(400, "'key' and 'value' are required")
    return sent


def _serve(
    kind: str,
    held: Callable[[], ContentProperties],
    read: Callable[[str], int],
    write: Callable[[str], int],
) -> None:
    """Register the five operations for one kind of container."""
    path = f"/{kind}/<owner>/properties"
    shape = shapes.space_property if kind == "spaces" else shapes.content_property

    def every(owner: str) -> Response:
        found = held().of(read(owner), request.args.get("key"))
        by_key = one_of("sort", ("key", "-key"))
        if by_key:
            found = sorted(found, key=lambda p: p.name, reverse=by_key == "-key")
        return listed(found, shape)

    def create(owner: str) -> Response:
        sent = _sent()
        made = held().create(write(owner), sent.get("key"), sent["value"], me().account_id)
        return answer(shape(made), 201 if kind == "spaces" else 200)

    def one(owner: str, property_id: str) -> Response:
        return answer(shape(held().seen(read(owner), number(property_id, "property-id"))))

    def change(owner: str, property_id: str) -> Response:
        sent = _sent()
        old = held().seen(write(owner), number(property_id, "property-id"))
        changed = held().update(
            old, sent.get("key"), sent["value"], sent.get("version"), me().account_id
        )
        return answer(shape(changed))

    def delete(owner: str, property_id: str) -> Response:
        held().delete(held().seen(write(owner), number(property_id, "property-id")))
        return nothing()

    v2.add_url_rule(path, f"{kind}-properties", every, methods=["GET"])
    v2.add_url_rule(path, f"{kind}-property-create", create, methods=["POST"])
    v2.add_url_rule(f"{path}/<property_id>", f"{kind}-property", one, methods=["GET"])
    v2.add_url_rule(f"{path}/<property_id>", f"{kind}-property-change", change, methods=["PUT"])
    v2.add_url_rule(f"{path}/<property_id>", f"{kind}-property-delete", delete, methods=["DELETE"])


_serve(
    "pages",
    lambda: wiki().page_properties,
    lambda owner: seen(owner).id,
    lambda owner: writable(owner).id,
)
_serve(
    "spaces",
    lambda: wiki().space_properties,
    lambda owner: int(readable_space(owner).id),
    _administered_space,
)


def _file(owner: str, reach: Callable[[str], object]) -> int:
    """Answer the number of an attachment whose page the caller can reach."""
    found = wiki().files.found(file_number(owner))
    reach(str(found.page))
    return found.id


_serve(
    "attachments",
    lambda: wiki().file_properties,
    lambda owner: _file(owner, seen),
    lambda owner: _file(owner, writable),
)
