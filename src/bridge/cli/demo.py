"""``bridge demo``: the whole story, offline, in the sandbox."""

import sys
from pathlib import Path

import click

from bridge import demo as story
from bridge.cli import options, output
from bridge.cli.words import Command, PathType, msg, option, spoken


@click.command(
    "demo",
    cls=Command,
    help=msg(
        "See the whole story, offline, in the sandbox: two campaigns are created, the months they touch "
        "are published, and you are told where to look. Goes on serving on a terminal; ends by itself "
        "elsewhere."
    ),
)
@option(
    "--out",
    type=PathType(file_okay=False),
    default=Path("demo-output"),
    metavar="DIR",
    help=msg("Folder for the files to look at."),
)
@option(
    "--exit", "leaves", is_flag=True, help=msg("End when everything is shown, also on a terminal.")
)
@options.as_format
def demo(out: Path, leaves: bool, shape: str) -> None:
    """Play the story, then serve or leave."""
    stays = sys.stdout.isatty() and not leaves
    with story.play(out, output.tell) as played:
        if shape == "json":
            output.write_json(played.as_json())
        else:
            output.write(story.told(played, spoken(), command=sys.argv[0], stays=stays))
        if stays:
            story.wait()
