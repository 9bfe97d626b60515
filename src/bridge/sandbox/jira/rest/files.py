"""Attachments of issues over REST: uploading, describing, downloading, deleting."""

from flask import Response, redirect, request

from bridge.sandbox.call import answer, download, flag, login_needed, nothing, the_call
from bridge.sandbox.jira.files import UPLOAD_LIMIT, Attached
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.issues import seen
from bridge.sandbox.jira.rest.routes import api, jira, shapes

CREATE, DELETE_OWN, DELETE_ALL = (
    "CREATE_ATTACHMENTS",
    "DELETE_OWN_ATTACHMENTS",
    "DELETE_ALL_ATTACHMENTS",
)


@api.post("/issue/<key>/attachments")
@login_needed
def attach(key: str) -> Response:
    """Attach files: multipart, each under the name ``file``, with ``X-Atlassian-Token: no-check``."""
    call, issue = the_call(), seen(key)
    if request.headers.get("X-Atlassian-Token") not in ("no-check", "nocheck"):
        raise JiraRefusalError(403, "XSRF check failed")
    if not jira().issues.may(call.someone, CREATE, issue):
        raise JiraRefusalError(403, "You do not have permission to create attachments.")
    if request.mimetype != "multipart/form-data":
        raise JiraRefusalError(415, "Unsupported Media Type")
    sent = request.files.getlist("file")
    if not sent:
        raise JiraRefusalError(400, "No file was provided: the part must be called 'file'.")
    made = [
        jira().files.add(
            issue,
            one.filename or "",
            one.mimetype or "application/octet-stream",
            one.stream.read(UPLOAD_LIMIT + 1),
            call.someone,
        )
        for one in sent
    ]
    return answer([shapes().attached(one) for one in made])


def _found(attachment_id: int) -> tuple[Attached, Issue]:
    found = jira().files.get(attachment_id)
    issue = jira().issues.look(str(found.issue), the_call().person) if found else None
    if found is None or issue is None:
        raise JiraRefusalError(404, f"The attachment with id '{attachment_id}' does not exist")
    return found, issue


@api.get("/attachment/meta")
def attachment_settings() -> Response:
    """Whether files may be attached, and how large they may be."""
    return answer({"enabled": True, "uploadLimit": UPLOAD_LIMIT})


@api.get("/attachment/<int:attachment_id>")
def attachment(attachment_id: int) -> Response:
    """One attachment, without its content."""
    found, _ = _found(attachment_id)
    return answer({**shapes().attached(found), "id": found.id})  # a number here, a text in an issue


@api.get("/attachment/content/<int:attachment_id>")
@api.get("/attachment/thumbnail/<int:attachment_id>")
def attachment_content(attachment_id: int) -> Response:
    """Answer the content: at once with ``redirect=false``, else a redirect to where it is."""
    found, _ = _found(attachment_id)
    if flag("redirect", default=True):
        response = redirect(f"{request.path}?redirect=false", 303)
        return Response(headers=response.headers, status=303)
    return download(jira().files.content(found), found.filename, found.media)


@api.delete("/attachment/<int:attachment_id>")
@login_needed
def delete_attachment(attachment_id: int) -> Response:
    """Delete an attachment."""
    found, issue = _found(attachment_id)
    person = the_call().someone
    own = found.author == person.account_id and jira().issues.may(person, DELETE_OWN, issue)
    if not own and not jira().issues.may(person, DELETE_ALL, issue):
        raise JiraRefusalError(403, "You do not have permission to delete this attachment.")
    jira().files.remove(found, issue, person)
    return nothing()
