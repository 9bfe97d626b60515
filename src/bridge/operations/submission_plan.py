"""What a submission would write: fields, labels, comment, links; and what people changed. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bridge.approval import Evidence
from bridge.correspondence import (
    verdict_prose,
)
from bridge.memory import digest
from bridge.operations.case import Gathered
from bridge.operations.intended import (
    Merged,
    approval_merged,
    mark_all,
    marker,
    merged,
    request_fields,
    request_form,
    stale_markers,
)
from bridge.operations.writing import may_be_quiet
from bridge.petition import APPROVED, STANDINGS, Petition
from bridge.prose import Prose, words_of
from bridge.submission import Case, Judgement, Ruling
from bridge.text import Speaker, Text, text
from bridge.tracker import FieldName, FieldValue, Issue

Fields = Mapping[FieldName, FieldValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a submission would write, and how many mails Jira sends for it at most.

    ``asks``: rulings that need a new issue; ``rewrites``: those whose issue is brought up to date;
    ``finishes`` are approval issues that were decided, ``closes`` those that nobody needs any more.
    ``fields``: of the request's own issue, where it came as a file.
    """

    gathered: Gathered
    judgement: Judgement
    fields: Merged | None
    asks: tuple[Ruling, ...]
    rewrites: tuple[Ruling, ...]
    finishes: tuple[Evidence, ...]
    closes: tuple[Evidence, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]
    comment: Prose
    links: tuple[tuple[str, str], ...]
    notes: tuple[Text, ...]

    @property
    def case(self) -> Case:
        """Return the case that was decided."""
        return self.judgement.case

    @property
    def creates(self) -> bool:
        """Tell whether the request itself gets an issue."""
        return self.case.issue is None

    @property
    def says(self) -> bool:
        """Tell whether the comment says something new."""
        return self.case.record is None or self.case.record.said != said(self.comment)

    @property
    def edits(self) -> bool:
        """Tell whether the request's own issue is edited."""
        return self.fields is not None and bool(self.fields.writes)

    @property
    def writes(self) -> bool:
        """Tell whether anything at all is written."""
        return bool(
            self.creates or self.edits or self.says or self.asks or self.rewrites
            or self.finishes or self.closes or self.add or self.remove or self.links
            or replace(self.record({}), checked_on="", comment="")
            != replace(self.case.record or self.record({}), checked_on="", comment="")
        )  # fmt: skip

    def record(self, approvals: Mapping[str, str], comment: str = "") -> Petition:
        """Return the record of the request as it shall stand; ``approvals`` created just now."""
        case, verdict = self.case, self.case.verdict
        known = {r.role: r.evidence.issue.key for r in self.judgement.rulings if r.evidence}
        before = case.record
        return Petition(
            workspace=case.workspace.id,
            campaign=case.request.campaign,
            request=case.request.identity,
            request_kind=case.request.kind,
            step=case.step_id,
            hash=verdict.request_hash,
            verdict=verdict.outcome,
            standing=self.judgement.standing,
            bundle=verdict.bundle,
            modules=verdict.modules,
            checked_on=case.today.isoformat(),
            comment=comment or (before.comment if before else ""),
            said=said(self.comment),
            approvals={**known, **approvals},
            meant=dict(self.fields.meant) if self.fields else dict(before.meant if before else {}),
            from_file=before.from_file if before else case.source is not None,
        )

    @property
    def mails_at_most(self) -> int:
        """Return how many mails Jira sends at most."""
        quiet, me = may_be_quiet(self.gathered.survey), self.gathered.survey.me.id
        team, accounts = self.case.workspace.team, self.case.bench.accounts
        people = [r.seat.person.id for r in self.asks if r.seat]
        if self.creates:
            people.append(team.responsible(self.case.request.requester).id)
        created = sum(accounts.get(person) != me for person in people)
        first = APPROVED in self.remove  # it is taken off before all else, on its own
        labels = first + bool(self.add or set(self.remove) - {APPROVED})
        silent_if_quiet = self.edits + 2 * len(self.rewrites) + labels  # a text, then its labels
        moved = len(self.finishes) + 2 * len(self.closes)
        return created + moved + self.says + (0 if quiet else silent_if_quiet)


def plan(gathered: Gathered, judgement: Judgement, speaker: Speaker) -> Plan:
    """Return what a submission would write, from what was gathered and decided."""
    case = judgement.case
    asks = tuple(r for r in judgement.rulings if r.evidence is None)
    standing = [r for r in judgement.rulings if r.evidence is not None]
    rewrites = [r for r in standing if _is_stale(gathered, case, r, speaker)]
    fields = _request_merged(gathered, case, speaker)
    labels = _labels(case, judgement)
    return Plan(
        gathered=gathered,
        judgement=judgement,
        fields=fields,
        asks=asks,
        rewrites=tuple(rewrites),
        finishes=tuple(
            r.evidence
            for r in standing
            if r.evidence and r.state != "open" and _is_open(r.evidence.issue)
        ),
        closes=judgement.obsolete,
        add=tuple(sorted(labels - (case.issue.labels if case.issue else frozenset()))),
        remove=tuple(sorted(_wrong_labels(case, judgement))),
        comment=verdict_prose(judgement, speaker),
        links=tuple(missing_links(case, judgement, {})),
        notes=tuple(_notes(gathered, judgement, fields, speaker)),
    )


