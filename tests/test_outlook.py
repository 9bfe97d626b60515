"""What is ahead of a campaign, from issues as the tracker shows them: whose time, how much is left, in what order."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bridge.memory import Memory, mark
from bridge.outlook import Member, Outlook, outlook
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.template import Need, Step, Template
from bridge.retroplan.workdays import Span
from bridge.team import Person, Team
from bridge.text import Bilingual
from bridge.tracker import Account, Issue, Status
from bridge.workspace import Workspace
from tests.making import step

LAUNCH, TODAY = date(2026, 6, 19), date(2026, 6, 1)
OPEN, DOING, DONE = Status("À faire", "todo"), Status("En cours", "doing"), Status("Fini", "done")
AWAY = (Span(date(2026, 6, 8), date(2026, 6, 12)),)
CAMILLE = Person(id="camille", name="Camille", account="c1", away=AWAY)
WORKSPACE = Workspace(
    id="w", projects={"marketing": "MKT"}, space="S", parent="P", team=Team({"camille": CAMILLE})
)


def template(*steps: Step, **more: Any) -> Template:
    return Template(id="t", version="1.0.0", title=Bilingual("t", "t"), steps=steps, **more)


def member(
    number: int,
    name: str,
    due: str | None = "2026-06-15",
    *,
    needs: Iterable[int] = (),
    status: Status = OPEN,
    who: str = "",
    meant: str | None = None,
    title: str | None = None,
    **shown: Any,
) -> Member:
    """The issue of a step, needing the issues with these numbers, all of them open."""
    issue = Issue(
        id=str(number),
        key=f"MKT-{number}",
        project="MKT",
        due=date.fromisoformat(due) if due else None,
        status=status,
        assignee=Account(who, who) if who else None,
        blockers=frozenset((f"MKT-{other}", OPEN) for other in needs),
        **shown,
    )
    marks: dict[Any, str] = {"due": meant or due or "", "summary": mark("summary", title or name)}
    memory = Memory(
        workspace="w", campaign="c", step=name, template="t", version="1.0.0", meant=marks
    )
    return Member(issue, memory)


def ahead(
    members: list[Member], plan: Template | None, launch: date | None = LAUNCH, today: date = TODAY
) -> Outlook:
    calendars = Calendars(WORKSPACE.calendar, date(2026, 1, 1), date(2027, 12, 31))
    return outlook(members, plan, WORKSPACE, calendars, launch, today)


def codes(found: Outlook) -> list[str]:
    return [finding.code for _, finding in found.findings]


def test_an_assignee_who_is_away_takes_longer() -> None:
    plan = template(step("a", "J-4", 6))
    here, away = (ahead([member(1, "a", who=who)], plan) for who in ("somebody", "c1"))
    assert here.earliest_launch == date(2026, 6, 9)
    assert away.earliest_launch == date(2026, 6, 16)
    assert away.float_days["MKT-1"] == here.float_days["MKT-1"] - 5


def test_of_what_has_begun_the_days_since_its_start_are_done() -> None:
    plan = template(step("a", "J-4", 6))
    start = date(2026, 5, 27)  # three worked days before Monday 1 June
    begun = ahead([member(1, "a", status=DOING, start=start)], plan)
    assert begun.earliest_launch == date(2026, 6, 4)
    long_ago = ahead([member(1, "a", status=DOING, start=date(2026, 4, 1))], plan)
    assert long_ago.earliest_launch == date(2026, 6, 2)  # it is not finished: half a day at least


def test_the_order_is_that_of_the_links_in_the_tracker_with_the_template_s_lags() -> None:
    plan = template(step("a", "J-9", 1), step("b", "J-4", 1, [Need("a", 2)]))
    linked = ahead([member(1, "a"), member(2, "b", needs=[1])], plan)
    assert linked.earliest_launch == date(2026, 6, 5)
    assert linked.critical == ("MKT-1", "MKT-2")
    unlinked = ahead([member(1, "a"), member(2, "b")], plan)
    assert unlinked.earliest_launch == date(2026, 6, 2)


def test_a_due_date_that_a_person_moved_past_the_launch_hides_no_work() -> None:
    plan = template(step("a", "J-4", 2))
    found = ahead([member(1, "a", "2026-07-15", meant="2026-06-15")], plan)
    assert "MKT-1" in found.float_days


def test_the_launch_and_what_comes_after_it_threaten_nothing() -> None:
    plan = template(step("go", "J"), step("follow", "J+10", 30))
    found = ahead([member(1, "go", "2026-06-19"), member(2, "follow", "2026-06-29")], plan)
    assert (found.float_days, found.critical) == ({}, ())
    assert found.earliest_launch == TODAY


def test_a_window_takes_its_days_and_a_mere_date_none() -> None:
    plan = template(step("w", "J-8 à J-4"), step("d", "J-4"))
    window = member(1, "w", start=date(2026, 6, 11))
    found = ahead([window, member(2, "d", start=date(2026, 6, 1))], plan)
    assert found.float_days == {"MKT-1": 11, "MKT-2": 14}


def test_the_variant_is_told_by_the_title() -> None:
    small = step("a", "J-4", 1)
    large = Step(id="a", title=Bilingual("grand", "big"), offset=small.offset, request="form")
    assert ahead([member(1, "a")], template(small, large)).requests == {}
    assert ahead([member(1, "a", title="grand")], template(small, large)).requests == {"a": "form"}


def test_without_a_template_the_dates_are_the_durations() -> None:
    found = ahead([member(1, "a", "2026-06-15", start=date(2026, 6, 9))], None)
    assert codes(found) == ["W-TEMPLATE-GONE"]
    assert found.earliest_launch == date(2026, 6, 8)  # five days of work


def test_what_cannot_be_computed_is_said_and_left_empty() -> None:
    plan = template(step("a", "J-4", 1), step("b", "J-4", 1))
    circle = ahead([member(1, "a", needs=[2]), member(2, "b", needs=[1])], plan)
    assert (codes(circle), circle.earliest_launch, circle.critical) == (["E-CYCLE"], None, ())
    endless = ahead([member(1, "a")], template(step("a", "J-4", 600)))
    assert (codes(endless), endless.earliest_launch) == (["E-HORIZON"], None)
    assert ahead([member(1, "a")], plan, launch=None).earliest_launch is None
