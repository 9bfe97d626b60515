"""Actions as a calendar (RFC 5545) and as a table for spreadsheets."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bridge.agenda import Entry
from bridge.prose import one_line
from bridge.report.spreadsheet import csv_text
from bridge.text import Speaker, Text, text
from bridge.workspace import Workspace

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event

# What a calendar says made it: only a file that holds it is written over by the next one.
PRODUCT: Final = "-//campaign-bridge//month"
_REFRESH: Final = timedelta(hours=1)  # a suggestion; calendars ask when they like
_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)  # sequences count from here, in whole seconds


def ics(
    shown: Iterable[Entry],
    workspace: Workspace,
    speaker: Speaker,
    *,
    name: Text | str,
    alarm: time | None = None,
) -> bytes:
    """Return actions as an iCalendar: all-day events on the due days, with an alarm only if asked.

    What did not change in Jira gives the same bytes: stamps and sequences are the issue's own.
    """
    calendar = _calendar(speaker.say(name))
    for entry in shown:
        calendar.add_component(_event(entry, workspace, speaker, alarm))
    written: bytes = calendar.to_ical()
    return written


def _calendar(name: str) -> "Calendar":
    from icalendar import Calendar, vText  # noqa: PLC0415  # 0.4 s that only calendars pay

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for said in ("name", "x-wr-calname"):  # RFC 7986, and what was usual before it
        calendar.add(said, vText(one_line(name)))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText("PT1H"))
    return calendar


def _event(entry: Entry, workspace: Workspace, speaker: Speaker, alarm: time | None) -> "Event":
    from icalendar import Event  # noqa: PLC0415  # as above

    event = Event()
    changed = (entry.updated or _NEVER).astimezone(UTC).replace(microsecond=0)
    title = one_line(entry.title) or entry.key
    event.add("uid", f"{entry.key}@{workspace.id}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", max(0, int((changed - _NEVER).total_seconds())))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))  # the day after, by RFC 5545
    event.add("summary", f"✓ {title}" if entry.is_done else title)
    event.add("description", "\n".join(_told(entry, speaker)))
    event.add("status", "CONFIRMED")  # of the day; whether the action is done, the summary says
    event.add("transp", "TRANSPARENT")  # nobody is busy all day
    event.add("url", entry.url)
    if entry.campaign:
        event.add("categories", [one_line(entry.campaign)])
    if alarm is not None and not entry.is_done:
        event.add_component(_alarm(title, alarm))
    return event


def _alarm(title: str, at: time) -> "Alarm":
    from icalendar import Alarm  # noqa: PLC0415  # as above

    ringing = Alarm()
    ringing.add("action", "DISPLAY")
    ringing.add("description", title)
    ringing.add(
        "trigger", timedelta(hours=at.hour, minutes=at.minute)
    )  # from the day's first minute
    return ringing


def _told(entry: Entry, speaker: Speaker) -> Iterable[str]:
    who = one_line(entry.responsible) or speaker.say(text("nobody"))
    yield speaker.say(text("Responsible: {who}", who=who))
    if entry.campaign:
        yield speaker.say(text("Campaign: {name}", name=one_line(entry.campaign)))
    yield speaker.say(text("Status: {status}", status=one_line(entry.status)))
    yield speaker.say(text("Issue: {key}, {url}", key=entry.key, url=entry.url))


def csv(shown: Iterable[Entry], speaker: Speaker) -> bytes:
    """Return actions as CSV in UTF-8, a line for each, as the reader's spreadsheets open it."""
    heads = [text("Due"), text("What"), text("Responsible"), text("Status"), text("Campaign"),
             text("Issue"), text("Address")]  # fmt: skip
    rows = [[speaker.say(head) for head in heads]]
    rows += [
        [entry.day.isoformat(), entry.title, entry.responsible, entry.status, entry.campaign,
         entry.key, entry.url]
        for entry in shown
    ]  # fmt: skip
    return csv_text(rows, speaker).encode()
