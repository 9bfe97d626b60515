"""The JSON of Data Center where it differs from Cloud's: people by name and key, no levels, no scopes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.files import Attached
from bridge.sandbox.jira.kinds import Field, IssueType, Priority, Status
from bridge.sandbox.jira.projects import Project, Screen, Transition
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.rest.shapes import Json, Shapes
from bridge.sandbox.jira.screens import Described
from bridge.sandbox.jira.tracker import Jira
from bridge.sandbox.people import Person


class ServerShapes(Shapes):
    """Shapes for one caller of a Data Center site; ``origin`` is the address without a context path."""

    def __init__(self, jira: Jira, viewer: Person | None, origin: str, api: int) -> None:
        super().__init__(jira, viewer, origin + jira.setup.flavour.jira, api)
        self.origin = origin

    @property
    def described(self) -> Described:
        """How fields are described in create and edit metadata."""
        return ServerDescribed(self.setup, self.base, self.api)

    def person(self, person: Person) -> Json:
        """Answer a person by user name and key; there are no account ids."""
        shape: Json = {
            "self": f"{self.rest}/user?username={person.username}",
            "name": person.username,
            "key": person.key,
            "avatarUrls": self.avatars(person),
            "displayName": person.name,
            "active": person.active,
            "timeZone": person.timezone,
        }
        own = self.viewer is not None and self.viewer.account_id == person.account_id
        if person.visible_email or own:
            shape["emailAddress"] = person.email
        return shape

    def avatars(self, person: Person) -> Json:
        """Answer the small pictures of a person, in four sizes."""
        url = f"{self.origin}/avatar/{person.key}"
        return {f"{s}x{s}": f"{url}?s={s}" for s in (48, 24, 16, 32)}

    def issue_type(self, kind: IssueType) -> Json:
        """Answer an issue type: no level, no scope."""
        return {
            "self": f"{self.rest}/issuetype/{kind.id}",
            "id": kind.id,
            "description": kind.description,
            "iconUrl": f"{self.origin}/icon/issuetype/{kind.level}.svg",
            "name": kind.name,
            "subtask": kind.subtask,
        }

    def status(self, status: Status) -> Json:
        """Answer a status."""
        return {**super().status(status), "iconUrl": f"{self.origin}/icon/status.svg"}

    def priority(self, priority: Priority) -> Json:
        """Answer a priority, short."""
        icon = f"{self.origin}/icon/priority/{priority.id}.svg"
        return {**super().priority(priority), "iconUrl": icon}

    def field(self, field: Field) -> Json:
        """Answer a field as ``/field`` lists it."""
        return {name: value for name, value in super().field(field).items() if name != "key"}

    def project(self, project: Project) -> Json:
        """Answer a project, short."""
        url = f"{self.origin}/icon/project/{project.key}.svg"
        return {
            "self": f"{self.rest}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "avatarUrls": {f"{s}x{s}": f"{url}?s={s}" for s in (48, 24, 16, 32)},
        }

    def project_in_list(self, project: Project) -> Json:
        """Answer a project as the project list shows it."""
        expand = "description,lead,url,projectKeys"
        return {"expand": expand, **self.project(project), "archived": False}

    def project_in_full(self, project: Project) -> Json:
        """Answer a project on its own."""
        return {
            **self.project_in_list(project),
            "description": project.description,
            "lead": self.account(project.lead),
            "components": [],
            "versions": [],
            "issueTypes": [self.issue_type(t) for t in self.setup.types_of(project)],
            "assigneeType": "UNASSIGNED",
            "roles": {},
        }

    def transition(self, transition: Transition, issue: Issue) -> Json:
        """Answer a transition that may be carried out."""
        shape = super().transition(transition, issue)
        return {name: shape[name] for name in ("id", "name", "to")}

    def permission(self, key: str, have: bool | None = None) -> Json:
        """Answer a permission; each has a number here, held or not."""
        shape = {"id": permissions.NUMBERS[key], **super().permission(key, have)}
        return shape if have is None else {**shape, "deprecatedKey": False}

    def comment(self, comment: Any, *, rendered: bool = False) -> Json:
        """Answer a comment."""
        shape = super().comment(comment, rendered=rendered)
        return {name: value for name, value in shape.items() if name != "jsdPublic"}

    def attached(self, file: Attached) -> Json:
        """Answer an attachment: its content is at the address that people use."""
        url = f"{self.base}/secure/attachment/{file.id}/{quote(file.filename)}"
        return {**super().attached(file), "content": url}

    def changed(self, item: Mapping[str, Any]) -> Json:
        """Answer what became of a field: without its id, and people by their keys."""
        field = self.setup.fields.get(item.get("fieldId") or "")
        shape = {name: value for name, value in item.items() if name != "fieldId"}
        if field and field.kind == "user":
            shape |= {side: self._key(shape[side]) for side in ("from", "to")}
        return shape

    def _key(self, account: str | None) -> str | None:
        person = self.setup.people.get(account)
        return person.key if person else account


def shapes_of(
    jira: Jira, viewer: Person | None, origin: str, api: int, gateway: str = ""
) -> Shapes:
    """Return the shapes of the site's flavour; ``origin`` is its address without a context path."""
    if jira.setup.flavour.server:
        return ServerShapes(jira, viewer, origin, api)
    return Shapes(jira, viewer, origin, api, gateway)


class ServerDescribed(Described):
    """Field metadata as Data Center answers it (captured: ``contracts/createmeta-samples``)."""

    def field(
        self, project: Project, kind: IssueType, field: Field, screen: Screen
    ) -> dict[str, Any]:
        """One field of one screen, named by ``fieldId``."""
        meta = {**super().field(project, kind, field, screen), "fieldId": field.id}
        del meta["key"]
        if field.kind == "user":
            path = (
                "user/assignable/search?issueKey=null&"
                if field.id == "assignee"
                else "user/search?"
            )
            meta["autoCompleteUrl"] = f"{self.rest}/{path}username="
        for value in meta.get("allowedValues", []):
            value.pop("hierarchyLevel", None)
            value.pop("simplified", None)
        return meta
