"""Registering webhooks: ``/rest/webhooks/1.0/webhook``, for administrators. In no contract file."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from bridge.sandbox.call import answer, body, nothing, the_call
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.shapes import Shapes
from bridge.sandbox.webhooks.subscriptions import FILTER, Subscriptions, Webhook

if TYPE_CHECKING:
    from bridge.sandbox.people import Person


def webhooks(subscriptions: Subscriptions) -> Blueprint:
    """Return the operations on the webhooks of a site."""
    desk = _Desk(subscriptions)
    blueprint = Blueprint("webhooks", __name__, url_prefix="/rest/webhooks/1.0/webhook")
    blueprint.before_request(_administrator)
    blueprint.get("")(desk.listed)
    blueprint.post("")(desk.add)
    blueprint.get("/<int:webhook_id>")(desk.one)
    blueprint.put("/<int:webhook_id>")(desk.change)
    blueprint.delete("/<int:webhook_id>")(desk.remove)
    return blueprint


def _administrator() -> None:
    person: Person = the_call().someone
    if not permissions.allowed_globally(person, permissions.ADMINISTER):
        raise JiraRefusalError(403, "You do not have permission to administer webhooks.")


class _Desk:
    """One method per operation."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def _found(self, webhook_id: int) -> Webhook:
        found = self._subscriptions.get(webhook_id)
        if found is None:
            raise JiraRefusalError(404, f"No webhook with id {webhook_id} exists.")
        return found

    def listed(self) -> Response:
        return answer([_shape(one) for one in self._subscriptions])

    def one(self, webhook_id: int) -> Response:
        return answer(_shape(self._found(webhook_id)))

    def add(self) -> Response:
        return answer(_shape(self._subscriptions.add(_sent(), the_call().someone.account_id)), 201)

    def change(self, webhook_id: int) -> Response:
        author = the_call().someone.account_id
        changed = self._subscriptions.change(self._found(webhook_id), _sent(), author)
        return answer(_shape(changed))

    def remove(self, webhook_id: int) -> Response:
        self._subscriptions.remove(self._found(webhook_id))
        return nothing()


def _sent() -> dict[str, Any]:
    sent = body()
    if not isinstance(sent, dict):
        raise JiraRefusalError(400, "expected a JSON object")
    return sent


def _shape(webhook: Webhook) -> dict[str, Any]:
    """Answer a webhook; of its secret only whether there is one."""
    call = the_call()
    shapes = Shapes(call.site.jira, call.person, call.base, 2)
    return {
        "name": webhook.name,
        "url": webhook.url,
        "excludeBody": webhook.exclude_body,
        "filters": {FILTER: webhook.jql},
        "events": webhook.events,
        "enabled": webhook.enabled,
        "isSigned": bool(webhook.secret),
        "self": f"{call.base}/rest/webhooks/1.0/webhook/{webhook.id}",
        "lastUpdatedUser": webhook.author,
        "lastUpdatedDisplayName": shapes.display_name(webhook.author),
        "lastUpdated": shapes.time(webhook.updated),
    }
