"""Options that several commands share, and the values they turn into."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bridge.cli.app import Session
from bridge.cli.words import Decorator, msg, option, spoken
from bridge.config import workspace as workspace_file
from bridge.errors import NoWorkspace
from bridge.text import text
from bridge.workspace import Workspace


class Day(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return how the help shows the value."""
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date, or let click refuse it."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            said = text("“{value}” is no date: write it such as 2027-03-31.", value=value)
            self.fail(spoken().say(said), param, ctx)


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
        try:
            if len(value) != len("2027-03"):
                raise ValueError
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            said = text("“{value}” is no month: write it such as 2027-03.", value=value)
            self.fail(spoken().say(said), param, ctx)


as_format: Decorator = option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help=msg("How to print the result."),
)
launch: Decorator = option("--launch", type=Day(), required=True, help=msg("The launch date J."))
today: Decorator = option(
    "--today", type=Day(), default=None, help=msg("Reckon from this day instead of today.")
)
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


def here_if_any(session: Session) -> tuple[Path | None, Workspace | None]:
    """Return the workspace if there is one; commands that need none work without."""
    try:
        return here(session)
    except NoWorkspace:
        if session.workspace is not None:
            raise
        return None, None
