"""The bodies of webhooks: always the shape of version 2 of the REST interface.

Which keys stand where was seen in captured bodies (``contracts/webhook-samples``): a comment's event
carries a trimmed issue (none on Data Center) and no user; a deletion has no name of its type, but the
issue's comments.
"""

from collections.abc import Sequence
from typing import Any

from bridge.sandbox import moments
from bridge.sandbox.jira.happenings import Happening
from bridge.sandbox.jira.rest.issue_shape import IssueShape, Selection
from bridge.sandbox.jira.rest.server_shapes import shapes_of
from bridge.sandbox.jira.rest.shapes import Shapes
from bridge.sandbox.jira.tracker import Jira

Json = dict[str, Any]
_BESIDE_A_COMMENT = ("summary", "issuetype", "project", "assignee", "priority", "status")


def body(jira: Jira, happening: Happening, base: str) -> Json:
    """Return the body that tells of something; ``base`` is the site's address without a context path."""
    shapes = shapes_of(jira, None, base, 2)
    told: Json = {
        "timestamp": int(moments.moment(jira.setup.now()).timestamp() * 1000),
        "webhookEvent": happening.event,
    }
    if happening.comment is not None:
        told["comment"] = shapes.comment(happening.comment)
        if jira.setup.flavour.server:
            return told
        return told | {"issue": _issue(shapes, happening, _BESIDE_A_COMMENT)}
    kind = _type_of(happening)
    if kind:
        told["issue_event_type_name"] = kind
    told |= {
        "user": shapes.account(happening.actor),
        "issue": _issue(shapes, happening, ("*all", "-comment") if kind else ("*all",)),
    }
    if happening.change is not None:
        items = [shapes.changed(one) for one in happening.items]
        told["changelog"] = {"id": str(happening.change), "items": items}
    return told


def _issue(shapes: Shapes, happening: Happening, fields: Sequence[str]) -> Json:
    shape = IssueShape(shapes, Selection(fields, "*all")).issue(happening.issue)
    return {name: shape[name] for name in ("id", "self", "key", "fields")}


def _type_of(happening: Happening) -> str | None:
    """Return the older name of the event, by what changed."""
    if happening.event == "jira:issue_created":
        return "issue_created"
    if happening.event == "jira:issue_deleted":
        return None
    changed = [one["field"] for one in happening.items]
    if "status" in changed:
        return "issue_generic"
    return "issue_assigned" if changed == ["assignee"] else "issue_updated"
