"""Invariants of the schedule over random plans, and growth."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.retroplan.calendars import Calendars
from bridge.retroplan.schedule import schedule
from bridge.retroplan.template import Need, Step
from bridge.retroplan.workdays import CalendarRules
from tests.making import plan_of, step

CALENDARS = Calendars(CalendarRules(), date(2022, 1, 1), date(2031, 12, 31))
WORK = CALENDARS.named()
LAUNCHES = st.dates(date(2026, 1, 1), date(2029, 12, 31))
OFFSETS = st.one_of(
    st.none(),
    st.builds("J-{}".format, st.integers(1, 120)),
    st.builds("JO-{}".format, st.integers(1, 80)),
    st.builds("S-{}".format, st.integers(1, 16)),
    st.builds("M-{}".format, st.sampled_from(["1", "1,5", "2", "2,5", "3"])),
    st.builds(lambda a, b: f"J-{a + b} à J-{a}", st.integers(1, 60), st.integers(0, 30)),
)


@st.composite
def plans(draw: st.DrawFn) -> list[Step]:
    """Steps whose needs point backwards only: any acyclic network comes up."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 9))):
        before = [s.id for s in steps]
        needs = draw(st.lists(st.sampled_from(before), max_size=3, unique=True)) if before else []
        lag = draw(st.sampled_from([0, 0, 0, 0.5, 1, 2]))
        days = draw(st.one_of(st.none(), st.sampled_from([0.5, 1, 1.5, 2, 3, 5])))
        steps.append(step(f"s{number}", draw(OFFSETS), days, [Need(n, lag) for n in needs]))
    return steps


@settings(max_examples=300, deadline=None)
@given(plans(), LAUNCHES)
def test_due_dates_are_working_days_and_order_is_never_broken(
    steps: list[Step], launch: date
) -> None:
    plan = schedule(plan_of(*steps), launch, CALENDARS)
    by_id = {s.step.id: s for s in plan.steps}
    for one in plan.steps:
        assert WORK.is_worked(one.due)
        assert one.start <= one.due < launch
        for need in one.step.needs:
            before = by_id[need.step]
            assert before.due <= one.due
            if one.duration_days is not None:
                # Work starts only after what it needs is finished, and after the lag.
                gap = WORK.count(before.finish + 1, one.begin - 1)
                assert before.finish < one.begin
                assert gap >= 2 * need.lag


@settings(max_examples=100, deadline=None)
@given(plans(), LAUNCHES)
def test_the_same_question_has_the_same_answer(steps: list[Step], launch: date) -> None:
    plan = plan_of(*steps)
    assert schedule(plan, launch, CALENDARS) == schedule(plan, launch, CALENDARS)


@settings(max_examples=200, deadline=None)
@given(LAUNCHES, st.integers(0, 200), st.integers(0, 200))
def test_snapping_never_turns_two_offsets_around(launch: date, far: int, near: int) -> None:
    if far < near:
        far, near = near, far
    pair = plan_of(step("far", f"J-{far + 1}"), step("near", f"J-{near + 1}"))
    plan = schedule(pair, launch, CALENDARS)
    assert plan.steps[0].due <= plan.steps[1].due


def test_rule_26_how_often_an_offset_contradicts_a_dependency() -> None:
    """J-10 to J-5 with a 3-day task: on 25 of the 757 worked launch dates of 2026 to 2028."""
    launches = [
        day
        for n in range((date(2028, 12, 31) - date(2026, 1, 1)).days + 1)
        if WORK.is_worked(day := date(2026, 1, 1) + timedelta(days=n))
    ]
    assert len(launches) == 757
    sometimes = plan_of(step("a", "J-10", 1), step("b", "J-5", 3, ["a"]))
    always = plan_of(step("a", "J-10", 1), step("b", "J-8", 3, ["a"]))

    def contradictions(plan: object) -> int:
        return sum(
            any(f.code == "W-OFFSET-DEP" for f in schedule(plan, day, CALENDARS).steps[0].findings)  # type: ignore[arg-type]  # a Retroplan
            for day in launches
        )

    assert contradictions(sometimes) == 25
    assert contradictions(always) == 757
