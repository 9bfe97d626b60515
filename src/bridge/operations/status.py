"""Tell how a campaign stands: find it in the tracker by its label, read it, write nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bridge.campaign import ID, LABEL, label_of
from bridge.campaignrequests import LABEL as REQUEST
from bridge.campaignrequests import Made, made
from bridge.campaignstatus import CampaignStatus, Gathered, status_of
from bridge.errors import MemoryDamaged, UnknownName
from bridge.findings import Finding
from bridge.memory import Damaged, Memory, of
from bridge.monthpage import is_ours
from bridge.nearmiss import nearest
from bridge.outlook import Member
from bridge.ports import Tracker
from bridge.retroplan.template import Template
from bridge.text import Speaker, text
from bridge.tracker import Issue
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Around:
    """What a look works with.

    ``template`` finds a template by id, None where it is unknown or broken; ``recorded_epic`` the key
    of a campaign's epic as this machine recorded it: the index may not show a new campaign yet.
    """

    workspace: Workspace
    tracker: Tracker
    template: Callable[[str], Template | None]
    recorded_epic: Callable[[str], str | None]


def status(identity: str, around: Around, today: date, speaker: Speaker) -> CampaignStatus:
    """Return how the campaign with this id stands on ``today``.

    Raises UnknownName with the near miss among the campaigns there are, MemoryDamaged for an epic
    whose memory is damaged, or a SiteError.
    """

    def together(name: str, external: str) -> str:
        return speaker.say(text("{name} with {external}", name=name, external=external))

    return status_of(_Search(identity, around).gather(), around.workspace, today, together)


class _Search:
    """One look for a campaign: by its label, and by what its epic remembers."""

    def __init__(self, identity: str, around: Around) -> None:
        self.id = identity
        self.around = around
        self.workspace = around.workspace
        self.tracker = around.tracker
        self.findings: list[tuple[str, Finding]] = []

    def gather(self) -> Gathered:
        """Read everything that belongs to the campaign."""
        pool = self._labelled()
        memories = self._memories(pool.values())
        epic = self._epic(pool, memories)
        memory = memories.get(epic.key) if epic else None
        if not memories:
            raise self._unknown()
        if memory is not None:
            missing = set(memory.children.values()) - pool.keys()
            others = self.tracker.read(missing) if missing else {}
            pool |= others
            memories |= self._memories(others.values())
            self._note_gone(memory, pool)
        any_memory = memory or next(iter(memories.values()))
        return Gathered(
            id=self.id,
            epic=epic,
            memory=memory,
            members=self._members(pool, memories, memory),
            requests=self._requests(pool),
            template=self.around.template(any_memory.template),
            findings=tuple(self.findings),
        )

    def _labelled(self) -> dict[str, Issue]:
        """Return what the index shows under the campaign's label; nothing for what can be no id."""
        if not ID.fullmatch(self.id):
            return {}
        label = label_of(self.workspace.id, self.id)
        found = self.tracker.search(f'labels = "{label}" ORDER BY key')
        return {issue.key: issue for issue in found}

    def _memories(self, issues: Iterable[Issue]) -> dict[str, Memory]:
        """Return the memories that are of this campaign, by issue key; a damaged one is a finding."""
        found: dict[str, Memory] = {}
        for issue in issues:
            try:
                memory = of(issue)
            except Damaged:
                if issue.kind == "epic":
                    raise MemoryDamaged(issue.key) from None
                said = text("The bridge's memory on this issue is damaged: it is left out.")
                self.findings.append((issue.key, Finding("W-MEMORY", said)))
                continue
            if memory and (memory.workspace, memory.campaign) == (self.workspace.id, self.id):
                found[issue.key] = memory
        return found

    def _epic(self, pool: dict[str, Issue], memories: dict[str, Memory]) -> Issue | None:
        """Return the epic by its memory: where its label shows none, from what is known otherwise."""
        for key, memory in memories.items():
            if not memory.step:
                return pool[key]
        above = {issue.parent for key, issue in pool.items() if key in memories and issue.parent}
        recorded = self.around.recorded_epic(self.id)
        above |= {recorded} if recorded else set()
        others = self.tracker.read(above) if above else {i.key: i for i in self._campaigns()}
        mine = {k: m for k, m in self._memories(others.values()).items() if not m.step}
        memories |= mine
        return next((others[key] for key in mine), None)

    def _campaigns(self) -> Iterable[Issue]:
        """Return the epics of this workspace's campaigns, finished ones included."""
        found = self.tracker.epics(self.workspace.main_project, f"labels = {LABEL}")
        return [issue for issue in found if is_ours(issue, self.workspace)]

    def _unknown(self) -> UnknownName:
        known = []
        for issue in self._campaigns():
            try:
                memory = of(issue)
            except Damaged:
                continue  # it cannot say its name; nobody asked for it
            known += [memory.campaign] if memory else []
        return UnknownName(text("campaign"), self.id, nearest(self.id, known), known)

    def _note_gone(self, memory: Memory, pool: Mapping[str, Issue]) -> None:
        for step, key in memory.children.items():
            if key not in pool:
                gone = text("The issue of the step “{step}” was deleted.", step=step)
                self.findings.append((key, Finding("W-STEP-GONE", gone)))

    def _members(
        self, pool: Mapping[str, Issue], memories: Mapping[str, Memory], memory: Memory | None
    ) -> list[Member]:
        """Return one issue a step: the one that the epic names, else the first that says so."""
        named = set(memory.children.values()) if memory else set()
        chosen: dict[str, Member] = {}
        for key in sorted(memories, key=lambda key: (key not in named, len(key), key)):
            if memories[key].step:
                chosen.setdefault(memories[key].step, Member(pool[key], memories[key]))
        return list(chosen.values())

    def _requests(self, pool: Mapping[str, Issue]) -> list[Made]:
        """Return the requests under the campaign's label, the oldest first."""
        labelled = {key: issue for key, issue in pool.items() if REQUEST in issue.labels}
        unread = [key for key, issue in labelled.items() if issue.memory is None]
        labelled |= self.tracker.read(unread) if unread else {}
        ordered = sorted(labelled.values(), key=lambda issue: (len(issue.key), issue.key))
        found = (made(issue, self.workspace.id, self.id) for issue in ordered)
        return [request for request in found if request is not None]
