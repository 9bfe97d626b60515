"""The service's work as text or JSON: what waits, what runs, what failed and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final, Protocol

import click

from bridge.report import table
from bridge.text import Speaker, Text, text, texts

_STATES: Final[Mapping[str, Text]] = {
    "waiting": text("waiting"),
    "running": text("running"),
    "done": text("done"),
    "failed": text("failed"),
    "discarded": text("given up"),
}


class Work(Protocol):
    """One piece of work as the store has it."""

    @property
    def id(self) -> str:
        """Return its id."""
        ...

    @property
    def subject(self) -> str:
        """Return what it is about, by keys alone."""
        ...

    @property
    def state(self) -> str:
        """Return ``waiting``, ``running``, ``done``, ``failed`` or ``discarded``."""
        ...

    @property
    def since(self) -> datetime:
        """Return when it was stored."""
        ...

    @property
    def changed(self) -> datetime:
        """Return when it last changed."""
        ...

    @property
    def tries(self) -> int:
        """Return how many tries there were."""
        ...

    @property
    def error(self) -> str:
        """Return what failed, without content; empty where nothing did."""
        ...

    @property
    def worker(self) -> str:
        """Return who ran it last."""
        ...


def list_text(works: Sequence[Work], zone: tzinfo, speaker: Speaker) -> Iterable[str]:
    """Return a table, the newest first, and what to do about what failed."""
    if not works:
        return [speaker.say(text("No work of that kind."))]
    head = [text("Id"), text("State"), text("Since"), text("About"), text("What failed")]
    rows = [[speaker.say(cell) for cell in head]]
    for work in works:
        state = speaker.say(_STATES[work.state])
        rows.append([work.id, state, _moment(work.since, zone), work.subject, work.error])
    lines = table.headed(rows)
    if any(work.state == "failed" for work in works):
        hint = text(
            "Once the cause is mended: `bridge jobs retry ID`; else `bridge jobs discard ID`."
        )
        lines += ["", *table.lines(speaker.say(hint))]
    return lines


def work_text(work: Work, zone: tzinfo, speaker: Speaker) -> Iterable[str]:
    """Return one piece of work, a line for each thing known of it."""
    said = [
        (text("State"), speaker.say(_STATES[work.state])),
        (text("Since"), _moment(work.since, zone)),
        (text("Last change"), _moment(work.changed, zone)),
        (text("Tries"), str(work.tries)),
        (text("Worker"), work.worker),
        (text("What failed"), work.error),
    ]
    rows = [(speaker.say(name), value) for name, value in said if value]
    heading = click.style(table.printable(f"{work.id}  {work.subject}"), bold=True)
    return [heading, *table.columns(rows, cells=table.terminal_width())]


def chosen_text(works: Sequence[Work], sentence: Text, speaker: Speaker) -> Iterable[str]:
    """Return what is, or would be, done with pieces of work, and with which."""
    return [speaker.say(sentence), *(f"  {work.id}  {work.subject}" for work in works)]


def retried(count: int, *, only_shown: bool) -> Text:
    """Say that work is done once more."""
    if only_shown:
        return texts(
            "Would be done once more: {n} piece of work.",
            "Would be done once more: {n} pieces of work.",
            count,
        )
    return texts("Done once more: {n} piece of work.", "Done once more: {n} pieces of work.", count)


def discarded(count: int, *, only_shown: bool) -> Text:
    """Say that work is given up."""
    if only_shown:
        return texts(
            "Would be given up: {n} piece of work.", "Would be given up: {n} pieces of work.", count
        )
    return texts("Given up: {n} piece of work.", "Given up: {n} pieces of work.", count)


def work_json(work: Work) -> dict[str, Any]:
    """Return one piece of work as documented JSON; times in UTC."""
    return {
        "id": work.id,
        "subject": work.subject,
        "state": work.state,
        "since": work.since.isoformat(),
        "changed": work.changed.isoformat(),
        "tries": work.tries,
        "error": work.error or None,
        "worker": work.worker or None,
    }


def _moment(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
