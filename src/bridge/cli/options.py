"""Options that several commands share, and the values they turn into."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bridge.cli.app import Session
from bridge.cli.words import Decorator, msg, option, spoken
from bridge.config import workspace as workspace_file
from bridge.errors import NoWorkspace, near_miss
from bridge.retroplan.calendars import FIRST_YEAR, LAST_YEAR
from bridge.text import Text, text
from bridge.workspace import Workspace

_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
_ISO_DAY, _ISO_MONTH = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile("[0-9]{4}-[0-9]{2}")
# As people write in French: 31/03/2027, 31.3.27; 03/2027.
_FRENCH_DAY = re.compile(
    r"(?P<day>[0-9]{1,2})[/. -](?P<month>[0-9]{1,2})[/. -](?P<year>[0-9]{4}|[0-9]{2})"
)
_FRENCH_MONTH = re.compile(r"(?P<month>[0-9]{1,2})[/. -](?P<year>[0-9]{4})")


class Day(click.ParamType[date]):
    """A date written YYYY-MM-DD, and in no other way: 03/04/2027 is two days."""

    name = "date"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return how the help shows the value."""
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date, or let click refuse it."""
        if isinstance(value, date):
            return value
        day = _day(value)
        if day is None or not _ISO_DAY.fullmatch(value):
            said = text("“{value}” is no date: write it such as 2027-03-31.", value=value)
            self.fail(_with_near_miss(said, day.isoformat() if day else None), param, ctx)
        return day


class NearDay(Day):
    """A date in the years that calendars cover."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date, or let click refuse it."""
        day = super().convert(value, param, ctx)
        if day.year not in _YEARS:
            self.fail(_out_of_years(value), param, ctx)
        return day


class Pair(click.ParamType[tuple[str, str]]):
    """A ``name=value`` pair."""

    name = "pair"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the first equals sign, or let click refuse it."""
        if isinstance(value, tuple):
            return value
        name, equals, rest = value.partition("=")
        if not equals or not name.strip():
            said = text("“{value}” is no pair: write it name=value.", value=value)
            self.fail(spoken().say(said), param, ctx)
        return name.strip(), rest.strip()


class Month(click.ParamType[date]):
    """A month written YYYY-MM; becomes its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the month, or let click refuse it."""
        if isinstance(value, date):
            return value
        month = _month(value)
        if month is None or not _ISO_MONTH.fullmatch(value):
            said = text("“{value}” is no month: write it such as 2027-03.", value=value)
            self.fail(_with_near_miss(said, f"{month:%Y-%m}" if month else None), param, ctx)
        if month.year not in _YEARS:
            self.fail(_out_of_years(value), param, ctx)
        return month


class Port(click.IntRange):
    """A port of this machine, 0 for any free one."""

    name = "port"

    def __init__(self) -> None:
        super().__init__(0, 65535)


def _day(written: str) -> date | None:
    """Return the day that was meant, None where there is no such day."""
    french = _FRENCH_DAY.fullmatch(written)
    try:
        if french:
            year = int(french["year"])
            return date(
                year if year > 99 else 2000 + year, int(french["month"]), int(french["day"])
            )
        return date.fromisoformat(written)
    except ValueError:
        return None


def _month(written: str) -> date | None:
    """Return the first day of the month that was meant, None where there is no such month."""
    french = _FRENCH_MONTH.fullmatch(written)
    try:
        if french:
            return date(int(french["year"]), int(french["month"]), 1)
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        return None


def _with_near_miss(said: Text, near: str | None) -> str:
    hint = near_miss(near, ())
    return f"{spoken().say(said)} {spoken().say(hint)}" if hint else spoken().say(said)


def _out_of_years(value: str) -> str:
    return spoken().say(
        text(
            "“{value}” lies outside the years {first} to {last}, for which holidays are known.",
            value=value,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    )


as_format: Decorator = option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help=msg("How to print the result."),
)
launch: Decorator = option("--launch", type=Day(), required=True, help=msg("The launch date J."))
today: Decorator = option(
    "--today", type=NearDay(), default=None, help=msg("Reckon from this day instead of today.")
)
since: Decorator = option("--since", type=NearDay(), required=True, help=msg("From this day on."))
parameters: Decorator = option(
    "--param",
    "parameters",
    type=Pair(),
    multiple=True,
    metavar="NAME=VALUE",
    help=msg("A parameter of the template; repeat for several."),
)
dry_run: Decorator = option(
    "--dry-run", is_flag=True, help=msg("Show what would be written; write nothing.")
)


def here(session: Session) -> tuple[Path, Workspace]:
    """Return the workspace folder and the workspace; raise NoWorkspace or ProblemsFound."""
    folder = workspace_file.find((session.workspace or Path.cwd()).resolve())
    return folder, workspace_file.load(folder)


def today_in(workspace: Workspace) -> date:
    """Return today's civil date in the workspace's time zone."""
    return datetime.now(ZoneInfo(workspace.timezone)).date()


def day_of(workspace: Workspace | None, today: date | None) -> date:
    """Return the day that counts: the one given, else the workspace's, else where the person sits."""
    if today is not None:
        return today
    return today_in(workspace) if workspace else date.today()  # noqa: DTZ011  # no time zone is known


def here_if_any(session: Session) -> tuple[Path | None, Workspace | None]:
    """Return the workspace if there is one; commands that need none work without."""
    try:
        return here(session)
    except NoWorkspace:
        if session.workspace is not None:
            raise
        return None, None
