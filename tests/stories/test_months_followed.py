"""The pages of the months follow Jira: an edit, a closing, a deletion, a new name of the campaign."""

from datetime import date

import pytest

from bridge.errors import RegionEdited
from bridge.reactions.job import Job
from tests.stories.conftest import Shop
from tests.stories.rounds import Rounds
from tests.stories.test_month import PEOPLE, add, rows

VANESSA = PEOPLE["Vanessa"]


def pages(shop: Shop) -> dict[str, str]:
    """The published months, each with the rows of its table of actions as one text."""
    confluence = shop.box.site.confluence
    root = confluence.page_titled("Calendrier marketing")
    months = confluence.properties_of(root.id)["bridge-months-boutique-fr"]["months"]
    return {month: "\n".join(rows(shop.page(page))) for month, page in months.items()}


def test_an_edit_a_closing_and_a_deletion_are_on_the_page_after_one_round(shop: Shop) -> None:
    shop.create_json()
    rounds = Rounds(shop)
    jira, (brief, visuals) = shop.box.site.jira, map(shop.by_step_of, ("brief", "visuals"))
    jira.edit(brief, by=VANESSA, duedate="2027-01-21")
    rounds.once()
    # The present month and the next one, whose date it had: both are made, and no others.
    assert sorted(pages(shop)) == ["2027-01", "2027-02"]
    assert "Rédiger le brief" in pages(shop)["2027-01"]
    assert "Rédiger le brief" not in pages(shop)["2027-02"]
    jira.edit(brief, by=VANESSA, summary="Écrire le brief")
    jira.transition(visuals, "Done", by=VANESSA)
    rounds.once()
    assert "Écrire le brief" in pages(shop)["2027-01"]
    line = next(row for row in pages(shop)["2027-02"].split("\n") if "visuels" in row)
    assert "fait" in line
    jira.delete(brief, by=PEOPLE["Camille"])
    rounds.once()
    assert "Écrire le brief" not in pages(shop)["2027-01"]
    jira.edit(shop.by_step_of(""), by=VANESSA, summary="Noël au balcon")
    rounds.once()
    assert "Noël au balcon" in pages(shop)["2027-02"]
    assert rounds.settle() == []


def test_what_is_undated_or_late_is_on_the_page_of_today_and_no_old_page_is_made(
    shop: Shop,
) -> None:
    rounds = Rounds(shop)
    add(shop, "En retard", "Camille", "2026-11-13")
    add(shop, "Dans longtemps", "Camille", "2031-06-02")
    rounds.once()
    assert list(pages(shop)) == ["2027-01"]
    january = shop.publish("2027-01")
    assert "En retard" in shop.page(january["page"])
    assert not january["written"], "the round had written it all"
    shop.publish("2031-06")
    add(shop, "Plus tard", "Camille", "2031-06-03")
    rounds.once()
    assert "Plus tard" in pages(shop)["2031-06"], "a page that somebody asked for is followed"


def test_a_page_that_needs_a_person_stops_no_other_and_is_done_when_it_is_mended(
    shop: Shop,
) -> None:
    shop.publish("2027-01")
    page = shop.publish("2027-02")["page"]
    confluence = shop.box.site.confluence
    good = shop.page(page)
    confluence.edit(page, good.replace("Aucune action", "Que du calme"), by=VANESSA)
    rounds = Rounds(shop)
    key = add(shop, "Une action", "Camille", "2027-02-10")
    rounds.shop.box.site.jira.edit(key, by=VANESSA, duedate="2027-02-11")
    add(shop, "Une autre", "Camille", "2027-01-12")
    done = rounds.once()
    refused = done.refusals.pop(Job("month", "2027-02"))
    assert isinstance(refused, RegionEdited)
    assert done.refusals == {}
    assert "Une autre" in pages(shop)["2027-01"]
    confluence.edit(page, good, by=VANESSA)
    shop.box.site.jira.comment(key, "La page est réparée.", by=VANESSA)
    assert rounds.once().refusals == {}
    assert "Une action" in pages(shop)["2027-02"]


def test_observing_a_change_is_said_and_not_published(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.configure("lang: fr", "lang: fr\nmode: observe")
    rounds = Rounds(shop, date(2027, 1, 4))
    add(shop, "Une action", "Camille", "2027-01-12")
    assert rounds.once().writes == []
    assert "2027-01" in capsys.readouterr().err
