"""The schedule's worked examples: E1 to E8, E11, E12, E15 of the rules, and what stands around them."""

from dataclasses import replace
from datetime import date

import pytest

from bridge.errors import HorizonExceeded
from bridge.retroplan.lint import lint
from bridge.retroplan.offsets import Point, Unit, parse
from bridge.retroplan.schedule import calendars_for, schedule
from bridge.retroplan.template import From, Need, Parameter, Placed, Step, Template, moment
from bridge.retroplan.timeframe import Owner
from bridge.retroplan.workdays import CalendarRules, Span
from bridge.text import Bilingual
from tests.making import codes, dues, only, plan_of, scheduled, step


def at(offsets: list[str]) -> list[Step]:
    """One step per offset."""
    return [step(f"s{number}", offset) for number, offset in enumerate(offsets)]


CAMILLE_OFF = Owner("camille", absences=(Span(date(2026, 6, 8), date(2026, 6, 12)),))


def test_e1_the_day_after_whit_monday() -> None:
    offsets = [
        "J-60",
        "J-30",
        "J-18",
        "J-12",
        "J-11",
        "J-10",
        "J-3",
        "J-1",
        "JO-1",
        "JO-5",
        "JO-10",
        "JO-15",
    ]
    assert dues("2026-05-26", *offsets) == {
        "J-60": "2026-03-27", "J-30": "2026-04-24", "J-18": "2026-05-07", "J-12": "2026-05-13",
        "J-11": "2026-05-15", "J-10": "2026-05-15", "J-3": "2026-05-22", "J-1": "2026-05-22",
        "JO-1": "2026-05-22", "JO-5": "2026-05-18", "JO-10": "2026-05-07", "JO-15": "2026-04-29",
    }  # fmt: skip


def test_e2_the_same_launch_on_other_calendars() -> None:
    worked = CalendarRules(worked=frozenset({date(2026, 5, 25)}))
    assert dues("2026-05-26", "J-1", "JO-5", rules=worked) == {
        "J-1": "2026-05-25", "JO-5": "2026-05-19",
    }  # fmt: skip
    bridge_closed = CalendarRules(closed=(Span(date(2026, 5, 15), date(2026, 5, 15)),))
    assert dues("2026-05-26", "J-10", "JO-10", rules=bridge_closed) == {
        "J-10": "2026-05-13", "JO-10": "2026-05-06",
    }  # fmt: skip


def test_e3_black_friday() -> None:
    assert dues("2026-11-27", "S-6", "S-4", "S-2", "J-26", "J-16", "J-2", "M-2,5", "M-3") == {
        "S-6": "2026-10-16", "S-4": "2026-10-30", "S-2": "2026-11-13", "J-26": "2026-10-30",
        "J-16": "2026-11-10", "J-2": "2026-11-25", "M-2,5": "2026-09-11", "M-3": "2026-08-27",
    }  # fmt: skip


def test_e4_months_and_the_29th_of_february() -> None:
    assert dues("2026-03-31", "M-1", "M-1,5", "M-2", "M-2,5", "M-3") == {
        "M-1": "2026-02-27", "M-1,5": "2026-02-13", "M-2": "2026-01-30", "M-2,5": "2026-01-16",
        "M-3": "2025-12-31",
    }  # fmt: skip
    assert dues("2028-03-31", "M-1", "M-2,5") == {"M-1": "2028-02-29", "M-2,5": "2028-01-14"}
    assert dues("2028-02-29", "M-12", "M-3") == {"M-12": "2027-02-26", "M-3": "2027-11-29"}


def test_e5_the_turn_of_the_year() -> None:
    assert dues("2027-01-04", "J-7", "J-10", "JO-5", "M-1", "S-2") == {
        "J-7": "2026-12-28", "J-10": "2026-12-24", "JO-5": "2026-12-24", "M-1": "2026-12-04",
        "S-2": "2026-12-21",
    }  # fmt: skip


