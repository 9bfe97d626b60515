"""A budget of mails: writes that may bring mail wait for tomorrow when a day has had enough."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.prose import Prose
from bridge.service.engine import Again
from bridge.service.messages.mails import MailBudget, sparing
from bridge.tracker import Draft, Edit
from tests.service.shop import DayClock, MarksInMemory, Shop


def test_what_may_bring_mail_waits_for_tomorrow_and_what_is_quiet_goes_on() -> None:
    shop, marks, words = (
        Shop(DayClock(datetime(2026, 12, 1, 23, 0, tzinfo=UTC))),
        MarksInMemory(),
        (),
    )
    prose: Prose = words
    shop.put("MKT-1", "x", None)
    tracker = sparing(shop.tracker, MailBudget(marks, shop.clock, most=3))
    edit = Edit("MKT-1", {"summary": "y"}, {})
    tracker.edit(edit, quietly=False)
    written = tracker.comment("MKT-1", prose)
    tracker.relabel("MKT-1", ["a"], [], quietly=False)
    for loud in (
        lambda: tracker.edit(edit, quietly=False),
        lambda: tracker.comment("MKT-1", prose),
        lambda: tracker.recomment("MKT-1", written, prose),
        lambda: tracker.relabel("MKT-1", ["b"], [], quietly=False),
        lambda: tracker.add_to_description("MKT-1", prose, quietly=False),
    ):
        with pytest.raises(Again) as later:
            loud()
        assert later.value.seconds == 3660
    tracker.relabel("MKT-1", ["b"], [], quietly=True)
    assert tracker.read(["MKT-1"])["MKT-1"].labels == {"bridge", "a", "b"}
    assert len(tracker.comments("MKT-1")) == 1
    shop.clock.at += timedelta(seconds=3660)
    tracker.recomment("MKT-1", written, prose)


def test_new_issues_count_and_are_never_stopped() -> None:
    shop, marks = Shop(), MarksInMemory()
    tracker = sparing(shop.tracker, MailBudget(marks, shop.clock, most=2))
    drafts = [
        Draft(ref=f"s{n}", project="MKT", kind="task", fields={"summary": "x"}) for n in range(3)
    ]
    assert len(tracker.create(drafts).keys) == 3
    assert len(tracker.create(drafts).keys) == 3
    assert marks.kept["mails"] == {"day": "2026-12-01", "count": 6}
    with pytest.raises(Again):
        tracker.comment("MKT-1", ())


def test_two_workers_share_one_budget() -> None:
    shop, marks = Shop(), MarksInMemory()
    shop.put("MKT-1", "x", None)
    first, second = (sparing(shop.tracker, MailBudget(marks, shop.clock, most=2)) for _ in range(2))
    first.comment("MKT-1", ())
    second.comment("MKT-1", ())
    with pytest.raises(Again):
        first.comment("MKT-1", ())


def test_tomorrow_is_as_far_away_as_the_clocks_say_it_is() -> None:
    zone = ZoneInfo("Europe/Paris")
    for eve, hours in (
        (datetime(2027, 3, 28, tzinfo=zone), 23),
        (datetime(2027, 10, 31, tzinfo=zone), 25),
    ):
        budget = MailBudget(MarksInMemory(), DayClock(eve), most=0)
        with pytest.raises(Again) as later:
            budget.ask()
        assert later.value.seconds == hours * 3600 + 60
