"""An epic labelled ``bridge-template-NAME`` becomes a campaign, in conversation with who made it."""

from collections.abc import Iterable
from typing import Final

from bridge.operations import epic as operation
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.reaction import Reaction
from bridge.text import text
from bridge.tracker import Issue
from bridge.workspace import Workspace

KIND: Final = "campaign"


def concerns(hint: Hint, issue: Issue | None, workspace: Workspace) -> Iterable[str]:
    """Return the epic's key where a template is asked for on it, or a creation was begun there."""
    if issue is not None and operation.asks_for_a_campaign(issue, workspace):
        yield issue.key


def act(name: str, around: Around) -> None:
    """Say what is missing, show the plan, create after a yes; unchanged, nothing is written.

    Raises SiteError, or CampaignMoved.
    """
    operation.settle(name, around.workspace, around.tools, around.templates)


REACTION: Final = Reaction(
    kind=KIND,
    concerns=concerns,
    act=act,
    words=lambda name: text("Epic {key}: looked at.", key=name),
)
