"""Gather everything that a request's standing follows from; reads only."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bridge.approval import Evidence, Ignored, granted_for, waivers
from bridge.deciders import Bench
from bridge.errors import Problem, RecordDamaged
from bridge.guardrails.circumstances import Circumstances, Waiver
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.guardrails.variant import advise
from bridge.guardrails.verdict import judge
from bridge.monthpage import is_done
from bridge.operations.pool import (
    Pool,
    approvals_name,
    asking_on,
    campaign_memory,
    intent_name,
    is_of,
    pool_of,
    projects_of,
    read_into,
    record_of,
)
from bridge.operations.preflight import account_of
from bridge.operations.sources import Reader, request_in
from bridge.petition import APPROVAL, EXCEPTION, REQUEST, Asking, Petition, petition_of
from bridge.petition import Damaged as DamagedRecord
from bridge.ports import Journal, Tools, Tracker
from bridge.retroplan.calendars import Calendars
from bridge.submission import Case
from bridge.team import Person
from bridge.tracker import Account, Issue, Survey
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By what a request is judged, and how it is read.

    ``circumstances`` without exceptions: these stand in Jira. ``steps`` gives, by the id of a
    template, the kind of request that each step waits for.
    """

    bundle: Bundle
    circumstances: Circumstances
    reader: Reader
    steps: Callable[[str], Mapping[str, str]]


def roles_concerned(request: Request, rules: Rules) -> tuple[str, ...]:
    """Return every role that may have to decide: exceptions can only make them fewer."""
    return judge(request, rules.bundle, rules.circumstances).approvers


def people_for(
    request: Request, workspace: Workspace, roles: Iterable[str]
) -> list[tuple[Person, str]]:
    """Return who is concerned by a request, each with the project where they are assigned."""
    team, found = workspace.team, dict[tuple[str, str], tuple[Person, str]]()
    main = workspace.main_project
    for role in roles:
        project = workspace.projects.get("it", main) if role.startswith("it-") else main
        deputy = team.deputies.get(role)
        for name in (team.roles.get(role), deputy.person if deputy else None):
            if name in team.people:
                person = team.responsible(str(name))
                found[person.id, project] = (person, project)
    if request.requester in team.people:
        person = team.responsible(request.requester)
        found[person.id, main] = (person, main)
    return list(found.values())


def accounts_of(survey: Survey, people: Iterable[tuple[Person, str]]) -> Mapping[str, str]:
    """Return the account of each person that the site knows exactly one of."""
    found = {person.id: account_of(person, survey.accounts) for person, _ in people}
    return {name: a.id for name, a in found.items() if not isinstance(a, Problem)}


# --- issues --------------------------------------------------------------------------------------


# --- the case ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a case is made of, for those who write: what the site allows, and everybody's accounts."""

    case: Case
    survey: Survey
    pool: Pool
    people: tuple[tuple[Person, str], ...]


def gather(
    request: Request,
    workspace: Workspace,
    tools: Tools,
    rules: Rules,
    *,
    issue: Issue | None = None,
    source: str | None = None,
    journal: Journal | None = None,
) -> Gathered:
    """Return a request's case as Jira has it now; ``issue`` holds it, or is looked for by ``find``."""
    roles = roles_concerned(request, rules)
    people = people_for(request, workspace, roles)
    blank = _blank(request, workspace, rules, tools.clock.today())
    survey = tools.tracker.survey(projects_of(workspace), people, blank.label)
    accounts = accounts_of(survey, people)
    names = _intents(request, issue, journal)
    pool = pool_of(workspace, request.campaign, tools.tracker, survey, journal, names)
    issue = issue or _existing(pool, blank)
    record = record_of(issue) if issue else None
    if record is not None:
        read_into(pool, tools.tracker, record.approvals.values())
    bench = bench_of(request, issue, workspace, accounts, tools)
    if journal is not None:  # this is the bridge at work, not somebody who looks or decides
        bench = _answering(bench, survey.me, request)
    found = replace(blank, bench=bench, issue=issue, record=record, source=source, epic=pool.epic)
    case = _judged(found, pool, rules, tools)
    return Gathered(case=case, survey=survey, pool=pool, people=tuple(people))


