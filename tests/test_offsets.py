"""The offset grammar: what people write, and what is refused with a hint (rules 8 to 12)."""

from datetime import date

import pytest

from bridge.retroplan.offsets import BadOffset, Point, Unit, Window, parse
from bridge.retroplan.workdays import CalendarRules, Workdays

SHARED = Workdays.build(CalendarRules(), [], date(2020, 1, 1), date(2032, 12, 31))

SAME = {
    "J-60": ["J-60", "j – 60", "J−60", "J\u00a0-\u00a060", "jour -60", "Jours-60", "D-60", "days -60"],
    "S-6": ["S-6", "Semaine -6", "Sem. -6", "sem -6", "W-6", "weeks -6", "SEMAINES - 6"],
    "M-2,5": ["M-2,5", "M-2.5", "mois -2,5", "Months -2.5"],
    "JO-10": ["JO-10", "J-10 ouvrés", "jours ouvrés -10", "WD-10", "BD-10", "working days -10",
              "D-10 working days"],
    "J": ["J", "Jour J", "J-Jour", "J-J", "J0", "J±0", "J+0", "D", "D-Day", "lancement", "Launch"],
    "J-10 à J-5": ["J-10 à J-5", "du J-10 au J-5", "de J-10 à J-5", "from D-10 to D-5", "J-10 → J-5",
                   "J-10 -> J-5", "J-10..J-5", "J-10 A J-5"],
    "J+1 à J+15": ["J+1 à J+15"],
}  # fmt: skip


@pytest.mark.parametrize(("meant", "written"), [(m, w) for m, ws in SAME.items() for w in ws])
def test_many_ways_of_writing_mean_one_offset(meant: str, written: str) -> None:
    assert str(parse(written)) == meant


REFUSED = {
    "J60": "E-OFFSET-SYNTAX",
    "10 jours avant": "E-OFFSET-SYNTAX",
    "H-2": "E-OFFSET-SYNTAX",
    "J-1,5": "E-OFFSET-FRACTION",
    "S-0,5": "E-OFFSET-FRACTION",
    "M-1,25": "E-OFFSET-FRACTION",
    "M-2,5 ouvrés": "E-OFFSET-SYNTAX",
    "S-2 J-1": "E-OFFSET-SYNTAX",
    "J-1²": "E-OFFSET-SYNTAX",
    "J-①": "E-OFFSET-SYNTAX",
    "J-10 - J-5": "E-OFFSET-SYNTAX",
    "J-10 ouvrables": "E-OFFSET-SYNTAX",
    "J-5 à J-10": "E-RANGE-ORDER",
    "J-731": "E-OFFSET-RANGE",
    "JO-521": "E-OFFSET-RANGE",
    "S-105": "E-OFFSET-RANGE",
    "M-24,5": "E-OFFSET-RANGE",
    "J-" + "9" * 70: "E-OFFSET-RANGE",
    "J-" + "9" * 9999: "E-OFFSET-SYNTAX",
    "": "E-OFFSET-SYNTAX",
    "à": "E-OFFSET-SYNTAX",
    "J-10 à": "E-OFFSET-SYNTAX",
}


@pytest.mark.parametrize(("written", "code"), REFUSED.items())
def test_what_is_not_an_offset_is_refused_with_a_hint(written: str, code: str) -> None:
    with pytest.raises(BadOffset) as refused:
        parse(written)
    assert refused.value.code == code
    assert refused.value.hint.one


def test_the_hint_says_what_was_probably_meant() -> None:
    hints = {}
    for written in ("J60", "J-10 - J-5", "J-10 ouvrables", "J-5 à J-10"):
        with pytest.raises(BadOffset) as refused:
            parse(written)
        hints[written] = refused.value.hint.one.format(**refused.value.hint.values)
    assert "J-60 or J+60" in hints["J60"]
    assert "J-10 à J-5" in hints["J-10 - J-5"]
    assert "JO-10" in hints["J-10 ouvrables"]
    assert "J-10 à J-5" in hints["J-5 à J-10"]


def test_an_offset_parsed_from_its_own_words_is_the_same() -> None:
    for unit, most in {Unit.DAY: 730, Unit.WORKDAY: 520, Unit.WEEK: 104, Unit.MONTH: 24}.items():
        for count in (-most, -1, 1, most):
            point = Point(unit, count)
            assert parse(str(point)) == point
    window = Window(Point(Unit.MONTH, -1.5), Point(Unit.WEEK, -1))
    assert parse(str(window)) == window


def test_months_count_from_the_launch_itself_and_clamp_at_the_month_s_end() -> None:
    launch = date(2026, 3, 31)
    raw = {w: parse(w) for w in ("M-1", "M-1,5", "M-2", "M-2,5", "M-3")}
    dates = {w: p.from_launch(launch, SHARED) for w, p in raw.items() if isinstance(p, Point)}
    assert {w: d.isoformat() for w, d in dates.items()} == {
        "M-1": "2026-02-28",
        "M-1,5": "2026-02-13",
        "M-2": "2026-01-31",
        "M-2,5": "2026-01-16",
        "M-3": "2025-12-31",
    }


def test_half_months_keep_their_order_on_every_launch_date() -> None:
    """Rule 10: M-3 < M-2,5 < M-2 holds for every launch date from 2025 to 2029."""
    far, middle, near = (Point(Unit.MONTH, -n) for n in (3, 2.5, 2))
    for ordinal in range(date(2025, 1, 1).toordinal(), date(2030, 1, 1).toordinal()):
        launch = date.fromordinal(ordinal)
        a, b, c = (p.from_launch(launch, SHARED) for p in (far, middle, near))
        assert a < b < c
        assert (c - b).days == 15
        assert 13 <= (b - a).days <= 16


def test_working_days_count_strictly_before_and_after_the_launch() -> None:
    sunday = date(2026, 6, 28)
    before = parse("JO-1")
    after = parse("JO+1")
    assert isinstance(before, Point)
    assert isinstance(after, Point)
    assert before.from_launch(sunday, SHARED) == date(2026, 6, 26)
    assert after.from_launch(sunday, SHARED) == date(2026, 6, 29)
    monday = date(2026, 6, 29)
    assert before.from_launch(monday, SHARED) == date(2026, 6, 26)
    assert after.from_launch(monday, SHARED) == date(2026, 6, 30)
