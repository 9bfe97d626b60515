"""``bridge webhook``: have Jira tell the service of changes at once."""

import click

from bridge import settings
from bridge.bootstrap import open_hooks
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, msg, option, spoken
from bridge.errors import Forbidden, MissingSetting, Refused
from bridge.operations import hooks as operation
from bridge.ports import Hooks
from bridge.report import leaving as report
from bridge.service.configuration import webhook_secret
from bridge.text import text
from bridge.workspace import Workspace


@click.group(
    "webhook", cls=Group, help=msg("Have Jira tell the service of changes at once; optional.")
)
def webhook() -> None:
    """Group the commands about webhooks."""


@webhook.command(
    "register",
    cls=Command,
    help=msg(
        "Register the workspace's webhook in Jira, once, signed with BRIDGE_WEBHOOK_SECRET. Without "
        "the right to do so, it says step by step what an administrator enters."
    ),
)
@option(
    "--url",
    default=None,
    metavar="URL",
    help=msg("The service's public address, https (BRIDGE_PUBLIC_URL)."),
)
@option("--renew", is_flag=True, help=msg("Replace the one that is there: after a new secret."))
@option("--by-hand", is_flag=True, help=msg("Only say what an administrator enters."))
@options.dry_run
@option("--yes", is_flag=True, help=msg("Do not ask before writing."))
@options.as_format
@click.pass_obj
def register(
    session: Session,
    url: str | None,
    renew: bool,
    by_hand: bool,
    dry_run: bool,
    yes: bool,
    shape: str,
) -> None:
    """Plan, show, ask where one is replaced, register."""
    _, workspace = options.here(session)
    address = settings.public_url(url)
    if by_hand:
        _explain(workspace, address)
        return
    secret = _secret()
    hooks = _opened(workspace)
    try:
        planned = operation.plan(hooks, workspace, address, renew=renew)
        if dry_run or workspace.mode == "observe" or not planned.writes:
            _show(planned, shape)
            return
        if planned.replaces and not yes:
            _ask(planned)
        stands = operation.register(planned, hooks, secret)
    except (Forbidden, Refused) as refusal:
        if isinstance(refusal, Forbidden) or refusal.status == 404:
            _explain(workspace, address)
        raise
    _tell(planned, shape, stands.id)


@webhook.command(
    "list", cls=Command, help=msg("List the workspace's webhooks; their secrets are never shown.")
)
@options.as_format
@click.pass_obj
def list_(session: Session, shape: str) -> None:
    """Read, report."""
    _, workspace = options.here(session)
    found = operation.own(_opened(workspace), workspace)
    if shape == "json":
        output.write_json([report.webhook_json(hook) for hook in found])
    elif found:
        output.write(line for hook in found for line in report.webhook_text(hook, spoken()))
    else:
        output.write([spoken().say(text("This workspace has no webhook in Jira."))])


@webhook.command("remove", cls=Command, help=msg("Delete the workspace's webhooks."))
@options.dry_run
@options.as_format
@click.pass_obj
def remove(session: Session, dry_run: bool, shape: str) -> None:
    """Find, delete, report."""
    _, workspace = options.here(session)
    hooks = _opened(workspace)
    found = operation.own(hooks, workspace)
    only_shown = dry_run or workspace.mode == "observe"
    if not only_shown:
        operation.unregister(found, hooks)
    if shape == "json":
        ids = [hook.id for hook in found]
        output.write_json({"webhooks": ids, "removed": not only_shown})
        return
    output.write(line for hook in found for line in report.webhook_text(hook, spoken()))
    output.tell(text("Nothing was written.") if only_shown or not found else text("Deleted."))


def _opened(workspace: Workspace) -> Hooks:
    return open_hooks(settings.Settings.of_environment(), workspace, output.tell)


def _secret() -> str:
    """Return the secret to sign with, the next one while they rotate; raise where there is none."""
    for name in ("BRIDGE_WEBHOOK_SECRET_NEXT", "BRIDGE_WEBHOOK_SECRET"):
        if secret := webhook_secret(name):
            return secret
    raise MissingSetting(["BRIDGE_WEBHOOK_SECRET"])


def _explain(workspace: Workspace, address: str) -> None:
    output.write(report.by_hand(operation.wanted(workspace, address), spoken()))


def _ask(planned: operation.Plan) -> None:
    """Show that one is replaced, and ask; where nobody can be asked, --yes must have said so."""
    if not output.is_terminal():
        said = text("Nobody can be asked here: look with --dry-run, then give --yes.")
        raise click.UsageError(spoken().say(said))
    output.tell_lines(report.plan_text(planned, spoken()))
    if not output.confirm(text("Write this?")):
        raise click.Abort


def _show(planned: operation.Plan, shape: str) -> None:
    """Say what there is to do where nothing is done."""
    _tell(planned, shape, planned.found.id if planned.found else None, done=False)
    output.tell(text("Nothing was written."))


def _tell(planned: operation.Plan, shape: str, identity: str | None, *, done: bool = True) -> None:
    if shape == "json":
        gone = [hook.id for hook in planned.replaces]
        told = {"id": identity, "url": planned.url, "jql": planned.jql, "replaces": gone}
        output.write_json({**told, "written": done})
    elif done:
        output.write([spoken().say(text("Jira tells {url} from now on.", url=planned.url))])
    else:
        output.write(report.plan_text(planned, spoken()))
