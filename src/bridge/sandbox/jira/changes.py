"""The changelog: what differs between two states of an issue, in the words of Jira's history.

``from`` and ``to`` are ids, ``fromString`` and ``toString`` are names; labels are one text with
blanks between them; a due date's ``*String`` carries a midnight; ``IssueParentAssociation`` has no
``fieldId``. Seen in captured webhook bodies (``contracts/webhook-samples``) and live changelogs.
"""

from collections.abc import Callable
from typing import Any, TypedDict

from bridge.sandbox.jira.kinds import Field, LinkType
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.richtext.to_wiki import to_wiki

Side = tuple[str | None, str | None]
"""The id and the name of a value; None where there is none."""

Item = TypedDict(
    "Item",
    {
        "field": str,
        "fieldtype": str,
        "fieldId": str | None,
        "from": str | None,
        "fromString": str | None,
        "to": str | None,
        "toString": str | None,
    },
)


def item(
    field: str, field_id: str | None, before: Side, after: Side, *, fieldtype: str = "jira"
) -> Item:
    """One line of one change."""
    return {
        "field": field,
        "fieldtype": fieldtype,
        "fieldId": field_id,
        "from": before[0],
        "fromString": before[1],
        "to": after[0],
        "toString": after[1],
    }


def link_item(
    link_type: LinkType, other_key: str, *, outward: bool, added: bool, subject: str = "This issue"
) -> Item:
    """Return a link made or taken away, as it stands in the history of one of its two issues."""
    phrase = link_type.outward if outward else link_type.inward
    side: Side = (other_key, f"{subject} {phrase} {other_key}")
    nothing: Side = (None, None)
    return item("Link", "issuelinks", nothing if added else side, side if added else nothing)


class Differ:
    """Compares two states of one issue; ``keys`` maps the ids of parents to their keys."""

    def __init__(self, setup: Setup, keys: dict[int, str]) -> None:
        self._setup = setup
        self._keys = keys

    def items(self, before: Issue, after: Issue) -> list[Item]:
        """Every difference, in the order of the site's fields."""
        found: list[Item] = []
        if before.type != after.type:
            types = self._setup.types
            sides = (before.type, types[before.type].name), (after.type, types[after.type].name)
            found.append(item("issuetype", "issuetype", *sides))
        if before.parent != after.parent:
            found.append(self._new_parent(before, after))
        for field in self._setup.fields:
            old, new = before.values.get(field.id), after.values.get(field.id)
            if old != new and field.id != "resolution":
                kind = "custom" if field.custom else "jira"
                name = field.name if field.custom else field.id
                found.append(
                    item(
                        name,
                        field.id,
                        self._side(field, old),
                        self._side(field, new),
                        fieldtype=kind,
                    )
                )
        return found + self._workflow(before, after)

    def _new_parent(self, before: Issue, after: Issue) -> Item:
        sides = self._parent(before.parent), self._parent(after.parent)
        flavour = self._setup.flavour
        if not flavour.server:
            return item("IssueParentAssociation", None, *sides)
        if self._setup.types[after.type].subtask:
            return item("Parent", "parent", *sides)
        return item("Epic Link", flavour.epic_link, *sides, fieldtype="custom")

    def _workflow(self, before: Issue, after: Issue) -> list[Item]:
        found = []
        old, new = before.values.get("resolution"), after.values.get("resolution")
        if old != new:
            found.append(
                item("resolution", "resolution", self._resolution(old), self._resolution(new))
            )
        if before.status != after.status:
            names = self._setup.statuses
            sides = (
                (before.status, names[before.status].name),
                (after.status, names[after.status].name),
            )
            found.append(item("status", "status", *sides))
        return found

    def _resolution(self, value: str | None) -> Side:
        return (None, None) if value is None else (value, self._setup.resolutions[value].name)

    def _parent(self, value: int | None) -> Side:
        return (None, None) if value is None else (str(value), self._keys.get(value))

    def _side(self, field: Field, value: Any) -> Side:
        if field.kind in ("labels", "options"):
            return self._several(field, value or [])
        if value is None:
            return None, None
        if field.kind == "richtext":
            return None, to_wiki(value)
        shown = _SHOWN.get(field.kind)
        return (
            (None, str(value)) if shown is None else (str(value), shown(self._setup, field, value))
        )

    def _several(self, field: Field, value: list[str]) -> Side:
        if field.kind == "labels":
            return "" if not field.custom else None, " ".join(value)
        return str(value), ",".join(_option_name(field, v) for v in value)


def _option_name(field: Field, option_id: str) -> str:
    return next((o["value"] for o in field.options if o["id"] == option_id), option_id)


def _day(_: Setup, field: Field, value: str) -> str:
    return value if field.custom else f"{value} 00:00:00.0"


def _person(setup: Setup, _: Field, value: str) -> str:
    person = setup.people.get(value)
    return person.name if person else value


def _level(setup: Setup, _: Field, value: str) -> str:
    return next((level.name for p in setup.projects for level in p.levels if level.id == value), "")


_SHOWN: dict[str, Callable[[Setup, Field, str], str]] = {
    "date": _day,
    "user": _person,
    "priority": lambda setup, _, value: setup.priorities[value].name,
    "security": _level,
    "option": lambda _, field, value: _option_name(field, value),
}
"""Kind of field to how its value reads in a ``*String``."""
