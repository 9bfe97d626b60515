"""Find what exists of a campaign, whatever the search index shows by now.

The journal and the epic's memory are asked first; then the index by label; and where a run may have
died, the store itself: issue keys count up, so everything created since an intent can be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bridge.campaign import Campaign
from bridge.errors import MemoryDamaged
from bridge.memory import Damaged, Memory, of
from bridge.ports import Journal, Tools, Tracker
from bridge.reconcile import Conflict
from bridge.text import Value, text
from bridge.tracker import Issue, Survey

# How many issues before the newest visible one may still be missing from the index.
MARGIN = 40
# How often, and every how many seconds, to look whether another machine has finished.
PATIENCE, BETWEEN_LOOKS = 8, 2.5


@dataclass(slots=True)
class Found:
    """What exists: the epic with its memory, and the key of each step's issue."""

    epic: Issue | None = None
    memory: Memory | None = None
    known: dict[str, str] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def locate(tools: Tools, campaign: Campaign, survey: Survey) -> Found:
    """Return what exists of a campaign, its issues as the store has them now."""
    tracker, journal, found = tools.tracker, tools.journal, Found()
    key = journal.epic_of(campaign.order.id)
    if key is not None:
        pool = tracker.read([key])
        if key not in pool:
            why = text("The campaign's epic {key} was deleted; it is not created again.", key=key)
            found.conflicts.append(Conflict(key, "", why))
            return found
    else:
        pool = _candidates(tracker, journal, campaign, survey)
    _choose_epic(found, pool.values(), campaign)
    if _may_be_in_the_making(found, journal, campaign):
        _let_the_other_machine_finish(found, tools)
    if found.epic is not None and found.memory is not None:
        _children(found, tracker, survey)
    return found


def _may_be_in_the_making(found: Found, journal: Journal, campaign: Campaign) -> bool:
    """Tell whether the epic is incomplete and not from a run of this machine that died."""
    known_here = journal.epic_of(campaign.order.id) or journal.intent_of(campaign.order.id)
    return found.memory is not None and not found.memory.complete and known_here is None


def _let_the_other_machine_finish(found: Found, tools: Tools) -> None:
    """Wait a while for another machine that may be creating this campaign at this moment.

    Where it does not finish it has died, and its campaign is completed here.
    """
    tools.progress(text("Another machine may be creating this campaign: waiting for it."))
    for _ in range(PATIENCE):
        tools.clock.sleep(BETWEEN_LOOKS)
        assert found.epic is not None  # noqa: S101  # an incomplete epic was found
        epic = tools.tracker.read([found.epic.key]).get(found.epic.key)
        if epic is None:
            return
        found.epic, found.memory = epic, _memory(epic)
        if found.memory is None or found.memory.complete:
            return


def _candidates(
    tracker: Tracker, journal: Journal, campaign: Campaign, survey: Survey
) -> Mapping[str, Issue]:
    """Read what the index shows under the label, and what it may not show yet."""
    project = campaign.workspace.main_project
    intent = journal.intent_of(campaign.order.id)
    floor = (survey.newest if intent is None else intent).get(project, 0)
    recent = tracker.created_since(project, max(0, floor - MARGIN))
    older = set(survey.labelled) - {issue.key for issue in recent}
    read = tracker.read(older) if older else {}
    return {**read, **{issue.key: issue for issue in recent}}


def _choose_epic(found: Found, pool: Iterable[Issue], campaign: Campaign) -> None:
    label, own = campaign.label, (campaign.workspace.id, campaign.order.id, "")
    epics = sorted(
        (issue for issue in pool if issue.kind == "epic" and label in issue.labels), key=_age
    )
    remembered = [(epic, memory) for epic in epics if (memory := _memory(epic)) is not None]
    mine = [(e, m) for e, m in remembered if (m.workspace, m.campaign, m.step) == own]
    if len(mine) > 1:
        found.conflicts.append(rivals(epic.key for epic, _ in mine))
    elif mine:
        found.epic, found.memory = mine[0]
    elif epics:
        key = epics[0].key
        why = text(
            "{key} carries the campaign's label but is not the bridge's epic for it.", key=key
        )
        found.conflicts.append(Conflict(key, "", why))


def rivals(keys: Iterable[str]) -> Conflict:
    """Return the conflict of several epics for one campaign: another machine was at it."""
    names: tuple[Value, ...] = tuple(keys)
    why = text(
        "There are several epics for this campaign: {keys}. Keep one; nothing was deleted.",
        keys=names,
    )
    return Conflict(str(names[0]), "", why)


def _children(found: Found, tracker: Tracker, survey: Survey) -> None:
    assert found.epic is not None  # noqa: S101  # checked by the only caller
    assert found.memory is not None  # noqa: S101  # as above
    found.known = dict(found.memory.children)
    recent: dict[str, Issue] = {}
    if not found.memory.complete:
        for project, floor in found.memory.floors.items():
            recent |= {issue.key: issue for issue in tracker.created_since(project, floor)}
        older = set(survey.labelled) - recent.keys()
        recent |= tracker.read(older) if older else {}
        for issue in sorted(recent.values(), key=_age):
            _adopt(found, issue)
    missing = set(found.known.values()) - recent.keys()
    found.issues = {**recent, **(tracker.read(missing) if missing else {})}
    found.issues[found.epic.key] = found.epic


def _age(issue: Issue) -> tuple[int, str]:
    """Order issues of a project by their number."""
    return len(issue.key), issue.key


def _adopt(found: Found, issue: Issue) -> None:
    """Take an issue that a run created before it died, by the memory it carries."""
    memory = _memory(issue)
    own = found.memory
    if memory is None or own is None or not memory.step:
        return
    if (memory.workspace, memory.campaign) != (own.workspace, own.campaign):
        return
    other = found.known.setdefault(memory.step, issue.key)
    if other != issue.key:
        why = text(
            "{first} and {second} are both “{step}”. Keep one; nothing was deleted.",
            first=other,
            second=issue.key,
            step=memory.step,
        )
        found.conflicts.append(Conflict(issue.key, memory.step, why))


def _memory(issue: Issue) -> Memory | None:
    try:
        return of(issue)
    except Damaged:
        raise MemoryDamaged(issue.key) from None
