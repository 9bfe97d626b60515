"""Arranging a running sandbox over HTTP, from this machine only, under ``/_sandbox``.

Everything is JSON; writing needs ``Content-Type: application/json`` and no foreign ``Origin``.

- ``GET  /_sandbox`` what :attr:`Sandbox.ready` says, without the token
- ``GET  /_sandbox/requests`` the log; ``DELETE`` empties it
- ``GET  /_sandbox/faults``; ``POST {"what": "status", "status": 429, "headers": {}, "at": 1, "times": 1,
  "method": "POST", "path": "/issue"}`` or ``{"latency": 0.2}``; ``DELETE`` clears (kinds:
  :mod:`bridge.sandbox.faults`)
- ``POST /_sandbox/lag {"requests": 3, "seconds": 0, "flicker": false}``; ``DELETE`` lets the index catch up
- ``POST /_sandbox/limits {"burst": {"GET": 5}, "per_issue": true, "quota": 1000, "quota_of": "tenant"}`` or
  ``{"datacenter": {"capacity": 10, "fill": 2, "interval": 1}}``; ``DELETE`` lifts them
- ``POST /_sandbox/clock {"now": "2026-12-17T08:30:00+01:00"}`` stops the clock; ``{"now": null}`` lets it run
- ``POST /_sandbox/permissions {"who": "Camille", "permission": "EDIT_ISSUES", "project": "MKT",
  "given": false}``;
  ``{"space": "MKT", "permission": "update"}`` for Confluence; ``{"who": …, "project": "MKT", "admin": true}``
- ``POST /_sandbox/people {"name": …, "email": …}`` answers a token;
  ``{"who": …, "active": false, "hidden_email": true}``
- ``POST /_sandbox/tokens {"who": …, "scopes": ["read:jira-work"], "expires": "2027-01-01T00:00:00.000Z"}``
  answers a token
- ``POST /_sandbox/projects {"key": …, "name": …, "style": "next-gen", "lead": …}``
- ``POST /_sandbox/workflows {"key": "MKT", "type_name": "Task", "initial": …, "transitions": [{"name": …,
  "to": …, "from": […], "conditions": ["group:deciders | assignee"], "screen": ["resolution"],
  "required": […]}]}``
- ``POST /_sandbox/groups {"who": …, "group": …, "member": true}``;
  ``POST /_sandbox/roles {"who": …, "role": …, "key": "MKT"}``
- ``POST /_sandbox/fields {"name": …, "kind": "date"}``;
  ``{"project": "MKT", "field": "Start date", "required": true}``
  or ``"hidden": true`` (with ``"screen"`` and ``"type"`` if wanted)
- ``POST /_sandbox/link-types {"name": "Blocks", "to": "Bloque"}``; ``{"name": …, "remove": true}``
- ``POST /_sandbox/webhooks {"delay": 0.1, "hold": true, "out_of_order": true, "duplicates": true,
  "anywhere": true}``;
  ``GET /_sandbox/webhooks`` lists deliveries; ``POST /_sandbox/webhooks/deliver`` tries all that wait now
- ``POST /_sandbox/habits {"quiet_refused": false}``
"""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from bridge.sandbox.call import BadRequestError, answer, body, nothing
from bridge.sandbox.faults import KINDS, Fault
from bridge.sandbox.people import NoSuchPersonError

if TYPE_CHECKING:
    from bridge.sandbox.server import Sandbox

_LOCAL = ("127.0.0.1", "::1")


def control(box: "Sandbox") -> Blueprint:
    """Return the control interface of one sandbox."""
    desk = _Desk(box)
    blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")
    blueprint.before_request(_only_from_here)
    blueprint.register_error_handler(LookupError, _unknown)
    blueprint.register_error_handler(TypeError, _unknown)
    for rule, method, view in desk.routes():
        blueprint.add_url_rule(rule, f"{method} {rule}", view, methods=[method])
    return blueprint


def _only_from_here() -> None:
    foreign = request.headers.get(
        "Origin", request.host_url.rstrip("/")
    ) != request.host_url.rstrip("/")
    if request.remote_addr not in _LOCAL or foreign:
        raise BadRequestError(403, "only from this machine")


def _unknown(error: Exception) -> Response:
    what = "nobody is called " if isinstance(error, NoSuchPersonError) else ""
    return answer({"message": f"{what}{error}"}, 400)


def _given() -> dict[str, Any]:
    sent = body()
    if not isinstance(sent, dict):
        raise BadRequestError(400, "expected a JSON object")
    return sent


