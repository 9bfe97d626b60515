"""Submit a request: gather what Jira has of it, decide where it stands, write what that changes.

Safe to run twice and to kill: every write is found again by the record it carries or the words it
says, and the request's own record is written last of all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bridge.campaign import ID
from bridge.errors import (
    CampaignPaused,
    NoRequestThere,
    Problem,
    RequestConflict,
    RequestMoved,
    RequestRefused,
    RequestUnreadable,
    SeveralRequests,
)
from bridge.guardrails.request import Request
from bridge.guardrails.roles import role_name
from bridge.memory import observed_marks
from bridge.operations import preflight
from bridge.operations.case import Gathered, Rules, gather, gather_issue
from bridge.operations.create import PAUSE
from bridge.operations.filing import CAUSE, Filing
from bridge.operations.pool import intent_name, request_issue
from bridge.operations.sources import request_in
from bridge.operations.submission_plan import Plan, plan
from bridge.petition import APPROVED
from bridge.ports import Tools
from bridge.submission import Case, Judgement, Standing, decide
from bridge.text import Value, text
from bridge.tracker import Issue, Kind
from bridge.workspace import Workspace

LONGEST = 30_000  # characters of a file that fit into a description beside what else stands there


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What a submission came to: the plan, the request's issue, the approval of each role.

    ``created`` are the keys of new issues; ``written`` is False where it was only looked at.
    """

    plan: Plan
    key: str | None
    url: str | None
    approvals: Mapping[str, str] = field(default_factory=dict)
    created: tuple[str, ...] = ()
    written: bool = False

    @property
    def standing(self) -> Standing:
        """Return where the request stands."""
        return self.plan.judgement.standing


# Sees the plan before the first write and says whether it may be carried out; None: whether anything may.
Agree = Callable[[Plan | None], bool]


def submit_file(
    request: Request, source: str, workspace: Workspace, tools: Tools, rules: Rules, agree: Agree
) -> Submitted:
    """Submit a request that stands in a file; ``source`` is its text.

    Raises RequestRefused, RequestConflict, RequestMoved, CampaignPaused, RecordDamaged, a SiteError.
    """
    problems = list(_about_file(request, source, workspace))
    if problems:
        raise RequestRefused(problems)
    gathered = gather(request, workspace, tools, rules, source=source, journal=tools.journal)
    _check_standing_issue(gathered, tools, rules)
    return _submit(gathered, tools, rules, agree)


def submit_issue(
    key: str, workspace: Workspace, tools: Tools, rules: Rules, agree: Agree
) -> Submitted:
    """Submit the request that stands in an issue; its text is never changed.

    Raises NoSuchIssue, NotForRequests, NoRequestThere, SeveralRequests, RequestUnreadable, and as
    :func:`submit_file`.
    """
    issue = request_issue(key, workspace, tools.tracker)
    try:
        gathered = gather_issue(issue, workspace, tools, rules, tools.journal)
    except (NoRequestThere, SeveralRequests, RequestUnreadable):
        _take_back(issue, tools, agree)
        raise
    return _submit(gathered, tools, rules, agree)


def _take_back(issue: Issue | None, tools: Tools, agree: Agree) -> None:
    """Take off the label of an approval that was about other content, before anything is refused."""
    if issue is not None and APPROVED in issue.labels and agree(None):
        tools.tracker.relabel(issue.key, (), {APPROVED}, quietly=False)
        tools.journal.wrote("issue", issue.key, "labels", APPROVED, "", CAUSE)


def _about_file(request: Request, source: str, workspace: Workspace) -> Iterable[Problem]:
    """Give what a file must say before there can be an issue for it."""
    if not ID.fullmatch(request.campaign):
        yield Problem(
            text("The request names no campaign by its id."),
            text("Write it such as campaign: noel-2026."),
        )
    if not request.identity:
        yield Problem(text("The request has no title."), text("Write one: title: Newsletter."))
    person = workspace.team.find(request.requester) if request.requester else None
    if person is None:
        yield Problem(
            text("The request names no requester."),
            text("Write the id of a person of bridge.yaml: requester: camille."),
        )
    elif isinstance(person, Problem):
        yield person
    if len(source) > LONGEST:
        yield Problem(
            text("The file is longer than a description in Jira can be."),
            text("Attach it to an issue as request.yaml, and submit that issue."),
        )


