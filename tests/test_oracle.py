"""The backward pass against TaskJuggler (Debian package tj3), an independent scheduler.

Opt-in: it runs where `tj3` is installed, and skips visibly elsewhere.
"""

import csv
import random
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from bridge.retroplan.calendars import public_holidays
from bridge.retroplan.schedule import calendars_for
from bridge.retroplan.template import Step
from bridge.retroplan.workdays import HalfDay, morning
from tests.making import scheduled, step
from tests.test_schedule import E8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tj3") is None, reason="TaskJuggler (tj3) is not installed"),
]
FIRST = date(2025, 6, 2)


def tjp(steps: list[Step], launch: date) -> str:
    """The network in TaskJuggler's language: as late as possible before the launch, in half-days."""
    last = launch + timedelta(days=7)
    lines = [
        f'project p "p" {FIRST} - {last} {{ timingresolution 60 min dailyworkinghours 8',
        "  workinghours mon - fri 8:00 - 12:00, 13:00 - 17:00 workinghours sat, sun off }",
    ]
    lines += [f'leaves holiday "h" {day}' for day in sorted(public_holidays("FR", FIRST, last))]
    lines.append(f'task launch "launch" {{ start {launch} milestone }}')
    for one in steps:
        assert one.estimate
        needed_by = [
            other.id for other in steps if any(need.step == one.id for need in other.needs)
        ]
        before = ", ".join(needed_by or ["launch"])
        lines.append(
            f'task {one.id} "{one.id}" {{ scheduling alap length {one.estimate.half_days * 4}h precedes {before} }}'
        )
    lines.append(
        'taskreport out "out" { formats csv columns id, start, end timeformat "%Y-%m-%d-%H" }'
    )
    return "\n".join(lines)


def by_taskjuggler(
    folder: Path, steps: list[Step], launch: date
) -> dict[str, tuple[HalfDay, HalfDay]]:
    """First and last half-day of each task; TaskJuggler's end is where the next one may begin."""
    (folder / "plan.tjp").write_text(tjp(steps, launch), "utf-8")
    command = ["tj3", "--silent", "--no-color", "-o", str(folder), str(folder / "plan.tjp")]
    subprocess.run(command, check=True, timeout=120)
    with (folder / "out.csv").open(encoding="utf-8") as report:
        rows = list(csv.DictReader(report, delimiter=";"))
    work = calendars_for(launch).named()
    return {
        row["Id"]: (half(row["Start"]), work.half_at_or_before(half(row["End"]) - 1))
        for row in rows
        if row["Id"] != "launch"
    }


def half(moment: str) -> HalfDay:
    """The half-day that begins at a moment such as 2026-05-20-13."""
    return morning(date.fromisoformat(moment[:10])) + (int(moment[11:]) >= 12)


def by_us(steps: list[Step], launch: date) -> dict[str, tuple[HalfDay, HalfDay]]:
    plan = scheduled(launch.isoformat(), *steps)
    return {s.step.id: (s.begin, s.finish) for s in plan.steps}


def test_e8(tmp_path: Path) -> None:
    launch = date(2026, 5, 26)
    assert by_us(list(E8), launch) == by_taskjuggler(tmp_path, list(E8), launch)


@pytest.mark.parametrize("seed", range(12))
def test_random_networks(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same networks in every run
    launch = date(2026, 3, 2) + timedelta(days=chance.randrange(300))
    steps: list[Step] = []
    for number in range(chance.randint(4, 14)):
        needs = chance.sample(
            [s.id for s in steps], min(len(steps), chance.choice([0, 1, 1, 2, 3]))
        )
        steps.append(step(f"s{number}", None, chance.choice([0.5, 1, 1.5, 2, 3, 4, 5]), needs))
    assert by_us(steps, launch) == by_taskjuggler(tmp_path, steps, launch)
