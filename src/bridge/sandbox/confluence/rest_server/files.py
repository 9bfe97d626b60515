"""Attachments of pages over version 1: children of a page that are content themselves."""

from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, flag, nothing
from bridge.sandbox.confluence.files import File
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.refusals import not_found
from bridge.sandbox.confluence.rest.files import (
    described,
    download_path,
    file_number,
    one_upload,
    uploads,
)
from bridge.sandbox.confluence.rest.routes import base, me, wiki
from bridge.sandbox.confluence.rest_server.routes import api, editable, expanded, listed
from bridge.sandbox.confluence.rest_server.shapes import Contents, space, version

_ATTACHMENTS = "/content/<page_id>/child/attachment"
_ONE = f"{_ATTACHMENTS}/<attachment_id>"


def files_of(page_id: int) -> list[File]:
    """Return the attachments of a page, narrowed by ``filename`` and ``mediaType``."""
    title, media = request.args.get("filename"), request.args.get("mediaType")
    found = wiki().files.of(page_id)
    return [f for f in found if title in (None, f.title) and media in (None, f.media)]


def attachment(file: File) -> dict[str, Any]:
    """Answer an attachment as content; ``version``, ``space`` and ``container`` where asked for."""
    page, wanted = wiki().page(file.page), expanded()
    held = {"mediaType": file.media, "comment": file.comment}
    parts: dict[str, Any] = {
        "version": lambda: version(_version(file)),
        "space": lambda: _space(page),
        "container": lambda: Contents(frozenset()).content(page),
    }
    web = f"/pages/viewpageattachments.action?pageId={page.id}&preview=%2F{page.id}%2F{file.id}"
    return {
        "id": f"att{file.id}",
        "type": "attachment",
        "status": file.status,
        "title": file.title,
        "metadata": held,
        "extensions": {**held, "fileSize": file.size},
        "_links": {
            "webui": web,
            "download": download_path(file),
            "self": f"{base()}/rest/api/content/att{file.id}",
        },
        "_expandable": {name: "" for name in parts if name not in wanted},
        **{name: shape() for name, shape in parts.items() if name in wanted},
    }


def _version(file: File) -> Version:
    return Version(
        page=file.id, number=file.version, title=file.title, body="", author=file.author,
        created=file.changed, message=file.comment, minor=file.minor,
    )  # fmt: skip


def _space(page: Page) -> dict[str, Any] | None:
    found = wiki().spaces.get(page.space)
    return space(found) if found else None


def _of_page(page_id: str, attachment_id: str) -> File:
    page = editable(page_id)
    file = wiki().files.get(file_number(attachment_id))
    if file is None or file.status != "current" or file.page != page.id:
        raise not_found(f"No attachment found with id : {attachment_id}")
    return file


@api.post(_ATTACHMENTS)
def attach(page_id: str) -> Response:
    """Attach files; a name that is taken is refused, or with ``allowDuplicated`` gets a new version."""
    page, made = editable(page_id), []
    for one in uploads():
        same = wiki().files.titled(page.id, one.title)
        again = same if flag("allowDuplicated") else None
        made.append(
            wiki().files.change(again, one, me()) if again else wiki().files.add(page, one, me())
        )
    return answer(listed(made, attachment))


@api.put(_ONE)
def describe(page_id: str, attachment_id: str) -> Response:
    """Give an attachment another title, media type or comment."""
    return answer(attachment(described(_of_page(page_id, attachment_id))))


@api.post(f"{_ONE}/data")
def update_data(page_id: str, attachment_id: str) -> Response:
    """Upload another content of an attachment: a new version."""
    file = _of_page(page_id, attachment_id)
    return answer(attachment(wiki().files.change(file, one_upload(), me())))


@api.delete(_ONE)
def remove(page_id: str, attachment_id: str) -> Response:
    """Move an attachment to the trash."""
    wiki().files.trash(_of_page(page_id, attachment_id))
    return nothing()
