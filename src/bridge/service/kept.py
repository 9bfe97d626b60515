"""Marks: small values that the service keeps between runs, shared by all of its processes."""

from typing import Any, Final, Protocol

from bridge.errors import StoreOfAnother

OWNER: Final = "workspace"  # the mark that says whose store it is


class Kept(Protocol):
    """Where marks are kept: the engine, or its table of marks alone. Both methods raise StoreDown."""

    def recall(self, name: str) -> Any:
        """Return a mark (JSON), None where there is none."""
        ...

    def remember(self, name: str, value: Any) -> None:
        """Keep a mark."""
        ...


def claim(marks: Kept, workspace: str) -> None:
    """Make a store a workspace's own; marks, feeds and queues do not name it, so it has one.

    Raises StoreOfAnother where it is another workspace's already, or StoreDown.
    """
    owner = marks.recall(OWNER)
    if owner is None:
        marks.remember(OWNER, workspace)
    elif owner != workspace:
        raise StoreOfAnother(str(owner), workspace)
