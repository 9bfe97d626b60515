"""From what happened to deliveries: which webhooks want to know, and what each is told."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bridge.sandbox.jira.happenings import Happening
from bridge.sandbox.jira.tracker import Jira
from bridge.sandbox.store import dumps
from bridge.sandbox.webhooks.bodies import body
from bridge.sandbox.webhooks.deliveries import Deliveries
from bridge.sandbox.webhooks.subscriptions import Subscriptions, Webhook

_VARIABLE = {False: re.compile(r"\$\{([a-z.]+)\}"), True: re.compile(r"\{([a-z.]+)\}")}
"""How a registered URL names what is filled in: on Cloud, and on Data Center since 10.0."""


class Announcer:
    """Listens to a Jira and writes deliveries; ``base`` returns its address without a context path."""

    def __init__(
        self,
        jira: Jira,
        subscriptions: Subscriptions,
        deliveries: Deliveries,
        base: Callable[[], str],
    ) -> None:
        self._jira = jira
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._base = base

    def hear(self, happening: Happening) -> None:
        """Write a delivery for each webhook that wants to know."""
        wanting = [w for w in self._subscriptions if self._wants(w, happening)]
        if not wanting:
            return
        told = dumps(body(self._jira, happening, self._base())).encode()
        for webhook in wanting:
            self._deliveries.add(
                webhook.id, happening.event, happening.issue.key, self._url(webhook, happening),
                b"" if webhook.exclude_body else told, self._jira.setup.now(),
            )  # fmt: skip

    def _wants(self, webhook: Webhook, happening: Happening) -> bool:
        if not webhook.enabled or happening.event not in webhook.events:
            return False
        if not webhook.jql.strip():
            return True
        author = self._jira.setup.people.get(webhook.author)
        return self._jira.search.matches(webhook.jql, author, happening.issue.id)

    def _url(self, webhook: Webhook, happening: Happening) -> str:
        """Fill ``${issue.key}`` (on Data Center ``{issue.key}``) and the like into the registered URL."""
        issue = happening.issue
        project = self._jira.setup.projects[issue.project]
        known: dict[str, Any] = {
            "issue.id": issue.id,
            "issue.key": issue.key,
            "project.id": project.id,
            "project.key": project.key,
            "comment.id": happening.comment.id if happening.comment else "",
        }
        return _VARIABLE[self._jira.setup.flavour.server].sub(
            lambda match: quote(str(known.get(match.group(1), match.group())), safe=""), webhook.url
        )