def test_e5_a_closure_over_christmas_makes_dates_collapse() -> None:
    closed = CalendarRules(
        closed=(
            Span(date(2026, 12, 28), date(2026, 12, 31)),
            Span(date(2026, 12, 24), date(2026, 12, 24), "pm"),
        )
    )
    plan = scheduled("2027-01-04", *at(["J-10", "J-7", "J-5", "JO-1", "JO-5"]), rules=closed)  # fmt: skip
    found = {s.step.written: (s.due.isoformat(), codes(s)) for s in plan.steps}
    assert {due for offset, (due, _) in found.items() if offset != "JO-5"} == {"2026-12-24"}
    assert found["JO-5"][0] == "2026-12-18"
    assert "W-COLLAPSED" in found["J-7"][1]
    assert "W-COLLAPSED" in found["J-5"][1]


def test_e5_a_week_block_is_the_iso_week_even_the_53rd() -> None:
    one = only(scheduled("2027-01-04", step("s", "S-1"), week_block=True))
    assert (one.start, one.due) == (date(2026, 12, 28), date(2026, 12, 31))
    assert (one.raw_start, one.raw) == (date(2026, 12, 28), date(2027, 1, 3))
    assert one.start.isocalendar()[:2] == (2026, 53)


def test_e6_a_launch_on_a_holiday_or_a_sunday_stays_where_it_is() -> None:
    plan = scheduled("2026-11-11", *at(["J", "J-1", "J+3", "JO+1"]))  # fmt: skip
    assert [s.due.isoformat() for s in plan.steps] == [
        "2026-11-11", "2026-11-10", "2026-11-16", "2026-11-12",
    ]  # fmt: skip
    assert codes(plan) == ["W-LAUNCH-NONWORKING"]
    assert dues("2026-06-28", "J", "J-1", "J+1") == {
        "J": "2026-06-28", "J-1": "2026-06-26", "J+1": "2026-06-29",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("launch", "window", "start", "due", "days", "found"),
    [
        ("2026-05-18", "J-10 à J-5", "2026-05-11", "2026-05-13", 3, []),
        ("2026-05-26", "J-10 à J-5", "2026-05-18", "2026-05-21", 4, []),
        ("2026-07-10", "J+1 à J+15", "2026-07-13", "2026-07-24", 9, []),
        ("2026-05-04", "J-3 à J-1", "2026-04-30", "2026-04-30", 1, ["W-RANGE-EMPTY"]),
        ("2026-05-08", "J+1 à J+2", "2026-05-11", "2026-05-11", 1, ["W-RANGE-EMPTY"]),
        ("2026-05-26", "M-1 à S-1", "2026-04-27", "2026-05-19", 14, []),
    ],
)
def test_e7_windows_shrink_inwards(
    launch: str, window: str, start: str, due: str, days: float, found: list[str]
) -> None:
    one = only(scheduled(launch, step("w", window)))
    assert (one.start.isoformat(), one.due.isoformat(), one.duration_days) == (start, due, days)
    assert [code for code in codes(one) if code.startswith(("E", "W"))] == found


def test_a_window_shorter_than_its_work_says_so_and_keeps_its_start() -> None:
    one = only(scheduled("2026-05-18", step("w", "J-10 à J-5", 5)))
    assert "W-RANGE-SHORT" in codes(one)
    assert one.start == date(2026, 5, 11)


E8 = (
    step("brief", None, 2),
    step("maquette", None, 4, ["brief"]),
    step("redaction", None, 3, ["brief"]),
    step("juridique", None, 3, ["redaction"]),
    step("dev", None, 5, ["maquette"]),
    step("segmentation", None, 2, ["brief"]),
    step("integration", None, 2.5, ["redaction", "segmentation"]),
    step("tests", None, 1.5, ["integration"]),
    step("recette", None, 2, ["dev", "juridique"]),
    step("gel", None, 1, ["recette", "tests"]),
)


