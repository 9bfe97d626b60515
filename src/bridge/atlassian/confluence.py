"""Confluence Cloud behind the Wiki port: REST API v2, and v1 for labels.

Shapes: https://developer.atlassian.com/cloud/confluence/rest/v2/. The library's own ``update_page`` is
never used: it fetches the newest version number and so overwrites a person's edit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Request, judged, refusal, shaped
from bridge.errors import ConfigurationError
from bridge.ports import PageMoved
from bridge.text import text
from bridge.wiki import Page, Remembered

API = "/api/v2"
V1 = "/rest/api"  # what v2 cannot do yet: labels and search by CQL


@judged("Confluence")
class ConfluenceCloud:
    """Implements :class:`bridge.ports.Wiki` for one space.

    ``public_url`` is where people see the wiki; requests may go elsewhere (Atlassian's gateway).
    """

    def __init__(
        self, transport: Transport, space: str, public_url: Callable[[], str] | None = None
    ) -> None:
        self._transport = transport
        self._public_url = public_url or (lambda: transport.url)
        self._space = space
        self._space_id: str | None = None
        self._spaces: dict[str, str] = {}  # the id of the space of each page that was seen

    def find(self, title: str) -> Page | None:
        """Return the page with this title in the space, archived ones included."""
        body = self._get(
            "/pages",
            {
                "space-id": self._id_of_space(),
                "title": title,
                "status": "current,archived",
                "body-format": "storage",
                "limit": 5,
            },
        )
        pages = [self._page(raw) for raw in body["results"]]
        return next((page for page in pages if page.is_current), pages[0] if pages else None)

    def page(self, page_id: str, version: int | None = None) -> Page | None:
        """Return a page, or one version of its history; None where it is gone or in the trash."""
        query: dict[str, str | int] = {"body-format": "storage"}
        if version is not None:
            query["version"] = version
        request = Request(method="GET", path=f"{API}/pages/{page_id}", query=query)
        answer = self._transport.try_send(request)
        if answer.status == 404:
            return None
        if answer.status >= 400:
            raise refusal("Confluence", request, answer)
        found = self._page(shaped("Confluence", request, answer, "id"))
        return found if found.is_current or version is not None else None

    def create(self, title: str, body: str, parent: str | None) -> Page:
        """Create a page below ``parent``; raise PageMoved where the title is taken meanwhile.

        Repeating it is safe: titles are unique in a space, so a second create is refused.
        """
        payload: dict[str, Any] = {
            "spaceId": self._id_of_space(),
            "status": "current",
            "title": title,
            "body": {"representation": "storage", "value": body},
        }
        if parent:
            payload["parentId"] = parent
        request = self._writing("POST", "/pages", payload, self._space)
        answer = self._transport.try_send(request)
        if answer.status == 400 and self.find(title) is not None:
            raise PageMoved
        if answer.status >= 400:
            raise refusal("Confluence", request, answer)
        return self._page(shaped("Confluence", request, answer, "id"))

    def update(self, page: Page, body: str, message: str) -> Page:
        """Write the version after ``page.version``; raise PageMoved where that is not the newest."""
        request = self._writing(
            "PUT",
            f"/pages/{page.id}",
            {
                "id": page.id,
                "status": "current",
                "title": page.title,
                "body": {"representation": "storage", "value": body},
                "version": {"number": page.version + 1, "message": message},
            },
            self._space_of(page.id),
        )
        answer = self._transport.try_send(request)
        if answer.status == 409:
            raise PageMoved
        if answer.status >= 400:
            raise refusal("Confluence", request, answer)
        return self._page(shaped("Confluence", request, answer, "id"))

    def recall(self, page_id: str, key: str) -> Remembered | None:
        """Return what is remembered on a page under a key."""
        request = Request(
            method="GET", path=f"{API}/pages/{page_id}/properties", query={"key": key}
        )
        answer = self._transport.try_send(request)
        if answer.status == 404:
            return None
        if answer.status >= 400:
            raise refusal("Confluence", request, answer)
        results = shaped("Confluence", request, answer, "results")["results"]
        if not results:
            return None
        raw = results[0]
        return Remembered(str(raw["id"]), raw["value"], int(raw["version"]["number"]))

    def remember(self, page_id: str, key: str, value: Any, before: Remembered | None) -> None:
        """Remember a value, replacing exactly ``before``; raise PageMoved where it changed meanwhile."""
        space = self._space_of(page_id)
        if before is None:
            request = self._writing(
                "POST", f"/pages/{page_id}/properties", {"key": key, "value": value}, space
            )
        else:
            request = self._writing(
                "PUT",
                f"/pages/{page_id}/properties/{before.id}",
                {"key": key, "value": value, "version": {"number": before.version + 1}},
                space,
            )
        answer = self._transport.try_send(request)
        if answer.status in (400, 409):
            now = self.recall(page_id, key)
            if now is not None and now.value == value:
                return  # a repeated request met its own first try
            if answer.status == 409:
                raise PageMoved
        if answer.status >= 400:
            raise refusal("Confluence", request, answer)

    def forget(self, page_id: str, key: str) -> None:
        """Take what is remembered under a key off a page: v2 names it by its own id."""
        held = self.recall(page_id, key)
        if held is not None:
            self._take_away(f"{API}/pages/{page_id}/properties/{held.id}", page_id)

    def label(self, page_id: str, label: str) -> None:
        """Put a label on a page; v2 reads labels but cannot write them."""
        request = Request(
            method="POST",
            path=f"{V1}/content/{page_id}/label",
            body=[{"prefix": "global", "name": label}],
            writes=(f"space:{self._space_of(page_id)}",),
        )
        self._transport.send(request)

    def unlabel(self, page_id: str, label: str) -> None:
        """Take a label off a page, named in the query: it may hold a slash."""
        if self.page(page_id) is not None:
            self._take_away(f"{V1}/content/{page_id}/label", page_id, {"name": label})

    def _take_away(
        self, path: str, page_id: str, query: Mapping[str, str | int] | None = None
    ) -> None:
        """Delete a small thing of a page; one that is gone already is no trouble."""
        request = Request(
            method="DELETE",
            path=path,
            query=query or {},
            writes=(f"space:{self._space_of(page_id)}",),
            expects="anything",
        )
        answer = self._transport.try_send(request)
        if answer.status >= 400 and answer.status != 404:
            raise refusal("Confluence", request, answer)

    def labelled(self, label: str) -> Page | None:
        """Return the one page of the space with a label; None where none or several have it."""
        cql = f'type = page AND space = "{self._space}" AND label = "{label}"'
        request = Request(method="GET", path=f"{V1}/content/search", query={"cql": cql, "limit": 2})
        results = shaped("Confluence", request, self._transport.send(request), "results")["results"]
        return self.page(str(results[0]["id"])) if len(results) == 1 else None

    def versions(self, page_id: str) -> Sequence[tuple[int, str]]:
        """Return the numbers and messages of the latest 50 versions, the newest first."""
        body = self._get(f"/pages/{page_id}/versions", {"sort": "-modified-date", "limit": 50})
        found = [(int(raw["number"]), raw.get("message") or "") for raw in body["results"]]
        return sorted(found, reverse=True)

    def url(self, page_id: str) -> str:
        """Return the address where people see a page."""
        return f"{self._public_url()}/spaces/{self._space}/pages/{page_id}"

    # --- the wire --------------------------------------------------------------------------------

    def _id_of_space(self) -> str:
        if self._space_id is None:
            results = self._get("/spaces", {"keys": self._space})["results"]
            if not results:
                raise ConfigurationError(
                    text("Confluence shows no space “{space}” to this account.", space=self._space),
                    text("Check confluence.space in bridge.yaml, and the account's rights there."),
                )
            self._space_id = str(results[0]["id"])
        return self._space_id

    def _get(self, path: str, query: Mapping[str, str | int]) -> dict[str, Any]:
        request = Request(method="GET", path=f"{API}{path}", query=query)
        return shaped("Confluence", request, self._transport.send(request), "results")

    def _writing(self, method: str, path: str, body: Mapping[str, Any], space: str) -> Request:
        # Every write names a version, a unique title or a unique key: sending it twice does no harm.
        return Request(method=method, path=f"{API}{path}", body=body, writes=(f"space:{space}",))

    def _space_of(self, page_id: str) -> str:
        """Return the key of a page's space, for the fence: people move pages, and maps are edited.

        A space that is not the configured one is named by its id.
        """
        if page_id not in self._spaces:
            self.page(page_id)
        space = self._spaces.get(page_id, "?")
        return self._space if space == self._id_of_space() else space

    def _page(self, raw: Mapping[str, Any]) -> Page:
        version = raw.get("version") or {}
        self._spaces[str(raw["id"])] = str(raw.get("spaceId", "?"))
        return Page(
            id=str(raw["id"]),
            title=str(raw["title"]),
            body=((raw.get("body") or {}).get("storage") or {}).get("value", ""),
            version=int(version.get("number", 1)),
            message=version.get("message") or "",
            is_current=raw.get("status", "current") in ("current", "historical"),
        )
