"""A Gantt chart for a terminal: one line a step, one cell a day (or several days), the launch marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from bridge.report.table import clip, pad, width
from bridge.text import Speaker


@dataclass(frozen=True)
class Bar:
    """One line: its label, first and last day; ``until`` draws a lighter tail up to another day."""

    label: str
    start: date
    due: date
    milestone: bool = False
    until: date | None = None


@dataclass(frozen=True)
class Strokes:
    """The characters of a chart."""

    bar: str
    tail: str
    instant: str
    milestone: str
    launch: str
    rule: str
    ellipsis: str


UNICODE = Strokes("█", "░", "▪", "◆", "┊", "─", "…")
PLAIN = Strokes("#", ".", "*", "o", "|", "-", "..")
_DAYS_PER_CELL = (1, 2, 7, 14, *range(28, 28 * 60, 28))


def draw(
    bars: Sequence[Bar], launch: date, speaker: Speaker, *, cells: int, plain: bool
) -> list[str]:
    """Return the chart's lines, at most ``cells`` wide."""
    strokes = PLAIN if plain else UNICODE
    first = min(bar.start for bar in bars)
    last = max([launch, *(bar.until or bar.due for bar in bars)])
    # Whole weeks, so that the Mondays of the header stand at the same distance.
    first -= timedelta(days=first.weekday())
    labels = min(max(width(bar.label) for bar in bars), max(16, cells // 3))
    room = max(20, cells - labels - 2)
    days = (last - first).days + 1
    scale = next(s for s in _DAYS_PER_CELL if ceil(days / s) <= room)
    axis = _Axis(first, scale, ceil(days / scale))
    lines = [pad("", labels) + "  " + header for header in axis.headers(speaker)]
    lines.append(pad("", labels) + "  " + strokes.rule * axis.cells)
    lines += [
        pad(clip(bar.label, labels, strokes.ellipsis), labels)
        + "  "
        + axis.line(bar, launch, strokes)
        for bar in bars
    ]
    return [line.rstrip() for line in lines]


@dataclass(frozen=True)
class _Axis:
    first: date
    scale: int
    cells: int

    def at(self, day: date) -> int:
        return (day - self.first).days // self.scale

    def headers(self, speaker: Speaker) -> list[str]:
        """Return a line of months, each where it begins, and a line of Mondays at one distance."""
        return ["".join(self._months(speaker)), "".join(self._mondays())]

    def _months(self, speaker: Speaker) -> list[str]:
        line, said_year = [" "] * self.cells, 0
        begins = [self.first]
        while (following := _next_month(begins[-1])) <= self.last:
            begins.append(following)
        ends = [self.at(day) - 1 for day in begins[1:]] + [self.cells]
        for day, end in zip(begins, ends, strict=True):
            # The year once, where it has room; else the shortest name that says which month it is.
            styles = ("MMM", "LLLLL") if said_year == day.year else ("MMM y", "MMM", "LLLLL")
            start = self.at(day)
            for style in styles:
                words = speaker.day(day.replace(day=2), style=style)
                if len(words) <= end - start:
                    line[start : start + len(words)] = words
                    said_year = day.year if style == "MMM y" else said_year
                    break
        return line

    def _mondays(self) -> list[str]:
        line = [" "] * self.cells
        weeks = ceil(3 * self.scale / 7)  # two digits and a blank
        day = self.first
        while self.at(day) + 2 <= self.cells:
            number = str(day.day)
            line[self.at(day) : self.at(day) + len(number)] = number
            day += timedelta(weeks=weeks)
        return line

    @property
    def last(self) -> date:
        """Return the last day that has a cell."""
        return self.first + timedelta(days=self.cells * self.scale - 1)

    def line(self, bar: Bar, launch: date, strokes: Strokes) -> str:
        line = [" "] * self.cells
        line[self.at(launch)] = strokes.launch
        if bar.until:
            for cell in range(self.at(bar.due), self.at(bar.until) + 1):
                line[cell] = strokes.tail
        for cell in range(self.at(bar.start), self.at(bar.due) + 1):
            line[cell] = strokes.bar
        if bar.start == bar.due:
            line[self.at(bar.due)] = strokes.milestone if bar.milestone else strokes.instant
        return "".join(line)


def _next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
