"""What a publish tells and notes: dry runs in JSON, lost comments, the journal, lost answers, lateness."""

import json
from datetime import date

import pytest

from bridge.memory import digest
from bridge.monthpage import Action, view
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.workdays import CalendarRules
from tests.stories.conftest import Shop
from tests.stories.test_month import CALENDAR_ONLY, PEOPLE, add, the_17th_of_december

CONTRACT = ["month", "page", "url", "version", "written", "actions", "undated", "kept", "conflicts", "findings"]  # fmt: skip


def journal(shop: Shop) -> list[dict[str, str]]:
    file = shop.folder / ".bridge" / "journal.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def head(shop: Shop, page: str) -> str:
    return shop.page(page).partition("human.intentions.begin")[0]


@pytest.mark.parametrize("how", ["--dry-run", "observe"])
def test_a_look_tells_the_same_json_and_writes_nothing(shop: Shop, how: str) -> None:
    the_17th_of_december(shop)
    if how == "observe":
        shop.configure("lang: fr", "lang: fr\nmode: observe")
    more = [how] if how.startswith("--") else []
    shop.box.forget_requests()
    told = shop.publish("2026-12", *more, today="2026-12-01")
    assert list(told) == CONTRACT
    assert {key: told[key] for key in ("month", "page", "url", "version", "written", "actions")} == {
        "month": "2026-12", "page": None, "url": None, "version": None, "written": False, "actions": 5,
    }  # fmt: skip
    assert shop.written() == []
    assert not (shop.folder / ".bridge").exists()


def test_a_look_takes_the_same_path_as_a_publish(shop: Shop) -> None:
    """It says whether the page would change, and refuses what the publish would refuse."""
    first = shop.publish("2026-12", today="2026-12-01")
    shop.box.forget_requests()
    words = ["month", "publish", "2026-12", "--dry-run"]
    assert "says all this already" in shop.bridge(*words, today="2026-12-01").out
    the_17th_of_december(shop)
    result = shop.bridge(*words, today="2026-12-01")
    assert "would change" in result.out
    assert first["url"] in result.out
    told = shop.publish("2026-12", "--dry-run", today="2026-12-01")
    assert (told["page"], told["version"], told["written"]) == (first["page"], 1, False)
    assert shop.written() == []
    body = shop.page(first["page"]).replace("Aucune action", "Que du calme")
    shop.box.site.confluence.edit(first["page"], body, by=PEOPLE["Camille"])
    assert shop.bridge(*words, today="2026-12-01").code == 5


