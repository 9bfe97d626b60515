"""The offset grammar (rules 8 to 12): « J-60 », « Sem. -5 », « M-2,5 », « du J-10 au J-5 ».

Case, accents, blanks and the kind of minus do not matter. What the grammar does not accept is
refused with a hint; nothing is guessed.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bridge.retroplan.workdays import Workdays
from bridge.text import Text, text


class Unit(StrEnum):
    """What an offset counts in."""

    DAY = "J"
    WORKDAY = "JO"
    WEEK = "S"
    MONTH = "M"


LARGEST = {Unit.DAY: 730, Unit.WORKDAY: 520, Unit.WEEK: 104, Unit.MONTH: 24}
_UNITS = {
    Unit.DAY: ("j", "jour", "jours", "d", "day", "days"),
    Unit.WORKDAY: (
        "jo",
        "jour ouvre",
        "jours ouvres",
        "wd",
        "bd",
        "working day",
        "working days",
        "business day",
        "business days",
    ),
    Unit.WEEK: ("s", "sem", "semaine", "semaines", "w", "week", "weeks"),
    Unit.MONTH: ("m", "mois", "month", "months"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_LAUNCH = frozenset(
    {
        "j",
        "jour j",
        "j-jour",
        "j-j",
        "j0",
        "j+0",
        "j-0",
        "j±0",
        "j+-0",
        "jj",
        "d",
        "d-day",
        "d day",
        "d0",
        "d+0",
        "d-0",
        "d±0",
        "lancement",
        "launch",
    }
)
_LONGEST = 80
_POINT = re.compile(
    r"(?P<unit>[a-z]+(?: [a-z]+)?) ?\.? ?(?P<sign>[+-]) ?(?P<number>\d+(?:[.,]\d+)?)"
    r"(?P<worked> ouvres?| working days?| business days?)?"
)
_RANGE = re.compile(
    r"^(?:(?:du|de|from) )?(?P<first>.+?) ?(?: a | au | to |→|->|\.\.) ?(?P<last>.+)$"
)


class BadOffset(ValueError):
    """An offset that the grammar refuses: the code (E-OFFSET-...), and what to write instead."""

    def __init__(self, code: str, written: str, hint: Text) -> None:
        super().__init__(f"{code}: {written}")
        self.code = code
        self.written = written
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Point:
    """One moment relative to the launch: ``count`` units after it, negative before it.

    Months may be halves (rule 10); everything else is whole. Zero is the launch itself.
    """

    unit: Unit
    count: float

    @property
    def is_launch(self) -> bool:
        """Tell whether this is J itself."""
        return self.count == 0

    def from_launch(self, launch: date, workdays: Workdays) -> date:
        """Return the raw date, before snapping (rules 9, 10, 11)."""
        if self.unit is Unit.MONTH:
            return _months_from(launch, self.count)
        count = int(self.count)
        if self.unit is Unit.WORKDAY and count:
            return (
                workdays.nth_day_before(launch, -count)
                if count < 0
                else workdays.nth_day_after(launch, count)
            )
        return launch + timedelta(days=7 * count if self.unit is Unit.WEEK else count)

    def __str__(self) -> str:
        return self.unit if self.is_launch else f"{self.unit}{self.count:+g}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch between two moments: work starts at ``first`` and is finished at ``last``."""

    first: Point
    last: Point

    def __str__(self) -> str:
        return f"{self.first} à {self.last}"


Offset = Point | Window


def parse(written: str) -> Offset:
    """Read an offset as people write it; raise :class:`BadOffset` with a hint otherwise."""
    plain = _plain(written[: _LONGEST + 1])
    if len(plain) > _LONGEST:
        raise BadOffset("E-OFFSET-SYNTAX", f"{written[:20]}…", _hint(""))
    if _is_launch(plain):
        return Point(Unit.DAY, 0)
    ends = _RANGE.match(plain)
    if ends:
        return _window(written, ends["first"], ends["last"])
    return _point(written, plain)


