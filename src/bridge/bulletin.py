"""What the bridge tells by itself in the morning: the team's day, and a lead's campaigns at risk. Pure.

A message says what Jira shows: a date, an action, the one responsible. It counts nobody's work, ranks
nobody, and writes to no owner before the day: the names in it are plain words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bridge.campaignstatus import CampaignStatus, StepStatus
from bridge.monthpage import Action, MonthView
from bridge.text import Text, text

MOST = 25  # lines of one part: a message is read, a page is looked up


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines, each with an address or ''; ``more``: how many lines were left out."""

    heading: Text | str
    lines: tuple[tuple[Text, str], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One message: its title and its parts; there is none without a part."""

    title: Text
    parts: tuple[Part, ...]


def morning_of(view: MonthView, today: date) -> Bulletin | None:
    """Return what the team is told on a worked day, None where there is nothing to tell.

    ``view``: the current month. What is finished is told no more.
    """
    parts = [
        _actions(text("Today"), view.todays),
        _actions(text("The next working day"), view.next_days),
        _actions(text("Late"), view.late),
    ]
    found = tuple(part for part in parts if part.lines)
    return Bulletin(text("The day: {day}", day=today), found) if found else None


def _actions(heading: Text, actions: Sequence[Action]) -> Part:
    open_ones = [action for action in actions if action.standing != "done"]
    lines = [(_said(a.day, a.title, a.responsible), a.url) for a in open_ones]
    return _part(heading, lines)


def _said(day: date | None, title: str, responsible: str) -> Text:
    return text(
        "{day}: {title} ({responsible})",
        day=day or text("without a date"),
        title=title,
        responsible=responsible or text("nobody"),
    )


def _part(heading: Text | str, lines: Sequence[tuple[Text, str]]) -> Part:
    return Part(heading, tuple(lines[:MOST]), more=max(0, len(lines) - MOST))


def risks_of(campaigns: Iterable[tuple[CampaignStatus, str]], today: date) -> Bulletin | None:
    """Return what a lead is told of their campaigns, None where none is at risk.

    ``campaigns`` each with its epic's address. Only what is computed: the launch that no longer
    holds; late, blocked, due soon without any float left, closed before the product was finished.
    """
    parts = [part for status, url in campaigns if (part := _campaign(status, url)).lines]
    return Bulletin(text("Campaigns at risk: {day}", day=today), tuple(parts)) if parts else None


def _campaign(status: CampaignStatus, url: str) -> Part:
    lines = [(said, url) for said in _launch(status)]
    lines += [(said, "") for step in _by_day(status.steps) for said in _step(step)]
    return _part(status.name or status.id, lines)


def _launch(status: CampaignStatus) -> Iterator[Text]:
    earliest, launch = status.earliest_launch, status.launch
    if earliest is not None and launch is not None and earliest > launch:
        yield text(
            "The launch on {launch} no longer holds: {earliest} at the earliest.",
            launch=launch,
            earliest=earliest,
        )


def _by_day(steps: Iterable[StepStatus]) -> list[StepStatus]:
    return sorted(steps, key=lambda step: step.due or date.max)


def _step(step: StepStatus) -> Iterator[Text]:
    """Return the one thing that matters most about a step, where there is any."""
    said = _said(step.due, step.title, step.responsible)
    if step.is_late:
        yield text("Late: {action}", action=said)
    elif step.is_blocked and (not step.waits_for or step.is_due_soon):
        # To wait for others is no news as long as there is time.
        yield text("Blocked: {action}", action=said)
    elif step.is_due_soon and step.float_days is not None and step.float_days <= 0:
        yield text("Due soon, and nothing to spare: {action}", action=said)
    elif step.is_closed_early:
        yield text("Closed before its finished product was complete: {action}", action=said)
