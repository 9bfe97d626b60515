"""Gather the actions that calendars and lists show: between two days, and whose account is whose."""

from collections.abc import Sequence
from datetime import date, timedelta

from bridge.agenda import Entry, entries
from bridge.campaign import LABEL
from bridge.monthpage import last_day
from bridge.operations.case import accounts_of
from bridge.operations.month import search, together
from bridge.ports import Tracker
from bridge.text import Speaker
from bridge.workspace import Workspace

# What a calendar still shows of the past, and how far it sees ahead.
BEHIND, AHEAD = timedelta(days=92), timedelta(days=550)


def around(today: date) -> tuple[date, date]:
    """Return the first and the last day that a feed shows, as seen on ``today``."""
    return today - BEHIND, today + AHEAD


def month(first: date) -> tuple[date, date]:
    """Return the first and the last day of a month, given its first."""
    return first, last_day(first)


def gather(
    between: tuple[date, date], workspace: Workspace, tracker: Tracker, speaker: Speaker
) -> Sequence[Entry]:
    """Read the actions due between two days, both included: those of the pages of their months.

    Raises MonthUnanswered for a ``month.jql`` that Jira does not understand, or a SiteError.
    """
    first, last = between
    issues = search(tracker, workspace, f'duedate >= "{first}" AND duedate <= "{last}"')
    above = {issue.parent for issue in issues if issue.parent}
    epics = tracker.read(above) if above else {}
    return entries(issues, epics, workspace, tracker.url, together(speaker))


def account(name: str, workspace: Workspace, tracker: Tracker) -> str | None:
    """Return the account of a person of the workspace on the site.

    None for somebody external, and where the site knows nobody or several of that name.
    """
    person = workspace.team.people.get(name)
    if person is None or person.external:
        return None
    main = workspace.main_project
    people = [(person, main)]
    return accounts_of(tracker.survey([main], people, LABEL), people).get(person.id)
