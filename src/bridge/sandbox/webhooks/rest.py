"""Registering webhooks, for administrators. In no contract file.

Cloud: ``/rest/webhooks/1.0/webhook``. Data Center since 10.0: ``/rest/jira-webhook/1.0/webhooks``, with
the secret and the filter inside ``configuration`` (a secret beside it is ignored), as public clients of
version 10 send it and n8n's and jira.js' read it.
"""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from bridge.sandbox import moments
from bridge.sandbox.call import answer, body, nothing, the_call
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.routes import shapes
from bridge.sandbox.store import dumps, loads
from bridge.sandbox.webhooks.subscriptions import FILTER, Subscriptions, Webhook

if TYPE_CHECKING:
    from bridge.sandbox.people import Person


def webhooks(subscriptions: Subscriptions, *, server: bool) -> Blueprint:
    """Return the operations on the webhooks of a site; ``server``: as Data Center has them."""
    desk = _ServerDesk(subscriptions) if server else _Desk(subscriptions)
    path = "/jira/rest/jira-webhook/1.0/webhooks" if server else "/rest/webhooks/1.0/webhook"
    blueprint = Blueprint("webhooks", __name__, url_prefix=path)
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
        return answer([self.shape(one) for one in self._subscriptions])

    def one(self, webhook_id: int) -> Response:
        return answer(self.shape(self._found(webhook_id)))

    def add(self) -> Response:
        made = self._subscriptions.add(self.asked(), the_call().someone.account_id)
        return answer(self.shape(made), 201)

    def change(self, webhook_id: int) -> Response:
        author = the_call().someone.account_id
        changed = self._subscriptions.change(self._found(webhook_id), self.asked(), author)
        return answer(self.shape(changed))

    def remove(self, webhook_id: int) -> Response:
        self._subscriptions.remove(self._found(webhook_id))
        return nothing()

    def asked(self) -> dict[str, Any]:
        """Return what was sent, as :meth:`Subscriptions.add` takes it."""
        sent = body()
        if not isinstance(sent, dict):
            raise JiraRefusalError(400, "expected a JSON object")
        return sent

    def shape(self, webhook: Webhook) -> dict[str, Any]:
        """Answer a webhook; of its secret only whether there is one."""
        call, told = the_call(), shapes()
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
            "lastUpdatedDisplayName": told.display_name(webhook.author),
            "lastUpdated": told.time(webhook.updated),
        }


class _ServerDesk(_Desk):
    """The operations in Data Center's words."""

    def asked(self) -> dict[str, Any]:
        """Return what was sent, its ``configuration`` in Cloud's words."""
        sent = super().asked()
        given = sent.get("configuration") or {}
        if not isinstance(given, dict):
            raise JiraRefusalError(400, errors={"configuration": "expected a JSON object"})
        asked: dict[str, Any] = {
            name: sent[name] for name in ("name", "url", "events") if name in sent
        }
        if "active" in sent:
            asked["enabled"] = sent["active"]
        if "SECRET" in given:
            asked["secret"] = given["SECRET"]
        if "EXCLUDE_BODY" in given:
            asked["excludeBody"] = str(given["EXCLUDE_BODY"]).lower() == "true"
        if "FILTERS" in given:
            asked["filters"] = _filters(given["FILTERS"])
        return asked

    def shape(self, webhook: Webhook) -> dict[str, Any]:
        """Answer a webhook, without its secret; moments are milliseconds."""
        configuration = {
            "EXCLUDE_BODY": str(webhook.exclude_body).lower(),
            "FILTERS": dumps({FILTER: webhook.jql}),
        }
        changed = int(moments.moment(webhook.updated).timestamp() * 1000)
        return {
            "id": webhook.id,
            "name": webhook.name,
            "createdDate": int(
                moments.moment(webhook.created or webhook.updated).timestamp() * 1000
            ),
            "updatedDate": changed,
            "events": webhook.events,
            "configuration": configuration,
            "url": webhook.url,
            "active": webhook.enabled,
            "scopeType": "global",
            "sslVerificationRequired": True,
        }


def _filters(text: Any) -> Any:
    """Return the filter inside a configuration, whose values are texts."""
    if not isinstance(text, str):
        return text
    try:
        return loads(text) if text.strip() else {}
    except ValueError:
        raise JiraRefusalError(400, errors={"configuration": "FILTERS is no JSON"}) from None
