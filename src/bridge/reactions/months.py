"""An epic changed: its name and its launch stand on the pages of all months that its children are due in."""

from collections.abc import Iterable
from typing import Final

from bridge.reactions import month
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.reaction import Reaction
from bridge.text import text
from bridge.tracker import Issue
from bridge.workspace import Workspace

KIND: Final = "months"


def concerns(hint: Hint, issue: Issue | None, workspace: Workspace) -> Iterable[str]:
    """Return the epic's key, in a project of the workspace."""
    if issue is None or issue.kind != "epic":
        return ()
    return (issue.key,) if issue.project in workspace.projects.values() else ()


def act(name: str, around: Around) -> None:
    """Publish the months that the epic's children are due in, by the search index."""
    children = around.tools.tracker.children([name], "duedate is not EMPTY")
    months = {child.due.replace(day=1) for child in children if child.due}
    month.bring_up_to_date(months, around)


# An epic changes with every word the bridge says on it; a renamed one may wait a little longer.
REACTION: Final = Reaction(
    kind=KIND,
    concerns=concerns,
    act=act,
    words=lambda name: text("The months of {key}: looked at.", key=name),
    quiet=20.0,
    at_most=90.0,
)
