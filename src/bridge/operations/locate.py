"""Find what exists of a campaign, whatever the search index shows by now.

The journal and the epic's memory are asked first; then the index by label; and where a run may have
died, the store itself: issue keys count up, so everything created since an intent can be read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bridge.campaign import Campaign
from bridge.errors import MemoryDamaged
from bridge.memory import Damaged, Memory, mark, of
from bridge.ports import Journal, Tools, Tracker
from bridge.prose import one_line
from bridge.reconcile import Conflict
from bridge.text import Value, text
from bridge.tracker import Issue, Survey

# How many issues before the newest visible one may still be missing from the index.
MARGIN = 40
# How often, and every how many seconds, to look whether another machine has finished.
PATIENCE, BETWEEN_LOOKS = 8, 2.5


@dataclass(slots=True)
class Found:
    """What exists: the epic with its memory, and the key of each step's issue.

    ``adopts``: the epic is a person's, and its memory is still to be written.
    """

    epic: Issue | None = None
    memory: Memory | None = None
    known: dict[str, str] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    adopts: bool = False


def locate(tools: Tools, campaign: Campaign, survey: Survey) -> Found:
    """Return what exists of a campaign, its issues as the store has them now.

    What is the campaign's is known by the bridge's memory on it; labels, which people may remove,
    only help to find it.
    """
    tracker, journal, found = tools.tracker, tools.journal, Found()
    key = journal.epic_of(campaign.order.id)
    if key is not None:
        pool = tracker.read([key])
        _check_recorded(found, campaign, key, pool.get(key))
        if found.conflicts:
            return found
    else:
        pool = _candidates(tracker, journal, campaign, survey)
    _choose_epic(found, pool.values(), campaign)
    if _may_be_in_the_making(found, journal, campaign):
        _let_the_other_machine_finish(found, tools)
    if found.epic is not None and found.memory is not None:
        _children(found, tracker, survey, campaign)
    return found


def _check_recorded(found: Found, campaign: Campaign, key: str, epic: Issue | None) -> None:
    """Stop where the epic that this workspace created is no longer the campaign's."""
    if epic is None:
        why = text("The campaign's epic {key} was deleted; it is not created again.", key=key)
        found.conflicts.append(Conflict(key, "", why))
        return
    memory = _memory(epic)  # a damaged one is refused
    if memory is None or not _is_epic_of(memory, campaign):
        why = text(
            "{key} was created as this campaign's epic, and no longer carries the bridge's memory "
            "of it.",
            key=key,
        )
        found.conflicts.append(Conflict(key, "", why))


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
    """Read what the index shows under the label, what it may not show yet, and the epics of both."""
    project = campaign.workspace.main_project
    intent = journal.intent_of(campaign.order.id)
    floor = (survey.newest if intent is None else intent).get(project, 0)
    recent = tracker.created_since(project, max(0, floor - MARGIN), survey.newest.get(project, 0))
    pool = {issue.key: issue for issue in recent}
    older = set(survey.labelled) - pool.keys()
    pool |= tracker.read(older) if older else {}
    parents = {issue.parent for issue in pool.values() if issue.parent and _is_of(issue, campaign)}
    above = parents - pool.keys()
    return {**pool, **(tracker.read(above) if above else {})}


def _choose_epic(found: Found, pool: Iterable[Issue], campaign: Campaign) -> None:
    pool = sorted(pool, key=_age)
    mine = [(issue, memory) for issue in pool if (memory := _own(issue, campaign)) is not None]
    epics = [(issue, memory) for issue, memory in mine if not memory.step]
    if len(epics) > 1:
        found.conflicts.append(rivals(epic.key for epic, _ in epics))
    elif epics:
        found.epic, found.memory = epics[0]
    elif mine:
        keys: tuple[Value, ...] = tuple(issue.key for issue, _ in mine)
        why = text(
            "{keys} belong to this campaign, but its epic is gone; it is not created again.",
            keys=keys,
        )
        found.conflicts.append(Conflict(str(keys[0]), "", why))
    else:
        _note_impostor(found, pool, campaign)


def _note_impostor(found: Found, pool: Iterable[Issue], campaign: Campaign) -> None:
    """Stop before a second epic would carry the label that a person put on one by hand."""
    for issue in pool:
        if issue.kind == "epic" and campaign.label in issue.labels and issue.memory is None:
            why = text(
                "{key} carries the campaign's label but is not the bridge's epic for it.",
                key=issue.key,
            )
            found.conflicts.append(Conflict(issue.key, "", why))
            return


