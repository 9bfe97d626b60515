"""The JSON of an issue: the fields a caller asks for, and what ``expand`` adds."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bridge.sandbox.jira import permissions, workflow
from bridge.sandbox.jira.kinds import Field
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.rest.around import Around
from bridge.sandbox.jira.rest.shapes import Json, Shapes
from bridge.sandbox.jira.screens import fields_on

EXPANDABLE = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
_NOT_NAVIGABLE = {"comment", "attachment"}


class Selection:
    """Which fields are asked for: ids, ``*all``, ``*navigable``, ``-id`` to leave one out."""

    def __init__(self, asked: Iterable[str], default: str) -> None:
        names = [name for name in asked if name] or [default]
        if all(name.startswith("-") for name in names):
            names.append("*all")
        self._left_out = {name[1:] for name in names if name.startswith("-")}
        self._named = {name for name in names if not name.startswith(("-", "*"))} - {"id", "key"}
        self._all = "*all" in names
        self._navigable = "*navigable" in names
        self.only_id = names == ["id"]
        self.only_key = set(names) <= {"id", "key"}

    def __contains__(self, field_id: str) -> bool:
        if field_id in self._left_out:
            return False
        navigable = self._navigable and field_id not in _NOT_NAVIGABLE
        return self._all or navigable or field_id in self._named


class IssueShape:
    """Issues for one caller."""

    def __init__(
        self,
        shapes: Shapes,
        selection: Selection,
        expand: Iterable[str] = (),
        properties: Iterable[str] = (),
    ) -> None:
        self._shapes = shapes
        self._jira = shapes.jira
        self._setup = shapes.setup
        self._selection = selection
        self._expand = set(expand)
        self._properties = list(properties)
        self._fields = [f for f in self._setup.fields if f.id in selection]
        self._around = Around(self._jira, [])
        self._special = self._special_fields()
        self._expanders = self._expansions()

    def _special_fields(self) -> dict[str, Callable[[Issue], Any]]:
        """Answer the fields that are not kept as values, and how each is made up."""
        shapes, setup = self._shapes, self._setup
        return {
            "issuetype": lambda i: shapes.issue_type(setup.types[i.type]),
            "project": lambda i: shapes.project(setup.projects[i.project]),
            "status": lambda i: shapes.status(setup.statuses[i.status]),
            "statusCategory": lambda i: shapes.category(setup.statuses[i.status].category),
            "statuscategorychangedate": lambda i: shapes.time(i.category_changed),
            "creator": lambda i: shapes.account(i.values.get("creator")),
            "created": lambda i: shapes.time(i.created),
            "updated": lambda i: shapes.time(i.updated),
            "resolution": self._resolution,
            "resolutiondate": lambda i: shapes.time(i.resolved),
            "security": self._security,
            "parent": self._parent,
            "subtasks": self._subtasks,
            "issuelinks": self._links,
            "comment": self._comments,
            "watches": self._watches,
            "votes": lambda i: {
                "self": f"{shapes.rest}/issue/{i.key}/votes",
                "votes": 0,
                "hasVoted": False,
            },
            "attachment": lambda i: [shapes.attached(f) for f in self._around.files[i.id]],
            setup.flavour.epic_link: self._epic_key,
        }

    def _expansions(self) -> dict[str, Callable[[Issue], Any]]:
        """Tell what ``expand`` can add."""
        return {
            "changelog": self._changelog,
            "transitions": self._transitions,
            "names": lambda _: self.names(),
            "schema": lambda _: self.schema(),
            "editmeta": self.edit_metadata,
            "renderedFields": self._rendered,
            "operations": lambda _: {"linkGroups": []},
        }

    def issues(self, issues: Sequence[Issue]) -> list[Json]:
        """Several issues, as :meth:`issue` answers one."""
        self._around = Around(self._jira, issues)
        return [self.issue(one) for one in issues]

    def issue(self, issue: Issue) -> Json:
        """One issue; nothing but its id where nothing else was asked for."""
        if self._selection.only_id and not self._expand and not self._properties:
            return {"id": str(issue.id)}
        if issue not in self._around:
            self._around = Around(self._jira, [issue])
        shapes = self._shapes
        shape: Json = {
            "expand": EXPANDABLE,
            "id": str(issue.id),
            "self": f"{shapes.rest}/issue/{issue.id}",
            "key": issue.key,
        }
        for name in self._expand & set(self._expanders):
            shape[name] = self._expanders[name](issue)
        if self._properties:
            shape["properties"] = self._chosen_properties(issue)
        if not self._selection.only_key:
            shape["fields"] = {
                f.id: self._value(f, issue) for f in self._fields if self._has(f, issue)
            }
        return shape

    def names(self) -> dict[str, str]:
        """Answer the names of the chosen fields."""
        return {f.id: f.name for f in self._fields}

    def schema(self) -> dict[str, Json]:
        """Answer the schemas of the chosen fields."""
        return {f.id: f.schema() for f in self._fields}

    def _has(self, field: Field, issue: Issue) -> bool:
        """``parent`` is absent where there is none; the other fields are null."""
        if field.id != "parent":
            return True
        return issue.parent is not None and not self._stands_below_epic(issue)

    def _stands_below_epic(self, issue: Issue) -> bool:
        """Whether what is kept as parent is shown as Epic Link only: on Data Center."""
        return self._setup.flavour.server and not self._setup.types[issue.type].subtask

    def _chosen_properties(self, issue: Issue) -> Json:
        held = self._jira.properties.of(issue.id)
        return (
            held
            if "*all" in self._properties
            else {k: held[k] for k in self._properties if k in held}
        )

    def _value(self, field: Field, issue: Issue) -> Any:
        special = self._special.get(field.id)
        if special:
            return special(issue)
        value = issue.values.get(field.id)
        if value is None:
            return [] if field.kind in ("none", "labels") else None
        return self._kept(field, value)

    def _kept(self, field: Field, value: Any) -> Any:
        shapes = self._shapes
        match field.kind:
            case "richtext":
                return shapes.rich_text(value)
            case "user":
                return shapes.account(value)
            case "priority":
                return shapes.priority(self._setup.priorities[value])
            case "datetime":
                return shapes.time(value)
            case "option":
                return self._option(field, value)
            case "options":
                return [self._option(field, one) for one in value]
        return value

    def _option(self, field: Field, option_id: str) -> Json:
        found = next(
            (o for o in field.options if o["id"] == option_id), {"id": option_id, "value": ""}
        )
        return {"self": f"{self._shapes.rest}/customFieldOption/{option_id}", **found}

    # --- fields that are not kept as values ---------------------------------------------------

    def _resolution(self, issue: Issue) -> Json | None:
        resolution = self._setup.resolutions.get(issue.values.get("resolution") or "")
        if resolution is None:
            return None
        url = f"{self._shapes.rest}/resolution/{resolution.id}"
        return {"self": url, "id": resolution.id, "description": "", "name": resolution.name}

    def _security(self, issue: Issue) -> Json | None:
        level = self._setup.projects[issue.project].level(issue.security)
        if level is None:
            return None
        url = f"{self._shapes.rest}/securitylevel/{level.id}"
        return {"self": url, "id": level.id, "description": "", "name": level.name}

    def _parent(self, issue: Issue) -> Json | None:
        parent = self._around.parents.get(issue.parent) if issue.parent else None
        return None if parent is None else self._shapes.brief(parent)

    def _subtasks(self, issue: Issue) -> list[Json]:
        children = self._around.children[issue.id]
        return [self._shapes.brief(c) for c in children if self._setup.types[c.type].subtask]

    def _links(self, issue: Issue) -> list[Json]:
        found = []
        for link in self._around.links[issue.id]:
            other = self._around.linked.get(link.other(issue.id))
            if other and self._jira.issues.may(self._shapes.viewer, permissions.BROWSE, other):
                side = "outwardIssue" if link.source == issue.id else "inwardIssue"
                found.append(
                    {
                        "id": str(link.id),
                        "self": f"{self._shapes.rest}/issueLink/{link.id}",
                        "type": self._shapes.link_type(link.type),
                        side: self._shapes.brief(other),
                    }
                )
        return found

    def _comments(self, issue: Issue) -> Json:
        comments = [self._shapes.comment(c) for c in self._around.comments[issue.id]]
        url = f"{self._shapes.rest}/issue/{issue.id}/comment"
        return {
            "comments": comments,
            "self": url,
            "maxResults": len(comments),
            "total": len(comments),
            "startAt": 0,
        }

    def _watches(self, issue: Issue) -> Json:
        watching = self._around.watchers[issue.id]
        viewer = self._shapes.viewer
        return {
            "self": f"{self._shapes.rest}/issue/{issue.key}/watchers",
            "watchCount": len(watching),
            "isWatching": viewer is not None and viewer.account_id in watching,
        }

    def _epic_key(self, issue: Issue) -> str | None:
        """Answer the deprecated Epic Link: the key of the parent, if it is an epic."""
        parent = self._around.parents.get(issue.parent) if issue.parent else None
        is_epic = parent is not None and self._setup.types[parent.type].level == 1
        return parent.key if parent and is_epic else None

    # --- expand -------------------------------------------------------------------------------

    def _changelog(self, issue: Issue) -> Json:
        rows = self._jira.history(issue.key)
        if not self._setup.flavour.server:  # Cloud answers the newest first
            rows = rows[::-1]
        histories = self._shapes.changes(rows)
        return {"startAt": 0, "maxResults": len(rows), "total": len(rows), "histories": histories}

    def _transitions(self, issue: Issue) -> list[Json]:
        steps = workflow.available(self._setup, issue, self._shapes.viewer)
        return [self._shapes.transition(step, issue) for step in steps]

    def edit_metadata(self, issue: Issue) -> Json:
        """Tell what may be edited now."""
        shapes = self._shapes
        if not self._jira.issues.may(shapes.viewer, permissions.EDIT, issue):
            return {"fields": {}}
        project, kind = self._setup.projects[issue.project], self._setup.types[issue.type]
        described = shapes.described
        fields = fields_on(self._setup, project, kind, "edit", shapes.viewer)
        return {"fields": {f.id: described.field(project, kind, f, "edit") for f in fields}}

    def _rendered(self, issue: Issue) -> Json:
        rendered: Json = {}
        for field in self._fields:
            value = issue.values.get(field.id)
            if field.kind == "richtext":
                rendered[field.id] = self._shapes.html(value)
            elif field.id in ("created", "updated"):
                rendered[field.id] = self._shapes.time(getattr(issue, field.id))
            elif field.id == "comment":
                rendered[field.id] = {
                    "comments": [self._rendered_comment(c) for c in self._around.comments[issue.id]]
                }
            else:
                rendered[field.id] = (
                    value if isinstance(value, str) and field.kind == "date" else None
                )
        return rendered

    def _rendered_comment(self, comment: Any) -> Json:
        return {**self._shapes.comment(comment), "body": self._shapes.html(comment.body)}
