"""Looking around in Jira, on Cloud and on Data Center, with the eyes of the account that signs in."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.atlassian import inspection_wire as wire
from bridge.atlassian.flavour import is_gateway, named
from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Answer, Request, refusal
from bridge.errors import BadAnswer
from bridge.ports import Whom
from bridge.site import Flavour, Project, Server
from bridge.text import text
from bridge.tracker import Account, Kind, Status

_SAMPLES = 2  # the first answer also pays for the connection


class JiraInspection:
    """Implements :class:`bridge.ports.Inspector`."""

    def __init__(
        self,
        transport: Transport,
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._transport = transport
        self._now = now
        self._ticks = ticks
        self._flavour: Flavour | None = None

    @property
    def flavour(self) -> Flavour:
        """Return whether this is Cloud or Data Center; asks the server the first time."""
        return self._flavour or self.server().flavour

    def server(self) -> Server:
        """Ask which Jira this is, twice: the faster answer tells how far away it is."""
        request = wire.get(f"{wire.JIRA}/serverInfo")
        seconds: list[float] = []
        ahead: list[float] = []
        body: Mapping[str, Any] = {}
        for _ in range(_SAMPLES):
            asked = self._ticks()
            answer = self._good(request, "version")
            seconds.append(self._ticks() - asked)
            off = wire.ahead(answer.headers, self._now())
            ahead += [off] if off is not None else []
            body = answer.body
        self._flavour = named(body)
        return Server(
            flavour=self._flavour,
            version=str(body["version"]),
            title=str(body.get("serverTitle") or ""),
            seconds=min(seconds),
            ahead=min(ahead, key=abs, default=None),
            is_gateway=is_gateway(self._transport.url),
        )

    def cloud_id(self) -> str | None:
        """Return the site's cloudId; everybody may ask for it, at the site's own address only."""
        answer = self._transport.try_send(wire.get("/_edge/tenant_info"))
        return str(answer.body["cloudId"]) if wire.has(answer, "cloudId") else None

    def me(self) -> Account:
        """Return who signs in; raises NotSignedIn."""
        key = "accountId" if self.flavour == "cloud" else "name"
        return wire.account(self._good(wire.get(f"{wire.JIRA}/myself"), key).body)

    def site_rights(self) -> frozenset[str]:
        """Return which of the two global administrator's rights this account has."""
        answer = self._transport.try_send(wire.permissions_request(wire.SITE_RIGHTS))
        if (
            answer.status == 400
        ):  # a site that does not know SYSTEM_ADMIN refuses the whole question
            answer = self._good(wire.permissions_request(wire.SITE_RIGHTS[:1]), "permissions")
        else:
            answer = self._checked(
                wire.permissions_request(wire.SITE_RIGHTS), answer, "permissions"
            )
        return wire.granted(answer.body) & frozenset(wire.SITE_RIGHTS)

    def projects(self) -> Sequence[Project]:
        """Return the projects that this account sees, at most a thousand."""
        found: list[Project] = []
        while True:
            request = wire.projects_request(self.flavour, len(found))
            if self.flavour == "datacenter":
                return [wire.project(raw) for raw in self._good(request, None).body]
            answer = self._transport.try_send(request)
            if answer.status == 404:  # Cloud's way to say: none
                return found
            body = self._checked(request, answer, "values").body
            found += [wire.project(raw) for raw in body["values"]]
            if body.get("isLast", True) or not body["values"] or len(found) >= wire.MOST:
                return found

    def rights(self, projects: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Return what this account may do in each project, asked a few at a time."""
        asked = [wire.permissions_request(wire.PROJECT_RIGHTS, project) for project in projects]
        answers = self._transport.try_all(asked)
        return {
            project: wire.granted(answer.body)
            for project, answer in zip(projects, answers, strict=True)
            if answer.status < 400 and wire.has(answer, "permissions")
        }

    def statuses(self, project: str) -> Sequence[Status]:
        """Return the statuses of a project."""
        return wire.statuses(
            self._good(wire.get(f"{wire.JIRA}/project/{project}/statuses"), None).body
        )

    def issue_types(self, project: str) -> Sequence[tuple[str, Kind]]:
        """Return the names of the types that can be created in a project."""
        path = f"{wire.JIRA}/issue/createmeta/{project}/issuetypes"
        key = "issueTypes" if self.flavour == "cloud" else "values"
        return wire.issue_types(self._good(wire.get(path, maxResults=200), key).body)

    def assignable(self, project: str) -> Sequence[Account]:
        """Return the first hundred people who can be assigned in a project."""
        path = f"{wire.JIRA}/user/assignable/search"
        body = self._good(wire.get(path, project=project, maxResults=wire.PAGE), None).body
        return [wire.account(raw) for raw in body if wire.is_person(raw)]

    def known(self, whom: Whom) -> Sequence[Account]:
        """Return who somebody may be; nobody where they are unknown or this account may not look."""
        request = wire.known_request(self.flavour, whom)
        if request is None:
            return ()
        answer = self._transport.try_send(request)
        if answer.status in (403, 404):
            return ()
        if answer.status >= 400:
            raise refusal("Jira", request, answer)
        return wire.users(answer.body)

    def _good(self, request: Request, key: str | None) -> Answer:
        return ask(self._transport, request, key)

    def _checked(self, request: Request, answer: Answer, key: str | None) -> Answer:
        return checked(self._transport, request, answer, key)


def ask(transport: Transport, request: Request, key: str | None) -> Answer:
    """Send a request; return a good answer that carries ``key`` (None: a list), else a SiteError."""
    return checked(transport, request, transport.try_send(request), key)


def checked(transport: Transport, request: Request, answer: Answer, key: str | None) -> Answer:
    """Return a good answer of the expected shape; raise a SiteError for anything else."""
    if answer.status >= 400:
        raise refusal(transport.product, request, answer)
    if not wire.has(answer, key):
        raise BadAnswer(transport.product, request.what, text("data of another kind"))
    return answer
