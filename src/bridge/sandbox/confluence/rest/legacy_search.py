"""Searching pages by CQL in version 1."""

import time
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from bridge.sandbox.call import answer, whole
from bridge.sandbox.confluence.cql import CqlError, CqlQuery, Subject, parse_cql
from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError
from bridge.sandbox.confluence.rest.routes import base, collection, me, v1, wiki
from bridge.sandbox.confluence.rest.shapes import page_links
from bridge.sandbox.confluence.storage import inner_text, parse

LIMIT, MOST = 25, 250


def _subject(page: Page) -> Subject:
    pages, space = wiki().pages, wiki().spaces.get(page.space)
    state = pages.latest(page)
    values = {
        "space": [space.key if space else ""],
        "title": [page.title],
        "label": wiki().labels_of(page.id),
        "type": ["page"],
        "ancestor": [str(a.id) for a in pages.ancestors(page)],
        "parent": [str(page.parent)] if page.parent else [],
        "id": [str(page.id)],
        "creator": [page.author],
        "created": [page.created],
        "lastmodified": [state.created],
    }
    folded = {name: [v.casefold() for v in held] for name, held in values.items()}

    def text() -> str:
        return f"{page.title}\n{inner_text(parse(state.body))}".casefold()

    return Subject(folded, text)


def matching_pages() -> tuple[list[Page], str]:
    """Answer the visible pages that the query in ``cql`` finds, and the query."""
    text = request.args.get("cql", "")
    if not text:
        raise ConfluenceRefusalError(400, "cql is required")
    try:
        query = parse_cql(text)
    except CqlError as wrong:
        raise ConfluenceRefusalError(400, str(wrong)) from None
    visible = [p for p in wiki().pages.all(("current",)) if wiki().pages.may(me(), "read", p)]
    return _sorted([(p, s) for p in visible if query.test(s := _subject(p))], query), text


def _sorted(found: list[tuple[Page, Subject]], query: CqlQuery) -> list[Page]:
    for field, descending in reversed(query.order):
        found.sort(key=lambda pair, f=field: pair[1].values.get(f, [""]), reverse=descending)  # type: ignore[misc]  # the default binds the loop's field
    return [page for page, _ in found]


def _content(page: Page) -> dict[str, Any]:
    links = {"webui": page_links(page)["webui"], "self": f"{base()}/rest/api/content/{page.id}"}
    return {
        "id": str(page.id),
        "type": "page",
        "status": page.status,
        "title": page.title,
        "extensions": {"position": page.position},
        "_expandable": {"space": f"/rest/api/space/{page.space}", "version": "", "body": ""},
        "_links": links,
    }


def _envelope(found: list[Page], shape: Any) -> tuple[dict[str, Any], int]:
    start, limit = whole("start", 0), whole("limit", LIMIT, least=1, most=MOST)
    results = [shape(p) for p in found[start : start + limit]]
    envelope = collection(results, start, limit)
    if start + limit < len(found):
        query = urlencode({"cql": request.args["cql"], "start": start + limit, "limit": limit})
        envelope["_links"]["next"] = f"{request.path.removeprefix('/wiki')}?{query}"
    return envelope, len(found)


@v1.get("/content/search")
def search_content() -> Response:
    """Pages that match a query."""
    found, _ = matching_pages()
    return answer(_envelope(found, _content)[0])


@v1.get("/search")
def search() -> Response:
    """Pages that match a query, with where they were found."""
    began = time.monotonic()
    found, text = matching_pages()
    envelope, total = _envelope(found, _result)
    duration = int((time.monotonic() - began) * 1000)
    return answer({**envelope, "totalSize": total, "cqlQuery": text, "searchDuration": duration})


def _result(page: Page) -> dict[str, Any]:
    space = wiki().spaces.get(page.space)
    return {
        "content": _content(page),
        "title": page.title,
        "excerpt": "",
        "url": page_links(page)["webui"],
        "resultGlobalContainer": {
            "title": space.name if space else "",
            "displayUrl": f"/spaces/{space.key if space else ''}",
        },
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": wiki().pages.latest(page).created,
        "friendlyLastModified": "",
        "score": 1.0,
    }
