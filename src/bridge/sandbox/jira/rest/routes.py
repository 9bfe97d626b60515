"""Where Jira's operations are registered: under ``/rest/api/2``, ``/rest/api/3`` and ``/rest/api/latest``."""

from typing import Any

from flask import Blueprint

from bridge.sandbox.call import the_call
from bridge.sandbox.jira.rest.server_shapes import shapes_of
from bridge.sandbox.jira.rest.shapes import Shapes
from bridge.sandbox.jira.tracker import Jira

api = Blueprint("jira", __name__, url_prefix="/rest/api/<any('2', '3', 'latest'):_version>")


@api.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.pop("_version", None)


def jira() -> Jira:
    """Answer the Jira that is called."""
    return the_call().site.jira


def shapes() -> Shapes:
    """How this caller sees things."""
    call = the_call()
    return shapes_of(call.site.jira, call.person, call.base, call.api, call.gateway)


def page(values: list[Any], start: int, size: int, **more: Any) -> dict[str, Any]:
    """One page of a list in the usual envelope: startAt, maxResults, total, isLast, values."""
    return {
        "startAt": start,
        "maxResults": size,
        "total": len(values),
        "isLast": start + size >= len(values),
        "values": values[start : start + size],
        **more,
    }
