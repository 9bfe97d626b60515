"""An issue as it is kept."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Issue:
    """One issue.

    ``values`` maps a field id to what is kept: text, ADF, an ISO date, a list of labels, the id of a
    priority, resolution or security level, an account id. ``parent`` is the id of another issue.
    Times are as :mod:`bridge.sandbox.moments` keeps them.
    """

    id: int
    key: str
    project: str
    type: str
    status: str
    created: str
    updated: str
    parent: int | None = None
    resolved: str | None = None
    category_changed: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number in the key."""
        return int(self.key.rpartition("-")[2])

    @property
    def summary(self) -> str:
        """The title."""
        return str(self.values.get("summary", ""))

    @property
    def duedate(self) -> str | None:
        """The due date as ``yyyy-MM-dd``, or None."""
        return self.values.get("duedate")

    @property
    def assignee(self) -> str | None:
        """The account id of the one responsible, or None."""
        return self.values.get("assignee")

    @property
    def labels(self) -> list[str]:
        """The labels, in alphabetical order."""
        return list(self.values.get("labels") or [])

    @property
    def security(self) -> str | None:
        """The id of the security level, or None."""
        return self.values.get("security")

    def doc(self) -> dict[str, Any]:
        """Return the issue as a JSON document, to be written or read; its parts are not copies."""
        return dict(vars(self))
