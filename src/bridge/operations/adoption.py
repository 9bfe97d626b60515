"""Take an epic that a person made as a campaign's epic, instead of creating one.

Its summary, description, dates and assignee stay the person's: the bridge remembers what they show,
and means nothing else. Memory first, then labels, then the journal: each step safe to be the last.
"""

from dataclasses import replace

from bridge.campaign import Campaign, labels_of
from bridge.memory import Memory, mark, observed_marks
from bridge.memory import of as memory_of
from bridge.operations.locate import Found, memory_is_of
from bridge.operations.writing import CAUSE, EPIC, may_be_quiet
from bridge.ports import Tools
from bridge.reconcile import Conflict, Wish
from bridge.text import text
from bridge.tracker import Issue, Survey


def recall(campaign: Campaign, epic: Issue, tools: Tools) -> None:
    """Record an epic that was taken before, by a run that may have died or on another machine.

    Its issues are then looked for below it, whatever the index shows by now.
    """
    memory = memory_of(epic)
    if memory is not None and memory_is_of(memory, campaign) and not memory.step:
        _record(campaign, epic, tools)


def join(found: Found, epic: Issue, campaign: Campaign, survey: Survey) -> None:
    """Put an epic that is not yet the campaign's in the place of the one to create."""
    if found.epic is not None:
        if found.epic.key != epic.key:
            why = text(
                "The campaign “{id}” exists already: {key}. Give this epic another name or due date.",
                id=campaign.order.id,
                key=found.epic.key,
            )
            found.conflicts.append(Conflict(epic.key, EPIC, why))
        return
    found.memory = _memory(campaign, epic, survey)
    found.epic = replace(epic, memory=found.memory.as_json())
    found.issues[epic.key] = found.epic
    found.adopts = True


def _memory(campaign: Campaign, epic: Issue, survey: Survey) -> Memory:
    """Return the memory of a campaign about to be created below an epic of somebody's."""
    order, seen = campaign.order, observed_marks(epic)
    return Memory(
        workspace=campaign.workspace.id,
        campaign=order.id,
        step=EPIC,
        template=order.template.id,
        version=order.template.version,
        meant={"summary": seen["summary"], "due": mark("due", order.launch)},
        launch=order.launch.isoformat(),
        floors=dict(survey.newest),
        adopted=True,
    )


def their_own(wish: Wish, kept: Memory) -> Wish:
    """Leave out of an epic's wish what a person wrote: only what it showed when taken is compared."""
    if not kept.adopted:
        return wish
    fields = {name: value for name, value in wish.fields.items() if name in kept.meant}
    return Wish(wish.ref, wish.title, fields, wish.memory)


def take(campaign: Campaign, found: Found, tools: Tools, survey: Survey) -> None:
    """Write the campaign's memory and labels on the epic, and record it; done twice, it changes nothing."""
    epic, memory = found.epic, found.memory
    if epic is None or memory is None or not memory.adopted:
        return
    if found.adopts:
        tools.tracker.remember(epic.key, memory.as_json())
    missing = frozenset(labels_of(campaign)) - epic.labels
    if missing and not memory.complete:
        tools.tracker.relabel(epic.key, missing, (), quietly=may_be_quiet(survey))
        tools.journal.wrote("issue", epic.key, "labels", "", " ".join(sorted(missing)), CAUSE)
    _record(campaign, epic, tools)


def _record(campaign: Campaign, epic: Issue, tools: Tools) -> None:
    if tools.journal.epic_of(campaign.order.id) != epic.key:
        tools.journal.epic(campaign.order.id, epic.key)
