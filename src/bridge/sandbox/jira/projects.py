"""Projects: their types, workflow, screens, required fields, rights and security levels."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Screen = Literal["create", "edit"]
EVERYONE = "everyone"
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Transition:
    """A step of a workflow; ``origins`` empty means from any status."""

    id: str
    name: str
    to: str
    origins: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SecurityLevel:
    """Who may see issues that carry this level; ``members`` are account ids."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Project:
    """A project.

    ``hidden``: screen to type id (or ``*``) to the field ids taken off it. ``required``: type id (or
    ``*``) to field ids. ``grants``: permission to holders (account ids, ``everyone`` signed in,
    ``anonymous``). ``denied``: permission to account ids that lack it all the same.
    """

    id: str
    key: str
    name: str
    style: str
    lead: str
    types: list[str]
    initial: str
    transitions: list[Transition]
    uuid: str
    description: str = ""
    hidden: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    required: dict[str, list[str]] = field(default_factory=dict)
    grants: dict[str, list[str]] = field(default_factory=dict)
    denied: dict[str, list[str]] = field(default_factory=dict)
    levels: list[SecurityLevel] = field(default_factory=list)

    @staticmethod
    def load(doc: dict[str, Any]) -> "Project":
        """Build a project from its document."""
        doc["transitions"] = [Transition(**t) for t in doc["transitions"]]
        doc["levels"] = [SecurityLevel(**level) for level in doc["levels"]]
        return Project(**doc)

    @property
    def team_managed(self) -> bool:
        """Whether the project is next-gen, with types and statuses of its own."""
        return self.style == "next-gen"

    def statuses(self) -> list[str]:
        """Return the ids of the workflow's statuses, the initial one first."""
        return list(dict.fromkeys([self.initial, *(t.to for t in self.transitions)]))

    def hides(self, screen: Screen, type_id: str, field_id: str) -> bool:
        """Whether a field was taken off a screen for a type."""
        by_type = self.hidden.get(screen, {})
        return field_id in by_type.get(type_id, []) or field_id in by_type.get("*", [])

    def requires(self, type_id: str, field_id: str) -> bool:
        """Whether a field was made required for a type."""
        return field_id in self.required.get(type_id, []) or field_id in self.required.get("*", [])

    def level(self, level_id: str | None) -> SecurityLevel | None:
        """Return the security level with this id, or None."""
        return next((level for level in self.levels if level.id == level_id), None)

    def with_hidden(
        self, screen: Screen, type_id: str, field_id: str, *, hidden: bool
    ) -> dict[str, Any]:
        """Return the ``hidden`` attribute after taking a field off a screen, or putting it back."""
        by_type = {**self.hidden.get(screen, {})}
        rest = [f for f in by_type.get(type_id, []) if f != field_id]
        by_type[type_id] = [*rest, field_id] if hidden else rest
        return {**self.hidden, screen: by_type}


def transitions_as_docs(transitions: list[Transition]) -> list[dict[str, Any]]:
    """Transitions as plain dictionaries, for the control interface."""
    return [asdict(t) for t in transitions]
