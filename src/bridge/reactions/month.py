"""A change touches the pages of some months: publish them anew, if they exist."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from bridge.operations import month as operation
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.reaction import Reaction
from bridge.text import text
from bridge.tracker import Issue
from bridge.workspace import Workspace

KIND: Final = "month"


def concerns(hint: Hint, issue: Issue | None, workspace: Workspace) -> Iterable[str]:
    """Return the months of the dates that the issue has, had or gets."""
    days = [*hint.dates, *([issue.due] if issue is not None and issue.due else [])]
    return [f"{day:%Y-%m}" for day in days]


def act(name: str, around: Around) -> None:
    """Publish the month; unchanged, nothing is written. Raises as `month publish` does."""
    month = date.fromisoformat(f"{name}-01")
    operation.publish(month, around.workspace, around.tools, around.wiki, around.layout(month))


# A burst of changes makes one version, and a page is never a minute behind.
REACTION: Final = Reaction(
    kind=KIND,
    concerns=concerns,
    act=act,
    words=lambda name: text("Month {month}: looked at.", month=name),
    quiet=5.0,
    at_most=60.0,
)