def test_every_page_write_leaves_a_line_of_digests(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    root, page = journal(shop)
    assert root["field"] == page["field"] == "body"
    assert (page["what"], page["name"], page["before"], page["cause"]) == ("page", first["page"], "", "month publish")  # fmt: skip
    before = shop.page(first["page"])
    the_17th_of_december(shop)
    shop.publish("2026-12", today="2026-12-01")
    shop.publish("2026-12", today="2026-12-01")  # nothing changed: no line
    *_, last = journal(shop)
    assert len(journal(shop)) == 3
    assert (last["name"], last["before"]) == (first["page"], digest(before))
    assert last["after"] not in ("", last["before"])
    assert "newsletter" not in (shop.folder / ".bridge" / "journal.jsonl").read_text("utf-8")


def test_a_refused_property_after_the_page_write_is_still_a_write(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    the_17th_of_december(shop)
    shop.box.faults.conflict(method="PUT", path="/properties/")
    told = shop.publish("2026-12", today="2026-12-01")
    assert (told["page"], told["version"], told["written"]) == (first["page"], 2, True)
    assert shop.publish("2026-12", today="2026-12-01")["written"] is False


@pytest.mark.parametrize(("method", "path"), [("POST", "/v2/pages"), ("PUT", "/v2/pages/")])
def test_a_write_whose_answer_was_lost_is_told_and_noted(
    shop: Shop, method: str, path: str
) -> None:
    if method == "PUT":
        shop.publish("2026-12", today="2026-12-01")
        the_17th_of_december(shop)
    else:
        shop.publish("2026-11", today="2026-12-01")  # the page above the months is there
    noted = len(journal(shop))
    shop.box.faults.lose_answer(method=method, path=path)
    told = shop.publish("2026-12", today="2026-12-01")
    assert (told["version"], told["written"]) == (2 if method == "PUT" else 1, True)
    assert [line["name"] for line in journal(shop)[noted:]] == [told["page"]]


def test_a_comment_on_words_in_bold_stays_and_a_lost_one_is_told(shop: Shop) -> None:
    the_17th_of_december(shop)
    gone = add(shop, "Réunion d’équipe & café", "Camille", "2026-12-18")
    first = shop.publish("2026-12", today="2026-12-17")
    wiki = shop.box.site.confluence
    wiki.comment_inline(
        first["page"], "Réunion d’équipe & café", "À quelle heure ?", by=PEOPLE["Camille"]
    )
    wiki.comment_inline(first["page"], "Nouvelle newsletter", "Oui !", by=PEOPLE["Camille"])
    assert shop.page(first["page"]).count("<ac:inline-comment-marker") == 2
    shop.box.site.jira.edit(gone, by=PEOPLE["Camille"], duedate="2027-02-18")
    told = shop.publish("2026-12", today="2026-12-17")
    lost = [f for f in told["findings"] if f["code"] == "W-COMMENT-LOST"]
    assert len(lost) == 1
    assert "Réunion d’équipe & café" in lost[0]["message"]
    kept = shop.page(first["page"])
    assert kept.count("<ac:inline-comment-marker") == 1
    assert "Nouvelle newsletter</ac:inline-comment-marker>" in kept


def test_a_lost_comment_is_said_on_the_terminal_before_and_when_it_happens(shop: Shop) -> None:
    action = add(shop, "Une seule fois", "Camille", "2026-12-18")
    first = shop.publish("2026-12", today="2026-12-01")
    shop.box.site.confluence.comment_inline(
        first["page"], "Une seule fois", "Vraiment ?", by=PEOPLE["Camille"]
    )
    shop.box.site.jira.edit(action, by=PEOPLE["Camille"], summary="Deux fois")
    for more in (["--dry-run"], []):
        said = shop.bridge("month", "publish", "2026-12", *more, today="2026-12-01").out
        assert "“Une seule fois”" in said
        assert "W-COMMENT-LOST" in said


@pytest.mark.parametrize("alone", [True, False])
def test_late_actions_of_earlier_months_are_shown_whoever_made_them(
    shop: Shop, *, alone: bool
) -> None:
    if alone:
        (shop.folder / "bridge.yaml").write_text(CALENDAR_ONLY, "utf-8")
    add(shop, "Oubliée de novembre", "Camille", "2026-11-20")
    done = add(shop, "Finie en novembre", "Camille", "2026-11-20")
    shop.box.site.jira.transition(done, "Done", by=PEOPLE["Camille"])
    add(shop, "Approbation", "Camille", "2026-11-20", labels=["bridge-approval"])
    shop.box.site.jira.create("IT", "Task", "Ticket IT", by=PEOPLE["Camille"], duedate="2026-11-20")
    told = shop.publish("2026-12", today="2026-12-17")
    late = head(shop, told["page"])
    assert "En retard" in late
    assert "Oubliée de novembre" in late
    assert not any(words in late for words in ("Finie", "Approbation", "Ticket IT"))
    assert told["actions"] == 0
    assert "Oubliée" not in head(shop, shop.publish("2027-01", today="2026-12-17")["page"])


def test_a_late_step_of_a_campaign_is_shown_once(shop: Shop) -> None:
    shop.create_json()
    told = shop.publish("2027-03", today="2027-03-01")
    assert head(shop, told["page"]).count("Monter la page") == 1


class Counted(Action):
    """An action that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return super().__eq__(other)

    __hash__ = Action.__hash__


def test_a_past_month_is_arranged_without_comparing_actions() -> None:
    month = date(2027, 1, 1)
    calendar = Calendars(CalendarRules(), date(2027, 1, 1), date(2028, 12, 31)).named()
    actions = [
        Counted(f"M-{n}", "t", date(2027, 1, 1 + n % 28), "", "late", order=("", n, n))
        for n in range(50)
    ]
    seen = view(month, actions, [], date(2027, 3, 1), calendar, {})
    assert len(seen.late) == len(seen.coming_actions) == 50
    assert Counted.compared == 0
    during = view(month, actions, [], date(2027, 1, 20), calendar, {})
    assert {a.day for a in during.past_actions if a.day} == {date(2027, 1, d) for d in range(1, 18)}
    assert len(during.past_actions) + len(during.coming_actions) == 50
    assert Counted.compared == 0


def test_only_the_months_themselves_are_gathered(shop: Shop) -> None:
    """A month that is not the current one shows its own late actions only."""
    add(shop, "Oubliée de novembre", "Camille", "2026-11-20")
    told = shop.publish("2026-11", today="2026-12-17")
    assert "Oubliée de novembre" in head(shop, told["page"])
