"""The nouns of Jira's set-up: issue types, statuses, priorities, resolutions, link types, fields."""

from dataclasses import dataclass, field

EPIC_LEVEL, STANDARD_LEVEL, SUBTASK_LEVEL = 1, 0, -1
EPIC_LABEL = "com.pyxis.greenhopper.jira:gh-epic-label"
"""``schema.custom`` of Epic Name."""

STATUS_CATEGORIES = {
    "undefined": (1, "No Category", "medium-gray"),
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
"""Key to (id, English name, colour name), the same on every site."""


@dataclass(frozen=True)
class IssueType:
    """An issue type. ``project`` is set for the types of a team-managed project only."""

    id: str
    name: str
    level: int
    description: str = ""
    project: str | None = None

    @property
    def subtask(self) -> bool:
        """Whether issues of this type live below a standard issue."""
        return self.level == SUBTASK_LEVEL


@dataclass(frozen=True)
class Status:
    """A status. ``category`` is a key of :data:`STATUS_CATEGORIES`."""

    id: str
    name: str
    category: str
    description: str = ""
    project: str | None = None


@dataclass(frozen=True)
class Priority:
    """A priority; the smaller the id, the more urgent."""

    id: str
    name: str
    colour: str
    description: str = ""


@dataclass(frozen=True)
class Resolution:
    """How a finished issue ended."""

    id: str
    name: str


@dataclass(frozen=True)
class LinkType:
    """A link type: A (the source) ``outward`` B; B (the target) ``inward`` A."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True)
class Field:
    """A field of issues.

    ``type`` and ``items`` are what Jira's schema says; ``kind`` is how the sandbox reads and shows
    values; ``options`` are ``{"id", "value"}`` of a select list; ``clauses`` are its names in JQL.
    """

    id: str
    name: str
    type: str
    kind: str
    items: str | None = None
    custom: str | None = None
    clauses: list[str] = field(default_factory=list)
    options: list[dict[str, str]] = field(default_factory=list)
    project: str | None = None
    navigable: bool = True
    orderable: bool = True
    searchable: bool = True

    @property
    def number(self) -> int | None:
        """The number inside ``customfield_10015``; None for system fields."""
        return int(self.id.removeprefix("customfield_")) if self.custom else None

    def schema(self) -> dict[str, str | int]:
        """Return the schema as createmeta, editmeta and ``/field`` show it."""
        schema: dict[str, str | int] = {"type": self.type}
        if self.items:
            schema["items"] = self.items
        if self.custom and self.number:
            schema |= {"custom": self.custom, "customId": self.number}
        else:
            schema["system"] = self.id
        return schema

    @property
    def operations(self) -> list[str]:
        """The verbs that ``update`` takes for this field."""
        return {
            "labels": ["add", "set", "remove"],
            "options": ["add", "set", "remove"],
            "none": ["add", "set", "remove"],
            "links": ["add", "copy"],
            "comment": ["add", "edit", "remove"],
        }.get(self.kind, ["set"])
