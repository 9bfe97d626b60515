"""An epic that a person made becomes a campaign: what it lacks, its plan, the answer, the creation.

Everything is read anew each time and said in one comment, which is found again by its last line and
written anew in its place. Run again, nothing is written; killed anywhere, the next run goes on.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bridge import asking
from bridge.campaign import Campaign
from bridge.campaignletters import (
    Created,
    Plan,
    created_prose,
    lines_prose,
    plan_prose,
    waiting_prose,
    why_blocks,
)
from bridge.campaignsign import Sign, fingerprint
from bridge.errors import (
    CampaignConflicts,
    CampaignMoved,
    CampaignPaused,
    ConfigurationError,
    DecisionNeeded,
    MemoryDamaged,
    Problem,
    SiteError,
    UnsafeError,
)
from bridge.memory import Damaged, Memory, is_record
from bridge.memory import of as memory_of
from bridge.operations.concerned import Concerned
from bridge.operations.create import PAUSE, Preview, create
from bridge.operations.draw import draw
from bridge.operations.epic_order import Lacking, Ordering, Templates, listed
from bridge.operations.notice import Notice, Standing
from bridge.ports import Tools
from bridge.prose import Block, Prose
from bridge.replies import Replies, replies_in
from bridge.text import texts
from bridge.tracker import Issue
from bridge.workspace import Workspace

CAUSE = "epic"  # in the journal


def asks_for_a_campaign(issue: Issue, workspace: Workspace) -> bool:
    """Tell whether an issue is an epic of this workspace that a template was asked for, or taken."""
    if issue.kind != "epic" or issue.project != workspace.main_project or is_record(issue):
        return False
    return bool(asking.templates_asked(issue.labels)) or _is_begun(issue, workspace)


def _is_begun(issue: Issue, workspace: Workspace) -> bool:
    try:
        memory = memory_of(issue)
    except Damaged:
        return False
    return memory is not None and memory.adopted and memory.workspace == workspace.id


def settle(key: str, workspace: Workspace, tools: Tools, templates: Templates) -> None:
    """Do for one epic what is due now; raises SiteError, or CampaignMoved where Jira just changed."""
    issue = tools.tracker.read([key]).get(key)
    if issue is None or not asks_for_a_campaign(issue, workspace) or PAUSE in issue.labels:
        return
    epic = _Epic(issue, workspace, tools, templates)
    try:
        memory = _memory(issue)
    except Damaged:
        damaged = MemoryDamaged(key)
        epic.wait([Problem(damaged.sentence, damaged.hint)])
        return
    if memory is None or (_is_begun(issue, workspace) and not memory.complete):
        epic.become_a_campaign(memory)
    elif _is_begun(issue, workspace):
        epic.report(memory)


def _memory(issue: Issue) -> Memory | None:
    """Return the campaign's memory; raise Damaged also where its launch is no date."""
    memory = memory_of(issue)
    try:
        if memory is not None and memory.adopted:
            date.fromisoformat(memory.launch)
    except ValueError:
        raise Damaged from None
    return memory


