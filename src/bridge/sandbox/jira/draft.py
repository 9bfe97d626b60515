"""A create or edit request, taken apart: which field gets which verbs, before anything is decided."""

from dataclasses import dataclass, field
from typing import Any

from bridge.sandbox.jira.attached import requested_properties
from bridge.sandbox.jira.refusals import JiraRefusalError

Verb = tuple[str, Any]


@dataclass(frozen=True)
class Draft:
    """What a client asks for: field id to (verb, raw value) pairs, and entity properties."""

    verbs: dict[str, list[Verb]]
    properties: list[tuple[str, Any]] = field(default_factory=list)

    def single(self, name: str) -> Any:
        """Return the raw value that ``set`` gives a field, or None."""
        return next((raw for verb, raw in self.verbs.get(name, []) if verb == "set"), None)


def draft(body: Any) -> Draft:
    """Read ``{"fields": …, "update": …, "properties": …}``; a ``transition`` is ignored.

    Raises:
        JiraRefusalError: 400, of another shape, or a field named in both parts.

    """
    if not isinstance(body, dict):
        raise JiraRefusalError(
            400, "There was an error parsing JSON. Check that your request body is valid."
        )
    fields, update = body.get("fields") or {}, body.get("update") or {}
    if not isinstance(fields, dict) or not isinstance(update, dict):
        raise JiraRefusalError(400, "Can not deserialize instance of java.util.LinkedHashMap")
    twice = sorted(set(fields) & set(update))
    if twice:
        sentence = f"Field '{twice[0]}' cannot appear in both 'fields' and 'update'"
        raise JiraRefusalError(400, errors={twice[0]: sentence})
    verbs: dict[str, list[Verb]] = {name: [("set", raw)] for name, raw in fields.items()}
    for name, operations in update.items():
        verbs[name] = _operations(name, operations)
    return Draft(verbs, requested_properties(body.get("properties") or []))


def _operations(name: str, operations: Any) -> list[Verb]:
    if not isinstance(operations, list) or not all(isinstance(o, dict) for o in operations):
        raise JiraRefusalError(400, errors={name: "Operations must be a list of objects"})
    return [(verb, raw) for operation in operations for verb, raw in operation.items()]