def _own(issue: Issue, campaign: Campaign) -> Memory | None:
    """Return an issue's memory where it is of this campaign.

    What somebody damaged elsewhere is not this campaign's trouble; under its label it is refused.
    """
    try:
        memory = of(issue)
    except Damaged:
        if campaign.label in issue.labels:
            raise MemoryDamaged(issue.key) from None
        return None
    return memory if memory is not None and memory_is_of(memory, campaign) else None


def _is_of(issue: Issue, campaign: Campaign) -> bool:
    return _own(issue, campaign) is not None


def memory_is_of(memory: Memory, campaign: Campaign) -> bool:
    """Tell whether a memory is of this campaign."""
    return (memory.workspace, memory.campaign) == (campaign.workspace.id, campaign.order.id)


def _is_epic_of(memory: Memory, campaign: Campaign) -> bool:
    return memory_is_of(memory, campaign) and not memory.step


def own_issues(issues: Iterable[Issue], campaign: Campaign) -> Iterator[tuple[Issue, Memory]]:
    """Return those of some issues that are this campaign's, with their memories."""
    for issue in issues:
        memory = _own(issue, campaign)
        if memory is not None:
            yield issue, memory


def rivals(keys: Iterable[str]) -> Conflict:
    """Return the conflict of several epics for one campaign: another machine was at it."""
    names: tuple[Value, ...] = tuple(keys)
    why = text(
        "There are several epics for this campaign: {keys}. Keep one; nothing was deleted.",
        keys=names,
    )
    return Conflict(str(names[0]), "", why)


def another_order(campaign: Campaign, memory: Memory, epic: Issue | None) -> Sequence[Conflict]:
    """Refuse to turn one campaign into another: same id, other template, launch or name."""
    order, key = campaign.order, epic.key if epic else ""
    if memory.template != order.template.id:
        why = text(
            "{key} is this campaign already, from the template {template}.",
            key=key,
            template=memory.template,
        )
        return [Conflict(key, "", why)]
    if memory.launch != order.launch.isoformat():
        why = text(
            "{key} is this campaign already, with the launch {launch}. Choose another --id "
            "for a second campaign.",
            key=key,
            launch=_day(memory.launch),
        )
        return [Conflict(key, "", why)]
    if order.id_is_derived and memory.meant.get("summary") != mark("summary", one_line(order.name)):
        why = text(
            "{key} is the campaign “{id}” already, under the name “{name}”. Choose another --id for "
            "a second campaign, or repeat --id {id} to rename this one.",
            key=key,
            id=order.id,
            name=epic.summary if epic else "",
        )
        return [Conflict(key, "", why)]
    return []


def _day(written: str) -> date | str:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written


def _children(found: Found, tracker: Tracker, survey: Survey, campaign: Campaign) -> None:
    assert found.epic is not None  # noqa: S101  # checked by the only caller
    assert found.memory is not None  # noqa: S101  # checked by the only caller
    found.known = dict(found.memory.children)
    recent: dict[str, Issue] = {}
    if not found.memory.complete:
        for project, floor in found.memory.floors.items():
            recent |= {
                issue.key: issue
                for issue in tracker.created_since(project, floor, survey.newest.get(project, 0))
            }
        older = set(survey.labelled) - recent.keys()
        recent |= tracker.read(older) if older else {}
        for issue, memory in own_issues(sorted(recent.values(), key=_age), campaign):
            if memory.step:
                _adopt(found, issue.key, memory.step)
    missing = set(found.known.values()) - recent.keys()
    found.issues = {**recent, **(tracker.read(missing) if missing else {})}
    found.issues[found.epic.key] = found.epic


def _age(issue: Issue) -> tuple[int, str]:
    """Order issues of a project by their number."""
    return len(issue.key), issue.key


def _adopt(found: Found, key: str, step: str) -> None:
    """Take an issue that a run created before it died, by the memory it carries."""
    other = found.known.setdefault(step, key)
    if other != key:
        why = text(
            "{first} and {second} are both “{step}”. Keep one; nothing was deleted.",
            first=other,
            second=key,
            step=step,
        )
        found.conflicts.append(Conflict(key, step, why))


def _memory(issue: Issue) -> Memory | None:
    try:
        return of(issue)
    except Damaged:
        raise MemoryDamaged(issue.key) from None
