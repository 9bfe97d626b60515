"""The values an issue tracker deals in: issues as they stand, drafts to create, edits, and facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from bridge.prose import Code, Prose

Category = Literal["todo", "doing", "done"]
Kind = Literal["epic", "task"]

# The fields the bridge writes; also the keys of what it remembers to have meant.
FieldName = Literal["summary", "description", "assignee", "due", "start", "priority"]
FIELDS: tuple[FieldName, ...] = ("summary", "description", "assignee", "due", "start", "priority")
FieldValue: TypeAlias = "str | date | Prose | None"


@dataclass(frozen=True, slots=True)
class Status:
    """A status by its name on the site, and Jira's category of it."""

    name: str
    category: Category


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the site. ``id`` is what assigns an issue."""

    id: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Attached:
    """A file attached to an issue; ``size`` in bytes."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue as the tracker shows it now.

    ``words`` are the description's bare words; ``priority`` a priority's id; ``memory`` the raw JSON
    of the bridge's entity property, None where there is none; ``blocks`` the keys it blocks;
    ``blockers`` the keys that block it, each with its status; ``unticked`` the lines of the
    description's checklists that nobody ticked; ``secured`` tells whether only some people may see it.
    ``creator`` made it and stays, ``reporter`` may be changed. Moments carry their time zone.
    """

    id: str
    key: str
    project: str
    kind: Literal["epic", "task", "subtask"] = "task"
    summary: str = ""
    words: str = ""
    unticked: tuple[str, ...] = ()
    assignee: Account | None = None
    due: date | None = None
    start: date | None = None
    priority: str | None = None
    status: Status = Status("", "todo")
    labels: frozenset[str] = frozenset()
    parent: str | None = None
    memory: Any = None
    blocks: frozenset[str] = frozenset()
    blockers: frozenset[tuple[str, Status]] = frozenset()
    secured: bool = False
    creator: Account | None = None
    reporter: Account | None = None
    created: datetime | None = None
    updated: datetime | None = None
    attachments: tuple[Attached, ...] = ()

    @property
    def blocked_by(self) -> frozenset[str]:
        """Return the keys of the issues that block this one."""
        return frozenset(key for key, _ in self.blockers)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an issue changed last and when it is due: enough to know that it must be looked at again."""

    key: str
    updated: datetime
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it stands now; ``editor`` wrote it last, ``author`` first.

    ``words`` are bare, one line for each paragraph, item of a list or row of a table. A quotation's
    lines begin with ``> ``; words struck through are left out: who strikes a word takes it back.
    """

    id: str
    author: Account | None
    editor: Account | None
    words: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of one field, from the issue's history; an author of None is not known any more.

    ``field`` is Jira's id of it (``labels``, ``status``, ``duedate``), its name where Jira gives no
    id. ``before`` and ``after`` are what the history shows to people ('' for nothing): names of
    statuses and people, labels with blanks between; days are written YYYY-MM-DD.
    """

    author: Account | None
    at: datetime
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an issue's description holds besides words.

    ``code`` is written exactly as the blocks say it; ``tables`` are rows of cells' bare words.
    """

    code: tuple[Code, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An issue to create. ``ref`` is the caller's own name for it (a step id).

    ``fields`` holds only what the bridge means to set: an account id for ``assignee``, a priority's
    id for ``priority``.
    """

    ref: str
    project: str
    kind: Kind
    fields: Mapping[FieldName, FieldValue]
    labels: tuple[str, ...] = ()
    parent: str | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for some fields of one issue, and the memory that goes with them."""

    key: str
    fields: Mapping[FieldName, FieldValue]
    memory: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """One draft the site refused, with its own words by field."""

    ref: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Created:
    """What a create call came to: the keys by ref, and what was refused."""

    keys: Mapping[str, str]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What a project lets this account set when it creates an epic or a task.

    ``absent`` are indispensable fields that its screen lacks; ``unfilled`` required fields that the
    bridge does not fill and that have no default. ``start_fields`` are the candidates for the start
    date, as (id, name). ``priorities`` are the ids it accepts, the most urgent first.
    """

    project: str
    kind: Kind
    type_name: str
    settable: frozenset[FieldName]
    absent: tuple[str, ...] = ()
    unfilled: tuple[str, ...] = ()
    start_fields: tuple[tuple[str, str], ...] = ()
    priorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything a creation depends on, gathered before the first write.

    ``rights`` by project key; None where the project cannot be seen. ``forms`` by project and kind;
    None where the project has no such issue type. ``accounts`` by person id; several where the site
    knows more than one, none where it knows nobody who can be assigned. ``newest`` is the number
    of the newest issue seen in each project. ``labelled`` are the keys of the issues that the index
    shows under the campaign's label; the index lags behind.
    """

    me: Account
    rights: Mapping[str, frozenset[str] | None]
    forms: Mapping[tuple[str, Kind], Form | None]
    accounts: Mapping[str, tuple[Account, ...]]
    link_types: tuple[str, ...]
    newest: Mapping[str, int]
    labelled: tuple[str, ...] = ()
