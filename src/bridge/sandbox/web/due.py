"""Dates as people feel them: how far away, how urgent, always with a word."""

from dataclasses import dataclass
from datetime import date

from bridge.sandbox.web.language import day, gettext, ngettext

_ = gettext
SOON = 3
"""Days before the due date from which it counts as near."""


@dataclass(frozen=True)
class Due:
    """A due date ready to be shown. ``tone`` is ``late``, ``today``, ``soon``, ``calm`` or ``done``."""

    iso: str
    shown: str
    word: str
    tone: str


def due(iso: str | None, today: date, *, done: bool) -> Due | None:
    """Tell what to show of a due date, None where there is none."""
    if not iso:
        return None
    left = (date.fromisoformat(iso) - today).days
    shown = day(iso, "d MMM" if iso[:4] == str(today.year) else "d MMM y")
    if done:
        return Due(iso, shown, "", "done")
    return Due(iso, shown, _word(left), _tone(left))


def _tone(left: int) -> str:
    if left < 0:
        return "late"
    if left == 0:
        return "today"
    return "soon" if left <= SOON else "calm"


def _word(left: int) -> str:
    if left < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -left) % {"count": -left}
    if left == 0:
        return _("today")
    if left == 1:
        return _("tomorrow")
    return (
        ngettext("in %(count)d day", "in %(count)d days", left) % {"count": left}
        if left <= SOON
        else ""
    )
