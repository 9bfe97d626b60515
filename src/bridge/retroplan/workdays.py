"""Working time in half-days (rules 1 to 6): what is worked, and how to count along it.

A half-day is an integer: twice the day's proleptic ordinal for the morning, plus one for the
afternoon. So half-days compare and sort like time itself, and need no clock and no time zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

HalfDay: TypeAlias = int
Half = Literal["am", "pm"]

# Half-days of a week, numbered as they pass: 0 is Monday morning, 13 is Sunday afternoon.
WEEK: frozenset[int] = frozenset(range(10))


def morning(day: date) -> HalfDay:
    """Return the half-day of the day's morning."""
    return 2 * day.toordinal()


def afternoon(day: date) -> HalfDay:
    """Return the half-day of the day's afternoon."""
    return 2 * day.toordinal() + 1


def day_of(half: HalfDay) -> date:
    """Return the day a half-day belongs to."""
    return date.fromordinal(half // 2)


class OutOfHorizon(Exception):  # it is turned into E-HORIZON where the launch is known
    """A count walked off the calendar's end, or a ``day`` lies too far away (rule 6)."""

    def __init__(self, day: date | None = None) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days from ``first`` to ``last``, both included, or one half of each of them."""

    first: date
    last: date
    half: Half | None = None

    def halves(self) -> Iterable[HalfDay]:
        """Return the half-days it covers."""
        step = 1 if self.half is None else 2
        return range(morning(self.first) + (self.half == "pm"), afternoon(self.last) + 1, step)


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """What a firm says about its time, over a country's public holidays (rule 2).

    ``week``: the worked half-days of every week, by number (0 is Monday morning).
    ``closed``: closures, full or half. ``worked``: days worked whatever else is said (they win over
    everything: the journée de solidarité on Whit Monday). ``half``: days of which only one half is
    worked.
    """

    code: str = "FR"
    closed: tuple[Span, ...] = ()
    worked: frozenset[date] = frozenset()
    half: Mapping[date, Half] | None = None
    week: frozenset[int] = WEEK


class Workdays:
    """The worked half-days from ``first`` to ``last``, in order, and how to count along them.

    Methods that would leave the calendar raise :class:`OutOfHorizon`.
    """

    __slots__ = ("_day_set", "_days", "_halves", "first", "last", "name")

    def __init__(self, name: str, first: date, last: date, halves: Sequence[HalfDay]) -> None:
        self.name = name
        self.first = first
        self.last = last
        self._halves = halves
        self._days = sorted({half // 2 for half in halves})
        self._day_set = frozenset(self._days)

    @classmethod
    def build(
        cls, rules: CalendarRules, holidays: Iterable[date], first: date, last: date
    ) -> "Workdays":
        """Lay holidays, closures, half days and forced days over the week pattern (rule 2)."""
        off = {half for day in holidays for half in (morning(day), afternoon(day))}
        for span in rules.closed:
            off.update(span.halves())
        for day, half in (rules.half or {}).items():
            off.add(afternoon(day) if half == "am" else morning(day))
        forced = {half for day in rules.worked for half in (morning(day), afternoon(day))}
        worked = [
            half
            for half in range(morning(first), afternoon(last) + 1)
            # Day 1 of the ordinals is a Monday, and its morning is half-day 2.
            if half in forced or ((half - 2) % 14 in rules.week and half not in off)
        ]
        return cls(rules.code, first, last, worked)

    def without(self, absences: Iterable[Span]) -> "Workdays":
        """Return somebody's availability: this calendar minus their absences (rule 5)."""
        away = {half for span in absences for half in span.halves()}
        if not away:
            return self
        return Workdays(
            self.name, self.first, self.last, [h for h in self._halves if h not in away]
        )

    def is_worked(self, day: date) -> bool:
        """Tell whether at least one half-day of ``day`` is worked (rule 4)."""
        return day.toordinal() in self._day_set

    def day_at_or_before(self, day: date) -> date:
        """Return the last worked day that is not after ``day``."""
        return date.fromordinal(
            self._days[self._index(bisect_right(self._days, day.toordinal()) - 1, self._days)]
        )

    def day_at_or_after(self, day: date) -> date:
        """Return the first worked day that is not before ``day``."""
        return date.fromordinal(
            self._days[self._index(bisect_left(self._days, day.toordinal()), self._days)]
        )

    def nth_day_before(self, day: date, count: int) -> date:
        """Return the ``count``-th worked day strictly before ``day`` (rule 11)."""
        return date.fromordinal(
            self._days[self._index(bisect_left(self._days, day.toordinal()) - count, self._days)]
        )

    def nth_day_after(self, day: date, count: int) -> date:
        """Return the ``count``-th worked day strictly after ``day`` (rule 11)."""
        return date.fromordinal(
            self._days[
                self._index(bisect_right(self._days, day.toordinal()) + count - 1, self._days)
            ]
        )

    def half_at_or_before(self, half: HalfDay) -> HalfDay:
        """Return the last worked half-day that is not after ``half``."""
        return self._halves[self._index(bisect_right(self._halves, half) - 1, self._halves)]

    def back(self, finish: HalfDay, count: int) -> HalfDay:
        """Return the start of ``count`` half-days of work whose last one is at or before ``finish``."""
        return self._halves[self._index(bisect_right(self._halves, finish) - count, self._halves)]

    def forward(self, start: HalfDay, count: int) -> HalfDay:
        """Return the last of ``count`` half-days of work whose first one is at or after ``start``."""
        return self._halves[self._index(bisect_left(self._halves, start) + count - 1, self._halves)]

    def count(self, first: HalfDay, last: HalfDay) -> int:
        """Return how many half-days are worked from ``first`` to ``last``, both included."""
        return max(0, bisect_right(self._halves, last) - bisect_left(self._halves, first))

    def days_between(self, first: date, last: date) -> int:
        """Return how many days are worked from ``first`` to ``last``, both included (rule 16)."""
        return max(
            0,
            bisect_right(self._days, last.toordinal()) - bisect_left(self._days, first.toordinal()),
        )

    def is_bridge(self, day: date) -> bool:
        """Tell whether ``day`` is worked between two days that are not (rule 4, « pont »)."""
        ordinal = day.toordinal()
        return (
            ordinal in self._day_set
            and ordinal - 1 not in self._day_set
            and ordinal + 1 not in self._day_set
        )

    @staticmethod
    def _index(index: int, sequence: Sequence[int]) -> int:
        if not 0 <= index < len(sequence):
            raise OutOfHorizon
        return index
