"""A round of the service as text or JSON: what was done, and what failed."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from bridge.reactions.job import Job
from bridge.reactions.table import reaction_of
from bridge.text import Speaker, text


class Failed(Protocol):
    """A piece of work that failed."""

    @property
    def id(self) -> str:
        """Return its id."""
        ...

    @property
    def subject(self) -> str:
        """Return what it is about."""
        ...

    @property
    def error(self) -> str:
        """Return what failed, without content."""
        ...


def round_text(jobs: Sequence[Job], failed: Sequence[Failed], speaker: Speaker) -> Iterable[str]:
    """Return a line for each job done and for each work that failed; nothing where there is none."""
    for job in jobs:
        yield speaker.say(reaction_of(job).words(job.name))
    for work in failed:
        yield speaker.say(
            text("Failed: {subject}: {error}", subject=work.subject, error=work.error)
        )
    if failed:
        yield speaker.say(text("Look at it with `bridge jobs list --state failed`."))


def round_json(jobs: Sequence[Job], failed: Sequence[Failed]) -> dict[str, Any]:
    """Return the round as documented JSON."""
    return {
        "done": [{"kind": job.kind, "name": job.name} for job in jobs],
        "failed": [
            {"id": work.id, "subject": work.subject, "error": work.error} for work in failed
        ],
    }
