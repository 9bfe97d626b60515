"""How an epic and its children are tied together on Data Center: Epic Name, Epic Link, both custom fields.

An Epic Link is kept as Cloud keeps a parent, so boards and searches see one tree; only the way in
and out differs.
"""

from collections.abc import Callable
from typing import Any

from bridge.sandbox.jira.kinds import EPIC_LEVEL, STANDARD_LEVEL, IssueType
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.jira.values import WrongValueError


def epic_id(
    setup: Setup, kind: IssueType, raw: Any, find: Callable[[str], Issue | None]
) -> int | None:
    """Return the id of the epic whose key an Epic Link holds; None where the link is taken away.

    Raises:
        WrongValueError: not the key of an epic, or an issue that cannot stand below one.

    """
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise WrongValueError("Epic Link must be the key of an epic, as a string.")
    if kind.level != STANDARD_LEVEL:
        raise WrongValueError(f"Issues of type {kind.name} cannot be linked to an epic.")
    epic = find(raw.removeprefix("key:"))
    if epic is None or setup.types[epic.type].level != EPIC_LEVEL:
        raise WrongValueError(f"Issue '{raw}' is not an epic, or you cannot see it.")
    return epic.id


def for_this_flavour(
    setup: Setup, kind: IssueType | None, fields: dict[str, Any], *, new: bool = False
) -> dict[str, Any]:
    """Return fields with the parent named as this kind of site names it.

    A new epic gets its title as Epic Name where nothing else is said.
    """
    if not setup.flavour.server or kind is None:
        return fields
    if "parent" in fields and not kind.subtask:
        parent = fields["parent"]
        rest = {name: value for name, value in fields.items() if name != "parent"}
        fields = {**rest, setup.flavour.epic_link: parent["key"] if parent else None}
    if new and kind.level == EPIC_LEVEL:
        return {setup.flavour.epic_name: fields.get("summary"), **fields}
    return fields