def test_e8_a_network_without_offsets() -> None:
    plan = scheduled("2026-05-26", *E8)
    found = {s.step.id: (s.start.isoformat()[5:], s.due.isoformat()[5:]) for s in plan.steps}
    assert found == {
        "brief": ("04-30", "05-04"),
        "maquette": ("05-05", "05-11"),
        "redaction": ("05-11", "05-13"),
        "juridique": ("05-15", "05-19"),
        "dev": ("05-12", "05-19"),
        "segmentation": ("05-13", "05-15"),
        "integration": ("05-18", "05-20"),
        "tests": ("05-20", "05-21"),
        "recette": ("05-20", "05-21"),
        "gel": ("05-22", "05-22"),
    }
    by_id = {s.step.id: s for s in plan.steps}
    assert by_id["integration"].finish % 2 == 0  # Wednesday morning
    assert by_id["tests"].begin == by_id["integration"].finish + 1  # Wednesday afternoon


def test_e11_the_earlier_of_offset_and_dependency_wins() -> None:
    chain = (step("textes", "J-10", 2), step("integration", "J-5", 3, ["textes"]))
    texts, integration = scheduled("2026-05-22", *chain).steps
    assert (integration.start, integration.due) == (date(2026, 5, 12), date(2026, 5, 15))
    assert (texts.start, texts.due) == (date(2026, 5, 7), date(2026, 5, 11))
    (warning,) = [f for f in texts.findings if f.code == "W-OFFSET-DEP"]
    assert warning.message.values["target"] == date(2026, 5, 12)
    assert warning.message.values["bound"] == date(2026, 5, 11)
    assert warning.message.values["n"] == 1
    texts, integration = scheduled("2026-06-02", *chain).steps
    assert (texts.start, texts.due) == (date(2026, 5, 21), date(2026, 5, 22))
    assert (integration.start, integration.due) == (date(2026, 5, 26), date(2026, 5, 28))
    assert "W-OFFSET-DEP" not in codes(texts)


def test_e12_an_absence_moves_the_start_never_the_own_due_date() -> None:
    newsletter = step("newsletter", "J-3", 3)
    one = only(scheduled("2026-06-15", newsletter, owners={"newsletter": CAMILLE_OFF}))
    assert (one.start, one.due) == (date(2026, 6, 3), date(2026, 6, 12))
    assert "W-OWNER-ABSENT" in codes(one)
    one = only(scheduled("2026-06-19", newsletter, owners={"newsletter": CAMILLE_OFF}))
    assert (one.start, one.due) == (date(2026, 6, 5), date(2026, 6, 16))
    assert "W-OWNER-ABSENT" not in codes(one)


def test_e15_a_start_anchor_counts_the_work_from_there() -> None:
    one = only(scheduled("2026-07-01", step("debut", "M-2", 10, anchor="start")))
    assert one.raw == date(2026, 5, 1)
    assert (one.start, one.due) == (date(2026, 5, 4), date(2026, 5, 19))


def test_the_launch_step_is_an_instant_and_what_it_needs_ends_before_it() -> None:
    plan = scheduled("2026-05-26", step("prepare", None, 1), step("go", "J", None, ["prepare"]))
    prepare, go = plan.steps
    assert (go.start, go.due, go.duration_days) == (date(2026, 5, 26), date(2026, 5, 26), None)
    assert prepare.due == date(2026, 5, 22)


def test_a_due_date_only_shares_the_last_half_day_of_what_it_needs() -> None:
    plan = scheduled("2026-06-15", step("work", None, 2), step("done", "J-3", None, ["work"]))
    assert plan.steps[0].due == date(2026, 6, 12)


def test_a_lag_counts_working_days_of_the_project() -> None:
    lagged = scheduled("2026-06-15", step("a", None, 1), step("b", "J-3", 1, [Need("a", 2)]))
    assert lagged.steps[0].due == date(2026, 6, 9)  # b starts Friday 12; Wed and Thu lie between
    half = scheduled("2026-06-15", step("a", None, 1), step("b", "J-3", 1, [Need("a", 0.5)]))
    assert half.steps[0].due == date(2026, 6, 11)
    assert half.steps[0].finish % 2 == 0


