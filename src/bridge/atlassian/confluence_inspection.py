"""Looking around in Confluence with the eyes of the account that signs in: Cloud, and Data Center."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bridge.atlassian import inspection_wire as wire
from bridge.atlassian.inspection import ask
from bridge.atlassian.transport import Transport
from bridge.errors import Forbidden, Refused, TokenRefused
from bridge.site import Limited, Readers, Space
from bridge.tracker import Account

_V1 = "/rest/api"
_V2 = "/api/v2"
_LIST = 250  # the most that v2 gives at once


class CloudInspection:
    """Implements :class:`bridge.ports.WikiInspector` with Confluence Cloud's v2, and v1 where v2 cannot."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def me(self) -> Account:
        """Return who signs in; raises TokenRefused."""
        return _signed_in(self._get(f"{_V1}/user/current", "type"))

    def is_administrator(self) -> bool | None:
        """Tell whether this account administers Confluence as a whole."""
        body = self._get(f"{_V1}/user/current", "type", expand="operations")
        if body.get("operations") is None:
            return None
        return "administer application" in wire.operations(body["operations"])

    def spaces(self) -> Sequence[Space]:
        """Return the spaces that this account sees, at most a thousand."""
        found: list[Space] = []
        for raw in self._listed(f"{_V2}/spaces", status="current"):
            found.append(wire.space(raw))
            if len(found) >= wire.MOST:
                break
        return found

    def rights(self, spaces: Sequence[Space]) -> Mapping[str, frozenset[str] | None]:
        """Return the operations that each space permits this account, asked a few at a time."""
        asked = [wire.get(f"{_V2}/spaces/{space.id}/operations") for space in spaces]
        return {
            space.key: wire.operations(answer.body["operations"])
            if answer.status < 400 and wire.has(answer, "operations")
            else None
            for space, answer in zip(spaces, self._transport.try_all(asked), strict=True)
        }

    def page_rights(self, page_id: str) -> frozenset[str] | None:
        """Return the operations that a page permits this account."""
        return wire.operations(
            self._get(f"{_V2}/pages/{page_id}/operations", "operations")["operations"]
        )

    def readers(self, space: Space) -> Readers | None:
        """Return who was given the right to read a space; None where the site does not say."""
        try:
            return wire.space_readers(self._listed(f"{_V2}/spaces/{space.id}/permissions"))
        except Forbidden:
            return None
        except Refused as refused:
            if refused.status in (404, 410):
                return None
            raise

    def limits(self, page_id: str) -> Sequence[Limited]:
        """Return the page and those above it that not everybody of the space may read."""
        above = self._get(f"{_V2}/pages/{page_id}/ancestors", "results", limit=_LIST)["results"]
        found: list[Limited] = []
        for identity in (*(str(raw["id"]) for raw in above if _is_page(raw)), page_id):
            body = self._get(f"{_V1}/content/{identity}/restriction", "results")
            readers = wire.page_readers(wire.restrictions(body, "read"))
            if readers is not None:
                title = self._get(f"{_V2}/pages/{identity}", "title")["title"]
                found.append(Limited(str(title), readers))
        return found

    def _get(self, path: str, key: str, **query: str | int) -> dict[str, Any]:
        return dict(ask(self._transport, wire.get(path, **query), key).body)

    def _listed(self, path: str, **query: str | int) -> Iterator[Mapping[str, Any]]:
        """Give the results of a list, page after page."""
        page: dict[str, str | int] = {**query, "limit": _LIST}
        while True:
            body = self._get(path, "results", **page)
            yield from body["results"]
            cursor = wire.cursor(body)
            if cursor is None or not body["results"]:
                return
            page["cursor"] = cursor


class DataCenterInspection:
    """Implements :class:`bridge.ports.WikiInspector` with Confluence Data Center.

    What an account may do in a space, and who may read it, only administrators can ask there.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def me(self) -> Account:
        """Return who signs in; raises TokenRefused, also where the site lets anybody in."""
        return _signed_in(self._get(f"{_V1}/user/current", "type"))

    def is_administrator(self) -> bool | None:
        """Return None: Data Center does not say."""
        return None

    def spaces(self) -> Sequence[Space]:
        """Return the spaces that this account sees, at most a thousand."""
        found: list[Space] = []
        while True:
            body = self._get(f"{_V1}/space", "results", start=len(found), limit=wire.PAGE)
            found += [wire.space(raw) for raw in body["results"]]
            if len(body["results"]) < int(body.get("limit", wire.PAGE)) or len(found) >= wire.MOST:
                return found

    def rights(self, spaces: Sequence[Space]) -> Mapping[str, frozenset[str] | None]:
        """Return None for each space: Data Center does not say."""
        return {space.key: None for space in spaces}

    def page_rights(self, page_id: str) -> frozenset[str] | None:
        """Return the operations that a page permits this account."""
        body = self._get(f"{_V1}/content/{page_id}", "id", expand="operations")
        return wire.operations(body["operations"]) if "operations" in body else None

    def readers(self, space: Space) -> Readers | None:
        """Return None: only administrators of a space can ask."""
        return None

    def limits(self, page_id: str) -> Sequence[Limited]:
        """Return the page and those above it that not everybody of the space may read."""
        above = self._get(f"{_V1}/content/{page_id}", "id", expand="ancestors")["ancestors"]
        found: list[Limited] = []
        wanted = "restrictions.read.restrictions.user,restrictions.read.restrictions.group"
        for identity in (*(str(raw["id"]) for raw in above), page_id):
            body = self._get(f"{_V1}/content/{identity}", "id", expand=wanted)
            read = (body.get("restrictions") or {}).get("read") or {}
            readers = wire.page_readers(read.get("restrictions") or {})
            if readers is not None:
                found.append(Limited(str(body.get("title", "")), readers))
        return found

    def _get(self, path: str, key: str, **query: str | int) -> dict[str, Any]:
        return dict(ask(self._transport, wire.get(path, **query), key).body)


def _signed_in(raw: Mapping[str, Any]) -> Account:
    if raw.get("type") == "anonymous":
        raise TokenRefused("Confluence")
    return wire.account(raw)


def _is_page(raw: Mapping[str, Any]) -> bool:
    return bool(raw.get("type", "page") == "page")  # a folder above cannot be restricted this way
