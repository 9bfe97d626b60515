"""The forecast: forward from today, and how much each task may lose before the launch is threatened.

Rules 18, 21, 23 and 28 to 30 of ``retroplanning.md``. Everything here is a function of its arguments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import TopologicalSorter

from bridge.retroplan.template import Need
from bridge.retroplan.workdays import HalfDay, Workdays, day_of, morning


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task that is not finished. ``left``: half-days still to do, 0 where it is a mere date.

    ``available``: the time in which its owner works (rule 5). What it needs and is not among the
    tasks at hand is finished.
    """

    id: str
    left: int
    available: Workdays
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the open tasks lead. ``finish``: the last half-day of each, by id (EF of rule 23).

    ``float_days``: worked days that may be lost before the launch is threatened, negative where they
    are lost already (rule 28). ``critical``: ids in the order of time. ``earliest_launch``: the first
    worked day on which everything is finished (rule 30).
    """

    finish: Mapping[str, HalfDay]
    float_days: Mapping[str, float]
    critical: tuple[str, ...]
    earliest_launch: date


def forecast(tasks: Sequence[Task], launch: date, project: Workdays, today: date) -> Forecast:
    """Schedule the open tasks as early as they can, and compare with as late as they may.

    ``tasks``: those before the launch. Raises CycleError where they need each other in a circle, and
    OutOfHorizon where the work leads past the end of the calendars.
    """
    by_id = {task.id: task for task in tasks}
    order = _order(by_id)
    finish = _forward([by_id[name] for name in order], project, today)
    latest = _backward([by_id[name] for name in reversed(order)], project, launch)
    floats = {name: _float(finish[name], latest[name], project) for name in order}
    last = max((day_of(half) for half in finish.values()), default=today - timedelta(days=1))
    return Forecast(
        finish=finish,
        float_days=floats,
        critical=_critical(floats, finish),
        earliest_launch=project.day_at_or_after(max(today, last + timedelta(days=1))),
    )


def _order(tasks: Mapping[str, Task]) -> list[str]:
    """Return the ids so that what is needed stands first."""
    graph = {t.id: [n.step for n in t.needs if n.step in tasks] for t in tasks.values()}
    return list(TopologicalSorter(graph).static_order())


def _forward(tasks: Sequence[Task], project: Workdays, today: date) -> dict[str, HalfDay]:
    """Return the earliest finish of each task (rule 23)."""
    finish: dict[str, HalfDay] = {}
    for task in tasks:
        begin = morning(today)
        for need in task.needs:
            if need.step in finish:
                after = finish[need.step] + 1
                free = project.forward(after, round(2 * need.lag)) + 1 if need.lag else after
                begin = max(begin, free)
        # A mere date may share the last half-day of what it needs (rule 18).
        finish[task.id] = task.available.forward(begin, task.left) if task.left else begin - 1
    return finish


def _backward(tasks: Sequence[Task], project: Workdays, launch: date) -> dict[str, HalfDay]:
    """Return the last half-day on which each task must be finished: L_abs of rule 21."""
    eve = project.half_at_or_before(morning(launch) - 1)
    latest = dict.fromkeys((task.id for task in tasks), eve)
    for task in tasks:  # the last ones first
        limit = latest[task.id]
        if task.left:
            limit = task.available.back(limit, task.left) - 1
        for need in task.needs:
            if need.step in latest:
                bound = project.back(limit, round(2 * need.lag) + 1)
                latest[need.step] = min(latest[need.step], bound)
    return latest


def _float(finish: HalfDay, latest: HalfDay, project: Workdays) -> float:
    """Return the worked days in (EF, L_abs], signed, of the project's calendar (rule 28)."""
    if finish <= latest:
        return project.count(finish + 1, latest) / 2
    return -project.count(latest + 1, finish) / 2


def _critical(floats: Mapping[str, float], finish: Mapping[str, HalfDay]) -> tuple[str, ...]:
    """Return what has no float left, and always those with the least of it (rule 29)."""
    most = max(0.0, min(floats.values(), default=0.0))
    found = (name for name, days in floats.items() if days <= most)
    return tuple(sorted(found, key=lambda name: finish[name]))
