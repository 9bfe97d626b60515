"""What administrators have set up on the imitated Jira site, and the ways to change it."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bridge.sandbox.flavour import CLOUD, Flavour
from bridge.sandbox.jira import defaults, permissions
from bridge.sandbox.jira.kinds import (
    EPIC_LEVEL,
    STANDARD_LEVEL,
    SUBTASK_LEVEL,
    Field,
    IssueType,
    LinkType,
    Priority,
    Resolution,
    Status,
)
from bridge.sandbox.jira.projects import (
    CONDITIONS,
    Project,
    Screen,
    SecurityLevel,
    Transition,
    Workflow,
)
from bridge.sandbox.people import People, Person
from bridge.sandbox.store import Shelf, Store

_NAMESPACE = uuid.UUID("a7b0c3a4-6b7e-4d7e-8a43-5f6c1c1d5a10")


class Setup:
    """Issue types, statuses, priorities, resolutions, link types, fields and projects of the site."""

    def __init__(
        self, store: Store, people: People, now: Callable[[], str], flavour: Flavour = CLOUD
    ) -> None:
        self.flavour = flavour
        self.store = self._store = store
        self.people = self._people = people
        self.now = now
        """The present, as :func:`bridge.sandbox.moments.stamp` writes it."""
        self.types: Shelf[IssueType] = store.shelf("issuetype", lambda d: IssueType(**d))
        self.statuses: Shelf[Status] = store.shelf("status", lambda d: Status(**d))
        self.priorities: Shelf[Priority] = store.shelf("priority", lambda d: Priority(**d))
        self.resolutions: Shelf[Resolution] = store.shelf("resolution", lambda d: Resolution(**d))
        self.link_types: Shelf[LinkType] = store.shelf("linktype", lambda d: LinkType(**d))
        self.fields: Shelf[Field] = store.shelf("field", lambda d: Field(**d))
        self.projects: Shelf[Project] = store.shelf("project", Project.load)

    def install(self, language: str, *, start_date: bool = True) -> None:
        """Fill an empty site with what every new site has, with or without a field "Start date"."""
        for item in defaults.issue_types(language):
            self.types.put(item.id, item)
        for status in defaults.statuses(language):
            self.statuses.put(status.id, status)
        for priority in defaults.priorities(language):
            self.priorities.put(priority.id, priority)
        for resolution in defaults.resolutions(language):
            self.resolutions.put(resolution.id, resolution)
        for link_type in defaults.link_types(language):
            self.link_types.put(link_type.id, link_type)
        for field in defaults.fields(language, self.flavour, start_date=start_date):
            self.fields.put(field.id, field)

    # --- projects -----------------------------------------------------------------------------

    def project(self, key_or_id: str) -> Project | None:
        """Return the project with this key (any case) or id, or None."""
        wanted = str(key_or_id).upper()
        return next((p for p in self.projects if wanted in (p.key, p.id)), None)

    def _found(self, key: str) -> Project:
        project = self.project(key)
        if project is None:
            raise LookupError(f"no project {key}")
        return project

    def add_project(
        self, key: str, name: str, *, style: str = "classic", lead: str, admins: Iterable[str] = ()
    ) -> Project:
        """Open a project.

        ``style`` is ``classic`` (company-managed: the site's types and statuses) or ``next-gen``
        (team-managed: types and statuses of its own). ``admins`` are names, addresses or ids.
        """
        project_id = str(self._store.next_id("project"))
        if style == "next-gen" and self.flavour.server:
            raise LookupError("no team-managed projects on Data Center")
        head = self._people.find(lead).account_id
        accounts = list(dict.fromkeys([head, *(self._people.find(a).account_id for a in admins)]))
        own = self._own_types_and_statuses(project_id) if style == "next-gen" else None
        types, statuses = own or (
            ["10000", "10001", "10002", "10003", "10004"],
            ["10000", "3", "10002", "10001"],
        )
        project = Project(
            id=project_id,
            key=key.upper(),
            name=name,
            style=style,
            lead=head,
            types=types,
            initial=statuses[0],
            transitions=self._transitions(len(self.projects), statuses),
            uuid=str(uuid.uuid5(_NAMESPACE, key.upper())),
            grants=permissions.default_grants(accounts),
        )
        return self.projects.put(project.id, project)

    def _own_types_and_statuses(self, project_id: str) -> tuple[list[str], list[str]]:
        types = []
        for name, level in (
            ("Epic", EPIC_LEVEL),
            ("Task", STANDARD_LEVEL),
            ("Subtask", SUBTASK_LEVEL),
        ):
            type_id = str(self._store.next_id("issuetype", 10100))
            types.append(
                self.types.put(type_id, IssueType(type_id, name, level, project=project_id)).id
            )
        statuses = []
        for name, category in (
            ("To Do", "new"),
            ("In Progress", "indeterminate"),
            ("Done", "done"),
        ):
            status_id = str(self._store.next_id("status", 10100))
            statuses.append(
                self.statuses.put(
                    status_id, Status(status_id, name, category, project=project_id)
                ).id
            )
        return types, statuses

    def _transitions(self, nth: int, statuses: list[str]) -> list[Transition]:
        """Global transitions; their ids differ from project to project, as on a real site."""
        return [
            Transition(str(nth * 100 + 11 + 10 * at), self.statuses[status].name, status)
            for at, status in enumerate(statuses)
        ]

    def set_workflow(
        self,
        key: str,
        transitions: "Iterable[tuple[str, str, Iterable[str]] | Mapping[str, Any]]",
        *,
        type_name: str | None = None,
        initial: str | None = None,
    ) -> Project:
        """Give a project another workflow, or one of its issue types a workflow of its own.

        A step is (name, to, from) by status names, no ``from`` meaning any; or a mapping with ``name``,
        ``to``, and ``from``, ``conditions``, ``screen`` (fields), ``required`` (fields) where wanted:
        ``{"name": "Approve", "to": "Done", "conditions": ["role:Administrators | assignee"],
        "screen": ["resolution"], "required": ["resolution"]}``.

        Raises:
            LookupError: no such status, field, type or kind of condition.

        """
        project = self._found(key)
        first = 211 if type_name is None else 311 + 100 * len(project.workflows)
        made = [
            self._step(str(first + 10 * at), self._described(step))
            for at, step in enumerate(transitions)
        ]
        start = self.status(initial).id if initial else None
        if type_name is None:
            return self._put(replace(project, transitions=made, initial=start or project.initial))
        flow = Workflow(start or project.initial, made)
        kind = self._type_key(project, type_name)
        return self._put(replace(project, workflows={**project.workflows, kind: flow}))

    @staticmethod
    def _described(step: "tuple[str, str, Iterable[str]] | Mapping[str, Any]") -> Mapping[str, Any]:
        return (
            step
            if isinstance(step, Mapping)
            else dict(zip(("name", "to", "from"), step, strict=True))
        )

    def _step(self, step_id: str, step: Mapping[str, Any]) -> Transition:
        conditions = list(step.get("conditions", []))
        for alternative in "|".join(conditions).split("|") if conditions else []:
            if alternative.strip().partition(":")[0] not in CONDITIONS:
                raise LookupError(f"no kind of condition {alternative.strip()}")
        required = [self.field(name).id for name in step.get("required", [])]
        screen = [self.field(name).id for name in step.get("screen", [])]
        return Transition(
            step_id, step["name"], self.status(step["to"]).id,
            [self.status(origin).id for origin in step.get("from", [])], conditions,
            list(dict.fromkeys([*screen, *required])), required,
        )  # fmt: skip

    def add_status(self, name: str, category: str) -> Status:
        """Add a status to the site, for workflows to lead to; ``category``: new, indeterminate, done."""
        status_id = str(self._store.next_id("status", 10100))
        return self.statuses.put(status_id, Status(status_id, name, category))

    def add_resolution(self, name: str) -> Resolution:
        """Add a resolution, for the screens of transitions to offer."""
        number = str(self._store.next_id("resolution", 10001))
        return self.resolutions.put(number, Resolution(number, name))

    def cast(self, key: str, role: str, who: str | Person) -> Project:
        """Put somebody into a role of a project."""
        project = self._found(key)
        accounts = [*project.roles.get(role, []), self._people.find(who).account_id]
        return self._put(replace(project, roles={**project.roles, role: accounts}))

    def _put(self, project: Project) -> Project:
        return self.projects.put(project.id, project)

    def status(self, name: str, project: Project | None = None) -> Status:
        """Return the status with this id or name: the project's own, or the site's.

        Raises:
            LookupError: there is none.

        """
        wanted = name.casefold()
        allowed = set(project.statuses()) if project else {s.id for s in self.statuses}
        for status in self.statuses:
            if status.id in allowed and (status.id == name or status.name.casefold() == wanted):
                return status
        raise LookupError(f"no status {name}")

    def types_of(self, project: Project) -> list[IssueType]:
        """Return the project's issue types in order."""
        return [self.types[type_id] for type_id in project.types]

    def type_named(self, project: Project, name: str) -> IssueType | None:
        """Return the project's issue type with this id or name, or None."""
        wanted = name.casefold()
        return next(
            (t for t in self.types_of(project) if t.id == name or t.name.casefold() == wanted), None
        )

    # --- fields and screens -------------------------------------------------------------------

    def add_field(self, name: str, kind: str = "text", options: Iterable[str] = ()) -> Field:
        """Add a custom field of a kind in :data:`defaults.CUSTOM_TYPES`; names need not be unique."""
        field_id = f"customfield_{self._store.next_id('customfield', 10030)}"
        return self.fields.put(
            field_id, defaults.custom_field(field_id, name, kind, tuple(options))
        )

    def remove_field(self, field: str) -> None:
        """Delete a custom field."""
        self.fields.drop(self.field(field).id)

    def rename_field(self, field: str, name: str) -> Field:
        """Give a field another name, as a site in another language has."""
        found = self.field(field)
        clauses = (
            [*(c for c in found.clauses if c != found.name), name]
            if found.custom
            else found.clauses
        )
        return self.fields.put(found.id, replace(found, name=name, clauses=clauses))

    def field(self, name: str) -> Field:
        """Return the field with this id, else the first with this name.

        Raises:
            LookupError: there is none.

        """
        found = self.fields.get(name) or next(
            (f for f in self.fields if f.name.casefold() == name.casefold()), None
        )
        if found is None:
            raise LookupError(f"no field {name}")
        return found

    @property
    def start_date(self) -> str | None:
        """The id of the field "Start date", else of a date by that name; None where there is none."""
        if self.flavour.start_date in self.fields:
            return self.flavour.start_date
        for field in self.fields:
            if field.kind == "date" and field.custom and field.name in defaults.START_DATE_NAMES:
                return field.id
        return None

    def require(
        self, key: str, field: str, *, type_name: str | None = None, required: bool = True
    ) -> Project:
        """Make a field required in a project, for one issue type or for all (or no longer)."""
        project = self._found(key)
        type_id = self._type_key(project, type_name)
        rest = [f for f in project.required.get(type_id, []) if f != self.field(field).id]
        chosen = [*rest, self.field(field).id] if required else rest
        return self._put(replace(project, required={**project.required, type_id: chosen}))

    def hide(
        self,
        key: str,
        field: str,
        *,
        screen: Screen | None = None,
        type_name: str | None = None,
        hidden: bool = True,
    ) -> Project:
        """Take a field off the create screen, the edit screen or both (or put it back)."""
        screens: list[Screen] = [screen] if screen else ["create", "edit"]
        project = self._found(key)
        type_id = self._type_key(project, type_name)
        for one in screens:
            project = replace(
                project,
                hidden=project.with_hidden(one, type_id, self.field(field).id, hidden=hidden),
            )
        return self._put(project)

    def _type_key(self, project: Project, type_name: str | None) -> str:
        if type_name is None:
            return "*"
        found = self.type_named(project, type_name)
        if found is None:
            raise LookupError(f"no issue type {type_name} in {project.key}")
        return found.id

    # --- people -------------------------------------------------------------------------------

    def reference(self, who: str | Person) -> dict[str, str]:
        """Return how REST names a person: by account id, or by user name on Data Center."""
        person = self._people.find(who)
        if self.flavour.server:
            return {"name": person.username}
        return {"accountId": person.account_id}

    # --- link types ---------------------------------------------------------------------------

    def add_link_type(self, name: str, inward: str, outward: str) -> LinkType:
        """Add a link type: A ``outward`` B, B ``inward`` A."""
        link_id = str(self._store.next_id("linktype", 10010))
        return self.link_types.put(link_id, LinkType(link_id, name, inward, outward))

    def link_type(self, name: str) -> LinkType | None:
        """Return the link type with this id or name (any case), or None."""
        wanted = name.casefold()
        return next(
            (t for t in self.link_types if t.id == name or t.name.casefold() == wanted), None
        )

    def rename_link_type(self, name: str, /, **changes: str) -> LinkType:
        """Change ``name``, ``inward`` or ``outward`` of a link type."""
        found = self.link_type(name)
        if found is None:
            raise LookupError(f"no link type {name}")
        return self.link_types.put(found.id, replace(found, **changes))

    def remove_link_type(self, name: str) -> None:
        """Delete a link type and its links."""
        found = self.link_type(name)
        if found:
            self._store.run("delete from link where type = ?", found.id)
            self.link_types.drop(found.id)

    # --- rights -------------------------------------------------------------------------------

    def grant(self, who: str | Person, permission: str, key: str | None = None) -> None:
        """Give a permission: in one project, or (a project permission without a key) in all, or globally."""
        self._change_right(who, permission, key, given=True)

    def revoke(self, who: str | Person, permission: str, key: str | None = None) -> None:
        """Take a permission away, also where everybody has it."""
        self._change_right(who, permission, key, given=False)

    def _change_right(
        self, who: str | Person, permission: str, key: str | None, *, given: bool
    ) -> None:
        if permission not in permissions.NAMES:
            raise LookupError(f"no permission {permission}")
        if permissions.is_global(permission):
            self._people.allow(who, permission, allowed=given)
            return
        account = self._people.find(who).account_id
        change = permissions.granted if given else permissions.revoked
        for project in [self._found(key)] if key else list(self.projects):
            self._put(change(project, account, permission))

    def make_project_admin(self, who: str | Person, key: str, *, admin: bool = True) -> Project:
        """Make somebody an administrator of a project, or no longer one."""
        return self._put(
            permissions.administered(
                self._found(key), self._people.find(who).account_id, admin=admin
            )
        )

    def add_security_level(
        self, key: str, name: str, members: Iterable[str | Person]
    ) -> SecurityLevel:
        """Add a level that only ``members`` see issues of."""
        project = self._found(key)
        accounts = [self._people.find(m).account_id for m in members]
        level = SecurityLevel(str(self._store.next_id("securitylevel")), name, accounts)
        self._put(replace(project, levels=[*project.levels, level]))
        return level

    def change_project(self, key: str, **changes: Any) -> Project:
        """Set attributes of a :class:`Project`, for example ``name``."""
        return self._put(replace(self._found(key), **changes))
