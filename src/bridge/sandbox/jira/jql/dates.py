"""Points in time in JQL: dates, periods such as ``-7d``, functions such as ``endOfMonth(1)``."""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bridge.sandbox.jira.jql.tree import Call, JqlError

_PERIOD = re.compile(r"[+-]?\s*(?:\d+\s*[yMwdhm]\s*)+")
_PART = re.compile(r"(\d+)\s*([yMwdhm])")
_FORMATS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
_VALID = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd',"
    " or a period format e.g. '-5d', '4w 2d'."
)
_EDGES = re.compile(r"(startof|endof)(day|week|month|year)", re.IGNORECASE)


@dataclass(frozen=True)
class Almanac:
    """The present and the time zone in which a person's dates are meant."""

    now: datetime
    zone: tzinfo

    def read(self, text: str, field: str) -> datetime:
        """Return the moment that a date or period means; a date is its midnight.

        Raises:
            JqlError: it is neither.

        """
        for form in _FORMATS:
            try:
                return datetime.strptime(text.strip(), form).replace(tzinfo=self.zone)
            except ValueError:
                continue
        if _PERIOD.fullmatch(text.strip()):
            return self._shifted(self.now.astimezone(self.zone), text)
        raise JqlError(f"Date value '{text}' for field '{field}' is invalid. {_VALID}")

    def call(self, function: Call) -> datetime | None:
        """Return the moment a function means, or None where it is not a function of time."""
        name = function.name.casefold()
        local = self.now.astimezone(self.zone)
        if name in ("now", "currentlogin"):
            return local
        edge = _EDGES.fullmatch(name)
        if edge is None:
            return None
        unit = edge.group(2).lower()
        moment = _start(local, unit)
        if function.arguments:
            moment = _start(self._increment(moment, function.arguments[0], unit), "day")
        if edge.group(1).lower() == "endof":
            moment = _moved(_start(moment, unit) if unit != "day" else moment, 1, unit) - timedelta(
                milliseconds=1
            )
        return moment

    def _increment(self, moment: datetime, text: str, unit: str) -> datetime:
        """``1``, ``"-1"`` count in the function's own unit, ``"+14d"`` in its own."""
        bare = text.strip()
        if re.fullmatch(r"[+-]?\d+", bare):
            return _moved(moment, int(bare), unit)
        if _PERIOD.fullmatch(bare):
            return self._shifted(moment, bare)
        raise JqlError(f"Incorrect date increment format '{text}' passed to the function.")

    def _shifted(self, moment: datetime, period: str) -> datetime:
        sign = -1 if period.strip().startswith("-") else 1
        for number, unit in _PART.findall(period):
            moment = _moved(moment, sign * int(number), _UNITS[unit])
        return moment


_UNITS = {"y": "year", "M": "month", "w": "week", "d": "day", "h": "hour", "m": "minute"}


def _start(moment: datetime, unit: str) -> datetime:
    """Return the first instant of the day, week (from Monday), month or year."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        return midnight - timedelta(days=midnight.weekday())
    if unit == "month":
        return midnight.replace(day=1)
    if unit == "year":
        return midnight.replace(month=1, day=1)
    return midnight


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    try:
        if unit in ("month", "year"):
            return _months(moment, count * (12 if unit == "year" else 1))
        return moment + timedelta(**{unit + "s": count})
    except (OverflowError, ValueError):
        raise JqlError("The date is out of range.") from None


def _months(moment: datetime, count: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
