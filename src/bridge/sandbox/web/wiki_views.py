"""Spaces and pages: reading, editing in place or as source, history."""

import difflib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from flask import Response, abort, make_response, request

from bridge.sandbox.between import page_path, surroundings
from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.passages import with_row, with_text
from bridge.sandbox.confluence.reading import broken_into_lines, lines_of
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError
from bridge.sandbox.confluence.render import render
from bridge.sandbox.confluence.spaces import Space
from bridge.sandbox.confluence.tasks import ticked
from bridge.sandbox.web.face import actor, face, shown, site, then
from bridge.sandbox.web.language import day, gettext

PAGE = "/wiki/spaces/<key>/pages/<int:page_id>"


@dataclass(frozen=True)
class Leaf:
    """A page in the tree."""

    page: Page
    path: str
    children: "list[Leaf]"


def _tree(pages: list[Page]) -> list[Leaf]:
    by_parent: dict[int | None, list[Page]] = {}
    known = {p.id for p in pages}
    for page in pages:
        by_parent.setdefault(page.parent if page.parent in known else None, []).append(page)

    def below(parent: int | None) -> list[Leaf]:
        chosen = sorted(by_parent.get(parent, []), key=lambda p: (p.position or 0, p.id))
        return [Leaf(p, page_path(site(), p), below(p.id)) for p in chosen]

    return below(None)


def _space(key: str) -> Space:
    space = site().confluence.spaces.by_key(key)
    if space is None or not site().confluence.spaces.allowed(actor(), "read", space):
        abort(404)
    return space


def _pages(space: Space) -> list[Page]:
    wiki = site().confluence
    return [
        p for p in wiki.pages.in_space(space.id, ("current",)) if wiki.pages.may(actor(), "read", p)
    ]


@face.get("/wiki")
@face.get("/wiki/spaces")
def wiki_home() -> Response:
    """Where Confluence begins: its first space."""
    first = next(iter(site().confluence.spaces), None)
    return then("face.show_space", key=first.key) if first else then("face.start")


@face.get("/wiki/spaces/<key>")
@face.get("/wiki/spaces/<key>/overview")
@face.get("/wiki/spaces/<key>/pages")
def show_space(key: str) -> Response:
    """Show a space: its home page beside the tree."""
    space = _space(key)
    home = site().confluence.pages.get(space.homepage) if space.homepage else None
    if home and home.status == "current" and site().confluence.pages.may(actor(), "read", home):
        return _page_view(space, home)
    return shown("space.html", space=space, tree=_tree(_pages(space)), page=None)


def _seen(key: str, page_id: int) -> tuple[Space, Page]:
    space, page = _space(key), site().confluence.pages.get(page_id)
    if page is None or page.space != space.id or page.status != "current":
        abort(404)
    if not site().confluence.pages.may(actor(), "read", page):
        abort(404)
    return space, page


@face.get(PAGE)
@face.get(f"{PAGE}/<slug>")
def show_page(key: str, page_id: int, slug: str = "") -> Response:  # noqa: ARG001  # the title in the address is for people
    """Show a page, now or at a version."""
    return _page_view(*_seen(key, page_id))


@face.get("/wiki/pages/viewpage.action")
def show_page_by_id() -> Response:
    """Show the page whose id is asked for, or the one with a title in a space: Data Center's addresses."""
    args, wiki = request.args, site().confluence
    space = wiki.spaces.by_key(args.get("spaceKey", ""))
    asked = args.get("pageId", "")
    if asked.isdecimal():
        page = wiki.pages.get(int(asked))
    else:
        page = wiki.pages.titled(space.id, args.get("title", "")) if space else None
    space = wiki.spaces.get(page.space) if page else None
    if page is None or space is None:
        abort(404)
    return _page_view(*_seen(space.key, page.id))


@face.get("/wiki/display/<key>")
@face.get("/wiki/display/<key>/<title>")
def show_page_titled(key: str, title: str = "") -> Response:
    """Show a page by its title, or a space: Data Center's readable addresses."""
    if not title:
        return show_space(key)
    page = site().confluence.pages.titled(_space(key).id, unquote_plus(title))
    if page is None:
        abort(404)
    return _page_view(*_seen(key, page.id))


