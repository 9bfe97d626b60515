"""Where a request stands: the verdict, what each role is asked, what they decided, what follows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bridge import petition
from bridge.approval import Evidence, Ignored, Proof, prove
from bridge.campaign import ID, label_of
from bridge.deciders import Bench, Seat, seat
from bridge.guardrails.finding import Finding, Verdict
from bridge.guardrails.request import Request
from bridge.petition import Asked, Petition, ask, asked
from bridge.retroplan.workdays import Workdays
from bridge.text import Text
from bridge.tracker import Issue
from bridge.workspace import Workspace

Standing = Literal["approved", "released", "needs_review", "refused", "incomplete"]
LABELS: Mapping[Standing, str] = {
    "approved": petition.APPROVED,
    "released": petition.APPROVED,
    "needs_review": petition.REVIEW,
    "refused": petition.REFUSED,
    "incomplete": petition.INCOMPLETE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request with everything that its standing follows from.

    ``issue`` holds the request, None before there is one; ``source`` is the text of the file it
    comes from, None where it was written in Jira. ``evidence``: the approval issues about it.
    ``step``: the campaign's issue that waits for it, ``step_id`` its id in the
    template. ``passed_over``: exceptions that grant nothing.
    ``suggestion``: what would pass, in sentences.
    """

    workspace: Workspace
    request: Request
    verdict: Verdict
    bench: Bench
    today: date
    workdays: Workdays
    issue: Issue | None = None
    record: Petition | None = None
    source: str | None = None
    evidence: tuple[Evidence, ...] = ()
    step: Issue | None = None
    step_id: str = ""
    epic: Issue | None = None
    passed_over: tuple[Ignored, ...] = ()
    suggestion: tuple[Text, ...] = ()

    @property
    def has_campaign(self) -> bool:
        """Tell whether the request names a campaign that labels and exceptions can be tied to."""
        return ID.fullmatch(self.request.campaign) is not None

    @property
    def label(self) -> str:
        """Return the campaign's label."""
        return label_of(self.workspace.id, self.request.campaign)

    def project_of(self, role: str) -> str:
        """Return the key of the project where a role decides: IT's roles in IT's, if there is one."""
        main = self.workspace.main_project
        return self.workspace.projects.get("it", main) if role.startswith("it-") else main


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one role is asked, on which issue, and what is proved that it decided.

    ``evidence`` is the issue to go on with: None where one must be created.
    """

    role: str
    findings: tuple[Finding, ...]
    asked: tuple[Asked, ...]
    question: str
    seat: Seat | None
    evidence: Evidence | None
    proof: Proof

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the findings' ids."""
        return tuple(one.id for one in self.asked)

    @property
    def state(self) -> Literal["open", "accepted", "refused"]:
        """Return how the role decided: every finding accepted, or one refused."""
        if self.proof.refusal(self.ids) is not None:
            return "refused"
        return "accepted" if self.proof.accepts(self.ids) else "open"

    @property
    def undecided(self) -> tuple[str, ...]:
        """Return the ids that nobody decided about yet."""
        return tuple(one for one in self.ids if self.proof.of(one) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A case decided: its standing, each role's ruling, and approvals whose role is concerned no more."""

    case: Case
    standing: Standing
    rulings: tuple[Ruling, ...] = ()
    obsolete: tuple[Evidence, ...] = ()
    ignored: tuple[Ignored, ...] = field(default=())

    @property
    def label(self) -> str:
        """Return the one label of this standing."""
        return LABELS[self.standing]


def decide(case: Case) -> Judgement:
    """Return where a request stands."""
    rulings: Sequence[Ruling] = ()
    if case.has_campaign:
        rulings = [_ruling(case, role) for role in case.verdict.approvers]
    kept = {r.evidence.issue.key for r in rulings if r.evidence}
    ignored = [*case.passed_over, *(one for r in rulings for one in r.proof.ignored)]
    return Judgement(
        case=case,
        standing=_standing(case, rulings),
        rulings=tuple(rulings),
        obsolete=tuple(
            e
            for e in case.evidence
            if e.issue.key not in kept and e.issue.status.category != "done"
        ),
        ignored=tuple(dict.fromkeys(ignored)),
    )


def _standing(case: Case, rulings: Sequence[Ruling]) -> Standing:
    """Return the standing: one refusal is enough, and nothing is released that is incomplete."""
    outcome = case.verdict.outcome
    if outcome != "needs_review":
        return outcome
    is_missing = any(finding.is_missing for finding in case.verdict.missing)
    if not case.has_campaign:
        return "incomplete"
    if any(ruling.state == "refused" for ruling in rulings):
        return "refused"
    if all(ruling.state == "accepted" for ruling in rulings):
        return "incomplete" if is_missing else "released"
    return "needs_review"


def _ruling(case: Case, role: str) -> Ruling:
    findings = case.verdict.of(role)
    about = asked(findings)
    ids = [one.id for one in about]
    fingerprint = case.request.fingerprint
    mine = [e for e in case.evidence if e.record.role == role]
    mine.sort(key=lambda e: e.issue.creator is None or e.issue.creator.id != case.bench.bridge)
    same = [e for e in mine if e.record.hash == fingerprint]
    proofs = [prove(e, role, fingerprint, case.bench) for e in same]
    proof = Proof(
        tuple(sorted((d for p in proofs for d in p.decisions), key=lambda d: d.at)),
        tuple(one for p in proofs for one in p.ignored),
    )
    is_decided = proof.accepts(ids) or proof.refusal(ids) is not None
    return Ruling(
        role=role,
        findings=findings,
        asked=about,
        question=ask(fingerprint, role, ids),
        seat=seat(case.workspace.team, role, case.today, case.bench.petitioners),
        evidence=_place(mine, same, sorted(ids), is_decided=is_decided),
        proof=proof,
    )


def _place(
    mine: Sequence[Evidence], same: Sequence[Evidence], ids: list[str], *, is_decided: bool
) -> Evidence | None:
    """Return the issue that the role decides on: an open one, else one where this was asked before."""
    is_open = [e for e in mine if e.issue.status.category != "done"]
    for one in is_open:
        if one in same:
            return one
    answered = [e for e in same if is_decided or ids in [sorted(set_) for set_ in e.record.asks]]
    if answered:
        return answered[-1]
    return is_open[0] if is_open else None


def due_of(case: Case) -> date | None:
    """Return until when a role shall decide: the last worked day before the step that needs it starts."""
    begins = (case.step.start or case.step.due) if case.step else None
    if begins is not None:
        return case.workdays.nth_day_before(begins, 1)
    return needed_by(case.request)


def needed_by(request: Request) -> date | None:
    """Return the day a request is needed by, None where it says none that exists."""
    try:
        return date.fromisoformat(str(request.data.get("needed_by")))
    except ValueError:
        return None
