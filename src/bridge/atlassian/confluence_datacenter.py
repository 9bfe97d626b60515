"""Confluence Data Center behind the Wiki port: REST API v1 (``/rest/api/content``).

Shapes: https://docs.atlassian.com/ConfluenceServer/rest/. The library's own ``update_page`` is never
used: it fetches the newest version number and so overwrites a person's edit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Answer, Request, judged, refusal, shaped
from bridge.errors import ConfigurationError
from bridge.ports import PageMoved
from bridge.text import text
from bridge.wiki import Page, Remembered

API = "/rest/api/content"
_WHOLE = "body.storage,version,space"
_VERSIONS = 50  # how far back the history is read


@judged("Confluence")
class ConfluenceDataCenter:
    """Implements :class:`bridge.ports.Wiki` for one space."""

    def __init__(self, transport: Transport, space: str) -> None:
        self._transport = transport
        self._space = space
        self._home: str | None = None
        self._spaces: dict[str, str] = {}  # the key of the space of each page that was seen

    def find(self, title: str) -> Page | None:
        """Return the page with this title in the space; Data Center archives whole spaces only."""
        query = {"spaceKey": self._space, "title": title, "type": "page", "expand": _WHOLE}
        pages = [self._page(raw) for raw in self._get("", query, "results")["results"]]
        return pages[0] if pages else None

    def page(self, page_id: str, version: int | None = None) -> Page | None:
        """Return a page, or one version of its history; None where it is gone or in the trash."""
        request = _page_request(page_id, version, _WHOLE)
        answer = self._transport.try_send(request)
        if answer.status == 404 and version is not None:
            # The newest version is not historical yet: it is the page itself.
            page = self.page(page_id)
            return page if page is not None and page.version == version else None
        if answer.status == 404:
            return None
        return self._page(_good(request, answer))

    def create(self, title: str, body: str, parent: str | None) -> Page:
        """Create a page below ``parent``; raise PageMoved where the title is taken meanwhile.

        Repeating it is safe: titles are unique in a space, so a second create is refused.
        """
        payload: dict[str, Any] = {
            "type": "page",
            "title": title,
            "space": {"key": self._space},
            "ancestors": [{"id": parent or self._home_id()}],
            "body": _storage(body),
        }
        request = self._writing("POST", "", payload, self._space, {"expand": _WHOLE})
        answer = self._transport.try_send(request)
        if answer.status == 400 and self.find(title) is not None:
            raise PageMoved
        return self._page(_good(request, answer))

    def update(self, page: Page, body: str, message: str) -> Page:
        """Write the version after ``page.version``; raise PageMoved where that is not the newest."""
        payload = {
            "type": "page",
            "title": page.title,
            "body": _storage(body),
            "version": {"number": page.version + 1, "message": message, "minorEdit": True},
        }
        space = self._space_of(page.id)
        request = self._writing("PUT", f"/{page.id}", payload, space)
        answer = self._transport.try_send(request)
        if answer.status == 409:
            raise PageMoved
        # No expand here: the contract has it for POST only, so the answer need not say where the page is.
        written = (_good(request, answer).get("version") or {}).get("number", page.version + 1)
        return replace(page, body=body, version=int(written), message=message)

    def recall(self, page_id: str, key: str) -> Remembered | None:
        """Return what is remembered on a page under a key."""
        request = Request(
            method="GET", path=f"{API}/{page_id}/property/{key}", query={"expand": "version"}
        )
        answer = self._transport.try_send(request)
        if answer.status == 404:
            return None
        raw = _good(request, answer, "value")
        return Remembered(key, raw["value"], int((raw.get("version") or {}).get("number", 1)))

    def remember(self, page_id: str, key: str, value: Any, before: Remembered | None) -> None:
        """Remember a value, replacing exactly ``before``; raise PageMoved where it changed meanwhile."""
        space = self._space_of(page_id)
        if before is None:
            body = {"key": key, "value": value}
            request = self._writing("POST", f"/{page_id}/property", body, space)
        else:
            version = {"number": before.version + 1, "minorEdit": True}
            payload = {"key": key, "value": value, "version": version}
            request = self._writing("PUT", f"/{page_id}/property/{key}", payload, space)
        answer = self._transport.try_send(request)
        if answer.status in (400, 409):
            now = self.recall(page_id, key)
            if now is not None and now.value == value:
                return  # a repeated request met its own first try
            # A key that is taken meanwhile is refused with 400, not 409.
            if answer.status == 409 or (before is None and now is not None):
                raise PageMoved
        if answer.status >= 400:
            raise refusal("Confluence", request, answer)

    def forget(self, page_id: str, key: str) -> None:
        """Take what is remembered under a key off a page."""
        if self.recall(page_id, key) is not None:
            self._take_away(page_id, f"property/{key}")

    def label(self, page_id: str, label: str) -> None:
        """Put a label on a page."""
        body = [{"prefix": "global", "name": label}]
        self._transport.send(
            self._writing("POST", f"/{page_id}/label", body, self._space_of(page_id))
        )

    def unlabel(self, page_id: str, label: str) -> None:
        """Take a label off a page, named in the query: it may hold a slash."""
        if self.page(page_id) is not None:
            self._take_away(page_id, "label", {"name": label})

    def _take_away(
        self, page_id: str, what: str, query: Mapping[str, str | int] | None = None
    ) -> None:
        """Delete a small thing of a page; one that is gone already is no trouble."""
        space = self._space_of(page_id)
        request = self._writing("DELETE", f"/{page_id}/{what}", None, space, query)
        answer = self._transport.try_send(replace(request, expects="anything"))
        if answer.status >= 400 and answer.status != 404:
            raise refusal("Confluence", request, answer)

    def labelled(self, label: str) -> Page | None:
        """Return the one page of the space with a label; None where none or several have it."""
        cql = f'type = page AND space = "{self._space}" AND label = "{label}"'
        results = self._get("/search", {"cql": cql, "limit": 2}, "results")["results"]
        return self.page(str(results[0]["id"])) if len(results) == 1 else None

    def versions(self, page_id: str) -> Sequence[tuple[int, str]]:
        """Return the numbers and messages of the latest 50 versions, the newest first.

        The API has no list of versions: each is read for itself, a few at a time.
        """
        newest = self._get(f"/{page_id}", {"expand": "version"}, "version")["version"]
        found = [(int(newest["number"]), newest.get("message") or "")]
        numbers = range(found[0][0] - 1, max(0, found[0][0] - _VERSIONS), -1)
        requests = [_page_request(page_id, number, "version") for number in numbers]
        for request, answer in zip(requests, self._transport.try_all(requests), strict=True):
            if answer.status != 404:  # a version that somebody deleted
                version = _good(request, answer, "version")["version"]
                found.append((int(version["number"]), version.get("message") or ""))
        return found

    def url(self, page_id: str) -> str:
        """Return the address where people see a page."""
        return f"{self._transport.url}/pages/viewpage.action?pageId={page_id}"

    # --- the wire --------------------------------------------------------------------------------

    def _home_id(self) -> str:
        """Return the id of the space's home page: a page without parent would stand beside it."""
        if self._home is None:
            request = Request(
                method="GET", path=f"/rest/api/space/{self._space}", query={"expand": "homepage"}
            )
            answer = self._transport.try_send(request)
            if answer.status == 404:
                raise ConfigurationError(
                    text("Confluence shows no space “{space}” to this account.", space=self._space),
                    text("Check confluence.space in bridge.yaml, and the account's rights there."),
                )
            self._home = str(_good(request, answer, "homepage")["homepage"]["id"])
        return self._home

    def _get(self, path: str, query: Mapping[str, str | int], key: str) -> dict[str, Any]:
        request = Request(method="GET", path=f"{API}{path}", query=query)
        return _good(request, self._transport.send(request), key)

    def _writing(
        self,
        method: str,
        path: str,
        body: Any,
        space: str,
        query: Mapping[str, str | int] | None = None,
    ) -> Request:
        # Every write names a version, a unique title or a unique key: sending it twice does no harm.
        return Request(
            method=method,
            path=f"{API}{path}",
            query=query or {},
            body=body,
            writes=(f"space:{space}",),
        )

    def _space_of(self, page_id: str) -> str:
        """Return the key of a page's space, for the fence: people move pages, and maps are edited."""
        if page_id not in self._spaces:
            self.page(page_id)
        return self._spaces.get(page_id, "?")

    def _page(self, raw: Mapping[str, Any]) -> Page:
        version = raw.get("version") or {}
        self._spaces[str(raw["id"])] = str((raw.get("space") or {}).get("key", "?"))
        return Page(
            id=str(raw["id"]),
            title=str(raw["title"]),
            body=((raw.get("body") or {}).get("storage") or {}).get("value", ""),
            version=int(version.get("number", 1)),
            message=version.get("message") or "",
            is_current=raw.get("status", "current") in ("current", "historical"),
        )


def _page_request(page_id: str, version: int | None, expand: str) -> Request:
    query: dict[str, str | int] = {"expand": expand}
    if version is not None:
        query |= {"status": "historical", "version": version}
    return Request(method="GET", path=f"{API}/{page_id}", query=query)


def _good(request: Request, answer: Answer, key: str = "id") -> dict[str, Any]:
    if answer.status >= 400:
        raise refusal("Confluence", request, answer)
    return shaped("Confluence", request, answer, key)


def _storage(body: str) -> dict[str, Any]:
    return {"storage": {"value": body, "representation": "storage"}}
