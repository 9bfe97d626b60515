"""Publish or preview a month: gather its actions, draw its page, write it if it says something new."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bridge import regions as page_regions
from bridge.campaign import LABEL
from bridge.errors import PageBusy
from bridge.findings import Finding
from bridge.monthpage import Action, MonthView, action_of, is_action, is_ours, last_day, view
from bridge.operations.publishing import Layout, Publishing, map_key, months_of, root_label, split
from bridge.ports import Clock, PageMoved, Tracker, Wiki
from bridge.retroplan.calendars import Calendars, public_holidays
from bridge.sayings import answers
from bridge.text import Speaker, text
from bridge.tracker import Issue
from bridge.wiki import Page
from bridge.workspace import Workspace

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish came to."""

    month: date
    page: str
    url: str
    version: int
    written: bool
    view: MonthView
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
    issues = _search(tracker, workspace, f'duedate >= "{month}" AND duedate <= "{until}"')
    running = _running_campaigns(tracker, workspace)
    undated = _of_campaigns(tracker, workspace, running, "duedate is EMPTY")
    before = f'duedate < "{month}"'
    late = _of_campaigns(tracker, workspace, running, before) if current else []
    others = {issue.parent for issue in issues if issue.parent} - running.keys()
    epics = {**running, **(tracker.read(others) if others else {})}

    def told(found: Iterable[Issue]) -> list[Action]:
        return [
            action_of(issue, epics, workspace, today, workdays, tracker.url, _together(speaker))
            for issue in found
        ]

    holidays = public_holidays(workdays.name, month, last_day(month), speaker.code)
    return view(month, told([*late, *issues]), told(undated), today, workdays, holidays)


def _years(month: date, today: date) -> tuple[date, date]:
    return date(min(month, today).year, 1, 1), date(max(month, today).year + 1, 12, 31)


def _search(tracker: Tracker, workspace: Workspace, when: str) -> list[Issue]:
    """Search the month's selection under a condition; the exclusions always hold."""
    found = tracker.search(f"({_selection(workspace)}) AND {when} ORDER BY duedate, key")
    return [issue for issue in found if is_action(issue, workspace)]


def _selection(workspace: Workspace) -> str:
    if workspace.month_jql:
        return workspace.month_jql
    # Quoted: a project key may be a reserved word of JQL.
    projects = ", ".join(f'"{key}"' for key in sorted(set(workspace.projects.values())))
    return f'project in ({projects}) AND (labels = bridge OR project = "{workspace.main_project}")'


def _running_campaigns(tracker: Tracker, workspace: Workspace) -> dict[str, Issue]:
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


def _together(speaker: Speaker) -> Callable[[str, str], str]:
    def together(name: str, external: str) -> str:
        return speaker.say(text("{name} with {external}", name=name, external=external))

    return together


def publish(  # a publish reads a tracker, writes a wiki, and needs to know how
    month: date,
    workspace: Workspace,
    tracker: Tracker,
    wiki: Wiki,
    clock: Clock,
    speaker: Speaker,
    layout: Layout,
) -> Published:
    """Publish the month's page; write only what changed."""
    seen = gather(month, workspace, tracker, clock, speaker)
    rendered = layout.machine(seen)
    publishing = Publishing(month, workspace, wiki, layout, rendered)
    for _ in range(ATTEMPTS):
        try:
            page, written = publishing.once()
        except PageMoved:
            continue  # somebody wrote it since it was read: read again, decide again
        findings = _undecided(page, layout)
        return Published(month, page.id, wiki.url(page.id), page.version, written, seen, findings)
    raise PageBusy(layout.title)


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


def intentions_now(
    month: date, workspace: Workspace, wiki: Wiki, names: Iterable[str]
) -> Mapping[str, str]:
    """Return the human regions of the published page, as they stand in storage format."""
    root = wiki.find(workspace.parent) or wiki.labelled(root_label(workspace))
    months = wiki.recall(root.id, map_key(workspace)) if root else None
    page_id = months_of(months, workspace.parent).get(f"{month:%Y-%m}")
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
