"""The JSON of version 1 as Data Center answers it: what ``expand`` names, and where the rest is found."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from bridge.sandbox.between import surroundings
from bridge.sandbox.call import the_call
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.properties import Property
from bridge.sandbox.confluence.render import render
from bridge.sandbox.confluence.rest import shapes as v2
from bridge.sandbox.confluence.rest.routes import base, collection, context, me, wiki
from bridge.sandbox.confluence.spaces import Space
from bridge.sandbox.people import Person

Json = dict[str, Any]
_VIEWS = ("view", "export_view", "styled_view", "anonymous_export_view", "editor")
_IN_ADDRESS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.")


def person(item: Person | None) -> Json:
    """Answer a person by user name and user key; somebody unknown as nobody."""
    if item is None:
        return {"type": "anonymous", "displayName": "Anonymous", "profilePicture": _picture("?")}
    return {
        "type": "known",
        "username": item.username,
        "userKey": item.userkey,
        "profilePicture": _picture(item.userkey),
        "displayName": item.name,
        "_links": {"self": f"{base()}/rest/api/user?key={item.userkey}"},
        "_expandable": {"status": ""},
    }


def _picture(account: str) -> Json:
    return {"path": f"/avatar/{account}", "width": 48, "height": 48, "isDefault": True}


def _by(account: str) -> Json:
    return person(wiki().people.get(account))


def webui(page: Page) -> str:
    """Answer where people find a page: by its title where an address can hold it, else by its id."""
    space = wiki().spaces.get(page.space)
    if space and set(page.title) <= _IN_ADDRESS and not page.title.startswith("."):
        return f"/display/{space.key}/{quote_plus(page.title)}"
    return f"/pages/viewpage.action?pageId={page.id}"


def version(item: Version) -> Json:
    """Answer a version of a page."""
    return {
        "by": _by(item.author),
        "when": item.created,
        "message": item.message,
        "number": item.number,
        "minorEdit": item.minor,
        "hidden": False,
        "_links": {},
        "_expandable": {"content": f"/rest/api/content/{item.page}"},
    }


def space(item: Space, expand: frozenset[str] = frozenset()) -> Json:
    """Answer a space; ``homepage`` and ``description.plain`` where asked for."""
    shape: Json = {
        "id": int(item.id),
        "key": item.key,
        "name": item.name,
        "status": item.status.upper(),
        "type": item.kind,
        "_links": {
            "webui": f"/display/{item.key}",
            "self": f"{base()}/rest/api/space/{item.key}",
        },
        "_expandable": {"metadata": "", "icon": "", "description": "", "homepage": ""},
    }
    home = wiki().pages.get(item.homepage) if item.homepage else None
    if "homepage" in expand and home:
        shape["homepage"] = Contents(frozenset()).content(home)
    elif home:
        shape["_expandable"]["homepage"] = f"/rest/api/content/{home.id}"
    if "description" in expand:
        plain = {"value": item.description, "representation": "plain"}
        shape["description"] = {"plain": plain} if "description.plain" in expand else {}
    shape["_expandable"] = {k: v for k, v in shape["_expandable"].items() if k not in shape}
    return shape


def content_property(item: Property) -> Json:
    """Answer a content property."""
    made = {
        "by": _by(item.author),
        "when": item.created,
        "message": item.message,
        "number": item.version,
        "minorEdit": False,
        "hidden": False,
    }
    return {
        "id": str(item.id),
        "key": item.name,
        "value": item.value,
        "version": made,
        "_links": {
            "self": f"{base()}/rest/api/content/{item.owner}/property/{item.name}",
        },
        "_expandable": {"content": f"/rest/api/content/{item.owner}"},
    }


class Contents:
    """Pages with what ``expand`` names."""

    def __init__(self, expand: frozenset[str]) -> None:
        self._expand = expand
        self._parts: dict[str, Callable[[Page, Version], Any]] = {
            "space": lambda page, _: self._space(page),
            "history": lambda page, _: self.history(page, self._below("history")),
            "version": lambda _, state: version(state),
            "ancestors": lambda page, _: self._ancestors(page),
            "body": self._body,
            "metadata": lambda page, _: self._metadata(page),
            "children": lambda page, _: self._children(page),
            "operations": lambda page, _: v2.operations(page),
            "container": lambda page, _: self._space(page),
        }

    def _below(self, name: str) -> frozenset[str]:
        start = name + "."
        return frozenset(p.removeprefix(start) for p in self._expand if p.startswith(start))

    def content(self, page: Page, state: Version | None = None) -> Json:
        """Answer a page: as it is now, or at an earlier state."""
        state = state or wiki().pages.latest(page)
        is_now = state.number == page.version
        url = f"/rest/api/content/{page.id}"
        link = (
            f"{base()}{url}"
            if is_now
            else f"{base()}{url}?status=historical&version={state.number}"
        )
        shape: Json = {
            "id": str(page.id),
            "type": "page",
            "status": page.status if is_now else "historical",
            "title": state.title,
            "position": page.position if page.position is not None else -1,
            "extensions": {"position": "none" if page.position is None else page.position},
            "_links": {
                "webui": webui(page),
                "edit": f"/pages/resumedraft.action?draftId={page.id}",
                "tinyui": f"/x/{page.id:x}",
                "self": link,
            },
            "_expandable": dict.fromkeys((*self._parts, "restrictions", "descendants"), ""),
        }
        for name in self._expand & set(self._parts):
            shape[name] = self._parts[name](page, state)
            del shape["_expandable"][name]
        return shape

    def alone(self, page: Page, state: Version | None = None) -> Json:
        """Answer a page that is answered alone: its links say to which address they belong."""
        shape = self.content(page, state)
        shape["_links"] |= {"base": base(), "context": context(), "collection": "/rest/api/content"}
        return shape

    def _space(self, page: Page) -> Json | None:
        found = wiki().spaces.get(page.space)
        return space(found, self._below("space")) if found else None

    def history(self, page: Page, wanted: frozenset[str]) -> Json:
        """Answer who made a page and when; the neighbouring versions where they are wanted."""
        states = {v.number: v for v in wiki().pages.versions(page.id)}
        neighbours = {
            "lastUpdated": states.get(page.version),
            "previousVersion": states.get(page.version - 1),
            "nextVersion": None,
        }
        shape: Json = {
            "latest": True,
            "createdBy": _by(page.author),
            "createdDate": page.created,
            "_links": {"self": f"{base()}/rest/api/content/{page.id}/history"},
            "_expandable": {n: "" for n in (*neighbours, "contributors") if n not in wanted},
        }
        shape |= {n: version(v) for n, v in neighbours.items() if v and n in wanted}
        return shape

    def _ancestors(self, page: Page) -> list[Json]:
        above = Contents(frozenset())
        return [above.content(p) for p in wiki().pages.ancestors(page)]

    def _body(self, page: Page, state: Version) -> Json:
        wanted = self._below("body")
        shape: Json = {
            "_expandable": {n: "" for n in ("storage", *_VIEWS) if n not in wanted},
        }
        if "storage" in wanted:
            shape["storage"] = {"value": state.body, "representation": "storage"}
        for view in wanted & set(_VIEWS):
            shown = render(state.body, surroundings(the_call().site, page, me()))
            shape[view] = {"value": shown, "representation": view}
        return shape

    def _metadata(self, page: Page) -> Json:
        wanted = self._below("metadata")
        shape: Json = {}
        if "labels" in wanted:
            labels = [label(i) for i in wiki().labels.of(page.id)]
            shape["labels"] = collection(labels, 0, 200)
        if "properties" in wanted:
            held = wiki().page_properties.of(page.id)
            names = {p.removeprefix("properties.") for p in wanted if p.startswith("properties.")}
            shape["properties"] = {p.name: content_property(p) for p in held if p.name in names}
        return shape

    def _children(self, page: Page) -> Json:
        wanted = self._below("children")
        found = [p for p in wiki().pages.children(page.id) if wiki().pages.may(me(), "read", p)]
        inner = Contents(frozenset())
        shape: Json = {"_links": {"self": f"{base()}/rest/api/content/{page.id}/child"}}
        if "page" in wanted:
            shape["page"] = collection([inner.content(p) for p in found], 0, 25)
        return shape


def label(item: Any) -> Json:
    """Answer a label."""
    return {"prefix": item.prefix, "name": item.name, "id": str(item.id), "label": item.name}
