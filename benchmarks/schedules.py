"""Schedules per second, and how the time grows with the number of steps (goal: close to linear)."""

import time
from collections.abc import Iterator
from datetime import date

from bridge.config.templates import Templates
from bridge.retroplan.schedule import calendars_for, schedule
from bridge.retroplan.template import Estimate, Need, Retroplan, Step, Template
from bridge.text import Bilingual

LAUNCH = date(2027, 5, 26)
WORDS = Bilingual("x", "x")


def chain(steps: int, width: int = 10) -> Retroplan:
    """A network of chains beside each other, each ten steps long at most."""
    made = []
    for number in range(steps):
        needs = (Need(f"s{number - width}"),) if number >= width and number // width % 10 else ()
        made.append(Step(id=f"s{number}", title=WORDS, estimate=Estimate(1, 1, 1), needs=needs))
    return Template(id="t", version="1.0.0", title=WORDS, steps=tuple(made)).choose({})


def seconds_each(plan: Retroplan, rounds: int) -> float:
    calendars = calendars_for(LAUNCH)
    schedule(plan, LAUNCH, calendars)
    begin = time.perf_counter()
    for _ in range(rounds):
        schedule(plan, LAUNCH, calendars)
    return (time.perf_counter() - begin) / rounds


def measure() -> Iterator[str]:
    shipped = Templates().get("product-launch").choose({})
    yield f"product-launch, 10 steps: {1 / seconds_each(shipped, 2000):,.0f} schedules/s"
    times = {steps: seconds_each(chain(steps), 40_000 // steps) for steps in (10, 100, 1000)}
    for steps, seconds in times.items():
        growth = seconds / times[10] / (steps / 10)
        yield f"{steps} steps: {1000 * seconds:.2f} ms, {growth:.2f}x of linear growth from 10"
