"""The webhooks of a Jira site behind the Hooks port, Cloud or Data Center. In no contract file.

Cloud: ``/rest/webhooks/1.0/webhook`` (https://developer.atlassian.com/cloud/jira/platform/webhooks/,
"Registering a webhook using the REST API"). Data Center since 10.0:
``/rest/jira-webhook/1.0/webhooks``, with the secret and the filter inside ``configuration``.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Answer, Request, judged, refusal
from bridge.errors import Forbidden, WebhooksForbidden
from bridge.site import Webhook

WRITES = "webhooks"  # what a fence must allow: they belong to the site, to no project
_ON_ISSUES = "issue-related-events-section"  # the filter's name: it is for events about issues
_Raw = Mapping[str, Any]


class Shape(Protocol):
    """How one flavour of Jira writes a webhook. Pure."""

    @property
    def path(self) -> str:
        """Return where webhooks are kept, below the site's address."""
        ...

    def body(self, webhook: Webhook, secret: str) -> dict[str, Any]:
        """Return what registers a webhook."""
        ...

    def webhook(self, raw: _Raw) -> Webhook:
        """Return a webhook from its JSON; raise KeyError, TypeError or ValueError for what is none."""
        ...


class CloudShape:
    """Implements :class:`Shape`."""

    path = "/rest/webhooks/1.0/webhook"

    def body(self, webhook: Webhook, secret: str) -> dict[str, Any]:
        """Return what registers a webhook; its events carry their bodies, which name the issue."""
        return {
            "name": webhook.name,
            "url": webhook.url,
            "events": list(webhook.events),
            "filters": {_ON_ISSUES: webhook.jql},
            "excludeBody": False,
            "secret": secret,
        }

    def webhook(self, raw: _Raw) -> Webhook:
        """Return a webhook; its id stands at the end of its own address only."""
        return Webhook(
            id=str(int(str(raw["self"]).rpartition("/")[2])),
            name=str(raw["name"]),
            url=str(raw["url"]),
            enabled=bool(raw["enabled"]),
            events=tuple(raw["events"]),
            jql=str((raw.get("filters") or {}).get(_ON_ISSUES) or ""),
        )


class DataCenterShape:
    """Implements :class:`Shape`."""

    path = "/rest/jira-webhook/1.0/webhooks"

    def body(self, webhook: Webhook, secret: str) -> dict[str, Any]:
        """Return what registers a webhook; the values of its configuration are texts."""
        return {
            "name": webhook.name,
            "url": webhook.url,
            "events": list(webhook.events),
            "active": True,
            "scopeType": "global",
            "configuration": {
                "EXCLUDE_BODY": "false",
                "FILTERS": json.dumps({_ON_ISSUES: webhook.jql}),
                "SECRET": secret,
            },
        }

    def webhook(self, raw: _Raw) -> Webhook:
        """Return a webhook."""
        filters = json.loads((raw.get("configuration") or {}).get("FILTERS") or "{}")
        return Webhook(
            id=str(int(raw["id"])),
            name=str(raw["name"]),
            url=str(raw["url"]),
            enabled=bool(raw["active"]),
            events=tuple(raw["events"]),
            jql=str(filters.get(_ON_ISSUES) or ""),
        )


@judged("Jira")
class JiraHooks:
    """Implements :class:`bridge.ports.Hooks`."""

    def __init__(self, transport: Transport, shape: Shape) -> None:
        self._transport = transport
        self._shape = shape

    def registered(self) -> Sequence[Webhook]:
        """Return every webhook of the site."""
        listed = self._send(Request(method="GET", path=self._shape.path)).body
        if not isinstance(listed, list):
            raise TypeError(listed)
        return [self._shape.webhook(raw) for raw in listed]

    def register(
        self, name: str, url: str, secret: str, events: Sequence[str], jql: str
    ) -> Webhook:
        """Register a webhook; sent once, since a second one would be told everything too."""
        self._transport.keep_secret(secret)
        asked = Webhook("", name, url, enabled=True, events=tuple(events), jql=jql)
        request = Request(
            method="POST",
            path=self._shape.path,
            body=self._shape.body(asked, secret),
            writes=(WRITES,),
            repeatable=False,
        )
        return self._shape.webhook(self._send(request).body)

    def unregister(self, webhook_id: str) -> None:
        """Take a webhook away; one that is gone already is no trouble."""
        request = Request(
            method="DELETE",
            path=f"{self._shape.path}/{int(webhook_id)}",
            writes=(WRITES,),
            expects="anything",
        )
        self._send(request, gone_is_fine=True)

    def _send(self, request: Request, *, gone_is_fine: bool = False) -> Answer:
        answer = self._transport.try_send(request)
        if answer.status < 400 or (answer.status == 404 and gone_is_fine):
            return answer
        error = refusal("Jira", request, answer)
        raise WebhooksForbidden(error.detail) if isinstance(error, Forbidden) else error
