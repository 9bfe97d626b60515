"""``bridge sync``: look around for what changed and do what is due, with no inbound port."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli import extras, options, output, stopping
from bridge.cli.app import Session
from bridge.cli.words import Command, msg, option, spoken
from bridge.errors import BridgeError, StoreUnreachable
from bridge.reactions.job import Job
from bridge.report import rounds as report
from bridge.service.address import place_of
from bridge.service.configuration import read
from bridge.service.engine import Again, Duties, StoreDown, Work
from bridge.service.rounds import POLL
from bridge.text import text

if TYPE_CHECKING:
    from bridge.service.station import Station

PATIENCE = 600.0  # seconds that one round may take before the next `bridge sync` goes on with it
SOME_FAILED = 4  # a person must look: bridge jobs list --state failed


@click.command(
    "sync",
    cls=Command,
    help=msg(
        "Find what changed in Jira and on the pages, and do what is due. Needs no inbound port. With "
        "--once, one round: for cron. Says nothing where there was nothing to do."
    ),
)
@option("--once", is_flag=True, help=msg("One round, then end."))
@option(
    "--every",
    type=click.IntRange(10, 3600),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help=msg("Seconds between two rounds."),
)
@options.today
@options.as_format
@click.pass_context
def sync(ctx: click.Context, once: bool, every: int, today: date | None, shape: str) -> None:
    """Read the configuration, look around, work until nothing is left, report; again after a while."""
    session: Session = ctx.obj
    told = read((session.workspace or Path.cwd()).resolve())
    output.list_problems(told.warnings)
    extras.need_service()
    from bridge.service import station  # noqa: PLC0415  # most of a second, and an extra

    done = Round()
    try:
        with (
            stopping.told_to_stop() as ended,
            station.opened(told, hurry=True, today=today) as worker,
        ):
            worker.engine.start(_noting(worker.rounds.duties(), done), {}, told.workspace.timezone)
            try:
                while True:
                    trouble = _round(worker, done, must_answer=once)
                    _show(done, shape)
                    if trouble is not None:
                        raise trouble
                    if once or ended.wait(every):
                        break
                    done.clear()
            finally:
                worker.engine.stop(PATIENCE)
    except StoreDown:
        raise StoreUnreachable(place_of(told.store)) from None
    if once and done.failed:
        ctx.exit(SOME_FAILED)


@dataclass
class Round:
    """What one round did: the jobs that were done, and the work that failed."""

    jobs: list[Job] = field(default_factory=list)
    failed: list[Work] = field(default_factory=list)

    def clear(self) -> None:
        """Begin a new round."""
        self.jobs.clear()
        self.failed.clear()


def _round(worker: "Station", done: Round, *, must_answer: bool) -> BaseException | None:
    """Look around once and work until nothing that is due is left; return what ended the look.

    A site that cannot be reached ends a single round, and is tried again by the next of several.
    What was found before is done all the same.
    """
    known = {work.id for work in worker.engine.works("failed")}
    trouble: BaseException | None = None
    try:
        worker.rounds.tick(POLL, worker.office.desk().clock.now())
    except Again as later:
        if must_answer and later.__cause__ is not None:
            trouble = later.__cause__
        else:
            output.tell(text("Tried again at the next round: {why}.", why=later.why))
    except BridgeError as refused:
        trouble = refused
    worker.engine.settle(PATIENCE)
    done.failed += [work for work in worker.engine.works("failed") if work.id not in known]
    return trouble


def _noting(duties: Duties, done: Round) -> Duties:
    """Note each job that was done."""

    def act(job: Job) -> None:
        duties.act(job)
        done.jobs.append(job)

    return replace(duties, act=act)


def _show(done: Round, shape: str) -> None:
    if shape == "json":
        output.write_json(report.round_json(done.jobs, done.failed))
    else:
        output.write(report.round_text(done.jobs, done.failed, spoken()))
