"""Which fields stand on which screen, for whom, and what createmeta and editmeta say about them."""

from dataclasses import replace
from typing import Any

from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.kinds import EPIC_LABEL, EPIC_LEVEL, STANDARD_LEVEL, Field, IssueType
from bridge.sandbox.jira.projects import Project, Screen, Transition
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person

_ON_CREATE = (
    "summary", "issuetype", "parent", "project", "description", "assignee", "reporter", "priority", "labels",
    "duedate", "security", "issuelinks",
)  # fmt: skip
_ON_EDIT = (*(f for f in _ON_CREATE if f != "project"), "environment", "comment")
_NEEDS = {
    "assignee": permissions.ASSIGN,
    "duedate": permissions.SCHEDULE,
    "reporter": permissions.REPORTER,
    "issuelinks": permissions.LINK,
    "security": permissions.SECURITY,
    "comment": permissions.COMMENT,
}
_ALWAYS = {"issuetype", "project", "parent", "summary"}


def fields_on(
    setup: Setup, project: Project, kind: IssueType, screen: Screen, person: Person | None
) -> list[Field]:
    """Return the fields this person may set for this type of issue on this screen, in order."""
    names = list(_ON_CREATE if screen == "create" else _ON_EDIT)
    names += [
        f.id
        for f in setup.fields
        if f.custom and f.kind != "readonly" and f.project in (None, project.id)
    ]
    return [
        setup.fields[name]
        for name in names
        if name in setup.fields
        and _shown(project, kind, screen, name, person)
        and not (setup.flavour.server and _hidden_on_server(setup, kind, name))
    ]


def fields_of(
    setup: Setup, project: Project, kind: IssueType, step: Transition, person: Person | None
) -> list[Field]:
    """Return the fields that may be set with a transition: those of its screen, and a comment."""
    found = [
        f
        for f in fields_on(setup, project, kind, "edit", person)
        if f.id in step.screen or f.id == "comment"
    ]
    if "resolution" in step.screen:
        found.append(replace(setup.fields["resolution"], kind="resolution"))
    return found


def _shown(
    project: Project, kind: IssueType, screen: Screen, name: str, person: Person | None
) -> bool:
    if name == "parent" and kind.level > STANDARD_LEVEL:
        return False  # nothing stands above an epic here
    if name == "security" and not project.levels:
        return False
    if name not in _ALWAYS and project.hides(screen, kind.id, name):
        return False
    needed = _NEEDS.get(name)
    return needed is None or permissions.allowed(person, needed, project)


def _hidden_on_server(setup: Setup, kind: IssueType, name: str) -> bool:
    """On Data Center ``parent`` is for sub-tasks only, and Epic Name for epics (captured metadata)."""
    if name == "parent":
        return not kind.subtask
    return name == setup.flavour.epic_name and kind.level != EPIC_LEVEL


def is_required(project: Project, kind: IssueType, field: Field, screen: Screen) -> bool:
    """Whether the field may not stay empty."""
    built_in = {"summary", "issuetype"} | ({"project", "reporter"} if screen == "create" else set())
    if field.id == "parent":
        return kind.subtask
    if field.custom == EPIC_LABEL:
        return kind.level == EPIC_LEVEL
    return field.id in built_in or project.requires(kind.id, field.id)


def has_default(field: Field) -> bool:
    """Whether Jira fills the field when it is left out."""
    return field.id in ("reporter", "priority")


class Described:
    """Field metadata as createmeta and editmeta answer it; ``base`` is the site's address, ``api`` 2 or 3."""

    def __init__(self, setup: Setup, base: str, api: int) -> None:
        self._setup = setup
        self.rest = f"{base}/rest/api/{api}"

    def field(
        self, project: Project, kind: IssueType, field: Field, screen: Screen
    ) -> dict[str, Any]:
        """One field of one screen."""
        meta: dict[str, Any] = {
            "required": is_required(project, kind, field, screen),
            "schema": field.schema(),
            "name": field.name,
            "key": field.id,
            "hasDefaultValue": has_default(field) and screen == "create",
            "operations": field.operations,
        }
        allowed = self._allowed(project, kind, field)
        if allowed is not None:
            meta["allowedValues"] = allowed
        if field.kind == "user":
            meta["autoCompleteUrl"] = self._people_url(project, field)
        if field.kind == "labels":
            meta["autoCompleteUrl"] = (
                f"{self.rest.replace('/api/', '/api/1.0/', 1)[:-2]}/labels/suggest?query="
            )
        if meta["hasDefaultValue"] and field.id == "priority":
            meta["defaultValue"] = self._priority("3")
        return meta

    def _people_url(self, project: Project, field: Field) -> str:
        if field.id == "assignee":
            return f"{self.rest}/user/assignable/search?project={project.key}&query="
        return f"{self.rest}/user/recommend?context={field.id.title()}&issueKey="

    def _allowed(
        self, project: Project, kind: IssueType, field: Field
    ) -> list[dict[str, Any]] | None:
        match field.kind:
            case "priority":
                return [self._priority(p.id) for p in self._setup.priorities]
            case "option" | "options":
                return [
                    {"self": f"{self.rest}/customFieldOption/{o['id']}", **o} for o in field.options
                ]
            case "security":
                return [
                    {
                        "self": f"{self.rest}/securitylevel/{level.id}",
                        "id": level.id,
                        "name": level.name,
                    }
                    for level in project.levels
                ]
            case "resolution":
                return [
                    {"self": f"{self.rest}/resolution/{r.id}", "name": r.name, "id": r.id}
                    for r in self._setup.resolutions
                ]
            case "issuetype":
                return [self._type(kind)]
            case "project":
                return [{"self": f"{self.rest}/project/{project.id}", "id": project.id, "key": project.key,
                         "name": project.name, "simplified": project.team_managed}]  # fmt: skip
            case "none":
                return []
        return None

    def _priority(self, priority_id: str) -> dict[str, str]:
        priority = self._setup.priorities[priority_id]
        return {
            "self": f"{self.rest}/priority/{priority.id}",
            "name": priority.name,
            "id": priority.id,
        }

    def _type(self, kind: IssueType) -> dict[str, Any]:
        return {
            "self": f"{self.rest}/issuetype/{kind.id}",
            "id": kind.id,
            "name": kind.name,
            "description": kind.description,
            "subtask": kind.subtask,
            "hierarchyLevel": kind.level,
        }
