"""A Tracker in dictionaries: issues in a store, and an index that may lag behind it."""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bridge.errors import AttachmentTooLarge, BadAnswer, Forbidden, Refused
from bridge.ports import Whom
from bridge.prose import Prose, folded, words_of
from bridge.text import text
from bridge.tracker import (
    FIELDS,
    Account,
    Attached,
    Comment,
    Content,
    Created,
    Draft,
    Edit,
    Failure,
    FieldName,
    FieldValue,
    Form,
    Happening,
    Issue,
    Kind,
    Stamp,
    Status,
    Survey,
)
from tests.twin.jql import matcher, ordered
from tests.twin.record import Record, attached

RIGHTS = frozenset(
    {"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ASSIGN_ISSUES", "LINK_ISSUES",
     "ADD_COMMENTS", "TRANSITION_ISSUES", "ADMINISTER_PROJECTS"}
)  # fmt: skip
DONE = Status("Done", "done")
PRIORITIES = ("1", "2", "3", "4", "5")
_ON_THE_SITE: Mapping[FieldName, str] = {"due": "duedate"}


@dataclass
class TwinProject:
    """A project: who may do what, and what its screens take."""

    key: str
    rights: frozenset[str] = RIGHTS
    kinds: dict[Kind, str] = field(default_factory=lambda: {"epic": "Epic", "task": "Task"})
    hidden: set[FieldName] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    start_fields: tuple[tuple[str, str], ...] = (("customfield_10015", "Start date"),)
    done: Status | None = DONE
    newest: int = 0


@dataclass
class TwinUser:
    """Somebody with an account."""

    account: Account
    email: str
    not_in: frozenset[str] = frozenset()


