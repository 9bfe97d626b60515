"""What registering webhooks needs from a site."""

from collections.abc import Sequence
from typing import Protocol

from bridge.site import Webhook


class Hooks(Protocol):
    """The webhooks of a Jira site, as its administrators keep them. Every method may raise a SiteError.

    Who does not administer the site is refused with WebhooksForbidden.
    """

    def registered(self) -> Sequence[Webhook]:
        """Return every webhook of the site, whoever registered it."""
        ...

    def register(
        self, name: str, url: str, secret: str, events: Sequence[str], jql: str
    ) -> Webhook:
        """Register a webhook that signs what it sends with ``secret``.

        Raises LostAnswer where it is not known whether it was registered.
        """
        ...

    def unregister(self, webhook_id: str) -> None:
        """Take a webhook away; where there is none, nothing happens."""
        ...
