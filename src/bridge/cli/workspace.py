"""``bridge init``: a first bridge.yaml."""

from pathlib import Path

import click

from bridge import library
from bridge.cli import output
from bridge.cli.words import Command, PathType, msg, spoken
from bridge.config.workspace import FILE
from bridge.errors import FileInTheWay
from bridge.text import text


@click.command(
    "init",
    cls=Command,
    help=msg("Write a commented bridge.yaml into DIR (here by default). Nothing is overwritten."),
)
@click.argument("folder", metavar="[DIR]", default=".", type=PathType(file_okay=False))
def init(folder: Path) -> None:
    """Write the file and say what to do next."""
    target = folder / FILE
    first = (library.folder("templates") / "workspace" / spoken().code / FILE).read_text("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(first)
    except FileExistsError:
        raise FileInTheWay(str(target)) from None
    output.write([str(target)])
    output.tell(
        text(
            "Next: open it, fill in your projects, space and people; it only observes until "
            "you set `mode: write`."
        )
    )
