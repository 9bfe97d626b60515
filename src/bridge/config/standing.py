"""What this shop says about the rules: what it accepted, and what went wrong with them."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bridge.config import shape, yamlfile
from bridge.config.values import Notes
from bridge.errors import Problem, ProblemsFound, near_miss
from bridge.guardrails.circumstances import Acceptance, Circumstances, Incident
from bridge.nearmiss import nearest
from bridge.retroplan.calendars import public_holidays
from bridge.retroplan.workdays import CalendarRules
from bridge.text import text
from bridge.workspace import Workspace

ACCEPTED, INCIDENTS = "accepted.yaml", "incidents.yaml"
_SUNDAY = 6


def circumstances(folder: Path | None, workspace: Workspace | None, today: date) -> Circumstances:
    """Return what a verdict depends on besides request and rules; no exceptions: nobody asked Jira.

    ``folder`` is that of ``bridge.yaml``; without one nothing counts as accepted. Raise ProblemsFound
    with everything that is wrong in both files.
    """
    if folder is None or workspace is None:
        return Circumstances(today=today)
    accepted, wrong = _accepted(folder, workspace)
    happened, also_wrong = _incidents(folder)
    if wrong or also_wrong:
        raise ProblemsFound([*wrong, *also_wrong])
    return Circumstances(
        today=today,
        acceptances=accepted,
        incidents=happened,
        is_day_off=days_off(workspace.calendar),
    )


def acceptances(folder: Path, workspace: Workspace | None = None) -> tuple[Acceptance, ...]:
    """Return what this shop accepted; raise ProblemsFound.

    With a workspace, whoever accepted something must be one of its people.
    """
    found, problems = _accepted(folder, workspace)
    if problems:
        raise ProblemsFound(problems)
    return found


def incidents(folder: Path) -> tuple[Incident, ...]:
    """Return what went wrong with module versions; raise ProblemsFound."""
    found, problems = _incidents(folder)
    if problems:
        raise ProblemsFound(problems)
    return found


def days_off(calendar: CalendarRules) -> Callable[[date], bool]:
    """Return what tells Sundays, public holidays and the firm's whole-day closures from other days.

    A Saturday is no day off here: shops sell and send on Saturdays.
    """

    @cache
    def holidays(year: int) -> frozenset[date]:
        return frozenset(public_holidays(calendar.code, date(year, 1, 1), date(year, 12, 31)))

    def is_day_off(day: date) -> bool:
        if day in calendar.worked:
            return False
        is_closed = any(
            span.half is None and span.first <= day <= span.last for span in calendar.closed
        )
        return day.weekday() == _SUNDAY or is_closed or day in holidays(day.year)

    return is_day_off


def _accepted(
    folder: Path, workspace: Workspace | None
) -> tuple[tuple[Acceptance, ...], Sequence[Problem]]:
    notes, entries, problems = _entries(folder / ACCEPTED, "accepted")
    people = workspace.team.people if workspace else None
    found = []
    for number, entry in entries:
        path = ("accepted", number)
        day = notes.date((*path, "on"), entry["on"])
        if people is not None and entry["by"] not in people:
            notes.add(
                (*path, "by"),
                text("Nobody is called “{person}” under “people”.", person=entry["by"]),
                near_miss(nearest(entry["by"], people), people),
            )
        if day:
            found.append(
                Acceptance(entry["module"], entry["version"], entry["by"], entry["role"], day)
            )
    return tuple(found), (*problems, *notes.problems)


def _incidents(folder: Path) -> tuple[tuple[Incident, ...], Sequence[Problem]]:
    notes, entries, problems = _entries(folder / INCIDENTS, "incidents")
    found = []
    for number, entry in entries:
        day = notes.date(("incidents", number, "on"), entry["on"])
        if day:
            found.append(Incident(entry["module"], entry["version"], day, entry["reason"]))
    return tuple(found), (*problems, *notes.problems)


def _entries(
    path: Path, key: str
) -> tuple[Notes, Sequence[tuple[int, dict[str, Any]]], Sequence[Problem]]:
    """Return the sound entries of a list file; none where the file does not exist."""
    if not path.exists():
        return Notes(yamlfile.Document(path.name)), (), ()
    try:
        document = yamlfile.read(path, path.name)
    except ProblemsFound as broken:
        return Notes(yamlfile.Document(path.name)), (), broken.problems
    found = shape.check(document, key)
    written = document.data.get(key) if isinstance(document.data, dict) else None
    entries = list(enumerate(written)) if isinstance(written, list) else []
    sound = [(number, entry) for number, entry in entries if found.is_sound(key, number)]
    return Notes(document), sound, found.problems
