"""Messages: off by default, at most one for each channel and day, and no address in any log."""

import json
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import ChannelUnusable, Unreachable, Unusable
from bridge.language import language
from bridge.service.engine import StoreDown
from bridge.service.messages import channels
from bridge.service.messages.channels import Channel
from bridge.service.messages.morning import Post, Sent, alert, morning
from bridge.text import text
from bridge.workspace import Service
from tests.service.shop import BLOCKED, DONE, DayClock, MarksInMemory, Shop, memory

TEAM = Channel(frozenset({"team"}), "json://127.0.0.1/team")
VANESSA = Channel(frozenset({"vanessa"}), "json://127.0.0.1/vanessa")
BOTH = Channel(frozenset({"team", "vanessa", "camille"}), "json://127.0.0.1/both")
OPERATORS = Channel(frozenset({"operators"}), "json://127.0.0.1/operators")


def no_template(name: str) -> None:
    """The campaign's template is nowhere here: a status does without."""


class Postman:
    """Takes every message and notes it; ``is_away``: takes none."""

    def __init__(self) -> None:
        self.taken: list[tuple[Channel, str, str]] = []
        self.is_away = False

    def __call__(self, channel: Channel, title: str, body: str) -> bool:
        self.taken.append((channel, title, body))
        return not self.is_away

    def to(self, channel: Channel) -> list[str]:
        return [f"{title}\n{body}" for one, title, body in self.taken if one == channel]


class Office:
    """A shop that asks for both messages, and a campaign in it."""

    def __init__(self, service: Service | None = None) -> None:
        both = Service(morning=True, digest=True)
        self.shop = Shop(
            DayClock(datetime(2026, 11, 2, 8, 30, tzinfo=UTC)), more={"service": service or both}
        )
        self.postman, self.marks = Postman(), MarksInMemory()
        children = {"brief": "MKT-2", "page": "IT-3"}
        self.shop.put("MKT-1", "Noël 2026", date(2026, 12, 24), "vanessa", kind="epic",
                      labels=frozenset({"bridge", "bridge-c-boutique-fr-noel-2026"}),
                      memory=memory("", launch="2026-12-24", children=children, complete=True))  # fmt: skip
        for key, step, day, who in (("MKT-2", "brief", date(2026, 11, 9), "camille"), ("IT-3", "page", date(2026, 11, 25), "nadia")):  # fmt: skip
            self.shop.put(key, step.title(), day, who, parent="MKT-1", memory=memory(step),
                          labels=frozenset({"bridge", "bridge-c-boutique-fr-noel-2026"}))  # fmt: skip

    def morning(self, *to: Channel) -> Sent:
        post = Post(to or (TEAM, VANESSA, BOTH, OPERATORS), self.postman, self.marks)
        return morning(self.shop.desk(), no_template, post)


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_month_brings_each_channel_one_message_a_day_at_most(office: Office) -> None:
    """Every day of November, called three times, as when a tick is repeated or another worker wakes."""
    counted: Counter[tuple[str, date]] = Counter()
    while office.shop.clock.today() < date(2026, 12, 1):
        for _ in range(3):
            office.morning()
        for channel, *_ in office.postman.taken:
            counted[channel.address, office.shop.clock.today()] += 1
        office.postman.taken.clear()
        office.shop.clock.at += timedelta(days=1)
    assert set(counted.values()) == {1}
    days = {channel: sorted(day.day for address, day in counted if address == channel.address)
            for channel in (TEAM, VANESSA, BOTH, OPERATORS)}  # fmt: skip
    # The 9th is the brief's day, the 6th the working day before it; from the 10th on it is late.
    # No Saturday, no Sunday, and not the 11th of November.
    late = [10, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30]
    assert days[TEAM] == [6, 9, *late]
    assert days[VANESSA] == late
    assert days[BOTH] == [6, 9, *late]
    assert days[OPERATORS] == []


def test_who_gets_several_things_gets_them_in_one_message(office: Office) -> None:
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    assert office.morning(BOTH) == Sent(sent=1)
    (said,) = (one.replace("\u00a0", " ") for one in office.postman.to(BOTH))
    assert said.startswith(
        "La journée : mar. 10 nov. 2026\nEn retard\n- lun. 9 nov. 2026 : Brief (Camille)"
    )
    assert (
        "\n\nCampagnes à risque : mar. 10 nov. 2026\n\nNoël 2026\n- En retard : lun. 9 nov. 2026"
        in said
    )


def test_only_the_lead_of_a_campaign_reads_of_its_risks(office: Office) -> None:
    office.shop.tracker.change("IT-3", office.shop.tracker.account, status=BLOCKED)
    camille = Channel(frozenset({"camille"}), "json://127.0.0.1/camille")
    assert office.morning(camille, VANESSA) == Sent(sent=1)
    (said,) = office.postman.to(VANESSA)
    assert "Bloquée\u00a0: mer. 25 nov. 2026\u00a0: Page (Nadia)" in said


