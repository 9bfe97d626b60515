"""Decide about requests, each person with their own account: the queue, one approval, yes and no."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

from bridge.approval import may_decide
from bridge.correspondence import decision_prose, exception_prose, refusal_prose
from bridge.errors import (
    BridgeError,
    ExceptionRefused,
    MayNotDecide,
    NoSuchIssue,
    NotAnApproval,
    NothingToDecide,
    RecordDamaged,
    UnknownFindings,
)
from bridge.exceptions import BOUNDED, Terms
from bridge.guardrails.circumstances import LONGEST_EXCEPTION, Scope
from bridge.guardrails.finding import Finding
from bridge.operations.case import Rules, asking_on, gather_issue, request_issue
from bridge.operations.once import comment_once
from bridge.operations.writing import may_be_quiet
from bridge.petition import APPROVAL, EXCEPTION, NO, OK, Asking, finding_id
from bridge.ports import Tools
from bridge.prose import Prose
from bridge.submission import Judgement, Ruling, decide
from bridge.text import Text, text
from bridge.tracker import Account, Issue, Survey
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One approval issue with what is asked on it, as the rules say now.

    ``ruling`` is None where nothing is asked any more, or where the request cannot be judged:
    ``trouble`` says why.
    """

    issue: Issue
    record: Asking | None
    url: str
    is_mine: bool
    judgement: Judgement | None = None
    ruling: Ruling | None = None
    trouble: Text | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be decided, one's own first."""

    me: Account
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an exception shall allow: until when, why, how widely, up to which value."""

    until: date
    reason: str
    scope: Scope = "page"
    max_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a decision will write on the approval issue: comments, then labels."""

    item: Item
    ruling: Ruling
    findings: tuple[Finding, ...]
    comments: tuple[Prose, ...]
    labels: tuple[str, ...]
    terms: tuple[Terms, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision came to: where the request stands now, and whether the approval is finished."""

    act: Act
    after: Judgement
    finished: bool
    written: bool


Agree = Callable[[Act], bool]


# --- looking -------------------------------------------------------------------------------------


def queue(workspace: Workspace, tools: Tools, rules: Rules) -> Queue:
    """Return every open approval of the workspace, one's own first, by their due dates."""
    projects = ", ".join(f'"{key}"' for key in sorted(set(workspace.projects.values())))
    found = tools.tracker.search(
        f"labels = {APPROVAL} AND project in ({projects}) AND statusCategory != Done "
        "ORDER BY duedate, key"
    )
    me = tools.tracker.me()
    judged: dict[str, Judgement | Text] = {}
    items = [
        _item(issue, me, workspace, tools, rules, judged)
        for issue in found
        if _is_ours(issue, workspace)
    ]
    return Queue(me, tuple(sorted(items, key=lambda item: not item.is_mine)))


def _is_ours(issue: Issue, workspace: Workspace) -> bool:
    try:
        record = asking_on(issue)
    except RecordDamaged:
        return True  # it is shown, with what is wrong with it
    return record is not None and record.workspace == workspace.id


def _item(
    issue: Issue,
    me: Account,
    workspace: Workspace,
    tools: Tools,
    rules: Rules,
    judged: dict[str, Judgement | Text],
) -> Item:
    is_mine = issue.assignee is not None and issue.assignee.id == me.id
    url = tools.tracker.url(issue.key)
    try:
        record = asking_on(issue)
    except RecordDamaged as damaged:
        return Item(issue=issue, record=None, url=url, is_mine=is_mine, trouble=damaged.sentence)
    assert record is not None  # noqa: S101  # the caller looked
    if record.request_key not in judged:
        judged[record.request_key] = _judged(record, workspace, tools, rules)
    found = judged[record.request_key]
    judgement = found if isinstance(found, Judgement) else None
    ruling = _ruling(judgement, issue.key) if judgement else None
    trouble = found if isinstance(found, Text) else None if ruling else _nothing(record)
    return Item(
        issue=issue,
        record=record,
        url=url,
        is_mine=is_mine,
        judgement=judgement,
        ruling=ruling,
        trouble=trouble,
    )


def _judged(record: Asking, workspace: Workspace, tools: Tools, rules: Rules) -> Judgement | Text:
    """Return where a request stands, or why that cannot be said; one bad request hides no other."""
    try:
        issue = request_issue(record.request_key, workspace, tools.tracker)
        return decide(gather_issue(issue, workspace, tools, rules).case)
    except BridgeError as trouble:
        return trouble.sentence


def _nothing(record: Asking) -> Text:
    return text(
        "Nothing is asked here any more: submit {request} again to bring it up to date.",
        request=record.request_key,
    )


def _ruling(judgement: Judgement, key: str) -> Ruling | None:
    return next(
        (r for r in judgement.rulings if r.evidence is not None and r.evidence.issue.key == key),
        None,
    )


def show(key: str, workspace: Workspace, tools: Tools, rules: Rules) -> Item:
    """Return one approval; raise NoSuchIssue, NotAnApproval, RecordDamaged, or as its request does."""
    issue, record = _approval(key, workspace, tools)
    me = tools.tracker.me()
    judgement, _ = _case(record, workspace, tools, rules)
    ruling = _ruling(judgement, key)
    return Item(
        issue=issue,
        record=record,
        url=tools.tracker.url(key),
        is_mine=issue.assignee is not None and issue.assignee.id == me.id,
        judgement=judgement,
        ruling=ruling,
        trouble=None if ruling else _nothing(record),
    )


def _approval(key: str, workspace: Workspace, tools: Tools) -> tuple[Issue, Asking]:
    issue = tools.tracker.read([key]).get(key)
    if issue is None:
        raise NoSuchIssue(key)
    record = asking_on(issue)
    if record is None or record.workspace != workspace.id:
        raise NotAnApproval(key)
    return issue, record


def _case(
    record: Asking, workspace: Workspace, tools: Tools, rules: Rules
) -> tuple[Judgement, Survey]:
    issue = request_issue(record.request_key, workspace, tools.tracker)
    gathered = gather_issue(issue, workspace, tools, rules)
    return decide(gathered.case), gathered.survey


# --- deciding ------------------------------------------------------------------------------------


def approve(
    key: str,
    names: Sequence[str],
    grant: Grant | None,
    workspace: Workspace,
    tools: Tools,
    rules: Rules,
    agree: Agree,
) -> Decided:
    """Accept all that is asked on an approval, or the findings named; with ``grant`` as an exception.

    Raises MayNotDecide for anybody but the role's person or active deputy, NothingToDecide,
    UnknownFindings, ExceptionRefused.
    """

    def act(item: Item, ruling: Ruling) -> Act:
        findings = _chosen(ruling, names)
        if grant is not None:
            return _exception(item, ruling, findings, grant, tools, rules)
        labels = (
            [f"{OK}{ruling.question}-{finding_id(f)}" for f in findings]
            if names
            else [f"{OK}{ruling.question}"]
        )
        said = decision_prose(ruling, findings, tools.speaker)
        return Act(
            item=item, ruling=ruling, findings=findings, comments=(said,), labels=tuple(labels)
        )

    return _decide(key, act, workspace, tools, rules, agree)


def reject(
    key: str, reason: str, workspace: Workspace, tools: Tools, rules: Rules, agree: Agree
) -> Decided:
    """Refuse what is asked on an approval, with the reason in a comment; raises as :func:`approve`."""

    def act(item: Item, ruling: Ruling) -> Act:
        said = refusal_prose(reason, tools.speaker)
        label = f"{NO}{ruling.question}"
        return Act(
            item=item, ruling=ruling, findings=ruling.findings, comments=(said,), labels=(label,)
        )

    return _decide(key, act, workspace, tools, rules, agree)


def _decide(
    key: str,
    act: Callable[[Item, Ruling], Act],
    workspace: Workspace,
    tools: Tools,
    rules: Rules,
    agree: Agree,
) -> Decided:
    issue, record = _approval(key, workspace, tools)
    before, survey = _case(record, workspace, tools, rules)
    ruling = _ruling(before, key)
    if ruling is None:
        raise NothingToDecide(key, record.request_key)
    _check_seat(issue, before, ruling, survey.me, tools)
    item = Item(
        issue=issue,
        record=record,
        url=tools.tracker.url(key),
        is_mine=True,
        judgement=before,
        ruling=ruling,
    )
    chosen = act(item, ruling)
    if not agree(chosen):
        return Decided(act=chosen, after=before, finished=False, written=False)
    _write(chosen, survey, tools)
    after, _ = _case(record, workspace, tools, rules)
    now = _ruling(after, key)
    finished = (now is None or now.state != "open") and tools.tracker.finish(key)
    return Decided(act=chosen, after=after, finished=finished, written=True)


def _check_seat(
    issue: Issue, judgement: Judgement, ruling: Ruling, me: Account, tools: Tools
) -> None:
    """Let nobody write what would not count: the same test that the history is put to."""
    bench = judgement.case.bench
    who = may_decide(bench, ruling.role, me, tools.clock.today(), issue.creator)
    if isinstance(who, Text):
        raise MayNotDecide(issue.key, who)
    if issue.status.category == "done":
        raise NothingToDecide(issue.key, judgement.case.issue.key if judgement.case.issue else "")


def _write(act: Act, survey: Survey, tools: Tools) -> None:
    """Comment first: a label counts from the moment it stands, and what it stands for must be there."""
    key = act.item.issue.key
    for prose in act.comments:
        comment_once(key, prose, survey.me, tools)
    new = set(act.labels) - act.item.issue.labels
    if new:
        tools.tracker.relabel(key, new, (), quietly=may_be_quiet(survey))
    for label in sorted(new):
        tools.journal.wrote("issue", key, "labels", "", label, "review")


def _chosen(ruling: Ruling, names: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings that were named, all of them where none was."""
    by_name = {finding_id(finding): finding for finding in ruling.findings}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise UnknownFindings(unknown, list(by_name))
    return tuple(by_name[name] for name in names) if names else tuple(by_name.values())


# --- exceptions ----------------------------------------------------------------------------------


def _exception(
    item: Item,
    ruling: Ruling,
    findings: Sequence[Finding],
    grant: Grant,
    tools: Tools,
    rules: Rules,
) -> Act:
    _check_end(grant, tools.clock.today())
    terms = tuple(_terms(finding, item, grant, rules) for finding in findings)
    return Act(
        item=item,
        ruling=ruling,
        findings=tuple(findings),
        comments=tuple(exception_prose(one, tools.speaker) for one in terms),
        labels=tuple(f"{EXCEPTION}{one.digest}" for one in terms),
        terms=terms,
    )


def _check_end(grant: Grant, today: date) -> None:
    last = today + timedelta(days=LONGEST_EXCEPTION)
    if not today <= grant.until <= last:
        raise ExceptionRefused(
            text("An exception cannot end on {day}.", day=grant.until),
            text(
                "It ends between today and {last}, {n} days from now.",
                last=last,
                n=LONGEST_EXCEPTION,
            ),
        )


def _terms(finding: Finding, item: Item, grant: Grant, rules: Rules) -> Terms:
    """Return the terms for one finding; raise ExceptionRefused where its limit knows no exception."""
    assert item.judgement is not None  # noqa: S101  # it was judged before anything was chosen
    request = item.judgement.case.request
    module, _, rest = finding.rule.partition("@")
    major = int(rest.partition(".")[0].partition("#")[0])
    terms = Terms(
        module=module,
        major=major,
        limit=finding.limit,
        scope=grant.scope,
        scope_id=request.scopes[grant.scope],
        until=grant.until,
        reason=grant.reason,
        max_value=grant.max_value,
    )
    limit = terms.limit_in(rules.bundle)
    if finding.nature != "outside" or limit is None:
        raise ExceptionRefused(
            text("No exception can be granted for {rule}.", rule=finding.rule),
            text("Accept the finding for this request, or let the rules be changed."),
        )
    if limit.operator not in BOUNDED:
        return replace(terms, value=finding.value, max_value=None)
    bound = grant.max_value if grant.max_value is not None else _size(request.data, finding)
    if bound is None:
        raise ExceptionRefused(
            text("An exception to {rule} needs a bound.", rule=finding.rule),
            text("Say up to which value: --max VALUE."),
        )
    return replace(terms, max_value=bound)


def _size(data: Any, finding: Finding) -> float | None:
    """Return the value that a finding is about where it is a number; a sum or a length must be said."""
    value = data
    for step in finding.where:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _finite(value)
    return None


def _finite(value: float) -> float | None:
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:  # a whole number of hundreds of digits
        return None
