"""Carry a submission out: the request's issue, approvals, links, comment, labels, record; in this order.

Each step is safe to be the last. An approval or request that a run created before it died is found by
the record it carries; the request's own record is written at the very end. A label that lets a
request through is put on last, and taken off first.
"""

from collections.abc import Mapping
from dataclasses import replace

from bridge.approval import Evidence
from bridge.correspondence import SIGN, obsolete_prose
from bridge.errors import RequestConflict
from bridge.operations.case import rivals
from bridge.operations.intended import (
    approval_fields,
    approval_merged,
    asking,
    mark_all,
    marker,
    request_fields,
    request_form,
    stale_markers,
)
from bridge.operations.once import comment_once, create_once, own_comment
from bridge.operations.pool import approvals_name, asking_on, intent_name, pool_of
from bridge.operations.submission_plan import Plan, missing_links
from bridge.operations.writing import may_be_quiet
from bridge.petition import APPROVAL, APPROVED, ASKS, LABEL, NO, OK, REQUEST
from bridge.ports import Tools
from bridge.submission import Ruling
from bridge.text import text, texts
from bridge.tracker import Draft, Edit

CAUSE = "request submit"  # in the journal


class Filing:
    """The act of one submission."""

    def __init__(self, plan: Plan, tools: Tools) -> None:
        self.plan = plan
        self.tools = tools
        self.tracker = tools.tracker
        self.case = plan.case
        self.survey = plan.gathered.survey
        self.quietly = may_be_quiet(self.survey)
        self.key = plan.case.issue.key if plan.case.issue else ""
        self.approvals: dict[str, str] = {}
        self.created: list[str] = []

    def run(self) -> None:
        """Carry the plan out; may raise any SiteError, and the next run goes on from there."""
        self._request()
        unsafe = frozenset({APPROVED} & set(self.plan.remove))
        self._relabel(frozenset(), unsafe)
        self._ask()
        self._rewrite()
        self._link()
        self._close()
        comment = self._comment()
        self._relabel(frozenset(self.plan.add), frozenset(self.plan.remove) - unsafe)
        self.tracker.remember(self.key, self.plan.record(self.approvals, comment).as_json())

    # --- the request's issue ---------------------------------------------------------------------

    def _request(self) -> None:
        plan, case = self.plan, self.case
        if not plan.creates:
            if plan.fields is not None and plan.fields.writes and case.record is not None:
                memory = replace(case.record, meant=plan.fields.meant).as_json()
                self.tracker.edit(Edit(self.key, plan.fields.writes, memory), quietly=self.quietly)
                self._wrote(self.key, "edit")
            return
        name = intent_name(case.request.campaign, case.request.identity)
        self.tools.journal.intend(name, dict(self.survey.newest))
        draft = self._request_draft()
        self.key = create_once([draft], self.tools, lambda: self._found(name))["request"]
        self._check_rivals(name)
        self.created.append(self.key)
        self._wrote(self.key, "create")
        self.tools.journal.epic(name, self.key)
        self.tools.progress(text("Request {key} created.", key=self.key))

    def _request_draft(self) -> Draft:
        """Return the issue to create; its record says that nothing more was written yet."""
        fields = request_fields(self.case, request_form(self.plan.gathered), self.tools.speaker)
        blank = replace(
            self.plan.record({}),
            hash="",
            verdict="",
            standing="",
            said="",
            step="",
            meant=mark_all(fields),
        )
        return Draft(
            ref="request",
            project=self.case.workspace.main_project,
            kind="task",
            fields=fields,
            labels=(LABEL, REQUEST, self.case.label),
            memory=blank.as_json(),
        )

    def _found(self, name: str) -> Mapping[str, str]:
        pool = pool_of(
            self.case.workspace,
            self.case.request.campaign,
            self.tracker,
            self.survey,
            self.tools.journal,
            [name],
        )
        keys = rivals(pool, self.case)
        return {"request": keys[0]} if keys else {}

    def _check_rivals(self, name: str) -> None:
        """Look again, in the store: another machine may have submitted the same request just now."""
        pool = pool_of(
            self.case.workspace,
            self.case.request.campaign,
            self.tracker,
            self.survey,
            self.tools.journal,
            [name],
        )
        keys = rivals(pool, self.case)
        if any(key != self.key for key in keys):
            raise RequestConflict(
                text("There are several issues for this request: {keys}.", keys=tuple(keys)),
                text("Keep one; nothing was deleted."),
            )

    # --- approvals -------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Create the missing approval issues, all in one call."""
        drafts = [self._approval_draft(ruling) for ruling in self.plan.asks]
        if not drafts:
            return
        name = approvals_name(self.key)
        self.tools.journal.intend(name, dict(self.survey.newest))
        self.approvals = create_once(drafts, self.tools, self._asked_already)
        for key in self.approvals.values():
            self.created.append(key)
            self._wrote(key, "create")
        self.tools.journal.epic(name, self.key)
        said = texts("{n} approval asked for.", "{n} approvals asked for.", len(drafts))
        self.tools.progress(said)

    def _approval_draft(self, ruling: Ruling) -> Draft:
        fields = approval_fields(
            self.plan.gathered, self.case, ruling, self.key, self.tools.speaker
        )
        return Draft(
            ref=ruling.role,
            project=self.case.project_of(ruling.role),
            kind="task",
            fields=fields,
            labels=(LABEL, APPROVAL, self.case.label, marker(ruling)),
            memory=asking(self.case, ruling, self.key, mark_all(fields)).as_json(),
        )

    def _asked_already(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for project in {self.case.project_of(ruling.role) for ruling in self.plan.asks}:
            newest = self.survey.newest.get(project, 0)
            for issue in self.tracker.created_since(project, newest, newest):
                record = asking_on(issue)
                if record and (record.request_key, record.hash) == (
                    self.key,
                    self.case.verdict.request_hash,
                ):
                    found.setdefault(record.role, issue.key)
        return found

    def _rewrite(self) -> None:
        """Bring approval issues up to date; what a person changed in them stays."""
        for ruling in self.plan.rewrites:
            found = approval_merged(self.plan.gathered, self.case, ruling, self.tools.speaker)
            if found is None or ruling.evidence is None:
                continue
            fields, record = found
            key = ruling.evidence.issue.key
            if fields.writes:
                edit = Edit(key, fields.writes, record.as_json())
                self.tracker.edit(edit, quietly=self.quietly)
            elif record != ruling.evidence.record:
                self.tracker.remember(key, record.as_json())
            stale, new = stale_markers(ruling), {marker(ruling)} - ruling.evidence.issue.labels
            if stale or new:
                self.tracker.relabel(key, new, stale, quietly=self.quietly)
            self._wrote(key, "edit")

    def _close(self) -> None:
        """Finish what was decided, and what nobody needs any more, with a word on it."""
        for evidence in self.plan.closes:
            key = evidence.issue.key
            comment_once(key, obsolete_prose(self.tools.speaker), self.survey.me, self.tools)
            self._withdraw(evidence)
        for evidence in (*self.plan.finishes, *self.plan.closes):
            if self.tracker.finish(evidence.issue.key):
                self._wrote(evidence.issue.key, "finish")

    def _withdraw(self, evidence: Evidence) -> None:
        """Take back a question that nobody answered: asked again, it gets an issue of its own.

        An issue with answers stays as it is; they count again where the same content comes back.
        """
        labels = evidence.issue.labels
        if not any(label.startswith((OK, NO)) for label in labels):
            key, record = evidence.issue.key, replace(evidence.record, hash="", asks=())
            self.tracker.remember(key, record.as_json())
            asks = {label for label in labels if label.startswith(ASKS)}
            if asks:
                self.tracker.relabel(key, (), asks, quietly=self.quietly)

    # --- links, comment, labels --------------------------------------------------------------------

    def _link(self) -> None:
        pairs = list(missing_links(self.case, self.plan.judgement, self.approvals, self.key))
        if pairs:
            self.tracker.link(pairs)
            for blocker, blocked in pairs:
                self.tools.journal.wrote("link", blocker, "blocks", "", blocked, CAUSE)

    def _comment(self) -> str:
        """Write the one comment, or write it anew where it stands; return its id."""
        plan, record = self.plan, self.case.record
        if not plan.says and record is not None:
            return record.comment
        # By the sign's word alone: the campaign and the title may have changed with the request.
        comments = self.tracker.comments(self.key)
        mine = own_comment(comments, self.survey.me, SIGN, record.comment if record else "")
        if mine is None:
            return comment_once(self.key, plan.comment, self.survey.me, self.tools)
        self.tracker.recomment(self.key, mine.id, plan.comment)
        return mine.id

    def _relabel(self, add: frozenset[str], remove: frozenset[str]) -> None:
        if add or remove:
            self.tracker.relabel(self.key, add, remove, quietly=self.quietly)
            self._wrote(self.key, "labels")

    def _wrote(self, key: str, what: str) -> None:
        self.tools.journal.wrote("issue", key, what, "", "", CAUSE)
