"""Projects: their types, workflow, screens, required fields, rights and security levels."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Screen = Literal["create", "edit"]
EVERYONE = "everyone"
ADMINISTRATORS = "Administrators"
CONDITIONS = ("assignee", "reporter", "permission", "group", "role", "user")
"""The kinds of condition of a transition; all but the first two have a detail after a colon."""
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Transition:
    """A step of a workflow; ``origins`` empty means from any status.

    ``conditions`` must all hold (:mod:`bridge.sandbox.jira.workflow`); ``screen`` are the ids of the
    fields that it asks for, ``required`` those of them that may not stay empty.
    """

    id: str
    name: str
    to: str
    origins: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    screen: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Workflow:
    """Where issues begin, and the steps they may take."""

    initial: str
    transitions: list[Transition]

    def statuses(self) -> list[str]:
        """Return the ids of its statuses, the initial one first."""
        ends = [status for t in self.transitions for status in (*t.origins, t.to)]
        return list(dict.fromkeys([self.initial, *ends]))


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
    ``anonymous``). ``denied``: permission to account ids that lack it all the same. ``workflows``: type
    id to its own workflow, where it is not the project's. ``roles``: name to account ids.
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
    workflows: dict[str, Workflow] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=dict)

    @staticmethod
    def load(doc: dict[str, Any]) -> "Project":
        """Build a project from its document."""
        doc["transitions"] = [Transition(**t) for t in doc["transitions"]]
        doc["workflows"] = {
            kind: Workflow(flow["initial"], [Transition(**t) for t in flow["transitions"]])
            for kind, flow in doc.get("workflows", {}).items()
        }
        doc["levels"] = [SecurityLevel(**level) for level in doc["levels"]]
        return Project(**doc)

    @property
    def team_managed(self) -> bool:
        """Whether the project is next-gen, with types and statuses of its own."""
        return self.style == "next-gen"

    def workflow(self, type_id: str) -> Workflow:
        """Return the workflow that issues of a type follow."""
        return self.workflows.get(type_id) or Workflow(self.initial, self.transitions)

    def statuses(self, type_id: str | None = None) -> list[str]:
        """Return the ids of the statuses of a type's workflow, or of all of them, an initial one first."""
        if type_id is not None:
            return self.workflow(type_id).statuses()
        return list(dict.fromkeys(s for kind in self.types for s in self.statuses(kind)))

    def members(self, role: str) -> list[str]:
        """Return the account ids in a role; administrators are those who may administer the project."""
        held = self.grants.get("ADMINISTER_PROJECTS", []) if role == ADMINISTRATORS else []
        return [*held, *self.roles.get(role, [])]

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
