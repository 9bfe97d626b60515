"""Every reaction of the bridge. A new one is a module of its own and one line here."""

from collections.abc import Iterable, Iterator
from typing import Final

from bridge.reactions import campaign, month, months, request
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.reactions.reaction import Reaction
from bridge.tracker import Issue
from bridge.workspace import Workspace

REACTIONS: Final[tuple[Reaction, ...]] = (
    campaign.REACTION,
    request.REACTION,
    month.REACTION,
    months.REACTION,
)
_BY_KIND: Final = {reaction.kind: reaction for reaction in REACTIONS}


def jobs_for(hint: Hint, issue: Issue | None, workspace: Workspace) -> Iterator[Job]:
    """Return what a change calls for; nothing twice."""
    for reaction in REACTIONS:
        for name in dict.fromkeys(reaction.concerns(hint, issue, workspace)):
            yield Job(reaction.kind, name)


def reaction_of(job: Job) -> Reaction:
    """Return the reaction that a job is of; raise KeyError for a kind that nobody knows."""
    return _BY_KIND[job.kind]


def act(job: Job, around: Around) -> None:
    """Do what a job calls for; raises as its reaction does."""
    reaction_of(job).act(job.name, around)


def kinds() -> Iterable[str]:
    """Return the kinds of jobs there are."""
    return _BY_KIND.keys()
