"""Spaces, people and the server itself over version 1."""

from flask import Response, request

from bridge.sandbox.call import answer, words
from bridge.sandbox.confluence.refusals import not_found
from bridge.sandbox.confluence.rest.routes import base, context, me, wiki
from bridge.sandbox.confluence.rest_server import shapes
from bridge.sandbox.confluence.rest_server.routes import api, expanded, listed, readable
from bridge.sandbox.confluence.spaces import Space

VERSION, BUILD = "10.0.3", 10003


@api.get("/server-information")
def server_information() -> Response:
    """Which server this is."""
    return answer(
        {
            "baseUrl": base(),
            "version": VERSION,
            "buildNumber": BUILD,
            "marketplaceBuildNumber": BUILD,
            "buildDate": "2026-11-02",
        }
    )


@api.get("/user/current")
def current_user() -> Response:
    """Answer the caller."""
    shape = shapes.person(me())
    shape["_links"] |= {"base": base(), "context": context()}
    return answer(shape)


@api.get("/user/anonymous")
def anonymous() -> Response:
    """How nobody is shown."""
    return answer(shapes.person(None))


@api.get("/user")
def user() -> Response:
    """One person by ``username`` or (user) ``key``."""
    name, key, people = request.args.get("username"), request.args.get("key"), wiki().people
    found = people.named(name) if name else next((p for p in people if p.userkey == key), None)
    if found is None:
        raise not_found(f"No user found with {'username' if name else 'key'} : {name or key}")
    return answer(shapes.person(found))


# --- spaces ---------------------------------------------------------------------------------------


@api.get("/space")
def spaces() -> Response:
    """Answer the spaces that the caller may see, by key, type and status."""
    keys = [k.casefold() for k in (*words("spaceKey"), *words("spaceKeys"))]
    kind, status = request.args.get("type"), request.args.get("status")
    found = [
        s
        for s in wiki().spaces
        if (not keys or s.key.casefold() in keys)
        and kind in (None, "", s.kind)
        and status in (None, "", s.status)
        and wiki().spaces.allowed(me(), "read", s)
    ]
    return answer(listed(found, lambda s: shapes.space(s, expanded())))


def _space(key: str) -> Space:
    found = wiki().spaces.by_key(key)
    if found is None or not wiki().spaces.allowed(me(), "read", found):
        raise not_found(f"No space with key : {key}")
    return found


@api.get("/space/<key>")
def space(key: str) -> Response:
    """One space."""
    shape = shapes.space(_space(key), expanded())
    shape["_links"] |= {"base": base(), "context": context()}
    return answer(shape)


@api.get("/space/<key>/content/<kind>")
def content_of_space(key: str, kind: str) -> Response:
    """Answer the current pages of a space; ``depth=root`` only those at the top."""
    pages = wiki().pages.in_space(_space(key).id, ("current",)) if kind == "page" else []
    if request.args.get("depth") == "root":
        pages = [p for p in pages if p.parent is None]
    return answer(listed(readable(pages), shapes.Contents(expanded()).content))