def _judged(case: Case, pool: Pool, rules: Rules, tools: Tools) -> Case:
    """Return the case with its approvals, the verdict under the exceptions granted, and its step."""
    request, issue, workspace = case.request, case.issue, case.workspace
    evidence = _evidence(pool, issue, request.fingerprint, tools.tracker)
    granted, passed_over = _exceptions(pool, evidence, case.bench, workspace, rules, tools)
    circumstances = replace(rules.circumstances, exceptions=tuple(granted))
    verdict = judge(request, rules.bundle, circumstances)
    variant = advise(request, rules.bundle, circumstances, verdict).variant
    step = _step(pool, request, workspace, issue, rules)
    memory = campaign_memory(step) if step else None
    return replace(
        case,
        verdict=verdict,
        suggestion=variant.costs if variant else (),
        evidence=evidence,
        step=step,
        step_id=memory.step if memory else "",
        passed_over=passed_over,
    )


def _intents(request: Request, issue: Issue | None, journal: Journal | None) -> list[str]:
    """Return what an earlier run may have begun: the request's issue, the approvals of it."""
    name = intent_name(request.campaign, request.identity)
    key = issue.key if issue else journal.epic_of(name) if journal else None
    return [name, *([approvals_name(key)] if key else [])]


def gather_issue(
    issue: Issue,
    workspace: Workspace,
    tools: Tools,
    rules: Rules,
    journal: Journal | None = None,
) -> Gathered:
    """Return the case of the request that stands in an issue."""
    request = request_in(issue, tools.tracker, rules.reader)
    return gather(request, workspace, tools, rules, issue=issue, journal=journal)


def _blank(request: Request, workspace: Workspace, rules: Rules, today: date) -> Case:
    years = date(today.year - 1, 1, 1), date(today.year + 3, 12, 31)
    return Case(
        workspace=workspace,
        request=request,
        verdict=judge(request, rules.bundle, rules.circumstances),
        bench=Bench(
            team=workspace.team,
            accounts={},
            requesters=frozenset(),
            petitioners=frozenset(),
            bridge=None,
            zone=None,
        ),
        today=today,
        workdays=Calendars(workspace.calendar, *years).named(),
    )


def _existing(pool: Pool, case: Case) -> Issue | None:
    """Return the issue of a request that came as a file before, by the record it carries."""
    mine = []
    for issue in pool.issues.values():
        if not {REQUEST, case.label} <= issue.labels and not isinstance(issue.memory, dict):
            continue
        record = _own(issue, case)
        if record is not None and record.from_file:
            mine.append(issue)
    return min(mine, key=lambda issue: int(issue.id), default=None)


def _own(issue: Issue, case: Case) -> Petition | None:
    """Return an issue's record where it is of this request; one damaged elsewhere is passed over."""
    try:
        record = petition_of(issue)
    except DamagedRecord:
        if {REQUEST, case.label} <= issue.labels:
            raise RecordDamaged(issue.key) from None
        return None
    whose = (case.workspace.id, case.request.campaign, case.request.identity)
    is_own = record is not None and (record.workspace, record.campaign, record.request) == whose
    return record if is_own else None


def rivals(pool: Pool, case: Case) -> list[str]:
    """Return the keys of every issue that carries this request's record."""
    return sorted(key for key, issue in pool.issues.items() if _own(issue, case) is not None)


def bench_of(
    request: Request,
    issue: Issue | None,
    workspace: Workspace,
    accounts: Mapping[str, str],
    tools: Tools,
) -> Bench:
    """Return who may decide about a request: nobody who asked for it.

    Who asked is the person it names and, whatever it names, who created and who reported the issue.
    """
    asked = {a.id for a in (issue.creator, issue.reporter) if a} if issue else set()
    named = workspace.team.people.get(request.requester)
    person = workspace.team.responsible(named.id) if named else None
    if person is not None and person.id in accounts:
        asked.add(accounts[person.id])
    who = {name for name, account in accounts.items() if account in asked}
    return Bench(
        team=workspace.team,
        accounts=accounts,
        requesters=frozenset(asked),
        petitioners=frozenset(who | ({person.id} if person else set())),
        bridge=None,
        zone=tools.clock.now().tzinfo,
    )


