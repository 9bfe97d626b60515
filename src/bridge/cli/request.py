"""``bridge request``: check a request against the guardrails, or write a new one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from bridge import disk
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.guide import Guide
from bridge.cli.living import register
from bridge.cli.rules import Rules, consult
from bridge.cli.submitting import submit
from bridge.cli.words import Command, Group, PathType, msg, option, spoken
from bridge.config import request as request_file
from bridge.errors import FileInTheWay
from bridge.guardrails.finding import Where
from bridge.guardrails.policy import KINDS
from bridge.guardrails.request import Request
from bridge.guardrails.variant import advise
from bridge.guardrails.verdict import judge
from bridge.operations.compose import compose
from bridge.operations.pieces import Ground
from bridge.report import request as request_report
from bridge.report import verdict as report
from bridge.text import text

OUTSIDE = 1


@click.group(
    "request", cls=Group, help=msg("Check a request against the guardrails, write one, submit it.")
)
def request() -> None:
    """Group the commands about requests."""


request.add_command(submit)
request.add_command(register)


@request.command(
    "check",
    cls=Command,
    help=msg(
        "Check a request FILE against what IT approved once: offline, nothing is written. Exit 0: it "
        "may go ahead; 1: somebody has to decide, or something is missing."
    ),
)
@click.argument("file", type=PathType())
@options.as_format
@options.today
@click.pass_context
def check(ctx: click.Context, file: Path, shape: str, today: date | None) -> None:
    """Read the rules and the request, judge, say what came out."""
    rules = consult(ctx.obj, today)
    written = request_file.open_file(file)
    checked = _checked(written.request, rules, str(file), lambda at: written.place(at).line)
    _show(checked, shape)
    if checked.verdict.outcome != "approved":
        ctx.exit(OUTSIDE)


@request.command(
    "new",
    cls=Command,
    help=msg(
        "Write a request of a KIND by answering questions; only what is missing is asked. Nothing is "
        "written before the last answer, and nothing is overwritten."
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@option("--campaign", metavar="ID", help=msg("The campaign that the request is for."))
@option(
    "--out",
    type=PathType(dir_okay=False),
    help=msg("The file to write; KIND-title.yaml by default."),
)
@option("--blank", is_flag=True, help=msg("Ask nothing: write a commented file to fill in."))
@options.today
@click.pass_obj
def new(
    session: Session,
    kind: str,
    campaign: str | None,
    out: Path | None,
    blank: bool,
    today: date | None,
) -> None:
    """Ask, write the file whole, say the verdict on it."""
    _not_over(out)
    rules = consult(session, today)
    known = {"campaign": campaign} if campaign else {}
    if blank:
        target = out or Path(f"{kind}.yaml")
        _write(
            target, request_report.blank(kind, rules.bundle, rules.circumstances, spoken(), known)
        )
        output.tell(text("Next: fill it in, then `bridge request check {file}`.", file=str(target)))
        return
    if not output.is_terminal():
        said = text("There is no terminal to ask on: use --blank for a file to fill in.")
        raise click.UsageError(spoken().say(said))
    answered = _mended(Request(compose(kind, _ground(rules, known))), rules)
    target = out or _free(f"{kind}-{answered.identity or 'request'}")
    _write(target, request_report.as_yaml(answered.data, spoken()))
    _show(_checked(answered, rules), "text")


def _ground(rules: Rules, known: dict[str, str]) -> Ground:
    team = rules.workspace.team if rules.workspace else None
    inside = [one for one in team.people.values() if not one.external] if team else []
    return Ground(
        bundle=rules.bundle,
        circumstances=rules.circumstances,
        choose=Guide({}, asks=True),
        speaker=spoken(),
        known=known,
        people={one.id: one.name for one in inside},
    )


def _mended(answered: Request, rules: Rules) -> Request:
    """Offer the nearest variant of what was answered; return it where the answer is yes."""
    variant = _checked(answered, rules).advice.variant
    if variant is None:
        return answered
    output.tell(text("As answered, somebody would have to decide. It would pass at once so:"))
    for change in variant.changes:
        output.tell(text("  • {change}", change=change.sentence))
    return variant.request if output.confirm(text("Make these changes?")) else answered


def _checked(
    asked: Request,
    rules: Rules,
    file: str = "",
    line: Callable[[Where], int] = lambda _: 0,
) -> report.Checked:
    verdict = judge(asked, rules.bundle, rules.circumstances)
    return report.Checked(
        request=asked,
        verdict=verdict,
        advice=advise(asked, rules.bundle, rules.circumstances, verdict),
        people=rules.people,
        file=file,
        line=line,
    )


def _show(checked: report.Checked, shape: str) -> None:
    if shape == "json":
        output.write_json(report.as_json(checked, spoken()))
    else:
        output.write(report.as_text(checked, spoken()))


def _not_over(target: Path | None) -> None:
    if target is not None and target.exists():
        raise FileInTheWay(str(target))


def _free(stem: str) -> Path:
    """Return a name that no file bears yet: an answer must not be lost to one that does."""
    names = (f"{stem}{f'-{n}' if n > 1 else ''}.yaml" for n in range(1, 1000))
    return next(Path(name) for name in names if not Path(name).exists())


def _write(target: Path, content: str) -> None:
    with disk.usable(target):
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(content)
        except FileExistsError:
            raise FileInTheWay(str(target)) from None
    output.write([str(target)])
