"""The service's rounds, without any inbound port: what people do in Jira is seen, and done once."""

from collections.abc import Callable
from datetime import date

import pytest

from bridge.reactions.job import Job
from bridge.service import upkeep
from bridge.service.office import Limits, Office
from bridge.service.rounds import LAST, POLLED, Rounds
from bridge.settings import Settings
from tests.service.memory_engine import MemoryEngine
from tests.stories.conftest import BOTH_FLAVOURS, Shop

pytestmark = BOTH_FLAVOURS
CAMILLE = "camille@boutique.example"
Round = Callable[[], list[Job]]


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def office(shop: Shop) -> Office:
    return Office(shop.folder, Settings.of_environment(), today=date(2027, 1, 4))


@pytest.fixture
def round_(office: Office, engine: MemoryEngine) -> Round:
    """One look around, and everything it calls for."""
    rounds = Rounds(office, engine)
    engine.duties = rounds.duties()

    def once() -> list[Job]:
        rounds.tick("poll", office.desk().clock.now())
        done = engine.run()
        assert not engine.kept, engine.kept
        return done

    return once


def test_a_month_follows_what_people_do_in_jira(shop: Shop, round_: Round) -> None:
    shop.create_json()
    page = shop.publish("2027-02")["page"]
    round_()
    shop.box.forget_requests()
    assert round_() == []
    assert shop.written() == []

    jira = shop.box.site.jira
    jira.edit(shop.by_step()["page"], by=CAMILLE, summary="Monter la belle page")
    assert Job("month", "2027-02") in round_()
    assert "Monter la belle page" in shop.page(page)

    jira.delete(shop.by_step()["page"], by="jonathan@boutique.example")
    round_()
    assert "Monter la belle page" not in shop.page(page)


def test_a_month_follows_a_date_that_leaves_it(shop: Shop, round_: Round) -> None:
    shop.create_json()
    page = shop.publish("2027-02")["page"]
    round_()
    assert "Monter la page" in shop.page(page)
    shop.box.site.jira.edit(shop.by_step()["page"], by=CAMILLE, duedate="2027-03-05")
    round_()
    assert "Monter la page" not in shop.page(page)


def test_our_own_writes_come_back_and_plan_to_nothing(shop: Shop, round_: Round) -> None:
    shop.create_json()
    shop.publish("2027-02")
    round_()
    round_()
    shop.box.forget_requests()
    round_()
    assert shop.written() == []


def test_the_night_looks_at_everything_once(
    shop: Shop, office: Office, round_: Round, engine: MemoryEngine
) -> None:
    shop.create_json()
    page = shop.publish("2027-02")["page"]
    round_()
    shop.box.site.jira.edit(shop.by_step()["page"], by=CAMILLE, summary="Vue cette nuit")
    Rounds(office, engine).tick("poll", office.desk().clock.now())
    engine.hints.clear()  # what this look saw was lost
    assert round_() == []
    engine.marks.pop(LAST)
    done = round_()
    assert Job("month", "2027-02") in done
    assert "Vue cette nuit" in shop.page(page)
    assert set(engine.marks) >= {POLLED, LAST}


def test_a_broken_workspace_leaves_the_last_good_one_in_force(
    shop: Shop, office: Office, round_: Round
) -> None:
    shop.create_json()
    round_()
    shop.configure("lang: fr", "lang: [")
    round_()
    assert office.workspace.lang == "fr"


def test_in_observe_mode_nothing_is_written(shop: Shop, round_: Round) -> None:
    shop.create_json()
    page = shop.publish("2027-02")["page"]
    shop.configure("lang: fr", "lang: fr\nmode: observe")
    round_()
    shop.box.site.jira.edit(shop.by_step()["page"], by=CAMILLE, summary="Autrement")
    shop.box.forget_requests()
    round_()
    assert shop.written() == []
    assert "Autrement" not in shop.page(page)


def test_a_worker_that_may_not_write_any_more_writes_nothing(
    shop: Shop, engine: MemoryEngine
) -> None:
    shop.create_json()
    shop.publish("2027-02")

    class Lapsed(Exception):
        pass

    def refuse() -> None:
        raise Lapsed

    office = Office(
        shop.folder, Settings.of_environment(), Limits(before_write=refuse), today=date(2027, 1, 4)
    )
    shop.box.site.jira.edit(shop.by_step()["page"], by=CAMILLE, summary="Autrement")
    rounds = Rounds(office, engine)
    shop.box.forget_requests()
    with pytest.raises(Lapsed):
        rounds.act(Job("month", "2027-02"))
    assert shop.written() == []


def test_a_deputy_whose_time_ends_is_told_some_days_before(shop: Shop) -> None:
    shop.configure(
        "intentions:",
        "deputies: {it: {person: camille, from: 2027-01-01, to: 2027-01-11},\n"
        "           it-security: {person: camille, from: 2027-01-01, to: 2027-01-11}}\nintentions:",
    )
    office = Office(shop.folder, Settings.of_environment(), today=date(2027, 1, 4))
    found = upkeep.falling_due(office)
    assert [(one.kind, one.name) for one in found] == [("deputy", "it-security")]
    assert upkeep.told(found).values["first"] == "it-security"
