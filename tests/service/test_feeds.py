"""Feeds: calendars and lists at secret addresses, for people with a Jira account and without."""

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from bridge.agenda import Shown
from bridge.errors import UnknownName
from bridge.service.face.feedbook import FeedBook
from bridge.service.face.feeds import blueprint
from bridge.service.face.readings import FRESH, Readings
from tests.service.shop import CHANGED, DONE, MarksInMemory, Shop, memory

NOEL = date(2026, 12, 24)


class Stand:
    """A shop, its feeds, and whoever polls them."""

    def __init__(self) -> None:
        self.shop, self.marks, self.seconds = Shop(), MarksInMemory(), 0.0
        self.book = FeedBook(self.marks)
        readings = Readings(self.shop.desk, lambda: self.seconds)
        app = Flask(__name__)
        app.register_blueprint(blueprint(self.book, readings.render))
        self.client: FlaskClient = app.test_client()

    def add(self, alarm: time | None = None, label: str = "", **shown: str) -> str:
        """Make a feed; the address without its ending."""
        _, secret = self.book.add(Shown(**shown), date(2026, 12, 1), label=label, alarm=alarm)
        return f"/feeds/{secret}"

    def calendar(self, address: str) -> Any:
        return Calendar.from_ical(self.client.get(f"{address}.ics").data)

    def keys(self, address: str) -> list[str]:
        events = self.calendar(address).walk("VEVENT")
        return [str(event["uid"]).partition("@")[0] for event in events]


def events_of(body: bytes) -> Any:
    return Calendar.from_ical(body).walk("VEVENT")


@pytest.fixture
def stand() -> Stand:
    return Stand()


def fill(shop: Shop) -> None:
    shop.put(
        "MKT-1", "Noël 2026", NOEL, "vanessa", kind="epic", memory=memory("", launch="2026-12-24")
    )
    shop.put("MKT-2", "Créer les visuels, l’été ; 🎄" + " très long" * 15, date(2026, 12, 4), "vanessa",
             parent="MKT-1", labels=frozenset({"bridge", "bridge-d-design"}),
             memory=memory("visuals", external="studio-x"))  # fmt: skip
    shop.put("IT-3", "Monter la page", date(2026, 12, 10), "nadia", parent="MKT-1")
    shop.put("MKT-4", "Écrire la newsletter", date(2026, 12, 11), "camille", status=DONE)
    shop.put("MKT-5", "Sans date", None, "camille")
    shop.put("MKT-6", "Secret de la direction", date(2026, 12, 11), "camille", secured=True)


def test_everybody_gets_their_own_actions_and_an_outsider_those_done_with_them(
    stand: Stand,
) -> None:
    fill(stand.shop)
    assert stand.keys(stand.add()) == ["MKT-2", "IT-3", "MKT-4"]
    assert stand.keys(stand.add(person="nadia")) == ["IT-3"]
    assert stand.keys(stand.add(person="vanessa")) == ["MKT-2"]
    assert stand.keys(stand.add(person="studio-x")) == ["MKT-2"]
    assert stand.keys(stand.add(team="it")) == ["IT-3"]
    assert stand.keys(stand.add(team="design")) == ["MKT-2"]
    assert stand.keys(stand.add(team="marketing")) == ["MKT-4"]
    assert stand.keys(stand.add(person="gone-since")) == []


def test_an_event_lasts_its_due_day_and_says_who_what_and_where(stand: Stand) -> None:
    fill(stand.shop)
    stand.shop.tracker.change("IT-3", stand.shop.tracker.account, status=DONE)
    event, done, *_ = stand.calendar(stand.add()).walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 12, 4)
    assert event.decoded("dtend") == date(2026, 12, 5)
    assert event.decoded("dtstamp") == event.decoded("last-modified") == CHANGED
    assert str(event["uid"]) == "MKT-2@boutique-fr"
    assert str(event["summary"]).startswith("Créer les visuels, l’été ; 🎄 très long")
    assert "Responsable\u00a0: Vanessa avec Studio X\nCampagne\u00a0: Noël 2026\n" in str(
        event["description"]
    )
    assert event["url"] == stand.shop.tracker.url("MKT-2")
    assert event["status"] == "CONFIRMED"
    assert str(done["summary"]) == "✓ Monter la page"


