"""``bridge guardrail``: what IT approved once, shown, tested, and what about it falls due."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from bridge.cli import living, options, output
from bridge.cli.app import Session
from bridge.cli.rules import Rules, consult
from bridge.cli.words import Command, Group, PathType, msg, option, spoken
from bridge.config import policy, rulefiles
from bridge.errors import UnknownName
from bridge.guardrails import due as deadlines
from bridge.guardrails.policy import Limit, Module, Rule
from bridge.nearmiss import nearest
from bridge.report import guardrail as report
from bridge.report import upkeep
from bridge.text import text

FAILED = 1


@click.group("guardrail", cls=Group, help=msg("Show and test what IT approved once."))
def guardrail() -> None:
    """Group the commands about the rules."""


@guardrail.command(
    "list", cls=Command, help=msg("List the modules: version, mode, owner, accepted here or not.")
)
@options.as_format
@options.today
@click.pass_obj
def list_(session: Session, shape: str, today: date | None) -> None:
    """Print one line a module."""
    rules = consult(session, today)
    modules = sorted(rules.bundle.modules.values(), key=lambda one: one.id)
    if shape == "json":
        output.write_json(report.list_json(modules, rules.circumstances, spoken()))
    else:
        output.write(report.list_text(modules, rules.circumstances, spoken()))


@guardrail.command(
    "show",
    cls=Command,
    help=msg(
        "Show MODULE (or MODULE#LIMIT) in words: what passes, why, what would, who decides otherwise."
    ),
)
@click.argument("name", metavar="[MODULE[#LIMIT]]", required=False)
@option("--types", is_flag=True, help=msg("Show the types of form fields by level instead."))
@options.as_format
@options.today
@click.pass_obj
def show(session: Session, name: str | None, types: bool, shape: str, today: date | None) -> None:
    """Print one module, or the field types."""
    if types == (name is not None):
        raise click.UsageError(spoken().say(text("Name a module, or give --types.")))
    rules = consult(session, today)
    if name is None:
        _show_types(rules, shape)
        return
    module, entries = _named(rules, name)
    if shape == "json":
        output.write_json(report.show_json(module, entries, rules.circumstances, spoken()))
    else:
        output.write(report.show_text(module, entries, rules.circumstances, spoken()))


def _show_types(rules: Rules, shape: str) -> None:
    if shape == "json":
        output.write_json(report.types_json(rules.bundle.lexicon, spoken()))
    else:
        output.write(report.types_text(rules.bundle.lexicon, spoken()))


def _named(rules: Rules, name: str) -> tuple[Module, Sequence[Limit | Rule]]:
    """Return the module, and its limits or the one that is named; raise UnknownName."""
    called, _, limit = name.partition("#")
    module = _module(rules, called.partition("@")[0])
    entries: tuple[Limit | Rule, ...] = (*module.limits, *module.rules)
    if not limit:
        return module, entries
    ids = [one.id for one in entries]
    if limit not in ids:
        raise UnknownName(text("limit"), name, nearest(limit, ids), ids)
    return module, [one for one in entries if one.id == limit]


def _module(rules: Rules, name: str) -> Module:
    modules = rules.bundle.modules
    if name not in modules:
        raise UnknownName(text("module"), name, nearest(name, modules), modules)
    return modules[name]


@guardrail.command(
    "test",
    cls=Command,
    help=msg(
        "Run the tests inside the module files (of all modules by default). Exit 1 on failure. With "
        "--mutants also drop and loosen each limit in turn: a test must notice."
    ),
)
@click.argument("names", metavar="[MODULE]...", nargs=-1)
@option("--mutants", is_flag=True, help=msg("Also look for limits that no test holds."))
@options.as_format
@click.pass_context
def test(ctx: click.Context, names: tuple[str, ...], mutants: bool, shape: str) -> None:
    """Run the trials of each module, also where they keep the rules from being used."""
    folder, _ = options.here_if_any(ctx.obj)
    found = policy.tried(rulefiles.found(folder), names, with_mutants=mutants)
    for name in names:
        if name not in found:
            raise UnknownName(text("module"), name, nearest(name, found), found)
    tried = [found[name] for name in names or found]
    if shape == "json":
        output.write_json(upkeep.test_json(tried, spoken()))
    else:
        output.write(upkeep.test_text(tried, spoken()))
    if any(one.failures or one.survivors for one in tried):
        ctx.exit(FAILED)


@guardrail.command(
    "lint",
    cls=Command,
    help=msg(
        "Look over the rule files, or over FILE as if it lay among them. Exit 3 where one cannot be "
        "used; what is weak is a warning."
    ),
)
@click.argument("file", required=False, type=PathType(exists=True, dir_okay=False))
@options.as_format
@options.today
@click.pass_obj
def lint(session: Session, file: Path | None, shape: str, today: date | None) -> None:
    """Print warnings; raise ProblemsFound with everything that is wrong."""
    folder, workspace = options.here_if_any(session)
    files = rulefiles.found(folder)
    warnings = policy.lint(
        files.with_file(file) if file else files, options.day_of(workspace, today)
    )
    if file:
        warnings = tuple(one for one in warnings if one.place and _is_of(one.place.file, file))
    if shape == "json":
        output.write_json(upkeep.lint_json(warnings, spoken()))
    else:
        output.write(upkeep.lint_text(warnings, spoken()))


def _is_of(named: str, file: Path) -> bool:
    return Path(named).resolve() == file.resolve()


@guardrail.command(
    "due",
    cls=Command,
    help=msg(
        "List what falls due within 30 days: reviews, register entries, acceptances, deputies."
    ),
)
@options.as_format
@options.today
@click.pass_obj
def due(session: Session, shape: str, today: date | None) -> None:
    """Print what somebody has to do about the rules."""
    rules = consult(session, today)
    team = rules.workspace.team if rules.workspace else None
    deputies = {role: one.last for role, one in team.deputies.items()} if team else {}
    found = [*deadlines.due(rules.bundle, rules.circumstances, deputies)]
    if team:
        found = [*deadlines.unheld(team.roles), *found]
    if shape == "json":
        output.write_json(upkeep.due_json(found, spoken()))
    else:
        output.write(upkeep.due_text(found, rules.people, spoken()))


for command in living.COMMANDS:
    guardrail.add_command(command)
