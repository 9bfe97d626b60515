"""Downloading attachments, as people and as clients with credentials do."""

from flask import Response, abort, request

from bridge.sandbox.call import download
from bridge.sandbox.people import Person
from bridge.sandbox.web.face import actor, face, signed_in, site


def _reader() -> Person:
    """Return who asks: a client by its credentials, else the person whose part is played."""
    if "Authorization" not in request.headers:
        return actor()
    person = signed_in()
    if person is None:
        abort(401)
    return person


@face.get("/secure/attachment/<int:attachment_id>/<name>")
def issue_file(attachment_id: int, name: str) -> Response:
    """Answer an attachment of an issue."""
    jira = site().jira
    found = jira.files.get(attachment_id)
    if (
        found is None
        or found.filename != name
        or jira.issues.look(str(found.issue), _reader()) is None
    ):
        abort(404)
    return download(jira.files.content(found), found.filename, found.media)


@face.get("/wiki/download/attachments/<int:page_id>/<path:title>")
def page_file(page_id: int, title: str) -> Response:
    """Answer an attachment of a page, now or at a version."""
    wiki = site().confluence
    page, file = wiki.pages.get(page_id), wiki.files.titled(page_id, title)
    asked = request.args.get("version", "")
    if file is not None and asked.isdecimal():
        file = wiki.files.get(file.id, int(asked))
    if page is None or file is None or not wiki.pages.may(_reader(), "read", page):
        abort(404)
    return download(wiki.files.content(file), file.title, file.media)
