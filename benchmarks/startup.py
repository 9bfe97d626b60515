"""Start-up of whole commands, against `python -c "import click"`."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

ROUNDS = 15
BARE = [sys.executable, "-c", "import click"]
COMMANDS = {
    "bridge --help": (["--help"], 2),
    "bridge schedule website": (["schedule", "website", "--launch", "2027-03-31"], 7),
}


def measure() -> Iterator[str]:
    """Interleave the rounds, so that a busy machine slows all of them alike."""
    commands = {"import click": BARE}
    commands |= {
        name: [sys.executable, "-m", "bridge", *args] for name, (args, _) in COMMANDS.items()
    }
    # As installed, with byte code on disk: an editable installation has none before its first run.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for command in commands.values():
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            begin = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            seconds[name].append(time.perf_counter() - begin)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    yield f"import click: {1000 * medians['import click']:.0f} ms"
    for name, (_, goal) in COMMANDS.items():
        ratio = medians[name] / medians["import click"]
        yield f"{name}: {1000 * medians[name]:.0f} ms, {ratio:.1f}x (goal {goal}x)"