@face.get("/wiki/x/<code>")
def short_link(code: str) -> Response:
    """Show the short address of a page."""
    page = (
        site().confluence.pages.get(int(code, 16))
        if all(c in "0123456789abcdef" for c in code)
        else None
    )
    space = site().confluence.spaces.get(page.space) if page else None
    if page is None or space is None:
        abort(404)
    return then("face.show_page", key=space.key, page_id=page.id)


def _page_view(space: Space, page: Page) -> Response:
    wiki = site().confluence
    state = _asked_version(page)
    is_now = state.number == page.version
    may_edit = is_now and wiki.pages.may(actor(), "update", page)
    around = surroundings(site(), page, actor(), day, gettext)
    inline = [r for r in wiki.remarks.of(page.id, "inline") if r.resolution != "resolved"]
    return shown(
        "page.html",
        space=space,
        page=page,
        path=page_path(site(), page),
        state=state,
        is_now=is_now,
        may_edit=may_edit,
        author=site().people.get(state.author),
        tree=_tree(_pages(space)),
        above=wiki.pages.ancestors(page),
        body=render(state.body, around, in_place=may_edit),
        labels=wiki.labels.of(page.id),
        files=wiki.files.of(page.id),
        memory=wiki.properties_of(page.id),
        inline=[(r, site().people.get(r.author), render(r.body, around)) for r in inline],
        footer=[
            (r, site().people.get(r.author), render(r.body, around))
            for r in wiki.remarks.of(page.id, "footer")
        ],
    )


def _asked_version(page: Page) -> Version:
    wiki = site().confluence
    asked = request.args.get("version", "")
    state = (
        wiki.pages.version(page.id, int(asked)) if asked.isdecimal() else wiki.pages.latest(page)
    )
    if state is None:
        abort(404)
    return state


# --- history --------------------------------------------------------------------------------------


@face.get(f"{PAGE}/history")
def page_history(key: str, page_id: int) -> Response:
    """Every version, and what changed between two of them."""
    space, page = _seen(key, page_id)
    versions = site().confluence.pages.versions(page.id)
    rows = [(v, site().people.get(v.author)) for v in versions]
    old, new = _number("from", page.version - 1), _number("to", page.version)
    return shown(
        "history.html",
        space=space,
        page=page,
        path=page_path(site(), page),
        rows=rows,
        old=old,
        new=new,
        changes=_changes(page, old, new),
        tree=_tree(_pages(space)),
        above=site().confluence.pages.ancestors(page),
    )


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() else default


def _changes(page: Page, old: int, new: int) -> list[tuple[str, str]]:
    """Tell what two versions say, line by line: kept (`` ``), taken out (``-``), put in (``+``)."""
    before, after = (site().confluence.pages.version(page.id, n) for n in (old, new))
    if before is None or after is None:
        return []
    lines = difflib.ndiff(lines_of(before.body, _name_of), lines_of(after.body, _name_of))
    return _near_changes([(line[0], line[2:]) for line in lines if line[0] != "?"])


def _name_of(account: str) -> str | None:
    person = site().people.keyed(account)
    return person.name if person else None


def _near_changes(lines: list[tuple[str, str]], around: int = 2) -> list[tuple[str, str]]:
    """Show the changed lines with a few unchanged ones around; the rest is one ellipsis."""
    changed = [at for at, (sign, _) in enumerate(lines) if sign != " "]
    near = {n for at in changed for n in range(at - around, at + around + 1)}
    shown: list[tuple[str, str]] = []
    for at, line in enumerate(lines):
        if at in near:
            shown.append(line)
        elif not shown or shown[-1][1] != "…":
            shown.append((" ", "…"))
    return shown if changed else []


# --- editing --------------------------------------------------------------------------------------


def _writable(key: str, page_id: int) -> tuple[Space, Page]:
    space, page = _seen(key, page_id)
    if not site().confluence.pages.may(actor(), "update", page):
        abort(403)
    return space, page


@face.get(f"{PAGE}/source")
def source_form(key: str, page_id: int) -> Response:
    """Show the page as storage format, to be edited."""
    space, page = _writable(key, page_id)
    state = site().confluence.pages.latest(page)
    return _source_form(
        space,
        page,
        {"title": page.title, "body": broken_into_lines(state.body), "version": page.version},
    )


def _source_form(
    space: Space, page: Page, given: dict[str, Any], error: str = "", *, conflict: bool = False
) -> Response:
    return shown(
        "source.html",
        (409 if conflict else 400) if error else 200,
        space=space,
        page=page,
        path=page_path(site(), page),
        given=given,
        error=error,
        conflict=conflict,
        tree=_tree(_pages(space)),
        above=site().confluence.pages.ancestors(page),
    )


