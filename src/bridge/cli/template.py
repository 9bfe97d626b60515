"""``bridge template``: list, show and check retroplan templates."""

from datetime import date
from pathlib import Path

import click

from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, PathType, msg, spoken
from bridge.config.templates import Templates
from bridge.errors import ProblemsFound
from bridge.report import template as report
from bridge.retroplan.lint import lint
from bridge.retroplan.template import Template

WANTING = 1


@click.group("template", cls=Group, help=msg("List, show and check retroplan templates."))
def template() -> None:
    """Group the commands about templates."""


@template.command(
    "list", cls=Command, help=msg("List the templates at hand: shipped ones and your own.")
)
@options.as_format
@click.pass_obj
def list_(session: Session, shape: str) -> None:
    """Read every template, print one line each, then say which could not be read."""
    templates = _templates(session)
    found, problems = templates.all()
    if shape == "json":
        output.write_json(report.list_json(found, templates.is_own, spoken()))
    else:
        output.write(report.list_text(found, templates.is_own, spoken()))
    if problems:
        raise ProblemsFound(problems)


@template.command(
    "show", cls=Command, help=msg("Show the steps, roles and parameters of template NAME.")
)
@click.argument("name")
@options.as_format
@click.pass_obj
def show(session: Session, name: str, shape: str) -> None:
    """Print one template."""
    found = _templates(session).get(name)
    if shape == "json":
        output.write_json(report.show_json(found, spoken()))
    else:
        output.write(report.show_text(found, spoken()))


@template.command(
    "check",
    cls=Command,
    help=msg(
        "Check template files (all templates by default): their form, their references, and their dates "
        "on every launch date of three years. Exit 1 where something is wrong."
    ),
)
@click.argument("paths", nargs=-1, type=PathType(exists=True, dir_okay=False))
@options.as_format
@click.pass_context
def check(ctx: click.Context, paths: tuple[Path, ...], shape: str) -> None:
    """Check each file by itself, so that one broken file does not hide the others."""
    templates = _templates(ctx.obj)
    checked = [_check_file(path, templates) for path in paths] or _check_all(templates)
    if shape == "json":
        output.write_json(report.check_json(checked, spoken()))
    else:
        output.write(report.check_text(checked, spoken()))
    if any(one.is_wanting for one in checked):
        ctx.exit(WANTING)


def _templates(session: Session) -> Templates:
    folder, _ = options.here_if_any(session)
    return Templates(folder)


def _check_all(templates: Templates) -> list[report.Checked]:
    checked = []
    for name in templates.names:
        try:
            checked.append(_linted(templates.get(name)))
        except ProblemsFound as found:
            checked.append(report.Checked(name, problems=found.problems))
    return checked


def _check_file(path: Path, templates: Templates) -> report.Checked:
    try:
        return _linted(templates.read(path))
    except ProblemsFound as found:
        return report.Checked(str(path), problems=found.problems)


def _linted(found: Template) -> report.Checked:
    year = date.today().year  # noqa: DTZ011  # the civil year where the person sits
    return report.Checked(found.source, template=found, lint=tuple(lint(found, year)))