def test_after_the_launch_only_the_own_target_counts() -> None:
    plan = scheduled(
        "2026-06-15", step("go", "J"), step("follow", "J+1 à J+15", None, ["go"]),
        step("review", "J+16", 1, ["follow"]),
    )  # fmt: skip
    assert [s.due.isoformat() for s in plan.steps] == ["2026-06-15", "2026-06-30", "2026-07-01"]
    assert not any(code.startswith("E") for s in plan.steps for code in codes(s))


def test_what_is_due_before_the_launch_cannot_need_what_comes_after() -> None:
    plan = scheduled("2026-06-15", step("early", "J-5", None, ["late"]), step("late", "J+5"))
    assert "E-DEP-AFTER-LAUNCH" in codes(plan.steps[0])


@pytest.mark.parametrize(
    ("placed", "wrong"),
    [("J-7", False), ("2026-06-08", False), ("J", True), ("2026-06-15", True), ("J+2", True)],
)  # fmt: skip
def test_a_soft_launch_comes_before_the_launch(placed: str, wrong: bool) -> None:
    soft = Step(id="soft", kind="milestone", title=step("soft").title, offset=moment(placed))
    plan = scheduled("2026-06-15", step("go", "J", None, ["soft"]), milestones=[soft])
    assert ("E-DEP-AFTER-LAUNCH" in codes(plan.steps[0])) is wrong
    assert [m.step.kind for m in plan.milestones] == ["milestone"]


def test_an_offset_may_count_from_another_step() -> None:
    shooting = step("shooting", "J-15")
    retouch = Step(
        id="retouch", title=shooting.title, offset=Placed("shooting", Point(Unit.DAY, 3), "J+3")
    )
    plan = scheduled("2026-06-30", retouch, shooting)
    assert plan.steps[1].due == date(2026, 6, 15)
    assert plan.steps[0].due == date(2026, 6, 18)


def test_unsnapped_steps_stay_on_their_day() -> None:
    assert dues("2026-06-29", "J-1")["J-1"] == "2026-06-26"
    unsnapped = only(scheduled("2026-06-29", step("post", "J-1", snap="none")))
    assert unsnapped.due == date(2026, 6, 28)
    assert codes(unsnapped) == []
    later = only(scheduled("2026-06-29", step("post", "J-9", snap="next")))
    assert later.due == date(2026, 6, 22)


def test_a_moved_date_and_a_bridge_day_are_said() -> None:
    one = only(scheduled("2026-05-26", step("s", "J-10")))
    assert codes(one) == ["I-SNAPPED", "I-BRIDGE-DAY"]


def test_a_pin_binds_the_others_never_itself() -> None:
    """Rules 20 and 36: a date set by hand bounds what comes before; its own date ignores it."""
    chain = (step("texts", None, 2), step("pages", "J-5", 2, ["texts"]))
    free = scheduled("2026-06-15", *chain)
    pinned = scheduled("2026-06-15", *chain, pins={"pages": date(2026, 6, 5)})
    assert pinned.steps[1].due == free.steps[1].due
    assert pinned.steps[0].due == date(2026, 6, 3)
    assert free.steps[0].due == date(2026, 6, 8)


def test_the_owner_s_site_decides_unless_the_step_names_a_calendar() -> None:
    alsace = Owner("anne", calendar="FR-57")
    monday = "2026-04-06"  # Easter Monday: J-3 is Good Friday
    assert only(scheduled(monday, step("s", "J-3"))).due == date(2026, 4, 3)
    there = only(scheduled(monday, step("s", "J-3"), owners={"s": alsace}))
    assert there.due == date(2026, 4, 2)
    named = only(scheduled(monday, step("s", "J-3", calendar="FR"), owners={"s": alsace}))
    assert named.due == date(2026, 4, 3)


