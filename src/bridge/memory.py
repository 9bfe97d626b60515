"""What the bridge remembers on an issue: which step it is, and what it last meant for each field.

Stored as the issue's entity property ``bridge``, in the same request as the fields. Values for dates
and priority; digests for people and texts, so that nothing personal is stored. Anyone who may edit
the issue may edit it: it is checked, never trusted.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bridge.prose import Block, folded, words_of
from bridge.tracker import FIELDS, FieldName, FieldValue, Issue

FORMAT = 1
PROPERTY = "bridge"
RECORDS = ("request", "approval")  # the ``kind`` of what else the property may hold
_PERSONAL: frozenset[FieldName] = frozenset({"summary", "description", "assignee"})


class Damaged(ValueError):
    """The property is there, and is not what the bridge writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One issue's memory. ``step`` is empty on the epic; ``order`` its place in the template.

    ``with_whom``: digest of the external person whose referent is the assignee. ``adopted``: a person
    made this epic; of its fields the campaign means those in ``meant`` alone.
    On the epic: ``launch``; ``floors``, the newest issue number of each project just before the
    children were created, until ``complete``; then ``children`` names them by step.
    """

    workspace: str
    campaign: str
    step: str
    template: str
    version: str
    order: int = 0
    meant: Mapping[FieldName, str] = field(default_factory=dict)
    launch: str = ""
    floors: Mapping[str, int] = field(default_factory=dict)
    children: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    with_whom: str = ""
    adopted: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the property's value."""
        value: dict[str, Any] = {
            "format": FORMAT,
            "workspace": self.workspace,
            "campaign": self.campaign,
            "step": self.step,
            "template": self.template,
            "version": self.version,
            "order": self.order,
            "meant": dict(self.meant),
        }
        if self.with_whom:
            value["with"] = self.with_whom
        if self.adopted:
            value["adopted"] = True
        if not self.step:
            value |= {
                "launch": self.launch,
                "floors": dict(self.floors),
                "children": dict(self.children),
                "complete": self.complete,
            }
        return value

    def with_meant(self, meant: Mapping[FieldName, str]) -> "Memory":
        """Return the same memory, meaning something else."""
        return replace(self, meant=dict(meant))

    @classmethod
    def read(cls, value: Any) -> "Memory":
        """Check a property's value; raise :class:`Damaged` where it is not the bridge's."""
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise Damaged
        meant = _mapping(value, "meant", str)
        if not set(meant) <= set(FIELDS) or type(value.get("order")) is not int:
            raise Damaged
        return cls(
            workspace=_string(value, "workspace"),
            campaign=_string(value, "campaign"),
            step=_string(value, "step"),
            template=_string(value, "template"),
            version=_string(value, "version"),
            order=value["order"],
            meant=meant,
            launch=str(value.get("launch", "")),
            floors=_mapping(value, "floors", int),
            children=_mapping(value, "children", str),
            complete=value.get("complete") is True,
            with_whom=str(value.get("with", "")),
            adopted=value.get("adopted") is True,
        )


def of(issue: Issue) -> Memory | None:
    """Return the issue's memory, None where it has none; raise :class:`Damaged`.

    Requests and approvals keep records of their own in the same property: no campaign's memory.
    """
    if issue.memory is None or is_record(issue):
        return None
    return Memory.read(issue.memory)


def is_record(issue: Issue) -> bool:
    """Tell whether the bridge keeps a request or an approval as this issue."""
    value = issue.memory
    return isinstance(value, dict) and value.get("kind") in RECORDS


def mark(name: FieldName, value: FieldValue) -> str:
    """Return what stands for a field's value in a comparison and in the memory.

    Dates and priorities stand for themselves; people and texts are digests. Empty means no value.
    """
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, date):
        return value.isoformat()
    plain = words_of(_blocks(value)) if isinstance(value, tuple) else folded(value)
    return digest(plain) if name in _PERSONAL else plain


def observed_marks(issue: Issue) -> Mapping[FieldName, str]:
    """Return the marks of what the issue shows now."""
    return {
        "summary": mark("summary", issue.summary),
        "description": mark("description", issue.words),
        "assignee": mark("assignee", issue.assignee.id if issue.assignee else None),
        "due": mark("due", issue.due),
        "start": mark("start", issue.start),
        "priority": mark("priority", issue.priority),
    }


def digest(plain: str) -> str:
    """Return a short digest: enough to tell two values apart, not to read one."""
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _blocks(value: tuple[Any, ...]) -> tuple[Block, ...]:
    return value


def _string(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str):
        raise Damaged
    return found


def _mapping(value: Mapping[str, Any], key: str, kind: type) -> dict[Any, Any]:
    found = value.get(key, {})
    if not isinstance(found, dict) or not all(
        isinstance(k, str) and type(v) is kind for k, v in found.items()
    ):
        raise Damaged
    return found
