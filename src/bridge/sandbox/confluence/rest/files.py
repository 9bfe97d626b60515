"""Attachments of pages over REST: uploaded in version 1, listed and deleted in version 2."""

from typing import Any
from urllib.parse import quote

from flask import Response, request

from bridge.sandbox.call import answer, body, flag, nothing
from bridge.sandbox.confluence.files import UPLOAD_LIMIT, File, Upload
from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest import shapes
from bridge.sandbox.confluence.rest.routes import (
    base,
    collection,
    listed,
    me,
    number,
    one_of,
    seen,
    v1,
    v2,
    wiki,
)

Json = dict[str, Any]


def file_number(text: str) -> int:
    """Answer the number in ``att123`` or ``123``: both are used."""
    return number(text.removeprefix("att"))


def download_path(file: File) -> str:
    """Return where the content of an attachment is, below the context path."""
    query = f"version={file.version}&modificationDate=0&api=v2"
    return f"/download/attachments/{file.page}/{quote(file.title)}?{query}"


def _found(attachment_id: str, statuses: tuple[str, ...] = ("current",)) -> File:
    file = wiki().files.get(file_number(attachment_id))
    if file is None or file.status not in statuses:
        raise not_found("Not Found")
    seen(str(file.page))
    return file


def _changeable(page: Page) -> Page:
    if not wiki().pages.may(me(), "update", page):
        raise ConfluenceRefusalError(403, "Not permitted to edit this content")
    return page


# --- version 1: uploading ---------------------------------------------------------------------------


def uploads() -> list[Upload]:
    """Return the files of a multipart body.

    Raises:
        ConfluenceRefusalError: 403 without ``X-Atlassian-Token``, 400 where there is no file.

    """
    if request.headers.get("X-Atlassian-Token") not in ("no-check", "nocheck"):
        raise ConfluenceRefusalError(403, "XSRF check failed")
    sent = request.files.getlist("file")
    if request.mimetype != "multipart/form-data" or not sent:
        raise ConfluenceRefusalError(400, "A multipart body with a part called 'file' is required")
    comments = request.form.getlist("comment")
    minor = request.form.get("minorEdit", "false").lower() == "true"
    found = []
    for at, one in enumerate(sent):
        title = (one.filename or "").replace("\\", "/").rpartition("/")[2]
        if not title:
            raise ConfluenceRefusalError(400, "The file must have a name")
        comment = comments[at] if at < len(comments) else ""
        media = one.mimetype or "application/octet-stream"
        found.append(Upload(title, media, one.stream.read(UPLOAD_LIMIT + 1), comment, minor))
    return found


@v1.post("/content/<page_id>/child/attachment")
def attach(page_id: str) -> Response:
    """Attach files; a name that is taken is refused."""
    page = _changeable(seen(page_id))
    return _made([wiki().files.add(page, one, me()) for one in uploads()])


@v1.put("/content/<page_id>/child/attachment")
def attach_or_update(page_id: str) -> Response:
    """Attach files; a name that is taken gets a new version."""
    page = _changeable(seen(page_id))
    made = []
    for one in uploads():
        same = wiki().files.titled(page.id, one.title)
        made.append(
            wiki().files.change(same, one, me()) if same else wiki().files.add(page, one, me())
        )
    return _made(made)


def _made(files: list[File]) -> Response:
    return answer(collection([legacy_shape(one) for one in files], 0, max(1, len(files))))


def one_upload() -> Upload:
    """Return the only file of a multipart body.

    Raises:
        ConfluenceRefusalError: as :func:`uploads`, and 400 for several files.

    """
    sent = uploads()
    if len(sent) != 1:
        raise ConfluenceRefusalError(400, "Exactly one file is expected")
    return sent[0]


def described(file: File) -> File:
    """Give an attachment the title, media type and comment that were sent.

    Raises:
        ConfluenceRefusalError: 400 without a version, 409 with another one.

    """
    sent = body()
    stated = sent.get("version") if isinstance(sent, dict) else None
    if not isinstance(sent, dict) or not isinstance(stated, dict):
        raise ConfluenceRefusalError(400, "'version' is required")
    given = sent.get("metadata")
    metadata: Json = given if isinstance(given, dict) else {}
    return wiki().files.describe(
        file, stated.get("number"), str(sent.get("title") or file.title),
        str(metadata.get("mediaType") or file.media), str(metadata.get("comment") or file.comment), me(),
    )  # fmt: skip


def _of_page(page_id: str, attachment_id: str) -> File:
    file = _found(attachment_id)
    if file.page != number(page_id):
        raise not_found("Not Found")
    _changeable(seen(page_id))
    return file


@v1.post("/content/<page_id>/child/attachment/<attachment_id>/data")
def update_data(page_id: str, attachment_id: str) -> Response:
    """Upload another content of an attachment."""
    file = _of_page(page_id, attachment_id)
    return answer(legacy_shape(wiki().files.change(file, one_upload(), me())))


@v1.put("/content/<page_id>/child/attachment/<attachment_id>")
def describe(page_id: str, attachment_id: str) -> Response:
    """Give an attachment another title, media type or comment."""
    return answer(legacy_shape(described(_of_page(page_id, attachment_id))))


