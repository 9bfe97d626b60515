"""``bridge serve``: the service, until it is told to stop."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli import extras, options, output, stopping
from bridge.cli.app import Session
from bridge.cli.words import Command, msg, option, spoken
from bridge.errors import StoreUnreachable
from bridge.service import configuration, log
from bridge.service.address import place_of
from bridge.service.configuration import Configuration
from bridge.service.engine import StoreDown
from bridge.text import Text, text

if TYPE_CHECKING:
    from bridge.service.serving import Manner, Role

_ROLES = ("web", "worker", "both")


@click.command(
    "serve",
    cls=Command,
    help=msg(
        "Run the service: look for changes in Jira and on pages, take deliveries from Jira where "
        "BRIDGE_WEBHOOK_SECRET is set, and react. Work is kept in BRIDGE_STATE and survives a crash; "
        "SIGTERM or Ctrl-C stops it in good order."
    ),
)
@option("--host", default="127.0.0.1", metavar="HOST", help=msg("Address to listen at."))
@option(
    "--port",
    type=options.Port(),
    default=8377,
    metavar="PORT",
    help=msg("Port to listen at; 0 for any free one."),
)
@option(
    "--role",
    type=click.Choice(_ROLES),
    default="both",
    help=msg("What this process does: take deliveries and serve feeds, work, or both."),
)
@option(
    "--log-format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help=msg("How to write the log on standard error."),
)
@option(
    "--patience",
    type=click.FloatRange(0, 3600),
    default=30.0,
    metavar="SECONDS",
    help=msg("How long what runs may take to end when the service is stopped."),
)
@option(
    "--alarm",
    type=click.IntRange(1, 10_080),
    default=15,
    metavar="MINUTES",
    help=msg("Raise the alarm when something has waited longer than this."),
)
@click.pass_context
def serve(
    ctx: click.Context, host: str, port: int, role: "Role", shape: log.Shape, patience: float,
    alarm: int,
) -> None:  # fmt: skip
    """Check everything, begin, say so in one line, and serve."""
    session: Session = ctx.obj
    told = configuration.read((session.workspace or Path.cwd()).resolve())
    output.list_problems(told.warnings)
    extras.need_service()
    from bridge.service.serving import Manner  # noqa: PLC0415  # Flask, and an extra

    manner = Manner(
        host=host, port=port, role=role, patience=patience, too_long=timedelta(minutes=alarm)
    )
    with log.configured(shape, told.confidential):
        _serve(told, manner, lambda address: _say_ready(told, manner, address, shape))


def _serve(told: Configuration, manner: "Manner", on_ready: Callable[[str], None]) -> None:
    from bridge.service import assembly, serving  # noqa: PLC0415  # DBOS alone takes 0.9 s

    try:
        with stopping.told_to_stop() as over, assembly.assembled(told, manner.role) as parts:
            serving.serve(parts, manner, on_ready, over)
    except StoreDown:
        raise StoreUnreachable(place_of(told.store)) from None


def _say_ready(told: Configuration, manner: "Manner", address: str, shape: log.Shape) -> None:
    takes = manner.role != "worker" and bool(told.secrets.any)
    if shape == "json":
        ready = {
            "address": address,
            "role": manner.role,
            "worker": told.worker,
            "store": place_of(told.store),
            "webhooks": takes,
        }
        output.write([json.dumps(ready, ensure_ascii=False)])
        return
    output.write([_ready(told, manner.role, address)])


def _ready(told: Configuration, role: "Role", address: str) -> str:
    return spoken().say(
        text(
            "Serving at {address} ({role}); work is kept in {store}; {webhooks}.",
            address=address,
            role=role,
            store=place_of(told.store),
            webhooks=_webhooks(told, role),
        )
    )


def _webhooks(told: Configuration, role: "Role") -> Text:
    if role == "worker":
        return text("a worker takes no deliveries")
    if told.secrets.any:
        return text("deliveries from Jira are taken")
    return text("without BRIDGE_WEBHOOK_SECRET no deliveries are taken, changes are looked for")
