"""The JSON of people, projects, statuses and the like, as one caller sees them."""

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.sandbox import moments
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.attached import Comment
from bridge.sandbox.jira.files import Attached
from bridge.sandbox.jira.kinds import (
    STATUS_CATEGORIES,
    Field,
    IssueType,
    LinkType,
    Priority,
    Status,
)
from bridge.sandbox.jira.projects import Project, Transition
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.screens import Described
from bridge.sandbox.jira.tracker import Jira
from bridge.sandbox.people import Person
from bridge.sandbox.richtext.adf import Node
from bridge.sandbox.richtext.to_html import to_html
from bridge.sandbox.richtext.to_wiki import to_wiki

Json = dict[str, Any]


class Shapes:
    """Shapes for one caller; ``base`` is the site's address, ``api`` the version of the interface.

    ``gateway`` is the prefix under which the gateway was asked: what an answer calls itself stands
    below it, while people's links and the content of attachments stay at the site's address.
    """

    def __init__(
        self, jira: Jira, viewer: Person | None, base: str, api: int, gateway: str = ""
    ) -> None:
        self.jira = jira
        self.setup = jira.setup
        self.viewer = viewer
        self.base = base
        self.api = api
        self.rest = f"{base}{gateway}/rest/api/{api}"
        self._zone = viewer.timezone if viewer else "UTC"

    @property
    def described(self) -> Described:
        """How fields are described in create and edit metadata."""
        return Described(self.setup, self.base, self.api)

    def time(self, stamp: str | None) -> str | None:
        """Answer a moment in the viewer's time zone."""
        return None if stamp is None else moments.jira_time(stamp, self._zone)

    # --- people -------------------------------------------------------------------------------

    def account(self, account: str | None) -> Json | None:
        """Answer the person with this account id, or None."""
        person = self.setup.people.get(account)
        return None if person is None else self.person(person)

    def person(self, person: Person) -> Json:
        """Answer a person; the e-mail address only where it is visible."""
        shape: Json = {
            "self": f"{self.rest}/user?accountId={person.account_id}",
            "accountId": person.account_id,
            "accountType": person.kind,
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
        return {
            f"{s}x{s}": f"{self.base}/avatar/{person.account_id}?s={s}" for s in (48, 24, 16, 32)
        }

    # --- the set-up ---------------------------------------------------------------------------

    def scope(self, project_id: str | None) -> Json:
        """Answer the ``scope`` of what belongs to a team-managed project; nothing for the site's."""
        return {"scope": {"type": "PROJECT", "project": {"id": project_id}}} if project_id else {}

    def issue_type(self, kind: IssueType) -> Json:
        """Answer an issue type."""
        return {
            "self": f"{self.rest}/issuetype/{kind.id}",
            "id": kind.id,
            "description": kind.description,
            "iconUrl": f"{self.base}/icon/issuetype/{kind.level}.svg",
            "name": kind.name,
            "subtask": kind.subtask,
            "hierarchyLevel": kind.level,
            **self.scope(kind.project),
        }

    def category(self, key: str) -> Json:
        """Answer a status category."""
        number, name, colour = STATUS_CATEGORIES[key]
        url = f"{self.rest}/statuscategory/{number}"
        return {"self": url, "id": number, "key": key, "colorName": colour, "name": name}

    def status(self, status: Status) -> Json:
        """Answer a status."""
        return {
            "self": f"{self.rest}/status/{status.id}",
            "description": status.description,
            "iconUrl": f"{self.base}/icon/status.svg",
            "name": status.name,
            "id": status.id,
            "statusCategory": self.category(status.category),
            **self.scope(status.project),
        }

    def priority(self, priority: Priority) -> Json:
        """Answer a priority, short."""
        return {
            "self": f"{self.rest}/priority/{priority.id}",
            "iconUrl": f"{self.base}/icon/priority/{priority.id}.svg",
            "name": priority.name,
            "id": priority.id,
        }

    def priority_in_full(self, priority: Priority) -> Json:
        """Answer a priority as the priority lists show it."""
        details = {"statusColor": priority.colour, "description": priority.description}
        return {**self.priority(priority), **details}

    def link_type(self, kind: LinkType) -> Json:
        """Answer a link type."""
        url = f"{self.rest}/issueLinkType/{kind.id}"
        return {
            "id": kind.id,
            "name": kind.name,
            "inward": kind.inward,
            "outward": kind.outward,
            "self": url,
        }

    def field(self, field: Field) -> Json:
        """Answer a field as ``/field`` lists it."""
        shape: Json = {
            "id": field.id,
            "key": field.id,
            "name": field.name,
            "custom": field.custom is not None,
            "orderable": field.orderable,
            "navigable": field.navigable,
            "searchable": field.searchable,
            "clauseNames": field.clauses,
            "schema": field.schema(),
        }
        return shape

    def project(self, project: Project) -> Json:
        """Answer a project, short."""
        return {
            "self": f"{self.rest}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": project.team_managed,
            "avatarUrls": {
                f"{s}x{s}": f"{self.base}/icon/project/{project.key}.svg?s={s}"
                for s in (48, 24, 16, 32)
            },
        }

    def project_in_list(self, project: Project) -> Json:
        """Answer a project as the project lists show it."""
        return {
            "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
            **self.project(project),
            "style": project.style,
            "isPrivate": False,
            "properties": {},
            "uuid": project.uuid,
        }

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
        return {
            "id": transition.id,
            "name": transition.name,
            "to": self.status(self.setup.statuses[transition.to]),
            "hasScreen": bool(transition.screen),
            "isGlobal": not transition.origins,
            "isInitial": False,
            "isAvailable": True,
            "isConditional": bool(transition.conditions),
            "looped": transition.to == issue.status,
        }

    def permission(self, key: str, have: bool | None = None) -> Json:
        """Answer a permission, with ``havePermission`` where it is asked whether the caller has it."""
        kind = "GLOBAL" if permissions.is_global(key) else "PROJECT"
        shape: Json = {"key": key, "name": permissions.NAMES[key], "type": kind, "description": ""}
        if have is not None:
            shape = {"id": permissions.NUMBERS[key], **shape, "havePermission": have}
        return shape

    # --- rich text, comments and history ------------------------------------------------------

    def rich_text(self, node: Node | None) -> Any:
        """ADF in version 3, wiki markup in version 2."""
        if node is None:
            return None
        return to_wiki(node) if self.api == 2 else node

    def html(self, node: Node | None) -> str:
        """Rich text as HTML."""
        return to_html(node, self.display_name)

    def display_name(self, account: str) -> str | None:
        """Answer the name behind an account id."""
        person = self.setup.people.get(account)
        return person.name if person else None

    def comment(self, comment: Comment, *, rendered: bool = False) -> Json:
        """Answer a comment."""
        shape: Json = {
            "self": f"{self.rest}/issue/{comment.issue}/comment/{comment.id}",
            "id": str(comment.id),
            "author": self.account(comment.author),
            "body": self.rich_text(comment.body),
            "updateAuthor": self.account(comment.update_author),
            "created": self.time(comment.created),
            "updated": self.time(comment.updated),
            "jsdPublic": True,
        }
        if rendered:
            shape["renderedBody"] = self.html(comment.body)
        return shape

    def attached(self, file: Attached) -> Json:
        """Answer an attachment."""
        return {
            "self": f"{self.rest}/attachment/{file.id}",
            "id": str(file.id),
            "filename": file.filename,
            "author": self.account(file.author),
            "created": self.time(file.created),
            "size": file.size,
            "mimeType": file.media,
            "content": f"{self.base}/rest/api/{self.api}/attachment/content/{file.id}",
        }

    def change(self, row: Json) -> Json:
        """One entry of the changelog."""
        return {
            "id": str(row["id"]),
            "author": self.account(row["author"]),
            "created": self.time(row["created"]),
            "items": [self.changed(item) for item in row["items"]],
        }

    def changed(self, item: Mapping[str, Any]) -> Json:
        """Answer what became of a field; an item without ``fieldId`` has none."""
        return {k: v for k, v in item.items() if k != "fieldId" or v is not None}

    def brief(self, issue: Issue) -> Json:
        """Answer an issue as it stands inside another: as parent, sub-task or far end of a link."""
        priority = self.setup.priorities.get(issue.values.get("priority") or "")
        fields: Json = {
            "summary": issue.summary,
            "status": self.status(self.setup.statuses[issue.status]),
            "issuetype": self.issue_type(self.setup.types[issue.type]),
        }
        if priority:
            fields["priority"] = self.priority(priority)
        return {
            "id": str(issue.id),
            "key": issue.key,
            "self": f"{self.rest}/issue/{issue.id}",
            "fields": fields,
        }

    def changes(self, rows: Iterable[Json]) -> list[Json]:
        """Several entries of the changelog."""
        return [self.change(row) for row in rows]
