"""The webhooks of a site in a dictionary."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.errors import BadAnswer, Refused, WebhooksForbidden
from bridge.site import Webhook
from bridge.text import text


@dataclass
class TwinHooks:
    """Implements :class:`bridge.ports.Hooks`. ``allowed``: whether this account administers the site."""

    allowed: bool = False
    held: dict[str, Webhook] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def registered(self) -> Sequence[Webhook]:
        self._check()
        return list(self.held.values())

    def register(
        self, name: str, url: str, secret: str, events: Sequence[str], jql: str
    ) -> Webhook:
        self._check()
        if not url.startswith(("http://", "https://")):
            raise Refused("Jira", "register", 400, "url: The URL cannot be used.")
        self.count += 1
        made = Webhook(str(self.count), name, url, enabled=True, events=tuple(events), jql=jql)
        self.held[made.id] = made
        self.secrets[made.id] = secret
        return made

    def unregister(self, webhook_id: str) -> None:
        self._check()
        if not webhook_id.isdecimal():
            raise BadAnswer("Jira", "unregister", text("data of another kind"))
        self.held.pop(webhook_id, None)

    def _check(self) -> None:
        if not self.allowed:
            raise WebhooksForbidden("You do not have permission to administer webhooks.")
