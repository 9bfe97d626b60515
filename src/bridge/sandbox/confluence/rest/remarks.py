"""Comments on pages over REST: footer comments read and written, inline comments read."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, nothing
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.remarks import Remark
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.pages import markup
from bridge.sandbox.confluence.rest.routes import base, listed, me, number, one_of, seen, v2, wiki
from bridge.sandbox.confluence.rewrite import rewritten
from bridge.sandbox.confluence.storage import StorageFormatError

_RESOLUTIONS = ("resolved", "open", "dangling", "reopened")


def _shape(remark: Remark) -> dict[str, Any]:
    return shapes.remark(remark, with_body=one_of("body-format", ("storage",)) == "storage")


@v2.get("/pages/<page_id>/footer-comments")
def footer_comments_of_page(page_id: str) -> Response:
    """Answer the comments below a page."""
    return listed(wiki().remarks.of(seen(page_id).id, "footer"), _shape)


@v2.get("/pages/<page_id>/inline-comments")
def inline_comments_of_page(page_id: str) -> Response:
    """Answer the comments on passages of a page."""
    wanted = one_of("resolution-status", _RESOLUTIONS)
    found = [
        r for r in wiki().remarks.of(seen(page_id).id, "inline") if wanted in (None, r.resolution)
    ]
    return listed(found, _shape)


def _visible(remark: Remark) -> bool:
    page = wiki().pages.get(remark.page)
    return page is not None and wiki().pages.may(me(), "read", page)


@v2.get("/footer-comments")
def footer_comments() -> Response:
    """Every footer comment that the caller may see."""
    return listed([r for r in wiki().remarks.all("footer") if _visible(r)], _shape)


def _seen(comment_id: str) -> Remark:
    remark = wiki().remarks.get(number(comment_id, "comment-id"))
    if remark is None or not _visible(remark) or remark.kind != "footer":
        raise not_found("Not Found")
    return remark


def _single(remark: Remark, *, with_body: bool | None = None) -> dict[str, Any]:
    shape = _shape(remark) if with_body is None else shapes.remark(remark, with_body=with_body)
    shape["_links"]["base"] = base()
    return shape


@v2.get("/footer-comments/<comment_id>")
def footer_comment(comment_id: str) -> Response:
    """One footer comment."""
    return answer(_single(_seen(comment_id)))


def _text(sent: Any, seed: str) -> str:
    try:
        return rewritten(markup(sent.get("body") if isinstance(sent, dict) else None), seed)
    except StorageFormatError as wrong:
        raise ConfluenceRefusalError(400, str(wrong)) from None


@v2.post("/footer-comments")
def add_footer_comment() -> Response:
    """Comment below a page, or answer a comment."""
    sent = body()
    text = _text(sent, f"comment/{request.content_length}")
    parent = _seen(str(sent["parentCommentId"])) if sent.get("parentCommentId") else None
    if parent is None and not sent.get("pageId"):
        raise ConfluenceRefusalError(400, "Either 'pageId' or 'parentCommentId' is required")
    page = seen(str(parent.page if parent else sent["pageId"]))
    made = wiki().remarks.add(
        page.id, "footer", text, me().account_id, parent=parent.id if parent else None
    )
    return answer(_single(made, with_body=True), 201)


@v2.put("/footer-comments/<comment_id>")
def change_footer_comment(comment_id: str) -> Response:
    """Write a footer comment anew; the version must be the present one plus one."""
    sent, remark = body(), _seen(comment_id)
    stated = sent.get("version") if isinstance(sent, dict) else None
    given = stated.get("number") if isinstance(stated, dict) else None
    if given != remark.version + 1:
        raise ConfluenceRefusalError(
            409,
            f"Version must be incremented. Current Version: [{remark.version}]. Provided version: [{given}]",
        )
    changed = wiki().remarks.change(remark, _text(sent, f"comment/{remark.id}"))
    return answer(shapes.remark(changed, with_body=True))


@v2.delete("/footer-comments/<comment_id>")
def delete_footer_comment(comment_id: str) -> Response:
    """Delete a footer comment."""
    wiki().remarks.remove(_seen(comment_id))
    return nothing()