class _Epic:
    """One look at one epic."""

    def __init__(
        self, issue: Issue, workspace: Workspace, tools: Tools, templates: Templates
    ) -> None:
        self.issue = issue
        self.workspace = workspace
        self.tools = tools
        self.tracker = tools.tracker
        self.templates = templates
        self.about = f"{workspace.id}/{issue.key}"
        self.may_write = workspace.mode == "write"
        self.notice = Notice(issue.key, self.about, tools, may_write=self.may_write)
        self.people = Concerned(issue, workspace, tools.tracker)
        self.begun = False

    # --- from the epic to an order ---------------------------------------------------------------

    def become_a_campaign(self, memory: Memory | None) -> None:
        """Say what is missing, show the plan, or create; a creation that was begun is completed."""
        self.begun = memory is not None
        try:
            order = self._ordering(memory).read()
            if isinstance(order, Lacking):
                self._add_lines(order.absent)
                self.wait(order.problems, order.missing)
                return
            campaign = draw(order, self.workspace, self.tools.clock.today())
            outcome = create(campaign, self.tools, agree=self._agree, into=self.issue)
        except (SiteError, CampaignMoved):
            raise
        except CampaignPaused:
            return
        except CampaignConflicts as conflicts:
            self._report_anew(conflicts.problems)
        except (ConfigurationError, DecisionNeeded, UnsafeError) as refused:
            self.wait(listed(refused))
        else:
            if outcome.written:
                self._report_anew()

    def _add_lines(self, absent: Sequence[asking.Line]) -> None:
        """Write lines to fill in below the description; what stands there stays."""
        key = self.issue.key
        if not absent:
            return
        if not self.may_write:
            self.tools.progress(
                texts(
                    "{key} would get {n} line to fill in.",
                    "{key} would get {n} lines to fill in.",
                    len(absent),
                    key=key,
                )
            )
            return
        prose = lines_prose(absent, self.tools.speaker)
        self.tracker.add_to_description(key, prose, quietly=False)
        self.tools.journal.wrote("issue", key, "description", "", "", CAUSE)

    # --- the plan and the answer -----------------------------------------------------------------

    def _agree(self, preview: Preview) -> bool:
        """Show the plan and look whether somebody agreed to it; nothing is asked where none is needed."""
        if not self.may_write:
            self.tools.progress(
                texts(
                    "{key} would get the plan of {n} action as a comment.",
                    "{key} would get the plan of {n} actions as a comment.",
                    len(preview.plan.create),
                    key=self.issue.key,
                )
            )
            return False
        if self.begun or self.workspace.service.confirm == "none":
            return True
        plan = Plan(
            campaign=preview.campaign,
            shown=preview.shown,
            mails_at_most=preview.mails_at_most,
            findings=preview.findings,
        )
        sign = Sign(self.about, "plan", fingerprint(preview.campaign))
        standing = self.notice.standing
        if standing is None or standing.sign is None or standing.sign.plan != sign.plan:
            self.notice.say(plan_prose(plan, Replies(), sign, self.tools.speaker))
            return False
        return self._answered(plan, sign, standing)

    def _answered(self, plan: Plan, sign: Sign, standing: Standing) -> bool:
        """Tell whether the plan was agreed to; else say what was answered, unless that stands there."""
        since = standing.sign.since if standing.sign else None
        asked_at = since or standing.comment.updated
        replies = self._replies(asked_at)
        if replies.last == "yes":
            return True
        speaker = self.tools.speaker
        if not self.notice.says(plan_prose(plan, replies, replace(sign, since=since), speaker)):
            self.notice.say(plan_prose(plan, replies, replace(sign, since=asked_at), speaker))
        return False

    def _replies(self, since: datetime) -> Replies:
        return replies_in(self.notice.comments, self.notice.me, since, self.people.may_decide)

    def wait(self, problems: Sequence[Problem], missing: Sequence[asking.Line] = ()) -> None:
        """Say what keeps the epic from becoming a campaign."""
        self.notice.say(waiting_prose(problems, missing, self.about, self.tools.speaker))

    # --- afterwards ------------------------------------------------------------------------------

    def report(self, memory: Memory) -> None:
        """Say what was created, unless that was said; answer what was asked since."""
        standing = self.notice.standing
        if standing is None or standing.sign is None or standing.sign.state != "created":
            self.notice.say(self._outcome(memory, Replies()))
            return
        replies = self._replies(standing.comment.updated)
        if replies.last in ("no", "undo") or replies.why or replies.ignored:
            self.notice.say(self._outcome(memory, replies))

    def _report_anew(self, problems: Sequence[Problem] = ()) -> None:
        """Say what was created just now, as the store has it."""
        self.issue = self.tracker.read([self.issue.key])[self.issue.key]
        memory = memory_of(self.issue)
        if memory is not None:
            self.notice.say(self._outcome(memory, Replies(), problems))

    def _outcome(self, memory: Memory, replies: Replies, problems: Sequence[Problem] = ()) -> Prose:
        issues = self.tracker.read(memory.children.values())
        actions = sorted(issues.values(), key=_by_date)
        created = Created(id=memory.campaign, actions=actions, problems=problems)
        why = self._why(memory) if replies.why else []
        return created_prose(created, replies, why, self.about, self.tools.speaker)

    def _why(self, memory: Memory) -> list[Block]:
        """Return what made each date of the plan, as the template and bridge.yaml have it now."""
        campaign = self._drawn(memory)
        return why_blocks(campaign, self.tools.speaker) if campaign else []

    def _drawn(self, memory: Memory) -> Campaign | None:
        try:
            order = self._ordering(memory).read()
            if isinstance(order, Lacking):
                return None
            return draw(order, self.workspace, self.tools.clock.today())
        except ConfigurationError:
            return None  # the plan cannot be drawn any more: the dates stand in the issues

    def _ordering(self, memory: Memory | None) -> Ordering:
        today = self.tools.clock.today()
        return Ordering(self.issue, memory, self.workspace, self.tracker, self.templates, today)


def _by_date(issue: Issue) -> tuple[date, str, int]:
    """Order issues as they come due, the undated last; memory does not keep the order of a plan."""
    project, _, number = issue.key.rpartition("-")
    return issue.due or date.max, project, int(number)
