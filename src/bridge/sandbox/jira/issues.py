"""Creating, editing, moving and deleting issues, by the rules that Jira enforces."""

from dataclasses import dataclass, replace
from typing import Any

from bridge.sandbox.jira import permissions, workflow
from bridge.sandbox.jira.attached import Comments, Properties, Watchers
from bridge.sandbox.jira.book import Book
from bridge.sandbox.jira.draft import Draft, Verb
from bridge.sandbox.jira.epics import epic_id
from bridge.sandbox.jira.hierarchy import PARENT_MISSING, WRONG_LEVEL, checked_parent
from bridge.sandbox.jira.kinds import Field, IssueType
from bridge.sandbox.jira.links import Links
from bridge.sandbox.jira.projects import Project, Screen, Transition
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError, no_issue, not_on_screen
from bridge.sandbox.jira.screens import fields_of, fields_on, is_required
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.jira.values import Reader, WrongValueError, label_text
from bridge.sandbox.people import Person

_TAKEN_APART = {"issuetype", "project", "parent", "issuelinks", "comment"}


@dataclass
class Habits:
    """Where real sites differ or the contract is ambiguous.

    ``quiet_refused``: ``notifyUsers=false`` without the right is a 403 for the whole request, as seen
    live; else the request is answered 204 and ignored, as the contract can be read.
    ``edit_checks_screen``: an edit of a field that is not on the edit screen is refused; the contract
    announces that this check goes away.
    """

    quiet_refused: bool = True
    edit_checks_screen: bool = True