def _window(written: str, first: str, last: str) -> Window:
    window = Window(_point(written, first), _point(written, last))
    if window.first.unit is window.last.unit and window.first.count > window.last.count:
        raise BadOffset(
            "E-RANGE-ORDER",
            written,
            text(
                "The window ends before it begins: write “{right}”.",
                right=str(Window(window.last, window.first)),
            ),
        )
    return window


def _point(written: str, plain: str) -> Point:
    if _is_launch(plain):
        return Point(Unit.DAY, 0)
    found = _POINT.fullmatch(plain)
    unit = _UNIT_OF.get(found["unit"]) if found else None
    if found is None or unit is None:
        raise BadOffset("E-OFFSET-SYNTAX", written, _hint(plain))
    if found["worked"]:
        if unit is not Unit.DAY:
            raise BadOffset(
                "E-OFFSET-SYNTAX",
                written,
                text("Only days can be working days: write JO-10 for ten of them."),
            )
        unit = Unit.WORKDAY
    return Point(unit, _count(written, unit, found["sign"], found["number"]))


def _count(written: str, unit: Unit, sign: str, number: str) -> float:
    size = float(number.replace(",", "."))
    if unit is Unit.MONTH:
        if size * 2 % 1:
            raise BadOffset(
                "E-OFFSET-FRACTION", written, text("Months go by halves: M-1 or M-1,5.")
            )
    elif size % 1:
        raise BadOffset(
            "E-OFFSET-FRACTION",
            written,
            text("Only months may be halved; count days instead, such as J-4."),
        )
    if size > LARGEST[unit]:
        raise BadOffset(
            "E-OFFSET-RANGE",
            written,
            text("The farthest is {farthest}.", farthest=f"{unit}{sign}{LARGEST[unit]}"),
        )
    return -size if sign == "-" and size else size


def _months_from(launch: date, count: float) -> date:
    """Count whole months from the launch itself, then 15 days for a half (rule 10)."""
    whole = int(count)
    month = launch.year * 12 + launch.month - 1 + whole
    year, month = divmod(month, 12)
    day = date(year, month + 1, min(launch.day, calendar.monthrange(year, month + 1)[1]))
    return day + timedelta(days=int((count - whole) * 30))


def _plain(written: str) -> str:
    """Fold case, accents, blanks, the kinds of minus and guillemets."""
    # Canonical only: the compatibility forms would read J-1² as J-12.
    folded = unicodedata.normalize("NFD", written.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    bare = re.sub(r"[\u2010-\u2015\u2212\u00ad\ufe63\uff0d]", "-", bare)
    return re.sub(r"\s+", " ", bare).strip()


def _is_launch(plain: str) -> bool:
    return plain in _LAUNCH or re.sub(r" ?([-+±]) ?", r"\1", plain) in _LAUNCH


def _hint(plain: str) -> Text:
    """Say what the person probably meant."""
    if "ouvrable" in plain:
        return text("“Jours ouvrables” run from Monday to Saturday; plan in “jours ouvrés”: JO-10.")
    if re.fullmatch(r"[a-z]{1,8}\.? ?\d+(?:[.,]\d+)?", plain):
        letters, number = re.fullmatch(r"([a-z]+)\.? ?([\d.,]+)", plain).groups()  # type: ignore[union-attr]  # same shape as above
        if letters in _UNIT_OF:
            return text(
                "Say before or after: {before} or {after}.",
                before=f"{_UNIT_OF[letters]}-{number}",
                after=f"{_UNIT_OF[letters]}+{number}",
            )
    if re.match(r"h ?[-+]", plain):
        return text("The smallest unit is the day: hours cannot be planned.")
    if re.search(r"\d.*\b(?:avant|apres|before|after)\b", plain):
        return text("Write it from the launch J: J-10 is ten days before, J+10 ten days after.")
    if len(_POINT.findall(plain)) > 1:
        return text("A window is written with “à”: J-10 à J-5.")
    return text(
        "Write J-10 (days), JO-10 (working days), S-2 (weeks), M-1,5 (months), J, or J-10 à J-5."
    )