@v1.get("/content/<page_id>/child/attachment/<attachment_id>/download")
def download_link(page_id: str, attachment_id: str) -> Response:
    """Redirect to where the content of an attachment is."""
    file = _found(attachment_id)
    if file.page != seen(page_id).id:
        raise not_found("Not Found")
    asked = wiki().files.get(file.id, int(request.args.get("version", file.version)))
    if asked is None:
        raise not_found("Not Found")
    return Response(status=302, headers={"Location": base() + download_path(asked)})


def legacy_shape(file: File) -> Json:
    """Answer an attachment in version 1."""
    page = wiki().page(file.page)
    space = wiki().spaces.get(page.space)
    extensions = {"mediaType": file.media, "fileSize": file.size, "comment": file.comment}
    return {
        "id": f"att{file.id}",
        "type": "attachment",
        "status": file.status,
        "title": file.title,
        "version": {
            "number": file.version,
            "when": file.changed,
            "message": file.comment,
            "minorEdit": file.minor,
        },
        "metadata": {"mediaType": file.media, "comment": file.comment},
        "extensions": extensions,
        "_expandable": {
            "container": f"/rest/api/content/{page.id}",
            "space": f"/rest/api/space/{space.key if space else ''}",
        },
        "_links": {
            "webui": f"/pages/viewpageattachments.action?pageId={page.id}",
            "download": download_path(file),
            "self": f"{base()}/rest/api/content/att{file.id}",
        },
    }


# --- version 2 ------------------------------------------------------------------------------------


def file_shape(file: File) -> Json:
    """Answer an attachment in version 2."""
    web = f"/pages/viewpageattachments.action?pageId={file.page}"
    return {
        "id": f"att{file.id}",
        "status": file.status,
        "title": file.title,
        "createdAt": file.created,
        "pageId": str(file.page),
        "mediaType": file.media,
        "mediaTypeDescription": "File",
        "comment": file.comment,
        "fileId": f"{file.id:032x}",
        "fileSize": file.size,
        "webuiLink": web,
        "downloadLink": download_path(file),
        "version": _version(file),
        "_links": {"webui": web, "download": download_path(file)},
    }


def _version(file: File) -> Json:
    return {
        "number": file.version,
        "message": file.comment,
        "minorEdit": file.minor,
        "authorId": file.author,
        "createdAt": file.changed,
    }


def _filtered(files: list[File]) -> Response:
    title, media = request.args.get("filename"), request.args.get("mediaType")
    found = [f for f in files if title in (None, f.title) and media in (None, f.media)]
    order = one_of("sort", ("created-date", "-created-date", "modified-date", "-modified-date"))
    if order:
        found.sort(key=lambda f: f.created if "created" in order else f.changed)
        found = found[::-1] if order.startswith("-") else found
    return listed(found, file_shape)


@v2.get("/pages/<page_id>/attachments")
def page_attachments(page_id: str) -> Response:
    """Answer the attachments of a page, by name and media type where asked."""
    return _filtered(wiki().files.of(seen(page_id).id))


@v2.get("/attachments")
def attachments() -> Response:
    """Answer every attachment that the caller may see."""
    return _filtered([f for f in wiki().files.all() if _readable(f)])


def _readable(file: File) -> bool:
    page = wiki().pages.get(file.page)
    return page is not None and page.status != "trashed" and wiki().pages.may(me(), "read", page)


@v2.get("/attachments/<attachment_id>")
def attachment(attachment_id: str) -> Response:
    """One attachment, now or at a version."""
    file = _found(attachment_id)
    if request.args.get("version"):
        asked = wiki().files.get(file.id, number(request.args["version"], "version"))
        if asked is None:
            raise not_found("Not Found")
        file = asked
    shape = file_shape(file)
    shape["_links"]["base"] = base()
    return answer(shape)


@v2.delete("/attachments/<attachment_id>")
def delete_attachment(attachment_id: str) -> Response:
    """Move an attachment to the trash; with ``purge=true`` delete one from the trash for good."""
    purge = flag("purge")
    file = _found(attachment_id, ("trashed",) if purge else ("current",))
    page = seen(str(file.page))
    space = wiki().spaces.get(page.space)
    needed = "administer" if purge else "update"
    if (
        space is None
        or not wiki().spaces.allowed(me(), needed, space)
        or not wiki().pages.may(me(), "update", page)
    ):
        raise not_found("Not permitted to delete this attachment")
    if purge:
        wiki().files.purge(file)
    else:
        wiki().files.trash(file)
    return nothing()


@v2.get("/attachments/<attachment_id>/versions")
def attachment_versions(attachment_id: str) -> Response:
    """Answer the versions of an attachment, newest first."""
    return listed(wiki().files.versions(_found(attachment_id)), _version)


@v2.get("/attachments/<attachment_id>/labels")
def attachment_labels(attachment_id: str) -> Response:
    """Answer the labels of an attachment: it has none here."""
    _found(attachment_id)
    return listed([], shapes.label)