def test_past_steps_are_findings_with_how_late_they_are() -> None:
    plan = scheduled("2026-06-15", step("s", "J-10"), today=date(2026, 6, 9))
    (past,) = [f for f in plan.steps[0].findings if f.code == "E-PAST"]
    assert past.message.values["n"] == 4
    assert "E-PAST" in codes(scheduled("2026-06-15", step("s", "J-1"), today=date(2026, 6, 16)))


def test_beyond_the_horizon_is_refused() -> None:
    with pytest.raises(HorizonExceeded):
        scheduled("2026-06-15", step("s", "J-1", 2000))
    with pytest.raises(HorizonExceeded):
        scheduled("1066-10-14", step("s", "J"))
    with pytest.raises(HorizonExceeded):
        scheduled("9999-12-31", step("s", "J+1"))


def test_a_milestone_without_a_place_is_left_out_and_said() -> None:
    words = Bilingual("x", "x")
    template = Template(
        id="t", version="1.0.0", title=words, steps=(step("go", "J", None, ["soft"]),),
        milestones=(Step(id="soft", kind="milestone", title=words, offset=From("when")),),
        parameters={"when": Parameter(name="when", title=words, kind="moment")},
    )  # fmt: skip
    plan = template.choose({})
    assert not plan.milestones
    assert [f.code for f in plan.findings] == ["E-PARAM-MISSING"]
    assert [m.id for m in template.choose({"when": "J-7"}).milestones] == ["soft"]


@pytest.mark.parametrize("snap", ["previous", "next", "none"])
def test_an_offset_beyond_the_horizon_is_refused_however_it_is_snapped(snap: str) -> None:
    """Rule 6: from three years before the launch to one year after it, not to the calendar's end."""
    with pytest.raises(HorizonExceeded, match="2028-05-25"):
        scheduled("2026-05-26", step("s", "J+730", snap=snap))
    with pytest.raises(HorizonExceeded):
        scheduled("2026-05-26", step("s", "J+366 à J+367", snap=snap))
    soft = Step(id="soft", kind="milestone", title=step("x").title, offset=date(2022, 1, 3))
    with pytest.raises(HorizonExceeded):
        scheduled("2026-05-26", step("s", "J-1"), milestones=[soft])
    assert only(scheduled("2026-05-26", step("s", "M+12", snap=snap))).raw == date(2027, 5, 26)
    assert only(scheduled("2028-02-29", step("s", "M+12", snap=snap))).raw == date(2029, 2, 28)


def counting_from(anchor: str, name: str = "after") -> Step:
    return replace(step(name), offset=Placed(anchor, Point(Unit.DAY, -3), "J-3"))


def test_what_counts_from_an_excluded_step_has_no_offset_and_says_so() -> None:
    template = Template(
        id="t", version="1.0.0", title=Bilingual("t", "t"),
        steps=(step("shooting", "J-20", when={"v": "a"}), counting_from("shooting"),
               counting_from("after", "later"), step("go", "J", None, ["after"])),
        parameters={"v": Parameter(name="v", title=Bilingual("v", "v"), one_of=("a", "b"))},
    )  # fmt: skip
    launch = date(2026, 5, 26)
    plan = schedule(template.choose({"v": "b"}), launch, calendars_for(launch))
    after, later, _ = plan.steps
    assert (after.raw, after.due) == (None, date(2026, 5, 22))
    assert codes(after) == codes(later) == ["E-DEP-UNKNOWN"]
    assert after.findings[0].message.values["anchor"] == Bilingual("shooting", "shooting")
    whole = schedule(template.choose({"v": "a"}), launch, calendars_for(launch))
    assert "E-DEP-UNKNOWN" not in {code for one in whole.steps for code in codes(one)}
    assert [(one.id, f.code) for one, f in lint(template, 2026)] == [
        ("after", "E-DEP-UNKNOWN"),
        ("later", "E-DEP-UNKNOWN"),
    ]