def _check_standing_issue(gathered: Gathered, tools: Tools, rules: Rules) -> None:
    """Stop before a file would go over what a person wrote in its issue."""
    case = gathered.case
    name = intent_name(case.request.campaign, case.request.identity)
    if case.issue is None:
        known = tools.journal.epic_of(name)
        if known is not None:
            raise RequestConflict(
                text(
                    "{key}, the issue of this request, is gone; it is not created again.", key=known
                ),
                text("Give the request another id in the file (id: ...), or restore the issue."),
            )
        return
    if _is_as_written(case.issue, case):
        return
    standing = _content(case.issue, tools, rules)
    if standing is None or standing.fingerprint != case.request.fingerprint:
        raise RequestConflict(
            text(
                "Somebody edited the request in {key} since it was submitted; it differs from the "
                "file, and nothing was written.",
                key=case.issue.key,
            ),
            text(
                "Submit {key} to have it judged as it stands there, or bring its description back.",
                key=case.issue.key,
            ),
        )


def _is_as_written(issue: Issue, case: Case) -> bool:
    """Tell whether the description is what the bridge wrote last."""
    return case.record is not None and (
        observed_marks(issue)["description"] == case.record.meant.get("description")
    )


def _content(issue: Issue, tools: Tools, rules: Rules) -> Request | None:
    try:
        return request_in(issue, tools.tracker, rules.reader)
    except (NoRequestThere, SeveralRequests, RequestUnreadable):
        return None


# --- deciding and writing ------------------------------------------------------------------------


def _submit(gathered: Gathered, tools: Tools, rules: Rules, agree: Agree) -> Submitted:
    judgement = decide(gathered.case)
    try:
        _check_possible(gathered, judgement, tools)
    except RequestRefused:
        if judgement.standing not in ("approved", "released"):
            _take_back(gathered.case.issue, tools, agree)
        raise
    planned = plan(gathered, judgement, tools.speaker)
    if not agree(planned) or not planned.writes:
        return _outcome(planned, tools, None)
    epic = gathered.case.epic
    if epic is not None and PAUSE in epic.labels:
        raise CampaignPaused(epic.key)
    _check_still(gathered.case, tools, rules)
    filing = Filing(planned, tools)
    filing.run()
    return _outcome(planned, tools, filing)


def _check_possible(gathered: Gathered, judgement: Judgement, tools: Tools) -> None:
    """Refuse, before the first write, what could not be written whole."""
    case = judgement.case
    problems = [
        Problem(
            text("The role “{role}”, {name}, is held by nobody.", role=r.role, name=_name(r.role)),
            text("Give it to one person: under “roles” in bridge.yaml."),
            code="E-NO-OWNER",
        )
        for r in judgement.rulings
        if r.seat is None
    ]
    asks = [ruling for ruling in judgement.rulings if ruling.evidence is None]
    kinds: set[tuple[str, Kind]] = {(case.project_of(ruling.role), "task") for ruling in asks}
    wanted = {r.seat.person.id for r in judgement.rulings if r.seat}
    if case.source is not None:
        wanted.add(case.workspace.team.responsible(case.request.requester).id)
    if case.issue is None:
        kinds.add((case.workspace.main_project, "task"))
    people = [(person, project) for person, project in gathered.people if person.id in wanted]
    link = tools.tracker.link_type if kinds else None
    problems += preflight.check(gathered.survey, kinds, people, link)[1]
    if problems:
        raise RequestRefused(problems)


def _name(role: str) -> Value:
    return role_name(role)


def _check_still(case: Case, tools: Tools, rules: Rules) -> None:
    """Look again just before writing: somebody may have edited the request while it was judged.

    Jira edits carry no version precondition, so this narrows the window and does not close it.
    """
    if case.issue is None:
        return
    now = tools.tracker.read([case.issue.key]).get(case.issue.key)
    if now is None:
        raise RequestMoved(case.issue.key)
    if now.words == case.issue.words and now.attachments == case.issue.attachments:
        return
    again = _content(now, tools, rules)
    if case.source is not None or again is None:
        raise RequestMoved(case.issue.key)
    if again.fingerprint != case.request.fingerprint:
        raise RequestMoved(case.issue.key)


def _outcome(planned: Plan, tools: Tools, filing: Filing | None) -> Submitted:
    case = planned.case
    key = filing.key if filing else case.issue.key if case.issue else None
    known = {r.role: r.evidence.issue.key for r in planned.judgement.rulings if r.evidence}
    return Submitted(
        plan=planned,
        key=key,
        url=tools.tracker.url(key) if key else None,
        approvals={**known, **(filing.approvals if filing else {})},
        created=tuple(filing.created) if filing else (),
        written=filing is not None,
    )
