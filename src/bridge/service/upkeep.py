"""What of the rules falls due: reviews, entries of registers, deputies; told some days before, not daily."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bridge.config import rulebook
from bridge.guardrails.due import Due, due
from bridge.service.office import Office
from bridge.text import Text, texts

TOLD_BEFORE: Final = frozenset({30, 7, 1, 0})  # calendar days before it is due
_MONDAY: Final = 0


def falling_due(office: Office) -> Sequence[Due]:
    """Return what is worth telling today: some days before, on the day, and on Mondays what is late.

    What was never accepted here is nobody's deadline, and is left out. Raises as the files do.
    """
    desk = office.desk()
    today = desk.clock.today()
    rules, _ = rulebook.opened(office.folder, desk.workspace, today)
    deputies = {role: one.last for role, one in desk.workspace.team.deputies.items()}
    found = due(rules.bundle, rules.circumstances, deputies)
    return [one for one in found if one.day is not None and _is_told(one.day, today)]


def _is_told(day: date, today: date) -> bool:
    return (day - today).days in TOLD_BEFORE or (day < today and today.weekday() == _MONDAY)


def told(found: Sequence[Due]) -> Text:
    """Say what falls due, for whoever runs the service."""
    return texts(
        "{n} rule falls due: {first}. See `bridge guardrail due`.",
        "{n} rules fall due, first {first}. See `bridge guardrail due`.",
        len(found),
        first=found[0].name,
    )