def test_a_campaign_whose_memory_was_damaged_keeps_no_other_from_being_told(office: Office) -> None:
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    office.shop.put(
        "MKT-9", "Abîmée", date(2026, 12, 24), "vanessa", kind="epic", memory={"format": 99}
    )
    assert office.morning(VANESSA) == Sent(sent=1)


@pytest.mark.parametrize("service", [Service(), Service(digest=True), Service(morning=True)])
def test_what_is_not_asked_for_is_not_sent(service: Service) -> None:
    office = Office(service)
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    office.morning(TEAM, VANESSA)
    assert len(office.postman.to(TEAM)) == service.morning
    assert len(office.postman.to(VANESSA)) == service.digest


def test_when_all_is_done_nobody_is_written_to(office: Office) -> None:
    for key in ("MKT-2", "IT-3"):
        office.shop.tracker.change(key, office.shop.tracker.account, status=DONE)
    office.shop.clock.at = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    assert office.morning() == Sent()
    assert office.postman.taken == []


def test_what_a_chat_does_not_take_is_lost_for_the_day_and_said_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    office.postman.is_away = True
    assert office.morning(TEAM) == Sent(failed=1)
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR] == [
        "messages were not taken"
    ]
    office.postman.is_away = False
    assert office.morning(TEAM) == Sent()
    office.shop.clock.at += timedelta(days=2)
    assert office.morning(TEAM) == Sent(sent=1)


def test_killed_after_the_mark_the_message_is_lost_and_never_doubled(office: Office) -> None:
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)

    def die(*_: object) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        morning(office.shop.desk(), no_template, Post([TEAM], die, office.marks))
    assert office.morning(TEAM) == Sent()


def test_without_jira_or_without_the_store_nothing_goes_out(office: Office) -> None:
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    office.shop.tracker.is_away = True
    with pytest.raises(Unreachable):
        office.morning()
    office.shop.tracker.is_away = False
    office.marks.is_down = True
    with pytest.raises(StoreDown):
        office.morning()
    assert office.postman.taken == []
    office.marks.is_down = False
    assert office.morning(TEAM) == Sent(sent=1)


def test_an_alert_goes_to_the_operators_once_a_day(office: Office) -> None:
    post = Post([TEAM, OPERATORS], office.postman, office.marks)
    for day in (1, 1, 2):
        alert(text("Late"), date(2026, 11, day), language("en"), post)
    assert office.postman.to(OPERATORS) == ["The bridge needs you\nLate"] * 2
    assert office.postman.to(TEAM) == []


# --- where messages go ---------------------------------------------------------------------------


def test_addresses_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    written = "# the team\njson://127.0.0.1/a\n\nvanessa, camille=json://127.0.0.1/b?x=1\noperators=json://127.0.0.1/a\n"
    file = tmp_path / "messages"
    file.write_text(written, "utf-8")
    by_text = channels.of_environment({"BRIDGE_MESSAGES": written})
    assert by_text == channels.of_environment({"BRIDGE_MESSAGES_FILE": str(file)})
    assert [(sorted(c.whom), c.address) for c in by_text] == [
        (["operators", "team"], "json://127.0.0.1/a"),
        (["camille", "vanessa"], "json://127.0.0.1/b?x=1"),
    ]
    assert "127.0.0.1" not in repr(by_text)
    assert channels.of_environment({}) == ()


@pytest.mark.parametrize(
    "line", ["team", "nosuch://geheim", "team=", "mailto://", "équipe=json://geheim"]
)
def test_what_is_no_address_is_refused_by_its_line_and_never_shown(line: str) -> None:
    with pytest.raises(ChannelUnusable) as refused:
        channels.of_environment({"BRIDGE_MESSAGES": f"json://127.0.0.1/x\n{line}"})
    assert refused.value.sentence.values == {"line": 2}
    assert "geheim" not in f"{refused.value}{refused.value.hint}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        channels.of_environment({"BRIDGE_MESSAGES_FILE": str(tmp_path / "none")})


class Chat:
    """A chat on this machine that keeps what it is sent; with ``status`` 500 it takes nothing."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.status = 200
        chat = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name that http.server calls
                chat.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(chat.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as it overrides
                """Keep quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"json://someone:geheim@127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    yield chat
    chat.server.shutdown()
    chat.server.server_close()


def test_a_message_really_arrives_and_no_log_holds_the_address(
    chat: Chat, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office.shop.clock.at = datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    (channel,) = channels.of_environment({"BRIDGE_MESSAGES": chat.address})
    post = Post([channel], channels.send, office.marks)
    assert morning(office.shop.desk(), no_template, post) == Sent(sent=1)
    (said,) = chat.taken
    assert said["title"] == "La journée\u00a0: mar. 10 nov. 2026"
    assert "Brief (Camille)" in said["message"]
    chat.status = 500
    other = Post([replace(channel, address=f"{chat.address}/2")], channels.send, office.marks)
    assert morning(office.shop.desk(), no_template, other) == Sent(failed=1)
    assert "geheim" not in caplog.text + repr(office.marks.kept)