class Issues:
    """The rules of issues; storage is the :class:`Book`'s."""

    def __init__(  # the parts of an issue
        self,
        setup: Setup,
        book: Book,
        links: Links,
        comments: Comments,
        properties: Properties,
        watchers: Watchers,
    ) -> None:
        self.setup = self._setup = setup
        self.book = book
        self.links = links
        self.comments = comments
        self.properties = properties
        self.watchers = watchers
        self.habits = Habits()

    # --- seeing -------------------------------------------------------------------------------

    def may(self, person: Person | None, permission: str, issue: Issue) -> bool:
        """Whether somebody has a permission on an issue that may carry a security level."""
        project = self._setup.projects[issue.project]
        level = project.level(issue.security)
        hidden = level is not None and (person is None or person.account_id not in level.members)
        return not hidden and permissions.allowed(person, permission, project)

    def look(self, key_or_id: str, person: Person | None) -> Issue | None:
        """Return the issue, or None where it does not exist or this person may not see it."""
        issue = self.book.find(key_or_id)
        return issue if issue and self.may(person, permissions.BROWSE, issue) else None

    def seen(self, key_or_id: str, person: Person | None) -> Issue:
        """Return the issue.

        Raises:
            JiraRefusalError: 404, it does not exist or may not be seen.

        """
        issue = self.look(key_or_id, person)
        if issue is None:
            raise no_issue()
        return issue

    # --- making -------------------------------------------------------------------------------

    def create(self, draft: Draft, person: Person, api: int) -> Issue:
        """Make an issue with its properties, links and comments.

        Raises:
            JiraRefusalError: 400 with every wrong or missing field, 403 without the right.

        """
        project, kind = self._place(draft, person)
        now = self._setup.now()
        blank = Issue(
            id=0,
            key="",
            project=project.id,
            type=kind.id,
            status=project.workflow(kind.id).initial,
            created=now,
            updated=now,
            category_changed=now,
            values={
                "priority": "3",
                "reporter": person.account_id,
                "creator": person.account_id,
                "labels": [],
            },
        )
        change = _Change(self, draft, project, kind, "create", person, api)
        made = change.applied(blank)
        store = self._setup.store
        number = store.next_id(f"issues-of-{project.id}", 1)
        made = replace(made, id=store.next_id("issue"), key=f"{project.key}-{number}")
        self.book.add(made)
        self.watchers.add(made.id, person.account_id)
        self.book.born(made)
        change.attach(made)
        touched = {"issuelinks", "comment"} & set(draft.verbs)
        return self.book.get(made.id) or made if touched else made

    def _place(self, draft: Draft, person: Person) -> tuple[Project, IssueType]:
        raw = draft.single("project")
        wanted = raw if isinstance(raw, dict) else {}
        project = self._setup.project(str(wanted.get("id") or wanted.get("key") or ""))
        if project is None or not permissions.allowed(person, permissions.BROWSE, project):
            raise JiraRefusalError(400, errors={"project": "valid project is required"})
        if not permissions.allowed(person, permissions.CREATE, project):
            text = "You do not have permission to create issues in this project."
            raise JiraRefusalError(403, errors={"project": text})
        kind = self._kind(project, draft.single("issuetype"))
        if kind is None:
            raise JiraRefusalError(400, errors={"issuetype": "Specify a valid issue type"})
        return project, kind

    def _kind(self, project: Project, raw: Any) -> IssueType | None:
        wanted = raw if isinstance(raw, dict) else {}
        return self._setup.type_named(project, str(wanted.get("id") or wanted.get("name") or ""))

    # --- changing -----------------------------------------------------------------------------

    def edit(self, issue: Issue, draft: Draft, person: Person, api: int) -> Issue:
        """Change fields, properties, links and comments of an issue.

        Raises:
            JiraRefusalError: 400 with every wrong field, 403 without the right.

        """
        if not self.may(person, permissions.EDIT, issue):
            raise JiraRefusalError(
                403, "You do not have permission to edit issues in this project."
            )
        project = self._setup.projects[issue.project]
        kind = self._new_kind(project, issue, draft)
        change = _Change(self, draft, project, kind, "edit", person, api)
        after = self.book.change(
            issue, change.applied(replace(issue, type=kind.id)), person.account_id
        )
        change.attach(after)
        now = self.book.get(issue.id) or after
        return self.book.touch(now) if "comment" in draft.verbs else now

    def _new_kind(self, project: Project, issue: Issue, draft: Draft) -> IssueType:
        old = self._setup.types[issue.type]
        if "issuetype" not in draft.verbs:
            return old
        kind = self._kind(project, draft.single("issuetype"))
        if kind is None or kind.subtask != old.subtask:
            raise JiraRefusalError(400, errors={"issuetype": "The issue type selected is invalid."})
        if issue.status not in project.statuses(kind.id):
            text = "The issue type selected is invalid: its workflow has no such status."
            raise JiraRefusalError(400, errors={"issuetype": text})
        if kind.level != old.level and (issue.parent or self.book.children(issue.id)):
            raise JiraRefusalError(400, errors={"issuetype": WRONG_LEVEL})
        return kind

    def may_be_quiet(self, person: Person, issue: Issue) -> bool:
        """Whether this person may edit without a mail to watchers (``notifyUsers=false``)."""
        return permissions.allowed_globally(person, permissions.ADMINISTER) or self.may(
            person, permissions.ADMINISTER_PROJECT, issue
        )

    def transition(
        self, issue: Issue, transition_id: str, draft: Draft, person: Person, api: int
    ) -> Issue:
        """Carry out a transition, with the changes of its screen.

        Raises:
            JiraRefusalError: 400, not available to this person now, or with wrong or missing fields.

        """
        steps = {t.id: t for t in workflow.available(self._setup, issue, person)}
        step = steps.get(transition_id)
        if step is None:
            raise JiraRefusalError(
                400, f"It is not possible to transition this issue via transition {transition_id}"
            )
        project, kind = self._setup.projects[issue.project], self._setup.types[issue.type]
        change = _Change(self, draft, project, kind, step, person, api)
        after = workflow.moved(self._setup, change.applied(issue), step)
        changed = self.book.change(issue, after, person.account_id)
        change.attach(changed)
        return changed

    def delete(self, issue: Issue, person: Person, *, with_subtasks: bool = False) -> None:
        """Delete an issue for good.

        Raises:
            JiraRefusalError: 403 without the right, 400 where sub-tasks would be lost.

        """
        if not self.may(person, permissions.DELETE, issue):
            raise JiraRefusalError(
                403, "You do not have permission to delete issues in this project."
            )
        subtasks = [c for c in self.book.children(issue.id) if self._setup.types[c.type].subtask]
        if subtasks and not with_subtasks:
            text = (
                f"The issue '{issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter"
                " to delete this issue and all its subtasks."
            )
            raise JiraRefusalError(400, text)
        for subtask in subtasks:
            self.book.remove(subtask, person.account_id)
        self.book.remove(issue, person.account_id)


