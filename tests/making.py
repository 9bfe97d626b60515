"""Short ways to make steps, plans and schedules for the tests of the centre."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bridge.retroplan.offsets import parse
from bridge.retroplan.schedule import Schedule, ScheduledStep, calendars_for, schedule
from bridge.retroplan.template import Estimate, Need, Retroplan, Step, Template
from bridge.retroplan.timeframe import Owner
from bridge.retroplan.workdays import CalendarRules
from bridge.text import Bilingual


def step(
    name: str,
    offset: str | None = None,
    days: float | None = None,
    needs: Iterable[str | Need] = (),
    **more: Any,
) -> Step:
    """A step called ``name`` that surely takes ``days`` working days."""
    return Step(
        id=name,
        title=Bilingual(name, name),
        offset=parse(offset) if offset else None,
        written=offset or "",
        estimate=Estimate(days, days, days) if days is not None else None,
        needs=tuple(need if isinstance(need, Need) else Need(need) for need in needs),
        **more,
    )


def plan_of(*steps: Step, milestones: Iterable[Step] = (), **more: Any) -> Retroplan:
    return Template(
        id="t",
        version="1.0.0",
        title=Bilingual("t", "t"),
        steps=steps,
        milestones=tuple(milestones),
        **more,
    ).choose({})


def scheduled(
    launch: str,
    *steps: Step,
    rules: CalendarRules | None = None,
    owners: Mapping[str, Owner] | None = None,
    pins: Mapping[str, date] | None = None,
    today: date | None = None,
    milestones: Iterable[Step] = (),
    **more: Any,
) -> Schedule:
    day = date.fromisoformat(launch)
    return schedule(
        plan_of(*steps, milestones=milestones, **more),
        day,
        calendars_for(day, rules),
        owners=owners,
        pins=pins,
        today=today,
    )


def dues(launch: str, *offsets: str, **more: Any) -> dict[str, str]:
    """The due date of one step per offset, as ISO text."""
    plan = scheduled(launch, *(step(f"s{n}", o) for n, o in enumerate(offsets)), **more)
    return {s.step.written: s.due.isoformat() for s in plan.steps}


def only(plan: Schedule) -> ScheduledStep:
    (one,) = plan.steps
    return one


def codes(one: ScheduledStep | Schedule) -> list[str]:
    return [finding.code for finding in one.findings]
