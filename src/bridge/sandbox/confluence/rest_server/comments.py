"""Comments on pages as version 1 has them: content of a type of its own, below a page."""

from typing import Any

from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.remarks import Remark
from bridge.sandbox.confluence.rest.routes import base, me, wiki
from bridge.sandbox.confluence.rest_server.routes import expanded, found_page
from bridge.sandbox.confluence.rest_server.shapes import person
from bridge.sandbox.confluence.storage import StorageFormatError, parse

Json = dict[str, Any]


def comments_of(page_id: int) -> list[Remark]:
    """Answer the comments of a page, those in the text first."""
    remarks = wiki().remarks
    return [*remarks.of(page_id, "inline"), *remarks.of(page_id, "footer")]


def comment(item: Remark) -> Json:
    """Answer a comment; where it stands is in ``extensions``."""
    wanted = expanded()
    page = wiki().pages.get(item.page)
    extensions: Json = {"location": item.kind}
    if item.kind == "inline":
        extensions["resolution"] = {"status": item.resolution}
        marked = {"originalSelection": item.selection, "markerRef": item.marker}
        extensions["inlineProperties"] = marked
    shape: Json = {
        "id": str(item.id),
        "type": "comment",
        "status": item.status,
        "title": f"Re: {page.title if page else ''}",
        "extensions": extensions,
        "_links": {"self": f"{base()}/rest/api/content/{item.id}"},
        "_expandable": {"container": f"/rest/api/content/{item.page}"},
    }
    if "body.storage" in wanted:
        shape["body"] = {"storage": {"value": item.body, "representation": "storage"}}
    if "version" in wanted:
        who = person(wiki().people.get(item.author))
        shape["version"] = {"by": who, "when": item.updated, "number": item.version}
    return shape


def create_comment(sent: Json, text: str) -> Remark:
    """Write a comment below the page in ``container``.

    Raises:
        ConfluenceRefusalError: no such page, or an ill-formed body.

    """
    container = sent.get("container")
    wanted = str(container.get("id", "")) if isinstance(container, dict) else ""
    if not wanted:
        raise ConfluenceRefusalError(400, "The container of the comment is required")
    page = found_page(wanted)
    try:
        parse(text)
    except StorageFormatError as wrong:
        raise ConfluenceRefusalError(400, str(wrong)) from None
    above = sent.get("ancestors") or []
    parent = None
    if above:
        first = str(above[0].get("id", "")) if isinstance(above[0], dict) else ""
        parent = wiki().remarks.get(int(first)) if first.isdecimal() else None
        if parent is None:
            raise not_found("The comment that is answered does not exist")
    return wiki().remarks.add(
        page.id, "footer", text, me().account_id, parent=parent.id if parent else None
    )