class _Change:
    """One create or edit under way: reads every field, gathers every refusal, then applies."""

    def __init__(  # one request
        self,
        issues: Issues,
        draft: Draft,
        project: Project,
        kind: IssueType,
        screen: Screen | Transition,
        person: Person,
        api: int,
    ) -> None:
        self._issues = issues
        self._step = screen if isinstance(screen, Transition) else None
        self._setup = issues.setup
        self._draft = draft
        self._project = project
        self._kind = kind
        self._screen: Screen = "edit" if isinstance(screen, Transition) else screen
        self._person = person
        self._reader = Reader(self._setup, project, api)
        self._errors: dict[str, str] = {}

    def applied(self, issue: Issue) -> Issue:
        """Return the issue with every field changed; raises with all problems at once."""
        place = (self._setup, self._project, self._kind)
        fields = (
            fields_on(*place, self._screen, self._person)
            if self._step is None
            else fields_of(*place, self._step, self._person)
        )
        allowed = {f.id: f for f in fields}
        values = dict(issue.values)
        for name, verbs in self._draft.verbs.items():
            field = allowed.get(name) or self._off_screen(name)
            if field is None:
                self._errors[name] = not_on_screen(name)
            elif name not in _TAKEN_APART and field.kind != "epic-link":
                self._set(values, field, verbs)
        epic_link = self._setup.flavour.epic_link
        parent = self._epic(issue) if epic_link in allowed else issue.parent
        if self._kind.subtask or epic_link not in allowed:
            parent = self._parent(issue, has_field="parent" in allowed)
        self._check_required(allowed, {**values, epic_link: parent})
        if self._errors:
            raise JiraRefusalError(400, errors=self._errors)
        return replace(issue, parent=parent, values=values)

    def _off_screen(self, name: str) -> Field | None:
        """Return a field that exists but is not on the screen, where edits do not check screens."""
        if self._step is not None:
            return None
        if self._screen == "create" and name in ("project", "issuetype"):
            return self._setup.fields[name]
        if self._screen == "edit" and name == "issuetype":
            return self._setup.fields[name]
        if self._screen == "edit" and not self._issues.habits.edit_checks_screen:
            field = self._setup.fields.get(name)
            return field if field and field.kind not in ("readonly", "project") else None
        return None

    def _set(self, values: dict[str, Any], field: Field, verbs: list[Verb]) -> None:
        try:
            values[field.id] = self._new_value(field, values.get(field.id), verbs)
        except WrongValueError as wrong:
            self._errors[field.id] = str(wrong)

    def _new_value(self, field: Field, value: Any, verbs: list[Verb]) -> Any:
        for verb, raw in verbs:
            if verb not in field.operations:
                raise WrongValueError(f"Field does not support operation '{verb}'")
            if verb == "set":
                value = self._reader.read(field, raw)
            else:
                value = self._added_or_removed(field, list(value or []), verb, raw)
        return value

    def _added_or_removed(self, field: Field, value: list[str], verb: str, raw: Any) -> list[str]:
        one = (
            label_text(raw)
            if field.kind == "labels"
            else (self._reader.read(field, [raw]) or [None])[0]
        )
        rest = [v for v in value if v != one]
        chosen = [*rest, one] if verb == "add" and one else rest
        return sorted(chosen) if field.kind == "labels" else chosen

    def _parent(self, issue: Issue, *, has_field: bool) -> int | None:
        if "parent" not in self._draft.verbs or not has_field:
            if self._kind.subtask and issue.parent is None:
                self._errors["parent"] = PARENT_MISSING
            return issue.parent
        try:
            raw = self._draft.single("parent")
            return checked_parent(self._setup, self._project, self._kind, raw, self._see)
        except WrongValueError as wrong:
            self._errors["parentId" if str(wrong) == WRONG_LEVEL else "parent"] = str(wrong)
            return None

    def _epic(self, issue: Issue) -> int | None:
        name = self._setup.flavour.epic_link
        if name not in self._draft.verbs:
            return issue.parent
        try:
            return epic_id(self._setup, self._kind, self._draft.single(name), self._see)
        except WrongValueError as wrong:
            self._errors[name] = str(wrong)
            return None

    def _see(self, key_or_id: str) -> Issue | None:
        return self._issues.look(key_or_id, self._person)

    def _check_required(self, allowed: dict[str, Field], values: dict[str, Any]) -> None:
        for field in allowed.values():
            asked = self._step is not None and field.id in self._step.required
            touched = self._screen == "create" or field.id in self._draft.verbs or asked
            if field.id in self._errors or field.id in _TAKEN_APART or not touched:
                continue
            required = is_required(self._project, self._kind, field, self._screen) or asked
            if required and values.get(field.id) in (None, "", []):
                summary = "You must specify a summary of the issue."
                self._errors[field.id] = (
                    summary if field.id == "summary" else f"{field.name} is required."
                )

    def attach(self, issue: Issue) -> None:
        """Set the properties, links and comments that the request brings along."""
        issues = self._issues
        for name, value in self._draft.properties:
            issues.properties.put(issue.id, name, value)
        for _, raw in self._draft.verbs.get("issuelinks", []):
            self._link(issue, raw)
        for verb, raw in self._draft.verbs.get("comment", []):
            self._comment(issue, verb, raw)

    def _link(self, issue: Issue, raw: Any) -> None:
        body = dict(raw) if isinstance(raw, dict) else {}
        body.setdefault(
            "inwardIssue" if "outwardIssue" in body else "outwardIssue", {"id": issue.id}
        )
        kind, source, target = self._issues.links.requested(body, self._person, self._see)
        self._issues.links.add(kind, source, target, self._person)

    def _comment(self, issue: Issue, verb: str, raw: Any) -> None:
        if verb != "add" or not isinstance(raw, dict):
            raise JiraRefusalError(
                400, errors={"comment": f"Field does not support operation '{verb}'"}
            )
        try:
            body = self._reader.rich_text(raw.get("body"))
        except WrongValueError as wrong:
            raise JiraRefusalError(400, errors={"comment": str(wrong)}) from None
        if body is None:
            raise JiraRefusalError(400, errors={"comment": "Comment body can not be empty!"})
        self._issues.comments.add(issue.id, self._person.account_id, body)
