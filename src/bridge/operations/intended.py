"""What issues about a request shall say, merged with what people made of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bridge.correspondence import approval_prose, approval_title, request_prose, request_title
from bridge.memory import mark, observed_marks
from bridge.operations.case import Gathered
from bridge.petition import ASKS, MOST_ASKS, Asking
from bridge.submission import Case, Ruling, due_of, needed_by
from bridge.text import Speaker
from bridge.tracker import FieldName, FieldValue, Form, Issue

Fields = Mapping[FieldName, FieldValue]


@dataclass(frozen=True, slots=True)
class Merged:
    """Fields to write on an issue that exists, the marks of what is meant, and what a person changed."""

    writes: Fields
    meant: Mapping[str, str]
    kept: tuple[FieldName, ...]


def merged(wanted: Fields, meant: Mapping[str, str], issue: Issue) -> Merged:
    """Merge what the bridge wants with what stands there: a person's value is never overwritten.

    What is wanted is written where the issue still shows what the bridge meant last.
    """
    seen, writes, kept = observed_marks(issue), dict[FieldName, FieldValue](), list[FieldName]()
    for name, value in wanted.items():
        new = mark(name, value)
        if new == seen[name]:
            continue
        if seen[name] == meant.get(name, ""):
            writes[name] = value
        else:
            kept.append(name)
    return Merged(writes, {**meant, **mark_all(wanted)}, tuple(kept))


def mark_all(fields: Fields) -> Mapping[str, str]:
    """Return the marks of what is meant."""
    return {name: mark(name, value) for name, value in fields.items()}


def request_fields(case: Case, form: Form | None, speaker: Speaker) -> Fields:
    """Return what the issue of a request that came as a file shall say."""
    person = case.workspace.team.responsible(case.request.requester)
    wanted: dict[FieldName, FieldValue] = {
        "summary": request_title(case.request, speaker),
        "description": request_prose(case, speaker),
        "assignee": case.bench.accounts.get(person.id),
    }
    day = needed_by(case.request)
    if day is not None:
        wanted["due"] = day
    return _settable(wanted, form)


def _settable(wanted: Fields, form: Form | None) -> Fields:
    return {name: value for name, value in wanted.items() if form is None or name in form.settable}


def _form(gathered: Gathered, project: str) -> Form | None:
    return gathered.survey.forms.get((project, "task"))


def request_form(gathered: Gathered) -> Form | None:
    """Return what an issue of the marketing project lets this account set."""
    return _form(gathered, gathered.case.workspace.main_project)


def approval_fields(
    gathered: Gathered, case: Case, ruling: Ruling, key: str, speaker: Speaker
) -> Fields:
    """Return what a role's issue shall say; ``key`` of the request. A day that is past is not set."""
    wanted: dict[FieldName, FieldValue] = {
        "summary": approval_title(case, ruling.role, speaker),
        "description": approval_prose(case, ruling, key, speaker),
    }
    if ruling.seat is not None:
        wanted["assignee"] = case.bench.accounts.get(ruling.seat.person.id)
    due = _due(case, ruling)
    if due is not None:
        wanted["due"] = due
    return _settable(wanted, _form(gathered, case.project_of(ruling.role)))


def _due(case: Case, ruling: Ruling) -> date | None:
    due = due_of(case)
    if due is None or due >= case.today:
        return due
    return case.today if ruling.evidence is None else None


def asking(case: Case, ruling: Ruling, key: str, meant: Mapping[str, str]) -> Asking:
    """Return the record of a role's issue; earlier questions about the same content stay known."""
    before = ruling.evidence.record if ruling.evidence else None
    fingerprint = case.verdict.request_hash
    asks = before.asks if before and before.hash == fingerprint else ()
    now = tuple(sorted(ruling.ids))
    asks = asks if asks and asks[-1] == now else (*asks, now)
    return Asking(
        workspace=case.workspace.id,
        campaign=case.request.campaign,
        request=case.request.identity,
        request_key=key,
        role=ruling.role,
        hash=fingerprint,
        findings=ruling.asked,
        asks=asks[-MOST_ASKS:],
        meant=meant,
    )


def approval_merged(
    gathered: Gathered, case: Case, ruling: Ruling, speaker: Speaker
) -> tuple[Merged, Asking] | None:
    """Return what to write on a role's issue that exists; None where it is not to be touched."""
    if (
        ruling.evidence is None
        or case.issue is None
        or ruling.evidence.issue.status.category == "done"
    ):
        return None
    record, issue = ruling.evidence.record, ruling.evidence.issue
    found = merged(
        approval_fields(gathered, case, ruling, case.issue.key, speaker), record.meant, issue
    )
    return found, asking(case, ruling, case.issue.key, found.meant)


def marker(ruling: Ruling) -> str:
    """Return the label by which an approval's issue says what it asks."""
    return f"{ASKS}{ruling.question}"


def stale_markers(ruling: Ruling) -> frozenset[str]:
    """Return the labels on a role's issue that ask something else."""
    labels = ruling.evidence.issue.labels if ruling.evidence else frozenset()
    return frozenset(label for label in labels if label.startswith(ASKS)) - {marker(ruling)}