def test_what_did_not_change_in_jira_is_told_in_the_same_bytes(stand: Stand) -> None:
    fill(stand.shop)
    address = f"{stand.add()}.ics"
    before = stand.client.get(address)
    stand.shop.clock.at += timedelta(days=1)
    stand.seconds += FRESH
    same = stand.client.get(address)
    assert (same.data, same.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert (
        stand.client.get(address, headers={"If-None-Match": same.headers["ETag"]}).status_code
        == 304
    )
    stand.shop.tracker.change("MKT-2", stand.shop.tracker.account, due=date(2026, 12, 7))
    stand.seconds += FRESH
    after = stand.client.get(address, headers={"If-None-Match": same.headers["ETag"]})
    assert after.status_code == 200
    was, now = (events_of(a.data)[0] for a in (before, after))
    assert now["uid"] == was["uid"]
    assert now["sequence"] > was["sequence"]
    assert now.decoded("dtstamp") > was.decoded("dtstamp")


def test_the_lines_are_as_rfc_5545_wants_them(stand: Stand) -> None:
    """Judged without the library that wrote them."""
    fill(stand.shop)
    body = stand.client.get(f"{stand.add(alarm=time(9))}.ics").data
    assert body.count(b"\n") == body.count(b"\r\n") == body.count(b"\r")
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    unfolded = body.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]
    assert all(re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:.*", line) for line in unfolded)
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in unfolded
    for name in ("VCALENDAR", "VEVENT", "VALARM"):
        assert unfolded.count(f"BEGIN:{name}") == unfolded.count(f"END:{name}") > 0
    assert any(r"visuels\, l’été \; 🎄" in line for line in unfolded)


def test_nothing_rings_unless_asked_and_never_for_what_is_done(stand: Stand) -> None:
    fill(stand.shop)
    assert b"VALARM" not in stand.client.get(f"{stand.add()}.ics").data
    calendar = stand.calendar(stand.add(alarm=time(8, 45)))
    rings = [alarm.decoded("trigger") for alarm in calendar.walk("VALARM")]
    assert rings == [timedelta(hours=8, minutes=45)] * 2


def test_a_revoked_address_and_one_that_never_was_are_the_same_nothing(stand: Stand) -> None:
    fill(stand.shop)
    address, other = stand.add(label="Studio X"), stand.add()
    feed = stand.book.all()[0]
    assert stand.client.get(f"{address}.csv").status_code == 200
    stand.book.revoke([stand.book.get(feed.id)])
    gone, never = (stand.client.get(f"{a}.ics") for a in (address, "/feeds/" + "x" * 43))
    assert gone.status_code == never.status_code == 404
    assert (gone.data, dict(gone.headers)) == (never.data, dict(never.headers))
    assert stand.client.get(f"{other}.ics").status_code == 200
    with pytest.raises(UnknownName):
        stand.book.get(feed.id)


def test_what_is_revoked_stays_so_whoever_writes_an_old_book_over_it(stand: Stand) -> None:
    address = stand.add()
    old = list(stand.marks.kept["feeds"])
    stand.book.revoke(stand.book.all())
    stand.marks.remember("feeds", old)  # somebody added a feed to the book as it was
    assert stand.client.get(f"{address}.ics").status_code == 404
    assert list(stand.book.all()) == []


def test_no_secret_is_kept_and_no_answer_travels_on(stand: Stand) -> None:
    address = stand.add()
    secret = address.rpartition("/")[2]
    assert secret not in repr(stand.marks.kept)
    assert stand.book.all()[0].id not in secret
    answer = stand.client.get(f"{address}.ics")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/feeds/.ics", "/feeds/abc.ics", "/feeds/" + "é" * 43 + ".ics",
                                  "/feeds/" + "a" * 5000 + ".csv", "/feeds/%00.ics", "/feeds/" + "a" * 43])  # fmt: skip
def test_a_guess_finds_nothing(stand: Stand, path: str) -> None:
    assert stand.client.get(path).status_code == 404


def test_jira_is_asked_once_in_some_minutes_however_many_calendars_poll(stand: Stand) -> None:
    fill(stand.shop)
    addresses = [stand.add(), stand.add(team="it"), stand.add(person="nadia")]
    for _ in range(20):
        for address in addresses:
            assert stand.client.get(f"{address}.ics").status_code == 200
    assert stand.shop.tracker.searches == 1
    stand.seconds += FRESH
    stand.client.get(f"{addresses[0]}.csv")
    assert stand.shop.tracker.searches == 2


def test_while_jira_is_away_what_was_read_last_is_told(stand: Stand) -> None:
    fill(stand.shop)
    address = stand.add()
    stand.shop.tracker.is_away = True
    answer = stand.client.get(f"{address}.ics")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    stand.shop.tracker.is_away = False
    stand.seconds += FRESH
    before = stand.client.get(f"{address}.ics").data
    stand.shop.tracker.is_away = True
    stand.seconds += 10 * FRESH
    assert stand.client.get(f"{address}.ics").data == before
    stand.marks.is_down = True
    assert stand.client.get(f"{address}.ics").status_code == 503


def test_a_spreadsheet_opens_the_list_and_runs_nothing_of_it(stand: Stand) -> None:
    fill(stand.shop)
    stand.shop.put("MKT-9", '=HYPERLINK("http://x")', date(2026, 12, 1), "camille")
    answer = stand.client.get(f"{stand.add(person='camille')}.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Échéance", "Quoi", "Responsable", "État", "Campagne", "Ticket", "Adresse"]
    assert rows[1][:2] == ["2026-12-01", '\'=HYPERLINK("http://x")']
    assert rows[2][3:6] == ["Terminé", "", "MKT-4"]


def test_a_feed_shows_three_months_of_the_past_and_a_year_and_a_half_ahead(stand: Stand) -> None:
    for number, day in enumerate((date(2026, 8, 1), date(2026, 9, 15), date(2028, 5, 1), date(2028, 8, 1)), 1):  # fmt: skip
        stand.shop.put(f"MKT-{number}", "x", day)
    assert stand.keys(stand.add()) == ["MKT-2", "MKT-3"]


def test_an_issue_of_which_jira_says_no_change_still_has_a_stamp(stand: Stand) -> None:
    stand.shop.put("MKT-1", "", date(2026, 12, 2), updated=None)
    (event,) = stand.calendar(stand.add()).walk("VEVENT")
    assert event.decoded("dtstamp") == datetime(2020, 1, 1, tzinfo=UTC)
    assert (event["sequence"], str(event["summary"])) == (0, "MKT-1")