def said(prose: Prose) -> str:
    """Return the digest of a comment's words."""
    return digest(words_of(prose))


def _is_open(issue: Issue) -> bool:
    return issue.status.category != "done"


# --- the request's own issue ---------------------------------------------------------------------


def _labels(case: Case, judgement: Judgement) -> frozenset[str]:
    """Return the labels that the request's issue must carry."""
    campaign = {case.label} if case.has_campaign else set()
    return frozenset({"bridge", "bridge-request", judgement.label, *campaign})


def _wrong_labels(case: Case, judgement: Judgement) -> set[str]:
    if case.issue is None:
        return set()
    return {label for label in STANDINGS if label != judgement.label} & case.issue.labels


def _request_merged(gathered: Gathered, case: Case, speaker: Speaker) -> Merged | None:
    if case.source is None:
        return None
    wanted = request_fields(case, request_form(gathered), speaker)
    if case.issue is None or case.record is None:
        return Merged({}, mark_all(wanted), ())
    return merged(wanted, case.record.meant, case.issue)


# --- approvals -----------------------------------------------------------------------------------


def _is_stale(gathered: Gathered, case: Case, ruling: Ruling, speaker: Speaker) -> bool:
    """Tell whether a role's open issue is to be brought up to date; one that is decided stays as it is."""
    found = approval_merged(gathered, case, ruling, speaker)
    if found is None or ruling.evidence is None or ruling.state != "open":
        return False
    fields, record = found
    issue = ruling.evidence.issue
    is_marked = marker(ruling) in issue.labels and not stale_markers(ruling)
    return bool(fields.writes) or record != ruling.evidence.record or not is_marked


def missing_links(
    case: Case, judgement: Judgement, created: Mapping[str, str], key: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the links to make, as (blocker, blocked): the request to its step, approvals to both.

    What the record knows was linked once: a link that is missing there was removed by a person.
    """
    key = key or (case.issue.key if case.issue else "")
    record, step = case.record, case.step
    is_new_step = step is not None and (record is None or record.step != case.step_id)
    if step is not None and is_new_step and key not in step.blocked_by:
        yield key, step.key
    for ruling in judgement.rulings:
        approval = created.get(ruling.role) or (
            ruling.evidence.issue.key if ruling.evidence else ""
        )
        is_new = record is None or record.approvals.get(ruling.role) != approval
        blocks = ruling.evidence.issue.blocks if ruling.evidence else frozenset()
        if approval and is_new and key not in blocks:
            yield approval, key
        if approval and step is not None and (is_new or is_new_step) and step.key not in blocks:
            yield approval, step.key


# --- what to know --------------------------------------------------------------------------------


def _notes(
    gathered: Gathered, judgement: Judgement, fields: Merged | None, speaker: Speaker
) -> Iterator[Text]:
    case = judgement.case
    if case.step is None:
        yield text(
            "No step of the campaign “{campaign}” waits for a request of this kind, so nothing is "
            "linked. If one should, check the campaign's id.",
            campaign=case.request.campaign,
        )
    for ruling in judgement.rulings:
        if ruling.seat is not None and ruling.seat.note is not None:
            yield ruling.seat.note
        if ruling.evidence and ruling.state == "open" and not _is_open(ruling.evidence.issue):
            yield text(
                "{key} was closed without a decision: open it again, or decide on it.",
                key=ruling.evidence.issue.key,
            )
        found = approval_merged(gathered, case, ruling, speaker)
        if found is not None and ruling.evidence is not None:
            yield from _kept(ruling.evidence.issue.key, found[0].kept)
    if fields is not None and case.issue is not None:
        yield from _kept(case.issue.key, fields.kept)


def _kept(key: str, names: Iterable[FieldName]) -> Iterator[Text]:
    for name in names:
        if name == "description":
            yield text("Somebody edited the text of {key}: it stays as it is.", key=key)
        else:
            yield text("Somebody changed {field} of {key}: it stays.", field=_FIELDS[name], key=key)


_FIELDS: Mapping[FieldName, Text] = {
    "summary": text("the title"),
    "assignee": text("the owner"),
    "due": text("the due date"),
    "start": text("the start date"),
    "priority": text("the priority"),
    "description": text("the text"),
}
