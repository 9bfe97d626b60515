"""Workers as processes, to be killed, frozen and thawed; and a sender who gives up on nothing."""

import json
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bridge.reactions.hint import Hint

ROOT = Path(__file__).parents[2]


class Worker:
    """One worker process; `taken` holds the identifiers it acknowledged."""

    def __init__(self, address: str, name: str, notes: Path, seconds: float = 0.0) -> None:
        self._command = [sys.executable, "-m", "tests.service.worker_process"]
        self._command += [address, name, str(notes), str(seconds)]
        self.name = ""
        self.taken: set[str] = set()
        self._errors = notes.with_suffix(f".{name}.log")
        self.start()

    def start(self) -> None:
        """Start, or start again after a kill, and wait until it works."""
        with self._errors.open("ab") as errors:
            process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        answers: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=self._read, args=(process, answers))
        reader.start()
        self.name = answers.get(timeout=60).removeprefix("ready ")
        # all at once: somebody may be sending meanwhile
        self._line = (process, answers, reader)

    def send(self, hint: Hint, patience: float = 20.0) -> bool:
        """Tell whether the hint was acknowledged; not so by a worker that dies or has no store."""
        process, answers, _ = self._line
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(hint.as_json()) + "\n")
            process.stdin.flush()
        except (BrokenPipeError, ValueError):  # dead, or closed after its death
            return False
        return answers.get(timeout=patience) == f"taken {hint.identifier}"

    def kill(self) -> None:
        self._line[0].send_signal(signal.SIGKILL)
        self._close()

    def freeze(self) -> None:
        self._line[0].send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._line[0].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Let it end by itself, if it still lives."""
        if self._line[0].poll() is None:
            self.thaw()
            self._close()

    def _close(self) -> None:
        process, _, reader = self._line
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):  # what was not read yet goes down with the reader
            process.stdin.close()
        process.wait(60)
        reader.join(60)
        process.stdout.close()

    def _read(self, process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            word, _, identifier = line.strip().partition(" ")
            if word == "taken" and line.endswith("\n"):  # a kill may cut an answer short
                self.taken.add(identifier)
            answers.put(line.strip())
        answers.put("gone")
        answers.put("gone")  # for who was sending, and for who sent before it was noticed


def send_until_taken(hints: Iterable[Hint], workers: Iterable[Worker], seed: int) -> None:
    """Deliver every hint, a tenth of them twice, to any worker that lives, as a sender does."""
    chance, turns = random.Random(seed), list(workers)  # noqa: S311  # repeatable, not secret
    for hint in hints:
        for _ in range(2 if chance.random() < 0.1 else 1):
            while not chance.choice(turns).send(hint):
                time.sleep(0.02)


def killed_at_random(worker: Worker, kills: int, seed: int) -> threading.Thread:
    """Kill a worker and start it again, so many times; the thread ends when that is done."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret

    def again_and_again() -> None:
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 1.0))
            worker.kill()
            worker.start()

    thread = threading.Thread(target=again_and_again)
    thread.start()
    return thread
