"""Registered webhooks: which URL is told of which events, for which issues, signed with which secret."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bridge.sandbox.jira.jql.parse import parse
from bridge.sandbox.jira.jql.tree import JqlError
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.store import Store

EVENTS = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
)
"""The events that the sandbox sends; others may be registered for, and never come."""
FILTER = "issue-related-events-section"
_EVENT = re.compile(r"(jira:)?[a-z]+(_[a-z]+)+")


@dataclass(frozen=True)
class Webhook:
    """One registration. The ``secret`` is never shown again."""

    id: int
    name: str
    url: str
    author: str
    updated: str
    events: list[str] = field(default_factory=list)
    jql: str = ""
    exclude_body: bool = False
    secret: str = ""
    enabled: bool = True
    created: str = ""


class Subscriptions:
    """Every webhook of the site. ``anywhere`` allows targets beyond this machine."""

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._shelf = store.shelf("webhook", lambda doc: Webhook(**doc))
        self.anywhere = False

    def __iter__(self) -> Iterator[Webhook]:
        return iter(self._shelf)

    def __len__(self) -> int:
        return len(self._shelf)

    def get(self, webhook_id: int) -> Webhook | None:
        """Return the webhook with this id, or None."""
        return self._shelf.get(str(webhook_id))

    def add(self, asked: dict[str, Any], author: str) -> Webhook:
        """Register a webhook.

        Raises:
            JiraRefusalError: 400, something is missing or cannot be used.

        """
        number = self._store.next_id("webhook", 1)
        now = self._now()
        blank = Webhook(number, "", "", author, now, created=now)
        return self._shelf.put(str(number), self._filled(blank, asked))

    def change(self, webhook: Webhook, asked: dict[str, Any], author: str) -> Webhook:
        """Change what is given; a secret that is not given stays.

        Raises:
            JiraRefusalError: 400, something cannot be used.

        """
        after = replace(self._filled(webhook, asked), author=author, updated=self._now())
        return self._shelf.put(str(webhook.id), after)

    def remove(self, webhook: Webhook) -> None:
        """Delete a webhook."""
        self._shelf.drop(str(webhook.id))

    def _filled(self, webhook: Webhook, asked: dict[str, Any]) -> Webhook:
        filters = asked.get("filters") or {}
        jql = filters.get(FILTER) if isinstance(filters, dict) else None
        made = replace(
            webhook,
            name=asked.get("name", webhook.name),
            url=asked.get("url", webhook.url),
            events=asked.get("events", webhook.events),
            jql=asked.get("jqlFilter", webhook.jql) if jql is None else jql,
            exclude_body=bool(asked.get("excludeBody", webhook.exclude_body)),
            secret=asked.get("secret", webhook.secret) or "",
            enabled=bool(asked.get("enabled", webhook.enabled)),
        )
        self._check(made)
        return made

    def _check(self, made: Webhook) -> None:
        texts: tuple[object, ...] = (made.name, made.url, made.jql, made.secret)
        if not all(isinstance(text, str) for text in texts) or not made.name.strip():
            raise JiraRefusalError(400, errors={"name": "A name is required."})
        if not self._reachable(made.url):
            raise JiraRefusalError(400, errors={"url": "The URL cannot be used."})
        events: object = made.events
        if not isinstance(events, list) or not all(
            isinstance(event, str) and _EVENT.fullmatch(event) for event in events
        ):
            raise JiraRefusalError(400, errors={"events": "Events must be a list of names."})
        try:
            parse(made.jql)
        except JqlError as wrong:
            raise JiraRefusalError(400, errors={"filters": str(wrong)}) from None

    def _reachable(self, url: str) -> bool:
        """Whether a URL can be told: the real service wants public HTTPS, this one its own machine."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not host:
            return False
        return self.anywhere or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
