"""``bridge init``: a first bridge.yaml, blank or made from what a site shows."""

import os
from pathlib import Path

import click

from bridge import disk, library
from bridge.cli import options, output
from bridge.cli.words import Command, PathType, msg, option, spoken
from bridge.config.workspace import FILE
from bridge.errors import FileInTheWay
from bridge.text import text


@click.command(
    "init",
    cls=Command,
    help=msg(
        "Write a commented bridge.yaml into DIR (here by default). With --site it is filled in from "
        "what the site shows to the account of BRIDGE_EMAIL and BRIDGE_TOKEN; on a terminal you are "
        "asked, elsewhere options and usual answers decide. Nothing is overwritten."
    ),
)
@click.argument("folder", metavar="[DIR]", default=".", type=PathType(file_okay=False))
@option("--site", metavar="URL", help=msg("The address of Jira; fills the file in from there."))
@option("--marketing", metavar="KEY", help=msg("The project of marketing, where campaigns live."))
@option("--it", metavar="KEY", help=msg("The project of IT; - for none."))
@option("--space", metavar="KEY", help=msg("The Confluence space of the calendar."))
@option("--parent", metavar="TITLE", help=msg("The title of the page above the months."))
@option("--id", metavar="ID", help=msg("A short name for the workspace."))
@option("--country", metavar="CODE", help=msg("Public holidays: FR, FR-57, BE ..."))
@option("--epic-type", metavar="NAME", help=msg("The issue type of campaigns."))
@option("--task-type", metavar="NAME", help=msg("The issue type of actions."))
@option("--start-date", metavar="FIELD", help=msg("The id of the start date's field."))
@option("--link-type", metavar="NAME", help=msg("The link type of dependencies."))
@option(
    "--role",
    "roles",
    type=options.Pair(),
    multiple=True,
    metavar="ROLE=PERSON",
    help=msg("Who holds a role; repeat for several."),
)
def init(
    folder: Path, site: str | None, roles: tuple[tuple[str, str], ...], **answers: str | None
) -> None:
    """Write the file and say what to do next."""
    given = {name.replace("_", "-"): said for name, said in answers.items() if said is not None}
    given |= {f"role {role}": person for role, person in roles}
    target = folder / FILE
    if target.exists():
        raise FileInTheWay(str(target))
    if site is None:
        if given:
            said = text("These options need --site: {options}.", options=_named(given))
            raise click.UsageError(spoken().say(said))
        first = library.folder("templates") / "workspace" / spoken().code / FILE
        _write(target, first.read_text("utf-8"))
        output.tell(
            text(
                "Next: open it, fill in your projects, space and people; it only observes until "
                "you set `mode: write`."
            )
        )
        return
    from bridge.cli.introduction import introduce  # noqa: PLC0415  # the network, only with --site

    _write(target, introduce(site, given))
    if os.environ.get("BRIDGE_JIRA_URL", "").rstrip("/") != site.rstrip("/"):
        output.tell(text("Set BRIDGE_JIRA_URL={site} for the commands that follow.", site=site))
    output.tell(
        text(
            "Next: `bridge -w {folder} doctor` says what is still missing; the bridge only "
            "observes until you set `mode: write`.",
            folder=str(folder),
        )
    )


def _named(given: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted({f"--{key.partition(' ')[0]}" for key in given}))


def _write(target: Path, content: str) -> None:
    with disk.usable(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(content)
        except FileExistsError:
            raise FileInTheWay(str(target)) from None
    output.write([str(target)])
