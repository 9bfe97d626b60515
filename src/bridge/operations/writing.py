"""Carry a campaign's plan out: epic, children, memory, edits, links; each step safe to be the last.

Jira has no idempotency key and its search lags behind, so a run records its intent before the epic
is created (in the workspace's journal) and before the children are (on the epic). A run that finds
an intent without a result looks in the store itself for what was created, adopts it, and creates
only the rest. Killed at any request, the next run completes the campaign without a duplicate.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.campaign import Campaign, labels_of
from bridge.errors import CampaignStopped, LostAnswer, Problem, Refused, SiteRefusedSome
from bridge.memory import Memory, mark
from bridge.operations.locate import MARGIN, Found, own_issues, rivals
from bridge.ports import Tools
from bridge.reconcile import Plan, Wish
from bridge.text import text, texts
from bridge.tracker import Created, Draft, Edit, Kind, Survey

# How long, in seconds, a create whose answer was lost may still be at work on the site.
SETTLE = 5.0
CREATE_ATTEMPTS = 4
LONGEST_WAIT = 120.0  # seconds; a site that asks for more is left alone
EPIC = ""  # the epic's ref among the steps
CAUSE = "campaign create"  # in the journal


@dataclass(frozen=True, slots=True)
class Written:
    """What was carried out: the keys by step, those created now, and the links made."""

    keys: Mapping[str, str]
    created: tuple[str, ...]
    links: int


def may_be_quiet(survey: Survey) -> bool:
    """Tell whether edits may go without mails: only for who administers every project concerned."""
    return all(
        rights is not None and "ADMINISTER_PROJECTS" in rights for rights in survey.rights.values()
    )


class Writing:
    """The act: epic, children, memory, links, edits, in this order; each step safe to be the last."""

    def __init__(
        self, campaign: Campaign, tools: Tools, survey: Survey, found: Found, plan: Plan
    ) -> None:
        self.campaign = campaign
        self.tools = tools
        self.tracker = tools.tracker
        self.survey = survey
        self.found = found
        self.plan = plan
        self.keys: dict[str, str] = dict(plan.keys)
        self.created: list[str] = []
        self.memory = found.memory

    def run(self) -> Written:
        """Carry the plan out; may raise any SiteError, and the next run goes on from there."""
        self._epic()
        self._children()
        self._edits()
        links = self._links()
        self._complete()
        return Written(self.keys, tuple(self.created), links)

    # --- the epic --------------------------------------------------------------------------------

    def _epic(self) -> None:
        wish = next((wish for wish in self.plan.create if wish.ref == EPIC), None)
        if wish is None:
            self.tools.journal.epic(self.campaign.order.id, self.keys[EPIC])
            return
        floors = dict(self.survey.newest)
        self.memory = replace(wish.memory, floors=floors)
        draft = self._draft(wish, "epic", self.memory)
        self.tools.journal.intend(self.campaign.order.id, floors)
        key = self._surely([draft], floors)[EPIC]
        self.keys[EPIC] = key
        self.tools.progress(text("Epic {key} created.", key=key))
        # Before the result is recorded: a run that meets a rival must meet it again next time.
        self._check_rivals(key, floors)
        self.tools.journal.epic(self.campaign.order.id, key)

    def _check_rivals(self, key: str, floors: Mapping[str, int]) -> None:
        """Look again, in the store: another machine may have created the same campaign just now."""
        main = self.campaign.workspace.main_project
        newest = self.survey.newest.get(main, 0)
        recent = self.tracker.created_since(main, max(0, floors.get(main, 0) - MARGIN), newest)
        epics = [i.key for i, memory in own_issues(recent, self.campaign) if not memory.step]
        if any(other != key for other in epics):
            raise CampaignStopped([Problem(rivals(sorted({key, *epics})).why)], wrote=True)

    # --- the children ----------------------------------------------------------------------------

    def _children(self) -> None:
        wishes = [wish for wish in self.plan.create if wish.ref != EPIC]
        assert self.memory is not None  # noqa: S101  # the epic exists by now, with its memory
        if wishes and self.memory.complete:
            # Steps that came later (a newer template): a new intent, before they are created.
            self.memory = replace(self.memory, complete=False, floors=dict(self.survey.newest))
            self.tracker.remember(self.keys[EPIC], self.memory.as_json())
        if wishes:
            drafts = [self._draft(wish, "task", wish.memory) for wish in wishes]
            self.keys |= self._surely(drafts, self.memory.floors)
            self.tools.progress(texts("{n} issue created.", "{n} issues created.", len(wishes)))

    def _complete(self) -> None:
        """Record, last of all, that nothing is missing any more."""
        assert self.memory is not None  # noqa: S101  # the epic exists by now, with its memory
        if not self.memory.complete:
            # What was deleted since stays known: else it would be created again.
            children = {**self.memory.children, **self.keys}
            del children[EPIC]
            self.memory = replace(self.memory, children=children, floors={}, complete=True)
            self.tracker.remember(self.keys[EPIC], self.memory.as_json())

    def _draft(self, wish: Wish, kind: Kind, memory: Memory) -> Draft:
        department = next(
            (s.step.department for s in self.campaign.schedule.steps if s.step.id == wish.ref), None
        )
        workspace = self.campaign.workspace
        return Draft(
            ref=wish.ref,
            project=workspace.project_of(department) if department else workspace.main_project,
            kind=kind,
            fields=wish.fields,
            labels=labels_of(self.campaign, department),
            parent=None if kind == "epic" else self.keys[EPIC],
            memory=memory.as_json(),
        )

    def _surely(self, drafts: Sequence[Draft], floors: Mapping[str, int]) -> dict[str, str]:
        """Create drafts exactly once: after a lost answer, look what exists and create the rest."""
        keys: dict[str, str] = {}
        for attempt in range(1, CREATE_ATTEMPTS + 1):
            rest = [draft for draft in drafts if draft.ref not in keys]
            if not rest:
                break
            try:
                return keys | self._keys_of(self.tracker.create(rest))
            except (LostAnswer, Refused) as trouble:
                if attempt == CREATE_ATTEMPTS or not may_pass(trouble):
                    raise
                self.tools.progress(trouble.sentence)
                self.tools.clock.sleep(settling(trouble))
            keys |= self._adopted({draft.ref for draft in rest}, floors)
        return keys

    def _adopted(self, refs: set[str], floors: Mapping[str, int]) -> dict[str, str]:
        adopted: dict[str, str] = {}
        for project, floor in floors.items():
            newest = self.survey.newest.get(project, 0)
            recent = self.tracker.created_since(project, floor, newest)
            for issue, memory in own_issues(recent, self.campaign):
                if memory.step in refs:
                    adopted.setdefault(memory.step, issue.key)
        return adopted

    def _keys_of(self, created: Created) -> dict[str, str]:
        self.created += created.keys.values()
        for key in created.keys.values():
            self._wrote(key, "create")
        if created.failures:
            raise SiteRefusedSome(
                [
                    (failure.ref or self.campaign.order.name, failure.reasons)
                    for failure in created.failures
                ]
            )
        return dict(created.keys)

    # --- edits and links -------------------------------------------------------------------------

    def _edits(self) -> None:
        quietly = may_be_quiet(self.survey)
        for planned in self.plan.edits:
            memory = planned.memory
            if planned.key == self.keys[EPIC] and self.memory is not None:
                now = self.memory
                memory = self.memory = replace(
                    memory, floors=now.floors, children=now.children, complete=now.complete
                )
            if planned.fields:
                edit = Edit(planned.key, planned.fields, memory.as_json())
                self.tracker.edit(edit, quietly=quietly)
            else:
                self.tracker.remember(planned.key, memory.as_json())
            for change in self.plan.changes:
                if change.key == planned.key:
                    before, after = (mark(change.field, v) for v in (change.before, change.after))
                    self.tools.journal.wrote(
                        "issue", change.key, change.field, before, after, CAUSE
                    )

    def _links(self) -> int:
        missing = missing_links(self.campaign, self.found, self.keys, self.created)
        if missing:
            self.tools.progress(texts("Making {n} link.", "Making {n} links.", len(missing)))
            self.tracker.link(missing)
            for blocker, blocked in missing:
                self.tools.journal.wrote("link", blocker, "blocks", "", blocked, CAUSE)
        return len(missing)

    def _wrote(self, key: str, what: str) -> None:
        self.tools.journal.wrote("issue", key, what, "", "", CAUSE)


def missing_links(
    campaign: Campaign, found: Found, keys: Mapping[str, str], created: Collection[str]
) -> list[tuple[str, str]]:
    """Return the links to make, as (blocker, blocked).

    Once a campaign is complete only new issues are linked: a link that is missing elsewhere was
    removed by a person.
    """
    was_complete = found.memory is not None and found.memory.complete
    wanted = (
        (keys[needed], keys[step])
        for needed, step in campaign.links()
        if needed in keys and step in keys
    )
    return [
        (blocker, blocked)
        for blocker, blocked in wanted
        if (not was_complete or blocker in created or blocked in created)
        and (blocker not in found.issues or blocked not in found.issues[blocker].blocks)
    ]


def may_pass(trouble: LostAnswer | Refused) -> bool:
    """Tell whether the same create may succeed after a while."""
    if isinstance(trouble, LostAnswer):
        return True
    return trouble.is_temporary and (trouble.retry_after or 0) <= LONGEST_WAIT


def settling(trouble: LostAnswer | Refused) -> float:
    """Return how long to wait before looking what a create did, in seconds."""
    asked = trouble.retry_after if isinstance(trouble, Refused) else None
    return max(SETTLE, asked or 0)
