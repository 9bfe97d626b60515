"""What is left of version 1: people, labels, restrictions, system; and 410 for what is gone."""

import zlib
from typing import Any

from flask import Response, request

from bridge.sandbox.call import answer, body, nothing, the_call, whole, words
from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.rest.routes import base, collection, edge, me, seen, v1, wiki
from bridge.sandbox.people import Person

GONE = (
    "com.atlassian.confluence.api.service.exceptions.GoneException:"
    " This deprecated endpoint has been removed."
)


def person_shape(person: Person) -> dict[str, Any]:
    """Answer a person in version 1."""
    return {
        "type": "known",
        "accountId": person.account_id,
        "accountType": "atlassian",
        "email": person.visible_email,
        "publicName": person.name,
        "displayName": person.name,
        "timeZone": person.timezone,
        "profilePicture": _picture(person.account_id),
        "isExternalCollaborator": person.external,
        "isGuest": False,
        "_expandable": {"operations": "", "personalSpace": "", "details": ""},
        "_links": {"self": f"{base()}/rest/api/user?accountId={person.account_id}"},
    }


def _picture(account: str) -> dict[str, Any]:
    return {"path": f"/avatar/{account}", "width": 48, "height": 48, "isDefault": True}


@v1.get("/user/current")
def current_user() -> Response:
    """Answer the caller."""
    shape = {**person_shape(me()), "email": me().email}
    if "operations" in words("expand"):
        shape["operations"] = _site_operations(me())
    shape["_links"] = {**shape["_links"], "base": base(), "context": "/wiki"}
    return answer(shape)


def _site_operations(person: Person) -> list[dict[str, str]]:
    """Tell what somebody may do with the site as a whole; its administrators administer it."""
    verbs = ["use", "administer"] if "ADMINISTER" in person.rights else ["use"]
    return [{"operation": verb, "targetType": "application"} for verb in verbs]


@v1.get("/user")
def user() -> Response:
    """One person by account id."""
    person = wiki().people.get(request.args.get("accountId"))
    if person is None:
        raise not_found("No user found with key : null")
    return answer(person_shape(person))


@v1.get("/user/anonymous")
def anonymous() -> Response:
    """How nobody is shown."""
    shape = {
        "type": "anonymous",
        "profilePicture": _picture("anonymous"),
        "displayName": "Anonymous",
    }
    return answer({**shape, "_links": {"self": f"{base()}/rest/api/user/anonymous"}})


@v1.get("/user/bulk")
def users() -> Response:
    """Up to 100 people by account ids."""
    found = [p for p in map(wiki().people.get, words("accountId")[:100]) if p]
    return answer(collection([person_shape(p) for p in found], 0, 100))


@v1.get("/settings/systemInfo")
def system_info() -> Response:
    """Which site this is."""
    site = the_call().site
    return answer(
        {
            "cloudId": site.cloud_id,
            "commitHash": "sandbox",
            "baseUrl": base(),
            "edition": "STANDARD",
            "siteTitle": "Sandbox",
            "defaultLocale": "fr_FR",
            "defaultTimeZone": "Europe/Paris",
        }
    )


@edge.get("/_edge/tenant_info")
@edge.get("/wiki/_edge/tenant_info")
def tenant_info() -> Response:
    """Answer the id of the site; for everybody."""
    return answer({"cloudId": the_call().site.cloud_id})


# --- labels ---------------------------------------------------------------------------------------


def _editable(page_id: str) -> Page:
    page = seen(page_id)
    if not wiki().pages.may(me(), "update", page):
        raise ConfluenceRefusalError(403, "Not permitted to edit this content")
    return page


def _labels(page: Page) -> Response:
    results = [
        {"prefix": i.prefix, "name": i.name, "id": str(i.id), "label": i.name}
        for i in wiki().labels.of(page.id)
    ]
    return answer(collection(results, 0, 200))


@v1.post("/content/<page_id>/label")
def add_labels(page_id: str) -> Response:
    """Add labels: one, or a list of them."""
    page, sent = _editable(page_id), body()
    for one in sent if isinstance(sent, list) else [sent]:
        if not isinstance(one, dict):
            raise ConfluenceRefusalError(400, "A label must have a prefix and a name")
        wiki().labels.add(page.id, one.get("name"), one.get("prefix", "global"))
    return _labels(page)


