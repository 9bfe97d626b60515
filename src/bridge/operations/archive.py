"""Read past requests and what was decided about them, from Jira alone; nothing is written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bridge.approval import Evidence, prove, waivers
from bridge.deciders import Bench
from bridge.errors import BridgeError, RecordDamaged, SiteError
from bridge.guardrails.benefit import Journey
from bridge.guardrails.policy import APPROVERS, Bundle, Scalar
from bridge.guardrails.promotion import Precedent
from bridge.guardrails.replay import Past
from bridge.guardrails.request import Request
from bridge.operations.case import Rules, accounts_of, people_for, testimony
from bridge.operations.pool import asking_on, projects_of, record_of
from bridge.operations.sources import request_in
from bridge.petition import APPROVAL, REQUEST, REVIEW, STANDINGS
from bridge.ports import Tools
from bridge.text import Text, text
from bridge.tracker import Happening, Issue
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Skipped:
    """An issue that could not be taken into account, and why."""

    key: str
    why: Text


@dataclass(frozen=True, slots=True)
class Archive:
    """The requests of a workspace since a day, as they stand in Jira now.

    ``skipped`` are issues whose request or record cannot be read.
    """

    requests: tuple[tuple[Issue, Request], ...]
    skipped: tuple[Skipped, ...] = ()

    def pasts(self) -> Iterator[Past]:
        """Yield each request with the day it was written, for a replay."""
        for issue, request in self.requests:
            if issue.created is not None:
                yield Past(issue.key, request, issue.created.date())


def archive(since: date, workspace: Workspace, tools: Tools, rules: Rules) -> Archive:
    """Return the requests of this workspace that were created since a day."""
    found: list[tuple[Issue, Request]] = []
    skipped: list[Skipped] = []
    for issue in _search(REQUEST, since, workspace, tools):
        try:
            record = record_of(issue)
            if record is not None and record.workspace == workspace.id:
                found.append((issue, request_in(issue, tools.tracker, rules.reader)))
        except SiteError:
            raise
        except BridgeError as unreadable:
            skipped.append(Skipped(issue.key, unreadable.sentence))
    return Archive(tuple(found), tuple(skipped))


def journeys(since: date, workspace: Workspace, tools: Tools) -> Sequence[Journey]:
    """Return how each request since a day came to its verdict, by Jira's history."""
    found = []
    for issue in _search(REQUEST, since, workspace, tools):
        record = _record(issue)
        if record is not None and record == workspace.id and issue.created is not None:
            history = tools.tracker.history(issue.key)
            judged, reviewed = _judged(issue, history), _reviewed(issue, history)
            found.append(Journey(issue.key, issue.created, judged, reviewed))
    return found


def _record(issue: Issue) -> str | None:
    """Return the workspace of a request's record, None where there is no record or a damaged one."""
    try:
        record = record_of(issue)
    except RecordDamaged:
        return None
    return record.workspace if record else None


def _judged(issue: Issue, history: Sequence[Happening]) -> datetime | None:
    """Return when the first verdict's label was there: at creation, or by a later change."""
    changes = [change for change in history if change.field == "labels"]
    first = changes[0].before.split() if changes else issue.labels
    if not set(STANDINGS).isdisjoint(first):
        return issue.created
    judged = (c.at for c in changes if not set(STANDINGS).isdisjoint(c.after.split()))
    return next(judged, None)


def _reviewed(issue: Issue, history: Sequence[Happening]) -> bool:
    """Tell whether somebody of IT was ever asked about a request."""
    return REVIEW in issue.labels or any(
        REVIEW in (*change.before.split(), *change.after.split())
        for change in history
        if change.field == "labels"
    )


def precedents(
    since: date, workspace: Workspace, tools: Tools, rules: Rules
) -> Sequence[Precedent]:
    """Return every exception since a day that Jira's history proves granted, and every refusal."""
    approvals = _search(APPROVAL, since, workspace, tools)
    people = people_for(Request({}), workspace, APPROVERS)
    survey = tools.tracker.survey(projects_of(workspace), people, APPROVAL)
    anybody = Bench(
        team=workspace.team,
        accounts=accounts_of(survey, people),
        requesters=frozenset(),
        petitioners=frozenset(),
        bridge=survey.me.id,  # refusals may be replies to its questions
        zone=tools.clock.now().tzinfo,
    )
    found: list[Precedent] = []
    for issue in approvals:
        evidence = _evidence(issue, workspace, tools)
        if evidence is not None:
            requests = tools.tracker.read([evidence.record.request_key])
            bench = anybody.about(requests.get(evidence.record.request_key))
            found += _granted(evidence, bench, rules.bundle)
            found += _refused(evidence, bench)
    return found


def _evidence(issue: Issue, workspace: Workspace, tools: Tools) -> Evidence | None:
    try:
        record = asking_on(issue)
    except RecordDamaged:
        return None
    if record is None or record.workspace != workspace.id:
        return None
    return testimony(issue, record, tools.tracker)


def _granted(evidence: Evidence, bench: Bench, bundle: Bundle) -> Iterator[Precedent]:
    for waiver in waivers(evidence, bundle, bench)[0]:
        module = bundle.modules[waiver.module]
        yield Precedent(
            key=evidence.issue.key,
            rule=f"{module.reference}#{waiver.limit}",
            requester=_requester(bench),
            value=waiver.max_value if waiver.max_value is not None else _written(waiver.value),
            on=waiver.granted_on,
            granted=True,
        )


def _written(value: str | None) -> Scalar | None:
    """Return the one value that an exception is for, None where only its digest is known."""
    try:
        found = json.loads(value or "")
    except ValueError:
        return None
    return found if isinstance(found, str | int | float | bool) else None


def _refused(evidence: Evidence, bench: Bench) -> Iterator[Precedent]:
    record = evidence.record
    rules = {finding.id: finding.rule for finding in record.findings}
    for decision in prove(evidence, record.role, record.hash, bench).decisions:
        for name in sorted(decision.ids & rules.keys()) if not decision.accepts else ():
            yield Precedent(
                key=evidence.issue.key,
                rule=rules[name],
                requester=_requester(bench),
                value=None,
                on=bench.day(decision.at),
                granted=False,
            )


def _requester(bench: Bench) -> str:
    """Return who asked, as one name: the accounts of whoever had a hand in it."""
    return " ".join(sorted(bench.requesters))


def _search(label: str, since: date, workspace: Workspace, tools: Tools) -> Sequence[Issue]:
    projects = ", ".join(f'"{project}"' for project in projects_of(workspace))
    jql = f'project in ({projects}) AND labels = "{label}" AND created >= "{since}" ORDER BY key'
    return tools.tracker.search(jql)


def told(skipped: Skipped) -> Text:
    """Say what was left out, and why."""
    return text("{key} was left out: {why}", key=skipped.key, why=skipped.why)
