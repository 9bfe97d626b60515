"""``bridge jobs``: the service's work, looked at and decided about while it runs or stands still."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bridge.cli import extras, options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, msg, option, spoken
from bridge.errors import NoSuchWork, StoreUnreachable, WorkElsewhere
from bridge.report import jobs as report
from bridge.service.address import place_of, state_of
from bridge.service.engine import State, StoreDown, Work
from bridge.text import Text, text

if TYPE_CHECKING:
    from bridge.service.durable.engine import DurableEngine

_STATES = ["waiting", "running", "done", "failed", "discarded"]


@click.group("jobs", cls=Group, help=msg("Look at the service's work; retry what failed."))
def jobs() -> None:
    """Group the commands of who looks after the service. None of them runs anything."""


@jobs.command("list", cls=Command, help=msg("List the service's work, the newest first."))
@option("--state", type=click.Choice(_STATES), help=msg("Only what is in this state."))
@option(
    "--most",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help=msg("How many at most."),
)
@options.as_format
@click.pass_obj
def list_(session: Session, state: State | None, most: int, shape: str) -> None:
    """Read, show."""
    with _store(session) as (engine, zone):
        works = engine.works(state, most) if engine else []
    if shape == "json":
        output.write_json([report.work_json(work) for work in works])
    else:
        output.write(report.list_text(works, zone, spoken()))


@jobs.command("show", cls=Command, help=msg("Show one piece of work."))
@click.argument("identity", metavar="ID")
@options.as_format
@click.pass_obj
def show(session: Session, identity: str, shape: str) -> None:
    """Read, show."""
    with _store(session) as (engine, zone):
        work = _found(engine, identity)
    if shape == "json":
        output.write_json(report.work_json(work))
    else:
        output.write(report.work_text(work, zone, spoken()))


@jobs.command(
    "retry", cls=Command, help=msg("Have failed work done once more, as soon as the service runs.")
)
@click.argument("identities", metavar="ID...", nargs=-1, required=True)
@options.dry_run
@options.as_format
@click.pass_obj
def retry(session: Session, identities: Sequence[str], dry_run: bool, shape: str) -> None:
    """Look at all of them first: either every one can be retried, or none is."""
    with _store(session) as (engine, _zone):
        works = _all_in(engine, identities, ("failed",))
        if not dry_run and engine:
            _each(works, engine.retry)
    _tell(works, report.retried(len(works), only_shown=dry_run), shape)


@jobs.command(
    "discard",
    cls=Command,
    help=msg("Give up work that waits or failed. A later change of the same thing is still done."),
)
@click.argument("identities", metavar="ID...", nargs=-1, required=True)
@options.dry_run
@option("--yes", is_flag=True, help=msg("Do not ask before writing."))
@options.as_format
@click.pass_obj
def discard(
    session: Session, identities: Sequence[str], dry_run: bool, yes: bool, shape: str
) -> None:
    """Look at all of them first, ask, then give them up."""
    with _store(session) as (engine, _zone):
        works = _all_in(engine, identities, ("failed", "waiting"))
        if not dry_run and not _agreed(works, yes=yes):
            return
        if not dry_run and engine:
            _each(works, engine.discard)
    _tell(works, report.discarded(len(works), only_shown=dry_run), shape)


@contextmanager
def _store(session: Session) -> Iterator[tuple["DurableEngine | None", ZoneInfo]]:
    """Open the store as it is; None where the service never ran. Raises StoreUnreachable."""
    folder, workspace = options.here(session)
    address = state_of(folder)
    extras.need_service()
    from bridge.service.durable.engine import DurableEngine  # noqa: PLC0415  # most of a second, an extra

    engine = None
    try:
        engine = DurableEngine.look_into(address)
        yield engine, ZoneInfo(workspace.timezone)
    except StoreDown:
        raise StoreUnreachable(place_of(address)) from None
    finally:
        if engine:
            engine.close()


def _found(engine: "DurableEngine | None", identity: str) -> Work:
    work = engine.work(identity) if engine else None
    if work is None:
        raise NoSuchWork(identity)
    return work


def _all_in(
    engine: "DurableEngine | None", identities: Sequence[str], states: Sequence[State]
) -> Sequence[Work]:
    works = [_found(engine, identity) for identity in dict.fromkeys(identities)]
    for work in works:
        if work.state not in states:
            raise WorkElsewhere(work.id, work.state)
    return works


def _each(works: Sequence[Work], decide: Callable[[str], bool]) -> None:
    for work in works:
        if not decide(work.id):  # somebody, or the service itself, was faster
            raise WorkElsewhere(work.id, "")


def _agreed(works: Sequence[Work], *, yes: bool) -> bool:
    if yes or not output.is_terminal():
        return True
    output.tell_lines(report.chosen_text(works, text("This work would never be done:"), spoken()))
    return output.confirm(text("Give it up?"))


def _tell(works: Sequence[Work], sentence: Text, shape: str) -> None:
    if shape == "json":
        output.write_json([report.work_json(work) for work in works])
    else:
        output.write(report.chosen_text(works, sentence, spoken()))
