"""``bridge sandbox``: a Jira and Confluence look-alike on this machine."""

import json
from pathlib import Path

import click

from bridge import bootstrap
from bridge.cli import output
from bridge.cli.words import Command, msg, option, spoken
from bridge.text import text


@click.command(
    "sandbox",
    cls=Command,
    help=msg(
        "Start a Jira and Confluence look-alike on this machine. Prints one line of JSON when it is "
        "ready; Ctrl-C ends it."
    ),
)
@option(
    "--port", type=click.IntRange(0, 65535), default=0, help=msg("Port; any free one by default.")
)
@option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help=msg("SQLite file that keeps everything; memory by default."),
)
@option(
    "--flavour",
    type=click.Choice(["cloud", "datacenter"]),
    default="cloud",
    help=msg("What it looks like; datacenter comes later."),
)
@option(
    "--limits",
    is_flag=True,
    help=msg("Limit rates as the real service does, with its headers; no limits by default."),
)
def sandbox(port: int, db: Path | None, flavour: str, limits: bool) -> None:
    """Serve until interrupted."""
    if flavour != "cloud":
        said = text("The Data Center look-alike is not built yet: only cloud.")
        raise click.BadParameter(spoken().say(said), param_hint="--flavour")
    bootstrap.serve_sandbox(
        port, db, lambda ready: output.write([json.dumps(ready)]), limits=limits
    )
