"""``bridge feed``: secret addresses at which calendars and spreadsheets read actions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from bridge.agenda import DEPARTMENTS, Shown
from bridge.cli import extras, options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Decorator, Group, msg, option, spoken
from bridge.errors import MissingSetting, ProblemsFound, StoreUnreachable
from bridge.errors import Problem as Unknown
from bridge.prose import one_line
from bridge.report import feed as report
from bridge.service.engine import StoreDown
from bridge.text import text
from bridge.workspace import Workspace

if TYPE_CHECKING:
    from bridge.service.face.feedbook import FeedBook

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Hour(click.ParamType[time]):
    """A time of the day written HH:MM."""

    name = "hour"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """Read the time, or let click refuse it."""
        if isinstance(value, time):
            return value
        if not _HOUR.fullmatch(value):
            said = text("“{value}” is no time of the day: write it such as 09:00.", value=value)
            self.fail(spoken().say(said), param, ctx)
        return time.fromisoformat(value)


class Base(click.ParamType[str]):
    """Where people reach the service; a secret address never travels in clear text."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the address, or let click refuse it."""
        written = str(value).strip().rstrip("/")
        try:
            parts = urlsplit(written)
            host = parts.hostname or ""
        except ValueError:  # a bracket left open
            parts, host = urlsplit(""), ""
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
        if not (host and is_safe) or "@" in parts.netloc or parts.query or parts.fragment:
            said = text("This is no address of the service: write it such as {url}.", url=_EXAMPLE)
            self.fail(spoken().say(said), param, ctx)
        return written


_EXAMPLE = "https://bridge.boutique.example"
base_url: Decorator = option(
    "--base-url",
    "base",
    envvar="BRIDGE_PUBLIC_URL",
    type=Base(),
    metavar="URL",
    help=msg("Where people reach the service (BRIDGE_PUBLIC_URL)."),
)


@click.group(
    "feed", cls=Group, help=msg("Give actions to calendars and spreadsheets at secret addresses.")
)
def feed() -> None:
    """Group the commands about feeds."""


@feed.command(
    "add",
    cls=Command,
    help=msg(
        "Make a secret address for the actions of a person (external people included), of a team, or "
        "for all of them. The service serves it, as a calendar (.ics) and as a list (.csv)."
    ),
)
@option("--person", metavar="ID", help=msg("Whose actions: an id of bridge.yaml."))
@option("--team", type=click.Choice(DEPARTMENTS), help=msg("The department whose actions."))
@option("--all", "everything", is_flag=True, help=msg("All actions of the workspace."))
@option("--alarm", type=Hour(), metavar="HH:MM", help=msg("Ring at this time of the due day."))
@option("--name", "label", default="", metavar="TEXT", help=msg("What calendars call it."))
@base_url
@options.dry_run
@options.as_format
@click.pass_obj
def add(
    session: Session,
    person: str | None,
    team: str | None,
    everything: bool,
    alarm: time | None,
    label: str,
    base: str | None,
    dry_run: bool,
    shape: str,
) -> None:
    """Check what it shows, make it, say its addresses once."""
    if [bool(person), bool(team), everything].count(True) != 1:
        said = text("Say whose actions: exactly one of --person, --team and --all.")
        raise click.UsageError(spoken().say(said))
    folder, workspace = options.here(session)
    if base is None:
        raise MissingSetting(["BRIDGE_PUBLIC_URL"])
    shown = Shown(person=_known(person, workspace) if person else "", team=team or "")
    if dry_run:
        output.write([spoken().say(report.shown(shown, workspace))])
        output.tell(text("Nothing was written."))
        return
    with feed_book(folder, workspace.id) as book:
        day = options.today_in(workspace)
        made, secret = book.add(shown, day, label=one_line(label, 80), alarm=alarm)
    found = report.addresses(base, secret)
    if shape == "json":
        output.write_json({**report.as_json(made), **found})
    else:
        output.write(report.made(made, workspace, found, spoken()))


@feed.command("list", cls=Command, help=msg("List the feeds that are open; no address is shown."))
@options.as_format
@click.pass_obj
def list_feeds(session: Session, shape: str) -> None:
    """Read, report."""
    folder, workspace = options.here(session)
    with feed_book(folder, workspace.id) as book:
        feeds = book.all()
    if shape == "json":
        output.write_json([report.as_json(one) for one in feeds])
    else:
        output.write(report.listed(feeds, workspace, spoken()))


@feed.command("revoke", cls=Command, help=msg("Close a feed for good: its address answers 404."))
@click.argument("identity", metavar="ID")
@options.dry_run
@click.pass_obj
def revoke(session: Session, identity: str, dry_run: bool) -> None:
    """Find it, close it."""
    folder, workspace = options.here(session)
    with feed_book(folder, workspace.id) as book:
        found = book.get(identity)
        if not dry_run:
            book.revoke([found])
    if dry_run:
        output.tell(text("Nothing was written."))
    else:
        output.write([spoken().say(text("The feed {id} is closed.", id=found.id))])


def _known(person: str, workspace: Workspace) -> str:
    """Return the id of a person of the workspace; raise ProblemsFound with the near miss."""
    found = workspace.team.find(person)
    if isinstance(found, Unknown):
        raise ProblemsFound([found])
    return found.id


@contextmanager
def feed_book(folder: Path, workspace: str) -> Iterator["FeedBook"]:
    """Open a workspace's store for its feeds alone; raise StoreUnreachable or StoreOfAnother."""
    extras.need_service()
    from bridge.service.address import place_of, state_of  # noqa: PLC0415  # with what follows
    from bridge.service.durable.marks import Marks  # noqa: PLC0415  # SQLAlchemy: 0.3 s, and an extra
    from bridge.service.durable.store import Store  # noqa: PLC0415  # the same
    from bridge.service.face.feedbook import FeedBook  # noqa: PLC0415  # with what follows
    from bridge.service.kept import claim  # noqa: PLC0415  # with what follows

    address = state_of(folder)
    store = Store(address)
    try:
        store.prepare()
        marks = Marks(store)
        claim(marks, workspace)
        yield FeedBook(marks)
    except StoreDown:
        raise StoreUnreachable(place_of(address)) from None
    finally:
        store.close()
