"""The root command: its name, its global options, and commands that load only when called."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bridge import __version__
from bridge.cli import output
from bridge.cli.words import Group, Option, PathType, msg, option, spoken
from bridge.text import Text


@dataclass(frozen=True)
class _Lazy:
    """Where a command lives, and what `bridge --help` says of it without loading it."""

    module: str
    attribute: str
    short_help: str


COMMANDS = {
    "init": _Lazy("workspace", "init", msg("Write a commented bridge.yaml.")),
    "doctor": _Lazy(
        "doctor", "doctor", msg("Check the set-up: what is wrong, missing or too much.")
    ),
    "template": _Lazy("template", "template", msg("List, show and check retroplan templates.")),
    "schedule": _Lazy("schedule", "schedule", msg("Compute a retroplan's dates, offline.")),
    "campaign": _Lazy(
        "campaign", "campaign", msg("Create campaigns in Jira, and see how they stand.")
    ),
    "month": _Lazy("month", "month", msg("Publish or preview the Confluence page of a month.")),
    "feed": _Lazy(
        "feed", "feed", msg("Give actions to calendars and spreadsheets at secret addresses.")
    ),
    "request": _Lazy("request", "request", msg("Check a request against the guardrails.")),
    "review": _Lazy("review", "review", msg("Decide about requests outside the guardrails.")),
    "guardrail": _Lazy("guardrail", "guardrail", msg("Show and test what IT approved once.")),
    "serve": _Lazy(
        "serve", "serve", msg("Run the service: find changes in Jira and on pages, and react.")
    ),
    "sync": _Lazy("sync", "sync", msg("Find what changed in Jira, and do what is due.")),
    "jobs": _Lazy("jobs", "jobs", msg("Look at the service's work; retry what failed.")),
    "webhook": _Lazy(
        "webhook", "webhook", msg("Have Jira tell the service of changes at once; optional.")
    ),
    "remove": _Lazy(
        "remove",
        "remove",
        msg("Take everything of the bridge's off the site: for those who leave."),
    ),
    "sandbox": _Lazy("sandbox", "sandbox", msg("Start a Jira and Confluence look-alike.")),
    "demo": _Lazy("demo", "demo", msg("See the whole story, offline, in the sandbox.")),
}


@dataclass
class Session:
    """What the global options say: the workspace folder, if one was named."""

    workspace: Path | None = None


class Root(Group):
    """A group that imports a command's module only when the command is called."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments; a reader of the help who goes away ends the run."""
        with output.until_the_reader_leaves():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader of its result who goes away ends the run."""
        with output.until_the_reader_leaves():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a first visit."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return None
        command: click.Command = getattr(import_module(f"bridge.cli.{lazy.module}"), lazy.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any of them."""
        with formatter.section(spoken().say(Text(msg("Commands")))):
            formatter.write_dl(
                [(name, spoken().say(Text(lazy.short_help))) for name, lazy in COMMANDS.items()]
            )


@click.group(
    "bridge",
    cls=Root,
    help=msg("Retroplans become Jira campaigns and one Confluence page of the month."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@option(
    "--lang",
    type=click.Choice(["fr", "en"]),
    expose_value=False,
    help=msg("Language of what you read (BRIDGE_LANG)."),
)
@option(
    "-w",
    "--workspace",
    envvar="BRIDGE_WORKSPACE",
    metavar="DIR",
    type=PathType(exists=True, file_okay=False),
    help=msg("Folder of bridge.yaml (BRIDGE_WORKSPACE); else here or above."),
)
@click.version_option(
    __version__, prog_name="bridge", cls=Option, help=msg("Show the version and exit.")
)
@click.pass_context
def root(ctx: click.Context, workspace: Path | None) -> None:
    """Keep what the global options say for the command."""
    ctx.obj = Session(workspace)