@dataclass
class TwinTracker:
    """Implements :class:`bridge.ports.Tracker`. ``lags``: the index stands still until :meth:`settle`.

    Time goes on by a second with every change.
    """

    projects: dict[str, TwinProject]
    users: list[TwinUser]
    account: Account
    link_types: tuple[str, ...] = ("Blocks", "Relates")
    site: str = "https://twin.example"
    link_type: str = "Blocks"
    start_field: str | None = None
    lags: bool = False
    store: dict[str, Issue] = field(default_factory=dict)
    index: dict[str, Issue] = field(default_factory=dict)
    records: defaultdict[str, Record] = field(default_factory=lambda: defaultdict(Record))
    count: int = 0
    moment: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def settle(self) -> None:
        """Let the index catch up."""
        self.index = dict(self.store)

    def put(self, issue: Issue) -> None:
        """Change the store, as anybody on the site may."""
        self.store[issue.key] = issue
        if not self.lags:
            self.settle()

    def drop(self, key: str) -> None:
        """Delete an issue for good."""
        del self.store[key]
        if not self.lags:
            self.settle()

    def change(self, key: str, author: Account, **changes: Any) -> None:
        """Change an issue as somebody does, with a line in its history."""
        before = self.store[key]
        after = replace(before, **changes, updated=self._tick())
        self.records[key].note(before, after, author, self.moment)
        self.put(after)

    def say(self, key: str, prose: Prose, author: Account) -> str:
        """Comment an issue as somebody does."""
        self.count += 1
        self.records[key].say(str(self.count), prose, author, self._tick())
        self.put(replace(self.store[key], updated=self.moment))
        return str(self.count)

    def attach(self, key: str, name: str, content: bytes) -> None:
        """Attach a file as somebody does."""
        self.count += 1
        file = attached(self.count, name, content)
        self.records[key].files[file.id] = content
        self.put(replace(self.store[key], attachments=(*self.store[key].attachments, file)))

    def _tick(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    # --- the port -----------------------------------------------------------------------------

    def me(self) -> Account:
        return self.account

    def survey(
        self, projects: Sequence[str], people: Sequence[tuple[Whom, str]], label: str
    ) -> Survey:
        seen = [p for p in projects if "BROWSE_PROJECTS" in self._rights(p)]
        accounts: dict[str, tuple[Account, ...]] = {whom.id: () for whom, _ in people}
        met: set[str] = set()
        for whom, project in people:
            if project not in seen or not (whom.account or whom.email):
                continue
            found = self._assignable(whom, project)
            before = accounts[whom.id] if whom.id in met else found
            accounts[whom.id] = tuple(a for a in before if a in found)
            met.add(whom.id)
        shown = sorted(i.key for i in self.index.values() if label in i.labels)
        return Survey(
            me=self.account,
            rights={p: self._rights(p) if p in seen else None for p in projects},
            forms={(p, k): self._form(self.projects[p], k) for p in seen for k in ("epic", "task")},
            accounts=accounts,
            link_types=self.link_types,
            newest={p: self._newest_shown(p) for p in seen},
            labelled=tuple(shown),
        )

    def search(self, jql: str) -> Sequence[Issue]:
        test, order = matcher(jql, self.moment)
        return ordered([issue for issue in self.index.values() if test(issue)], order)

    def stamps(self, jql: str) -> Sequence[Stamp]:
        return [
            Stamp(issue.key, issue.updated or self.moment, issue.due) for issue in self.search(jql)
        ]

    def lines(self, key: str) -> Sequence[str]:
        return self._seen(key).lines()

    def epics(self, project: str, condition: str) -> Sequence[Issue]:
        found = self.search(f'project = "{project}" AND {condition} ORDER BY key')
        return [issue for issue in found if issue.kind == "epic"]

    def children(self, epics: Collection[str], condition: str) -> Sequence[Issue]:
        if not epics:
            return []
        below = ", ".join(f'"{key}"' for key in epics)
        return self.search(f"parent in ({below}) AND {condition} ORDER BY duedate, key")

    def read(self, keys: Iterable[str]) -> Mapping[str, Issue]:
        return {key: self.store[key] for key in keys if key in self.store}

    def created_since(self, project: str, number: int, newest: int = 0) -> Sequence[Issue]:
        some = [i for i in self.store.values() if i.project == project and _number(i) > number]
        return sorted(some, key=_number)

    def content(self, key: str) -> Content:
        return self._seen(key).content()

    def attachment(self, attached: Attached, most: int) -> bytes:
        files = (r.files[attached.id] for r in self.records.values() if attached.id in r.files)
        content = next(files)
        if max(attached.size, len(content)) > most:
            raise AttachmentTooLarge(attached.name, most)
        if len(content) != attached.size:
            raise BadAnswer("Jira", attached.name, text("a file of another size"))
        return content

    def comments(self, key: str) -> Sequence[Comment]:
        return list(self._seen(key).comments)

    def history(self, key: str) -> Sequence[Happening]:
        return list(self._seen(key).happenings)

    def create(self, drafts: Sequence[Draft]) -> Created:
        keys: dict[str, str] = {}
        failures: list[Failure] = []
        for draft in drafts:
            reasons = tuple(self._against(draft))
            if reasons:
                failures.append(Failure(draft.ref, reasons))
            else:
                keys[draft.ref] = self._create(draft)
        return Created(keys, tuple(failures))

    def edit(self, edit: Edit, *, quietly: bool) -> None:
        self._write(edit.key, edit.fields, edit.memory, quietly=quietly)

    def _write(
        self, key: str, fields: Mapping[FieldName, FieldValue], memory: Any, *, quietly: bool
    ) -> None:
        project = self._writable(key)
        if quietly and "ADMINISTER_PROJECTS" not in project.rights:
            raise Forbidden("Jira", f"edit {key}", "only an administrator may be quiet")
        reasons = [r for n, v in fields.items() for r in self._value(project, n, v)]
        if reasons:
            raise Refused("Jira", f"edit {key}", 400, "; ".join(reasons))
        before = self.store[key]
        changed = self._with(before, fields)
        self.records[key].note(before, changed, self.account, self._tick())
        self.put(replace(changed, memory=copy.deepcopy(memory), updated=self.moment))

    def remember(self, key: str, memory: Mapping[str, Any]) -> None:
        self._writable(key)
        self.put(replace(self.store[key], memory=copy.deepcopy(dict(memory))))

    def forget(self, key: str) -> None:
        if key in self.store:
            self._writable(key)
            self.put(replace(self.store[key], memory=None))

    def add_to_description(self, key: str, prose: Prose, *, quietly: bool) -> None:
        whole = self._seen(key).description + prose
        if words_of(prose):
            memory = self.store[key].memory
            self._write(key, {"description": whole}, memory, quietly=quietly)

    def comment(self, key: str, prose: Prose) -> str:
        self._able(key, "ADD_COMMENTS")
        return self.say(key, prose, self.account)

    def recomment(self, key: str, comment_id: str, prose: Prose) -> None:
        if not self._seen(key).say_anew(comment_id, prose, self.account, self._tick()):
            raise Refused("Jira", key, 404, "no such comment")
        self.put(replace(self.store[key], updated=self.moment))

    def relabel(
        self, key: str, add: Collection[str], remove: Collection[str], *, quietly: bool
    ) -> None:
        project = self._writable(key)
        if quietly and "ADMINISTER_PROJECTS" not in project.rights:
            raise Forbidden("Jira", key, "only an administrator may be quiet")
        self.change(key, self.account, labels=(self.store[key].labels - set(remove)) | set(add))

    def finish(self, key: str) -> bool:
        self._seen(key)
        issue = self.store[key]
        project = self.projects[issue.project]
        if issue.status.category == "done":
            return True
        if project.done is None or "TRANSITION_ISSUES" not in project.rights:
            return False
        self.change(key, self.account, status=project.done)
        return True

    def link(self, pairs: Sequence[tuple[str, str]]) -> None:
        for blocker, blocked in pairs:
            for key in (blocker, blocked):
                self._writable(key)
            issue = self.store[blocker]
            self.put(replace(issue, blocks=issue.blocks | {blocked}))
            other = self.store[blocked]
            status = self.store[blocker].status
            self.put(replace(other, blockers=other.blockers | {(blocker, status)}))

    def url(self, key: str) -> str:
        return f"{self.site}/browse/{key}"

    # --- the site -----------------------------------------------------------------------------

    def _rights(self, project: str) -> frozenset[str]:
        return self.projects[project].rights if project in self.projects else frozenset()

    def _assignable(self, whom: Whom, project: str) -> tuple[Account, ...]:
        able = [u for u in self.users if u.account.active and project not in u.not_in]
        if whom.account:
            return tuple(u.account for u in able if u.account.id == whom.account)
        wanted = (whom.email or "").casefold()
        exact = [u.account for u in able if u.email.casefold() == wanted]
        return tuple(exact or (u.account for u in able if u.email.casefold().startswith(wanted)))

    def _form(self, project: TwinProject, kind: Kind) -> Form | None:
        if kind not in project.kinds:
            return None
        settable = set(FIELDS) - project.hidden - {"start"}
        starts = () if "start" in project.hidden else project.start_fields
        if len(starts) == 1:
            self.start_field = starts[0][0]
            settable.add("start")
        indispensable: tuple[FieldName, ...] = ("summary", "assignee", "due")
        return Form(
            project=project.key,
            kind=kind,
            type_name=project.kinds[kind],
            settable=frozenset(settable),
            absent=tuple(_ON_THE_SITE.get(n, n) for n in indispensable if n in project.hidden),
            unfilled=tuple(sorted(project.required)),
            start_fields=starts,
            priorities=PRIORITIES,
        )

    def _newest_shown(self, project: str) -> int:
        shown = (_number(i) for i in self.index.values() if i.project == project)
        return max(shown, default=0)

    def _against(self, draft: Draft) -> Iterable[str]:
        project = self.projects[draft.project]
        if not draft.fields.get("summary"):
            yield "summary: You must specify a summary of the issue."
        if draft.parent is not None and draft.parent not in self.store:
            yield "parent: no such issue"
        yield from (f"{name}: is required" for name in sorted(project.required))
        for name, value in draft.fields.items():
            yield from self._value(project, name, value)

    def _value(self, project: TwinProject, name: FieldName, value: FieldValue) -> Iterable[str]:
        if name in project.hidden:
            yield f"{name}: cannot be set; it is not on the screen"
        elif name == "summary" and not _is_summary(value):
            yield "summary: one line of at most 255 characters"
        elif name == "assignee" and value and self._account(project, str(value)) is None:
            yield "assignee: cannot be assigned issues"
        elif name == "priority" and value and value not in PRIORITIES:
            yield "priority: is invalid"

    def _account(self, project: TwinProject, account: str) -> Account | None:
        for user in self.users:
            fits = user.account.active and project.key not in user.not_in
            if fits and user.account.id == account:
                return user.account
        return None

    def _create(self, draft: Draft) -> str:
        project = self.projects[draft.project]
        project.newest += 1
        self.count += 1
        blank = Issue(
            id=str(10_000 + self.count),
            key=f"{project.key}-{project.newest}",
            project=project.key,
            kind=draft.kind,
            status=Status("To Do", "todo"),
            priority="3",
            labels=frozenset(draft.labels),
            parent=draft.parent,
            memory=copy.deepcopy(dict(draft.memory)),
            creator=self.account,
            reporter=self.account,
            created=self._tick(),
            updated=self.moment,
        )
        self.put(self._with(blank, draft.fields))
        return blank.key

    def _with(self, issue: Issue, fields: Mapping[FieldName, FieldValue]) -> Issue:
        changes: dict[str, Any] = {}
        for name, value in fields.items():
            match name:
                case "description":
                    prose = value if isinstance(value, tuple) else ()
                    changes["words"] = words_of(prose)
                    self.records[issue.key].description = prose
                case "assignee":
                    project = self.projects[issue.project]
                    changes["assignee"] = self._account(project, str(value)) if value else None
                case "summary":
                    changes["summary"] = folded(str(value))
                case "due" | "start":
                    changes[name] = value if isinstance(value, date) else None
                case _:
                    changes[name] = value
        return replace(issue, **changes)

    def _seen(self, key: str) -> Record:
        if key not in self.store:
            raise Refused("Jira", key, 404, "Issue does not exist")
        return self.records[key]

    def _able(self, key: str, right: str) -> None:
        self._seen(key)
        if right not in self.projects[self.store[key].project].rights:
            raise Forbidden("Jira", key, f"no right to {right}")

    def _writable(self, key: str) -> TwinProject:
        if key not in self.store:
            raise Refused("Jira", key, 404, "Issue does not exist")
        project = self.projects[self.store[key].project]
        if "EDIT_ISSUES" not in project.rights:
            raise Forbidden("Jira", key, "no right to edit")
        return project


def _number(issue: Issue) -> int:
    return int(issue.key.rpartition("-")[2])


def _is_summary(value: FieldValue) -> bool:
    return isinstance(value, str) and bool(value) and len(value) <= 255 and "\n" not in value
