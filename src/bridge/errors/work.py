"""The service's work and its store: decisions that cannot be carried out, a store that is another's."""

from collections.abc import Mapping
from typing import Final

from bridge.errors.families import ConfigurationError, UnsafeError
from bridge.text import Text, text

_NOT_NOW: Final[Mapping[str, Text]] = {
    "waiting": text("The work {id} still waits: nothing failed yet."),
    "running": text("The work {id} is running."),
    "done": text("The work {id} is done."),
    "discarded": text("The work {id} was given up before."),
}


class NoSuchWork(ConfigurationError):
    """The service's store holds no work of that id."""

    def __init__(self, identity: str) -> None:
        super().__init__(
            text("The service has no work with the id {id}.", id=identity),
            text("`bridge jobs list` shows the ids; finished work is forgotten after 30 days."),
        )


class WorkElsewhere(ConfigurationError):
    """The work is in a state in which nothing can be decided about it; "" where it just changed."""

    def __init__(self, identity: str, state: str) -> None:
        known = _NOT_NOW.get(state, text("The work {id} has changed in the meantime."))
        super().__init__(
            Text(known.one, {"id": identity}), text("Look at it with `bridge jobs show ID`.")
        )


class StoreOfAnother(UnsafeError):
    """The service's store belongs to another workspace."""

    def __init__(self, owner: str, workspace: str) -> None:
        super().__init__(
            text(
                "The service's store is that of the workspace “{owner}”, not of “{workspace}”.",
                owner=owner,
                workspace=workspace,
            ),
            text(
                "Give each workspace a store of its own: another file or database in BRIDGE_STATE."
            ),
        )
