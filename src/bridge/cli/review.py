"""``bridge review``: decide about requests outside the guardrails, each with their own account."""

import math
from datetime import date

import click

from bridge.cli import judging, options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, msg, option, spoken
from bridge.operations import review as operation
from bridge.operations.granting import Grant
from bridge.report import review as report
from bridge.text import text


@click.group(
    "review",
    cls=Group,
    help=msg("Decide about requests outside the guardrails, with your own account."),
)
def review() -> None:
    """Group the commands of those who decide."""


@review.command(
    "list",
    cls=Command,
    help=msg("List every open approval with what is to be decided, yours first."),
)
@options.today
@options.as_format
@click.pass_obj
def list_(session: Session, today: date | None, shape: str) -> None:
    """Search, judge each request, show."""
    with judging.opened(session, today) as (workspace, tools, rules):
        queue = operation.queue(workspace, tools, rules)
    if shape == "json":
        output.write_json(report.queue_json(queue, spoken()))
    else:
        output.write(report.queue_text(queue, spoken()))


@review.command(
    "show",
    cls=Command,
    help=msg(
        "Show one approval: what is asked, what was decided, and what does not count and why."
    ),
)
@click.argument("key")
@options.today
@options.as_format
@click.pass_obj
def show(session: Session, key: str, today: date | None, shape: str) -> None:
    """Read, judge, show."""
    with judging.opened(session, today) as (workspace, tools, rules):
        item = operation.show(key, workspace, tools, rules)
    if shape == "json":
        output.write_json(report.shown_json(item, spoken()))
    else:
        output.write(report.shown_text(item, spoken()))


@review.command(
    "approve",
    cls=Command,
    help=msg(
        "Accept what an approval asks, with your own token: all of it, or the findings named. With "
        "--exception the limit itself is lifted for a while, up to a value."
    ),
)
@click.argument("key")
@option(
    "--finding",
    "findings",
    multiple=True,
    metavar="ID",
    help=msg("Only this finding; repeat for several."),
)
@option("--exception", is_flag=True, help=msg("Grant an exception; needs --expires and --reason."))
@option(
    "--expires", type=options.NearDay(), help=msg("The exception's last day, at most 90 days on.")
)
@option("--reason", help=msg("Why the exception is granted."))
@option(
    "--scope",
    type=click.Choice(["campaign", "page"]),
    default="page",
    help=msg("For this request alone (page), or for its whole campaign."),
)
@option("--max", "bound", type=float, metavar="VALUE", help=msg("Up to which value it goes."))
@options.today
@options.dry_run
@options.as_format
@click.pass_obj
def approve(
    session: Session,
    key: str,
    findings: tuple[str, ...],
    exception: bool,
    expires: date | None,
    reason: str | None,
    scope: str,
    bound: float | None,
    today: date | None,
    dry_run: bool,
    shape: str,
) -> None:
    """Check who signs in, write label and comment, report."""
    grant = _grant(exception, expires, reason, scope, bound)
    with judging.opened(session, today) as (workspace, tools, rules):
        is_look = judging.only_shown(workspace, dry_run=dry_run)
        done = operation.approve(
            key, findings, grant, workspace, tools, rules, lambda _: not is_look
        )
    _report(done, shape)


@review.command(
    "reject",
    cls=Command,
    help=msg("Refuse what an approval asks, with your own token; the reason goes into a comment."),
)
@click.argument("key")
@option("--reason", required=True, help=msg("Why it is refused."))
@options.today
@options.dry_run
@options.as_format
@click.pass_obj
def reject(
    session: Session, key: str, reason: str, today: date | None, dry_run: bool, shape: str
) -> None:
    """Check who signs in, write comment and label, report."""
    if not reason.strip():
        raise click.UsageError(spoken().say(text("A refusal needs a reason: --reason TEXT.")))
    with judging.opened(session, today) as (workspace, tools, rules):
        is_look = judging.only_shown(workspace, dry_run=dry_run)
        done = operation.reject(key, reason, workspace, tools, rules, lambda _: not is_look)
    _report(done, shape)


def _report(done: operation.Decided, shape: str) -> None:
    if shape == "json":
        output.write_json(report.decided_json(done, spoken()))
    else:
        output.write(report.decided_text(done, spoken()))
    if not done.written:
        output.tell(text("Nothing was written."))


def _grant(
    exception: bool, expires: date | None, reason: str | None, scope: str, bound: float | None
) -> Grant | None:
    """Return what the exception's options say; click refuses what does not go together."""
    if not exception:
        if expires or reason or bound is not None:
            said = text("--expires, --reason and --max belong to --exception.")
            raise click.UsageError(spoken().say(said))
        return None
    if expires is None or not (reason or "").strip():
        said = text("An exception needs an end and a reason: --expires DATE --reason TEXT.")
        raise click.UsageError(spoken().say(said))
    if bound is not None and not math.isfinite(bound):
        raise click.UsageError(spoken().say(text("--max is a number.")))
    return Grant(
        until=expires,
        reason=str(reason),
        scope="campaign" if scope == "campaign" else "page",
        max_value=bound,
    )