@face.post(f"{PAGE}/source")
def save_source(key: str, page_id: int) -> Response:
    """Save the source; what is wrong with it is said beside it, and nothing typed is lost."""
    space, page = _writable(key, page_id)
    given = {name: request.form.get(name, "") for name in ("title", "body", "version", "message")}
    number = int(given["version"]) if given["version"].isdecimal() else 0
    try:
        site().confluence.pages.update(
            page,
            actor(),
            number + 1,
            title=given["title"],
            body=given["body"],
            message=given["message"],
        )
    except ConfluenceRefusalError as refusal:
        conflict = refusal.status == 409
        return _source_form(space, page, given, str(refusal), conflict=conflict)
    return then("face.show_page", key=space.key, page_id=page.id)


def _quick(page: Page, changed: str) -> Page:
    """Save a small change that was made against the version the form names."""
    asked = request.form.get("version", "")
    number = int(asked) if asked.isdecimal() else 0
    return site().confluence.pages.update(page, actor(), number + 1, body=changed)


@face.post(f"{PAGE}/inline")
def save_inline(key: str, page_id: int) -> Response:
    """Write one element's text anew: a cell, a paragraph, a heading."""
    space, page = _writable(key, page_id)
    element = request.form.get("element", "")
    try:
        body = site().confluence.pages.latest(page).body
        saved = _quick(
            page,
            with_text(
                body, int(element) if element.isdecimal() else -1, request.form.get("text", "")
            ),
        )
    except (ConfluenceRefusalError, LookupError) as wrong:
        status = wrong.status if isinstance(wrong, ConfluenceRefusalError) else 400
        return make_response({"message": str(wrong)}, status)
    if request.accept_mimetypes.best == "application/json":
        return make_response({"version": saved.version})
    return then("face.show_page", key=space.key, page_id=page.id)


@face.post(f"{PAGE}/row")
def add_row(key: str, page_id: int) -> Response:
    """Put an empty row below a table."""
    space, page = _writable(key, page_id)
    number = request.form.get("table", "")
    try:
        body = site().confluence.pages.latest(page).body
        _quick(page, with_row(body, int(number) if number.isdecimal() else -1))
    except LookupError:
        abort(404)
    return then("face.show_page", key=space.key, page_id=page.id)


@face.post(f"{PAGE}/tick")
def tick(key: str, page_id: int) -> Response:
    """Tick a task, or take the tick away."""
    space, page = _writable(key, page_id)
    uuid, _, status = request.form.get("task", "").partition(":")
    if status not in ("complete", "incomplete"):
        abort(400)
    _quick(page, ticked(site().confluence.pages.latest(page).body, uuid, status))
    return then("face.show_page", key=space.key, page_id=page.id)


@face.post(f"{PAGE}/comment")
def comment_page(key: str, page_id: int) -> Response:
    """Comment below the page, or on a passage of it."""
    space, page = _seen(key, page_id)
    text, passage = request.form.get("text", "").strip(), request.form.get("passage", "").strip()
    if text and passage:
        try:
            site().confluence.comment_inline(page.id, passage, text, by=actor())
        except LookupError:
            abort(400)
    elif text:
        site().confluence.comment(page.id, text, by=actor())
    return then("face.show_page", key=space.key, page_id=page.id)


@face.get("/wiki/spaces/<key>/create")
def new_page_form(key: str) -> Response:
    """Show the form for a new page."""
    space = _space(key)
    return shown(
        "new_page.html", space=space, tree=_tree(_pages(space)), page=None, given={}, error=""
    )


@face.post("/wiki/spaces/<key>/create")
def new_page(key: str) -> Response:
    """Publish a page below another."""
    space, form = _space(key), request.form
    parent = int(form["parent"]) if form.get("parent", "").isdecimal() else None
    try:
        made = site().confluence.create(
            form.get("title", ""), form.get("body", ""), by=actor(), space=key, parent=parent
        )
    except ConfluenceRefusalError as refusal:
        tree = _tree(_pages(space))
        return shown(
            "new_page.html",
            400,
            space=space,
            tree=tree,
            page=None,
            given=dict(form),
            error=str(refusal),
        )
    return then("face.show_page", key=space.key, page_id=made.id)