@v1.delete("/content/<page_id>/label/<name>")
def remove_label(page_id: str, name: str) -> Response:
    """Take a label off, named in the path."""
    wiki().labels.remove(_editable(page_id).id, name)
    return nothing()


@v1.delete("/content/<page_id>/label")
def remove_label_by_query(page_id: str) -> Response:
    """Take a label off, named in the query."""
    name = request.args.get("name")
    if not name:
        raise ConfluenceRefusalError(400, "'name' is required")
    wiki().labels.remove(_editable(page_id).id, name)
    return nothing()


# --- restrictions ---------------------------------------------------------------------------------


@v1.get("/content/<page_id>/restriction")
def restrictions(page_id: str) -> Response:
    """Who alone may read and change a page."""
    return _restrictions(seen(page_id))


def _restrictions(page: Page) -> Response:
    start, limit = whole("start", 0), whole("limit", 100)
    results = [_restriction(page, operation) for operation in ("read", "update")]
    fingerprint = f"{zlib.crc32(repr([r['restrictions'] for r in results]).encode()):08x}"
    envelope = {**collection(results, start, limit), "restrictionsHash": fingerprint}
    return answer(envelope)


def _restriction(page: Page, operation: str) -> dict[str, Any]:
    people = [p for p in map(wiki().people.get, wiki().restrictions.of(page.id, operation)) if p]
    url = f"{base()}/rest/api/content/{page.id}/restriction/byOperation/{operation}"
    return {
        "operation": operation,
        "restrictions": {
            "user": collection([person_shape(p) for p in people], 0, 100),
            "group": {"results": [], "start": 0, "limit": 100, "size": 0},
        },
        "_expandable": {"content": f"/rest/api/content/{page.id}"},
        "_links": {"self": url},
    }


@v1.route("/content/<page_id>/restriction", methods=["PUT", "POST"])
def put_restrictions(page_id: str) -> Response:
    """Replace (PUT) or extend (POST) the restrictions of a page, by people."""
    page, sent = _editable(page_id), body()
    asked = sent.get("results") if isinstance(sent, dict) else sent
    if not isinstance(asked, list):
        raise ConfluenceRefusalError(400, "Expected a list of restrictions")
    kept = (
        {op: wiki().restrictions.of(page.id, op) for op in ("read", "update")}
        if request.method == "POST"
        else {}
    )
    for one in asked:
        operation, people = _asked(one)
        kept[operation] = [*kept.get(operation, []), *people]
    wiki().restrictions.put(page.id, kept)
    return _restrictions(page)


def _asked(one: Any) -> tuple[str, list[str]]:
    operation = one.get("operation") if isinstance(one, dict) else None
    limits = one.get("restrictions") if isinstance(one, dict) else None
    if operation not in ("read", "update") or not isinstance(limits, dict):
        raise ConfluenceRefusalError(
            400, "A restriction needs an operation (read, update) and restrictions"
        )
    users = limits.get("user") or []
    users = users.get("results", []) if isinstance(users, dict) else users
    return operation, [
        str(u.get("accountId")) for u in users if wiki().people.get(u.get("accountId"))
    ]


@v1.delete("/content/<page_id>/restriction")
def delete_restrictions(page_id: str) -> Response:
    """Lift every restriction of a page."""
    page = _editable(page_id)
    wiki().restrictions.put(page.id, {})
    return _restrictions(page)


# --- gone -----------------------------------------------------------------------------------------


@v1.route("/content", methods=["GET", "POST"])
@v1.route("/content/<page_id>", methods=["GET", "PUT", "DELETE"])
@v1.route("/content/<page_id>/property", methods=["GET", "POST"])
@v1.route("/content/<page_id>/property/<key>", methods=["GET", "POST", "PUT", "DELETE"])
@v1.route("/content/<page_id>/label", methods=["GET"])
@v1.route("/content/<page_id>/child", methods=["GET"])
@v1.route("/content/<page_id>/child/<kind>", methods=["GET"])
@v1.route("/space", methods=["GET"])
@v1.route("/space/<key>", methods=["GET"])
def gone(**_: str) -> Response:
    """Content CRUD, children, properties, reading of labels and spaces: use version 2."""
    raise ConfluenceRefusalError(410, GONE)
