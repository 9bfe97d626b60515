"""``bridge remove``: leave a site; issues, pages and people's texts stay."""

from pathlib import Path

import click

from bridge import journal as records
from bridge.bootstrap import Desk, open_desk, open_hooks
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.feed import feed_book
from bridge.cli.words import Command, msg, option, spoken
from bridge.config.templates import Templates
from bridge.errors import Forbidden, Problem, Refused, RemovalIncomplete, StoreOfAnother
from bridge.operations import hooks as webhooks
from bridge.operations import remove as operation
from bridge.ports import Hooks, Tools
from bridge.report import leaving as report
from bridge.service.address import file_of, state_of
from bridge.settings import Settings
from bridge.site import Webhook
from bridge.text import text


@click.command(
    "remove",
    cls=Command,
    help=msg(
        "Take everything of the bridge's off Jira and Confluence: labels, memory, markers, webhooks, and "
        "its files on this machine. Issues, pages and what people wrote stay. Stop the service first."
    ),
)
@option("--all", "everything", is_flag=True, help=msg("Delete the journal on this machine too."))
@options.dry_run
@option("--yes", is_flag=True, help=msg("Do not ask before writing."))
@options.as_format
@click.pass_obj
def remove(session: Session, everything: bool, dry_run: bool, yes: bool, shape: str) -> None:
    """Look, show, ask, take away, report."""
    folder, workspace = options.here(session)
    desk = open_desk(folder, workspace, output.tell)
    hooks = open_hooks(Settings.of_environment(), workspace, output.tell)
    only_shown = dry_run or workspace.mode == "observe"
    found = _look(desk, hooks, everything=everything)
    output.list_problems(found.remains.left)
    if only_shown or found.is_empty:
        _write(found, shape, removed=False)
        output.tell(text("Nothing was written."))
        return
    if not yes:
        _ask(found)
    with desk.writing() as journal:
        webhooks.unregister(found.webhooks or (), hooks)
        if found.has_store:
            _close_feeds(folder, workspace.id)
        tools = Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell)
        refused = operation.remove(found.remains, workspace, tools, desk.wiki)
        if not refused:
            records.forget(folder, journal_too=False)
    if everything and not refused:
        records.forget(folder, journal_too=True)
    _write(found, shape, removed=True, refused=refused)
    if refused:
        raise RemovalIncomplete(refused)


def _look(desk: Desk, hooks: Hooks, *, everything: bool) -> report.Leaving:
    known = records.recorded_epics(desk.folder, desk.workspace.id, desk.tracker.site)
    templates = Templates(desk.folder).names
    return report.Leaving(
        remains=operation.look(desk.workspace, desk.tracker, desk.wiki, known, templates),
        webhooks=_registered(desk, hooks),
        files=tuple(records.kept(desk.folder, journal_too=everything)),
        has_store=_is_elsewhere(file_of(state_of(desk.folder)), desk.folder),
    )


def _is_elsewhere(store: Path | None, folder: Path) -> bool:
    """Tell whether the service's store is a database, or a file that is not among ours."""
    return store is None or folder.resolve() / records.FOLDER not in store.parents


def _close_feeds(folder: Path, workspace: str) -> None:
    """Close every feed of a store that stays; raise StoreUnreachable."""
    try:
        with feed_book(folder, workspace) as feeds:
            feeds.revoke(feeds.all())
    except StoreOfAnother as other:
        output.refuse(other)  # its feeds are theirs, and stay


def _registered(desk: Desk, hooks: Hooks) -> tuple[Webhook, ...] | None:
    """Return this workspace's webhooks, None where this account may not look at any."""
    try:
        return webhooks.own(hooks, desk.workspace)
    except Forbidden:
        return None
    except Refused as refused:
        if refused.status != 404:  # a site without webhooks that can be asked for
            raise
        return None


def _ask(found: report.Leaving) -> None:
    """Show what would go, and ask; where nobody can be asked, --yes must have said so."""
    if not output.is_terminal():
        said = text("Nobody can be asked here: look with --dry-run, then give --yes.")
        raise click.UsageError(spoken().say(said))
    output.tell_lines(report.as_text(found, spoken()))
    if not output.confirm(text("Take this away?")):
        raise click.Abort


def _write(
    found: report.Leaving,
    shape: str,
    *,
    removed: bool,
    refused: tuple[Problem, ...] = (),
) -> None:
    if shape == "json":
        output.write_json(report.as_json(found, refused, spoken(), removed=removed))
    else:
        output.write(report.as_text(found, spoken()))
        if removed:
            done = text("Taken away. Issues, pages and what people wrote are as they were.")
            output.write([spoken().say(done)])
