"""What just happened to an issue, for those who are told of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridge.sandbox.jira.attached import Comment
from bridge.sandbox.jira.changes import Item
from bridge.sandbox.jira.record import Issue


@dataclass(frozen=True)
class Happening:
    """An event in Jira's own words (``jira:issue_created``, ``comment_updated`` …) and what it is about.

    ``actor`` is an account id; ``change`` is the number of the entry in the history, and ``items`` its
    lines; a comment's event has neither.
    """

    event: str
    issue: Issue
    actor: str
    change: int | None = None
    items: Sequence[Item] = ()
    comment: Comment | None = None


Listener = Callable[[Happening], None]


def nobody(_: Happening) -> None:
    """Nobody is told."""
