"""A Gantt chart for a terminal: one line a step, one cell a day (or several days), the launch marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from bridge.report.table import clip, pad
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
_DAYS_PER_CELL = (1, 2, 7, 14, 28)


def draw(
    bars: Sequence[Bar], launch: date, speaker: Speaker, *, cells: int, plain: bool
) -> list[str]:
    """Return the chart's lines, at most ``cells`` wide."""
    strokes = PLAIN if plain else UNICODE
    first = min(bar.start for bar in bars)
    last = max([launch, *(bar.until or bar.due for bar in bars)])
    # Whole weeks, so that the Mondays of the header stand at the same distance.
    first -= timedelta(days=first.weekday())
    labels = min(max(len(bar.label) for bar in bars), max(16, cells // 3))
    room = max(20, cells - labels - 2)
    days = (last - first).days + 1
    scale = next((s for s in _DAYS_PER_CELL if ceil(days / s) <= room), _DAYS_PER_CELL[-1])
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
        """Return a line of months and a line of Mondays, each word only where it has room."""
        months, mondays = [" "] * self.cells, [" "] * self.cells
        day, end = self.first, self.first + timedelta(days=self.cells * self.scale - 1)
        while day <= end:
            if day == self.first or day.day == 1:
                _lay(months, self.at(day), speaker.day(day, style="MMM y"))
            if day.weekday() == 0:
                _lay(mondays, self.at(day), str(day.day))
            day += timedelta(days=1)
        return ["".join(months), "".join(mondays)]

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


def _lay(line: list[str], start: int, words: str) -> None:
    """Write words into a line unless they would touch what stands there or run over its end."""
    end = start + len(words)
    free = all(char == " " for char in line[max(0, start - 1) : end + 1])
    if free and end <= len(line):
        line[start:end] = words
