"""A worker as a process of its own: takes hints from its input, works, and notes what it did in a file.

`python -m tests.service.worker_process ADDRESS NAME FILE [SECONDS]`: a job takes that long, in ten parts,
each noted and each with the leave that a write asks for. Lines of the file, appended in one go:
`hint IDENTIFIER`, `begin|part|end JOB NAME-OF-WORKER`.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.durable.attempt import Pace
from bridge.service.durable.engine import DurableEngine, Timing
from bridge.service.durable.presence import Pulse
from bridge.service.engine import Duties, StoreDown

TIMING = Timing(poll=0.03, pulse=Pulse(every=0.2, dead=2.0), pace=Pace(first=0.2, longest=1.0))
PARTS = 10


class Notes:
    """A file that several processes append to."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def add(self, *words: object) -> None:
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())


def duties_of(notes: Notes, engine: DurableEngine, name: str, seconds: float) -> Duties:
    """Every hint calls for the job of its due dates' months; a job is done in parts."""

    def look(hint: Hint) -> Sequence[tuple[Job, float, float]]:
        notes.add("hint", hint.identifier)
        return [(Job("month", f"{day:%Y-%m}"), 0.2, 3.0) for day in hint.dates]

    def act(job: Job) -> None:
        notes.add("begin", job, name)
        for _ in range(PARTS):
            engine.presence.check()
            notes.add("part", job, name)
            time.sleep(seconds / PARTS)
        notes.add("end", job, name)

    return Duties(look=look, act=act, tick=lambda _name, _at: None)


def main(address: str, name: str, file: str, seconds: str = "0") -> None:
    """Work until the input ends; answer each hint that was stored with its identifier."""
    engine = DurableEngine.open(address, name, TIMING)
    engine.start(duties_of(Notes(Path(file)), engine, name, float(seconds)), {}, "Europe/Paris")
    print("ready", engine.presence.name, flush=True)  # noqa: T201  # what its starter waits for
    for line in sys.stdin:
        hint = Hint.read(json.loads(line))
        try:
            engine.take(hint)
        except StoreDown:
            print("down", hint.identifier, flush=True)  # noqa: T201
        else:
            print("taken", hint.identifier, flush=True)  # noqa: T201
    engine.stop(5)


if __name__ == "__main__":
    main(*sys.argv[1:])