class _Desk:
    """One method per path."""

    def __init__(self, box: "Sandbox") -> None:
        self._box = box

    def routes(self) -> list[tuple[str, str, Any]]:
        """Path, method and view."""
        return [
            ("", "GET", self.ready),
            ("/requests", "GET", self.requests),
            ("/requests", "DELETE", self.forget_requests),
            ("/faults", "GET", self.faults),
            ("/faults", "POST", self.add_fault),
            ("/faults", "DELETE", self.clear_faults),
            ("/lag", "POST", self.lag),
            ("/lag", "DELETE", self.catch_up),
            ("/limits", "POST", self.limits),
            ("/limits", "DELETE", self.lift_limits),
            ("/clock", "POST", self.clock),
            ("/permissions", "POST", self.permissions),
            ("/people", "POST", self.people),
            ("/tokens", "POST", self.tokens),
            ("/projects", "POST", self.projects),
            ("/workflows", "POST", self.workflows),
            ("/groups", "POST", self.groups),
            ("/roles", "POST", self.roles),
            ("/fields", "POST", self.fields),
            ("/link-types", "POST", self.link_types),
            ("/webhooks", "GET", self.deliveries),
            ("/webhooks", "POST", self.webhooks),
            ("/webhooks/deliver", "POST", self.deliver),
            ("/habits", "POST", self.habits),
        ]

    def ready(self) -> Response:
        return answer({k: v for k, v in self._box.ready.items() if k != "token"})

    def requests(self) -> Response:
        return answer([vars(r) for r in self._box.requests])

    def forget_requests(self) -> Response:
        self._box.forget_requests()
        return nothing()

    def faults(self) -> Response:
        return answer({"latency": self._box.faults.latency, "faults": self._box.faults.listed()})

    def add_fault(self) -> Response:
        sent = _given()
        if "latency" in sent:
            self._box.faults.latency = float(sent.pop("latency"))
        if sent:
            if sent.get("what") not in KINDS:
                raise BadRequestError(400, f"what must be one of {', '.join(KINDS)}")
            self._box.faults.add(Fault(**sent))
        return self.faults()

    def clear_faults(self) -> Response:
        self._box.faults.clear()
        return nothing()

    def lag(self) -> Response:
        lag = self._box.lag
        for name, value in _given().items():
            if not hasattr(lag, name) or name == "none":
                raise BadRequestError(400, f"lag has no {name}")
            setattr(lag, name, value)
        return answer({"requests": lag.requests, "seconds": lag.seconds, "flicker": lag.flicker})

    def catch_up(self) -> Response:
        lag = self._box.lag
        lag.requests, lag.seconds, lag.flicker = 0, 0.0, False
        self._box.site.jira.index.settle(everything=True)
        return nothing()

    def limits(self) -> Response:
        sent = _given()
        if "datacenter" in sent:
            self._box.limits.datacenter(**sent["datacenter"])
        else:
            self._box.limit(**sent)
        return nothing()

    def lift_limits(self) -> Response:
        self._box.limits.clear()
        return nothing()

    def clock(self) -> Response:
        now = _given().get("now")
        if now is None:
            self._box.now = lambda: datetime.now(UTC)
        else:
            try:
                moment = datetime.fromisoformat(now)
            except (TypeError, ValueError):
                raise BadRequestError(400, "now must be an ISO date and time") from None
            fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            self._box.now = lambda: fixed
        return answer({"now": self._box.site.now()})

    def permissions(self) -> Response:
        sent, site = _given(), self._box.site
        given = bool(sent.get("given", True))
        if "admin" in sent:
            site.jira.setup.make_project_admin(
                sent["who"], sent["project"], admin=bool(sent["admin"])
            )
        elif "space" in sent:
            change = site.confluence.spaces.grant if given else site.confluence.spaces.revoke
            change(sent["who"], sent["permission"], sent["space"])
        else:
            right = site.jira.setup.grant if given else site.jira.setup.revoke
            right(sent["who"], sent["permission"], sent.get("project"))
        return nothing()

    def people(self) -> Response:
        sent, people = _given(), self._box.site.people
        if "who" in sent:
            person = people.change(sent.pop("who"), **sent)
            return answer({"accountId": person.account_id, "username": person.username})
        external, service = bool(sent.get("external")), bool(sent.get("service"))
        person = people.add(sent["name"], sent["email"], external=external, service=service)
        names = {"accountId": person.account_id, "username": person.username}
        return answer({**names, "token": people.issue_token(person)}, 201)

    def tokens(self) -> Response:
        token = self._box.site.people.issue_token(**_given())
        return answer({"token": token}, 201)

    def projects(self) -> Response:
        project = self._box.site.jira.setup.add_project(**_given())
        return answer({"id": project.id, "key": project.key}, 201)

    def workflows(self) -> Response:
        self._box.site.jira.setup.set_workflow(**_given())
        return nothing()

    def groups(self) -> Response:
        self._box.site.people.join(**_given())
        return nothing()

    def roles(self) -> Response:
        self._box.site.jira.setup.cast(**_given())
        return nothing()

    def fields(self) -> Response:
        sent, setup = _given(), self._box.site.jira.setup
        if "project" not in sent:
            return answer({"id": setup.add_field(**sent).id}, 201)
        place, kind = (sent["project"], sent["field"]), sent.get("type")
        if "required" in sent:
            setup.require(*place, type_name=kind, required=bool(sent["required"]))
        if "hidden" in sent:
            setup.hide(
                *place, screen=sent.get("screen"), type_name=kind, hidden=bool(sent["hidden"])
            )
        return nothing()

    def link_types(self) -> Response:
        sent, setup = _given(), self._box.site.jira.setup
        if sent.get("remove"):
            setup.remove_link_type(sent["name"])
        else:
            changes = {k: sent[k] for k in ("inward", "outward") if k in sent}
            setup.rename_link_type(
                sent["name"], **changes, **({"name": sent["to"]} if "to" in sent else {})
            )
        return nothing()

    def deliveries(self) -> Response:
        return answer(self._box.webhooks.deliveries.listed())

    def webhooks(self) -> Response:
        courier = self._box.webhooks
        for name, value in _given().items():
            if name == "delay":
                courier.delay = partial(float, float(value))
            elif name == "anywhere":
                courier.subscriptions.anywhere = bool(value)
            elif name in ("hold", "out_of_order", "duplicates"):
                setattr(courier, name, bool(value))
            else:
                raise BadRequestError(400, f"webhooks have no {name}")
        courier.look()
        return nothing()

    def deliver(self) -> Response:
        self._box.webhooks.look(now=True)
        return nothing(202)

    def habits(self) -> Response:
        for name, value in _given().items():
            if not hasattr(self._box.site.jira.habits, name):
                raise BadRequestError(400, f"no habit {name}")
            setattr(self._box.site.jira.habits, name, bool(value))
        return nothing()