def test_what_counts_from_a_milestone_without_a_place_has_no_offset_and_says_so() -> None:
    words = Bilingual("x", "x")
    template = Template(
        id="t", version="1.0.0", title=words, steps=(counting_from("soft"),),
        milestones=(Step(id="soft", kind="milestone", title=words, offset=From("when")),),
        parameters={"when": Parameter(name="when", title=words, kind="moment")},
    )  # fmt: skip
    launch = date(2026, 5, 26)
    assert codes(only(schedule(template.choose({}), launch, calendars_for(launch)))) == [
        "E-DEP-UNKNOWN"
    ]
    placed = only(schedule(template.choose({"when": "J-7"}), launch, calendars_for(launch)))
    assert placed.raw == date(2026, 5, 16)
    assert not lint(template, 2026)  # the user will say where it is: nothing is wrong with the file


def test_what_counts_from_a_step_without_dates_of_its_own_has_none_either() -> None:
    plan = scheduled("2026-05-26", step("a"), counting_from("a"))
    assert [codes(one) for one in plan.steps] == [[], ["E-DEP-UNKNOWN"]]


@pytest.mark.parametrize("snap", [None, "none"])
def test_a_window_that_ends_before_it_begins_says_only_that(snap: str | None) -> None:
    one = only(scheduled("2026-05-26", step("s", "S-1 à M-1", snap=snap)))
    assert codes(one) == ["E-RANGE-ORDER"]
    assert one.start <= one.due


def test_a_window_until_j_ends_on_the_eve_because_j_is_the_start_of_the_day() -> None:
    """Rule 7: no contradiction, so no W-OFFSET-DEP; `template check` has nothing to say either."""
    one = only(scheduled("2026-05-26", step("s", "J-5 à J", 2)))
    assert (one.raw, one.start, one.due) == (
        date(2026, 5, 26),
        date(2026, 5, 21),
        date(2026, 5, 22),
    )
    assert codes(one) == []
    empty = only(scheduled("2026-05-26", step("s", "J-3 à J")))  # Saturday to Whit Monday
    assert (codes(empty), empty.due) == (["W-RANGE-EMPTY"], date(2026, 5, 22))
    window = plan_of(step("s", "J-8 à J", 2)).template
    assert [finding.code for _, finding in lint(window, 2026)] == []


def test_a_week_block_may_be_a_start() -> None:
    """Rule 9 with an anchor: the week's first worked day is the start, the work counts from there."""
    block = step("s", "S-1", 2, anchor="start")
    one = only(scheduled("2027-01-04", block, week_block=True))
    assert (one.start, one.due) == (date(2026, 12, 28), date(2026, 12, 29))


def test_the_check_of_a_template_looks_at_its_milestones_too() -> None:
    backwards = Step(
        id="m",
        kind="milestone",
        title=Bilingual("m", "m"),
        offset=parse("S-1 à M-1"),
        written="S-1 à M-1",
    )
    template = plan_of(step("go", "J"), milestones=[backwards]).template
    assert [(place.id, finding.code) for place, finding in lint(template, 2026)] == [
        ("m", "E-RANGE-ORDER")
    ]


def test_a_firm_s_week_may_have_another_shape() -> None:
    """Rule 2: the week pattern, in half-days; Wednesday and Saturday mornings only."""
    halves = frozenset({0, 1, 2, 3, 4, 6, 7, 8, 9, 10})
    rules = CalendarRules(week=halves)
    assert dues("2026-06-15", "J-2", "JO-1", rules=rules) == {
        "J-2": "2026-06-13",
        "JO-1": "2026-06-13",
    }
    two = only(scheduled("2026-06-15", step("s", "J-2", 1), rules=rules))
    assert two.start == date(2026, 6, 12)  # Saturday morning, and Friday afternoon
