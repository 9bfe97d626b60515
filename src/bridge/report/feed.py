"""Feeds for the terminal and as JSON; an address is shown once, by whoever makes it."""

from collections.abc import Sequence
from typing import Any

from bridge.agenda import Feed, Shown
from bridge.report import table
from bridge.text import Speaker, Text, text
from bridge.workspace import Workspace


def addresses(base: str, secret: str) -> dict[str, str]:
    """Return the addresses of a feed by kind, below the address of the service."""
    return {kind: f"{base}/feeds/{secret}.{kind}" for kind in ("ics", "csv")}


def as_json(feed: Feed) -> dict[str, Any]:
    """Return a feed without its addresses."""
    kept = feed.as_json()
    kept.pop("digest")
    return {"id": feed.id, **kept}


def made(feed: Feed, workspace: Workspace, found: dict[str, str], speaker: Speaker) -> list[str]:
    """Return what a new feed is, and its addresses."""
    return [
        speaker.say(text("Feed {id}: {shown}.", id=feed.id, shown=shown(feed.shown, workspace))),
        speaker.say(text("Calendar: {url}", url=found["ics"])),
        speaker.say(text("Spreadsheet: {url}", url=found["csv"])),
        speaker.say(
            text(
                "Whoever has an address reads these actions without signing in. It is shown this once; "
                "`bridge feed revoke {id}` closes it.",
                id=feed.id,
            )
        ),
    ]


def listed(feeds: Sequence[Feed], workspace: Workspace, speaker: Speaker) -> list[str]:
    """Return the feeds that are open, a line for each."""
    if not feeds:
        return [speaker.say(text("There is no feed."))]
    heads = [text("Feed"), text("Shows"), text("Alarm"), text("Since"), text("Name")]
    rows = [[speaker.say(head) for head in heads]]
    rows += [
        [feed.id, speaker.say(shown(feed.shown, workspace)),
         f"{feed.alarm:%H:%M}" if feed.alarm else "", speaker.day(feed.since), feed.label]
        for feed in feeds
    ]  # fmt: skip
    return table.headed(rows)


def shown(what: Shown, workspace: Workspace) -> Text:
    """Return whose actions a feed shows."""
    if what.team:
        return text("the actions of the team {team}", team=what.team)
    if what.person:
        person = workspace.team.people.get(what.person)
        return text("the actions of {name}", name=person.name if person else what.person)
    return text("all actions")
