"""Publish or preview a month: gather its actions, draw its page, write it if it says something new."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bridge import regions as page_regions
from bridge.campaign import LABEL
from bridge.errors import MonthUnanswered, PageBusy, Refused
from bridge.findings import Finding
from bridge.monthpage import Action, MonthView, action_of, is_action, is_ours, last_day, view
from bridge.operations.publishing import (
    Layout,
    Outcome,
    Publishing,
    map_key,
    months_of,
    root_label,
)
from bridge.operations.standing import split
from bridge.ports import Clock, PageMoved, Tools, Tracker, Wiki
from bridge.retroplan.calendars import Calendars, public_holidays
from bridge.sayings import answers
from bridge.text import Speaker, text
from bridge.tracker import Issue
from bridge.wiki import Page
from bridge.workspace import Workspace

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish came to, or would come to; no page: there is none yet."""

    month: date
    page: str | None
    url: str | None
    version: int | None
    written: bool
    view: MonthView
    would_write: bool = False
    findings: tuple[Finding, ...] = ()


def gather(
    month: date, workspace: Workspace, tracker: Tracker, clock: Clock, speaker: Speaker
) -> MonthView:
    """Read the month's actions from the tracker and arrange them as seen today."""
    today = clock.today()
    calendars = Calendars(workspace.calendar, *_years(month, today))
    workdays = calendars.named()
    until = last_day(month)
    current = month <= today <= until
    if current:
        until = max(until, workdays.nth_day_after(today, 1))
    issues = search(tracker, workspace, f'duedate >= "{month}" AND duedate <= "{until}"')
    running = running_campaigns(tracker, workspace)
    undated = _of_campaigns(tracker, workspace, running, "duedate is EMPTY")
    late = _late(tracker, workspace, running, month) if current else []
    others = {issue.parent for issue in issues if issue.parent} - running.keys()
    epics = {**running, **(tracker.read(others) if others else {})}

    def told(found: Iterable[Issue]) -> list[Action]:
        return [
            action_of(issue, epics, workspace, today, workdays, tracker.url, together(speaker))
            for issue in found
        ]

    holidays = public_holidays(workdays.name, month, last_day(month), speaker.code)
    return view(month, told([*late, *issues]), told(undated), today, workdays, holidays)


def _years(month: date, today: date) -> tuple[date, date]:
    return date(min(month, today).year, 1, 1), date(max(month, today).year + 1, 12, 31)


def search(tracker: Tracker, workspace: Workspace, when: str) -> list[Issue]:
    """Return the actions of the pages that fulfil a JQL condition; the exclusions always hold.

    Raises MonthUnanswered where Jira does not understand ``month.jql``, or a SiteError.
    """
    try:
        found = tracker.search(f"({_selection(workspace)}) AND {when} ORDER BY duedate, key")
    except Refused as refused:
        if refused.status != 400:
            raise
        own_jql = workspace.month_jql is not None
        raise MonthUnanswered(refused.detail, own_jql=own_jql) from None
    return [issue for issue in found if is_action(issue, workspace)]


def _selection(workspace: Workspace) -> str:
    if workspace.month_jql:
        return workspace.month_jql
    # Quoted: a project key may be a reserved word of JQL.
    projects = ", ".join(f'"{key}"' for key in sorted(set(workspace.projects.values())))
    return f'project in ({projects}) AND (labels = bridge OR project = "{workspace.main_project}")'


def running_campaigns(tracker: Tracker, workspace: Workspace) -> dict[str, Issue]:
    """Return the open epics of this workspace's campaigns, by key."""
    found = tracker.epics(workspace.main_project, f"labels = {LABEL} AND statusCategory != Done")
    return {
        issue.key: issue
        for issue in found
        if issue.kind == "epic" and is_ours(issue, workspace) and issue.memory is not None
    }


def _of_campaigns(
    tracker: Tracker, workspace: Workspace, campaigns: Mapping[str, Issue], condition: str
) -> list[Issue]:
    """Search the open issues of campaigns under a condition."""
    found = tracker.children(campaigns.keys(), f"{condition} AND statusCategory != Done")
    return [issue for issue in found if is_action(issue, workspace)]


