"""``bridge sandbox``: a Jira and Confluence look-alike on this machine."""

import json
from pathlib import Path

import click

from bridge import bootstrap
from bridge.cli import options, output
from bridge.cli.words import Command, PathType, msg, option, spoken


@click.command(
    "sandbox",
    cls=Command,
    help=msg(
        "Start a Jira and Confluence look-alike on this machine. Prints one line of JSON when it is "
        "ready; Ctrl-C ends it."
    ),
)
@option(
    "--port",
    type=options.Port(),
    default=0,
    metavar="PORT",
    help=msg("Port; any free one by default."),
)
@option(
    "--db",
    type=PathType(dir_okay=False),
    default=None,
    metavar="FILE",
    help=msg("SQLite file that keeps everything; memory by default."),
)
@option(
    "--flavour",
    type=click.Choice(["cloud", "datacenter"]),
    default="cloud",
    help=msg(
        "Cloud, or Data Center: Jira below /jira and Confluence below /confluence, a personal access "
        "token in the line that is printed."
    ),
)
@option(
    "--limits",
    is_flag=True,
    help=msg("Limit rates as the real service does, with its headers; no limits by default."),
)
def sandbox(port: int, db: Path | None, flavour: str, limits: bool) -> None:
    """Serve until interrupted."""
    bootstrap.serve_sandbox(
        port,
        db,
        spoken().code,
        lambda ready: output.write([json.dumps(ready)]),
        flavour=flavour,
        limits=limits,
    )