def _answering(bench: Bench, me: Account, request: Request) -> Bench:
    """Return the bench before which people answer this account; not where it is the requester's own."""
    named = bench.team.people.get(request.requester)
    person = bench.team.responsible(named.id) if named else None
    is_requester = person is not None and bench.accounts.get(person.id) == me.id
    return bench if is_requester else replace(bench, bridge=me.id)


def _evidence(
    pool: Pool, issue: Issue | None, fingerprint: str, tracker: Tracker
) -> tuple[Evidence, ...]:
    """Return the approval issues of a request, the oldest first; history where it can matter."""
    found = []
    for one in sorted(pool.issues.values(), key=lambda i: int(i.id)):
        record = _asking(one)
        if record is None or issue is None or record.request_key != issue.key:
            continue
        found.append(
            testimony(one, record, tracker) if record.hash == fingerprint else Evidence(one, record)
        )
    return tuple(found)


def testimony(issue: Issue, record: Asking, tracker: Tracker) -> Evidence:
    """Return an approval issue with its history and its comments."""
    return Evidence(issue, record, tracker.history(issue.key), tracker.comments(issue.key))


def _asking(issue: Issue) -> Asking | None:
    try:
        return asking_on(issue)
    except RecordDamaged:
        if APPROVAL in issue.labels:
            raise
        return None


def _exceptions(
    pool: Pool,
    evidence: Iterable[Evidence],
    bench: Bench,
    workspace: Workspace,
    rules: Rules,
    tools: Tools,
) -> tuple[list[Waiver], tuple[Ignored, ...]]:
    """Return the exceptions granted in the campaign, and the labels on this request that grant none."""
    mine = {one.issue.key: one for one in evidence}
    granted: list[Waiver] = []
    passed_over: list[Ignored] = []
    for issue in pool.issues.values():
        record = _asking(issue) if _grants(issue) else None
        if record is None or record.workspace != workspace.id:
            continue
        one = mine.get(issue.key)
        if one is None or not one.history:
            one = testimony(issue, record, tools.tracker)
        judges = bench if issue.key in mine else _other_bench(record, pool, bench, tools.tracker)
        given, ignored = waivers(one, rules.bundle, judges)
        granted += granted_for(given, bench.petitioners)
        passed_over += ignored if issue.key in mine else ()
    return granted, tuple(passed_over)


def _grants(issue: Issue) -> bool:
    return any(label.startswith(EXCEPTION) for label in issue.labels)


def _other_bench(record: Asking, pool: Pool, bench: Bench, tracker: Tracker) -> Bench:
    """Return who may decide about another request of the campaign."""
    read_into(pool, tracker, [record.request_key])
    return bench.about(pool.issues.get(record.request_key))


def _step(
    pool: Pool, request: Request, workspace: Workspace, issue: Issue | None, rules: Rules
) -> Issue | None:
    """Return the campaign's step that waits for this request.

    The one it is linked to already; else, of those whose template names this kind of request, the
    earliest that is open and that no other request serves.
    """
    if pool.memory is None or not request.kind:
        return None
    waiting = rules.steps(pool.memory.template)
    steps = [
        one
        for one in pool.issues.values()
        if (memory := campaign_memory(one))
        and is_of(memory, workspace, request.campaign)
        and waiting.get(memory.step) == request.kind
    ]
    steps.sort(key=lambda one: (one.due or date.max, int(one.id)))
    linked = [one for one in steps if issue is not None and issue.key in one.blocked_by]
    if linked:
        return linked[0]
    served = {key for key, one in pool.issues.items() if _is_request(one)}
    free = (s for s in steps if not is_done(s, workspace) and not s.blocked_by & served)
    return next(free, None)


def _is_request(issue: Issue) -> bool:
    try:
        return petition_of(issue) is not None
    except DamagedRecord:
        return False