def _late(
    tracker: Tracker, workspace: Workspace, running: Mapping[str, Issue], month: date
) -> list[Issue]:
    """Return the open actions of earlier months.

    Those of the page's own selection, by hand or by the bridge, as on the pages they were due on; and
    all of running campaigns, whatever ``month.jql`` selects.
    """
    before = f'duedate < "{month}"'
    found = search(tracker, workspace, f"{before} AND statusCategory != Done")
    found += _of_campaigns(tracker, workspace, running, before)
    return list({issue.key: issue for issue in found}.values())


def together(speaker: Speaker) -> Callable[[str, str], str]:
    """Return how a person is said with the external one they work for."""

    def said(name: str, external: str) -> str:
        return speaker.say(text("{name} with {external}", name=name, external=external))

    return said


def publish(
    month: date, workspace: Workspace, tools: Tools, wiki: Wiki, layout: Layout
) -> Published:
    """Publish the month's page; write only what changed."""
    seen = gather(month, workspace, tools.tracker, tools.clock, tools.speaker)
    publishing = Publishing(month, workspace, wiki, layout, layout.machine(seen), tools.journal)
    for _ in range(ATTEMPTS):
        try:
            outcome = publishing.once()
        except PageMoved:
            continue  # somebody wrote it since it was read: read again, decide again
        return _told(month, seen, outcome, wiki, layout)
    raise PageBusy(layout.title)


def look(
    month: date, workspace: Workspace, seen: MonthView, wiki: Wiki, layout: Layout
) -> Published:
    """Return what a publish of what was gathered would come to; nothing is written, here or there."""
    publishing = Publishing(month, workspace, wiki, layout, layout.machine(seen), None)
    return _told(month, seen, publishing.look(), wiki, layout)


def _told(month: date, seen: MonthView, outcome: Outcome, wiki: Wiki, layout: Layout) -> Published:
    page = outcome.page
    return Published(
        month=month,
        page=page.id if page else None,
        url=wiki.url(page.id) if page else None,
        version=page.version if page else None,
        written=outcome.written,
        view=seen,
        would_write=outcome.would_write,
        findings=(*outcome.findings, *(_undecided(page, layout) if page else ())),
    )


def _undecided(page: Page, layout: Layout) -> tuple[Finding, ...]:
    """Warn where nobody filled in the month's intentions, or where their part of the page is gone."""
    written = {r.name: page_regions.body_of(page.body, r) for r in split(page)}
    for name, initial in layout.human.items():
        if name not in written:
            gone = text(
                "The part for the month's intentions is gone from the page: restore, from the page's "
                "history, the version before it went, then publish again."
            )
            return (Finding("W-INTENTIONS-GONE", gone),)
        if not answers(initial, written[name]):
            return (Finding("W-INTENTIONS", text("The month's intentions are not decided.")),)
    return ()


def pages_of_months(workspace: Workspace, wiki: Wiki) -> Mapping[str, str]:
    """Return the page of each month that was ever published, by YYYY-MM; raise MemoryDamaged."""
    root = wiki.find(workspace.parent) or wiki.labelled(root_label(workspace))
    months = wiki.recall(root.id, map_key(workspace)) if root else None
    return months_of(months, workspace.parent)


def intentions_now(
    month: date, workspace: Workspace, wiki: Wiki, names: Iterable[str]
) -> Mapping[str, str]:
    """Return the human regions of the published page, as they stand in storage format."""
    page_id = pages_of_months(workspace, wiki).get(f"{month:%Y-%m}")
    page = wiki.page(page_id) if page_id else None
    if page is None:
        return {}
    wanted = set(names)
    return {
        region.name: page_regions.body_of(page.body, region)
        for region in split(page)
        if region.kind == "human" and region.name in wanted
    }


def next_month(month: date) -> date:
    """Return the first day of the month after ``month`` (a first day)."""
    return last_day(month) + timedelta(days=1)
