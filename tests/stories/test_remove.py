"""Leaving: everything of the bridge's goes, nothing that people wrote does, and a second look finds nothing."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bridge.operations import remove as operation
from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.requests import TOO_MUCH, Office
from tests.stories.requests import office as opened

CAMILLE = "camille@boutique.example"
MARKER = re.compile(
    r'<p[^>]*>\s*<ac:structured-macro [^>]*ac:name="anchor"[^>]*>'
    r'<ac:parameter ac:name="">bridge\.boutique-fr\.[^<]*</ac:parameter></ac:structured-macro>\s*</p>'
)


@dataclass
class Published(Office):
    """An office whose month stands on a page."""

    page: str = ""


@pytest.fixture
def office(shop: Shop) -> Published:
    """A shop with a campaign, a request with approvals, and a published month with people's words."""
    one = opened(shop)
    one.submit(TOO_MUCH)
    page = shop.publish("2027-02")["page"]
    written = shop.page(page).replace("</h2>", " (et nos mots)</h2>", 1)
    shop.box.site.confluence.edit(page, written, by=CAMILLE)
    return Published(shop, one.tokens, one.today, page)


def left_on(shop: Shop) -> Mapping[str, Any]:
    """What is still the bridge's on any issue: its labels and its property."""
    jira = shop.box.site.jira
    found = {}
    for key, issue in shop.issues().items():
        labels = [label for label in issue.labels if label.startswith("bridge")]
        if labels or "bridge" in jira.properties_of(key):
            found[key] = (labels, jira.properties_of(key).get("bridge"))
    return found


def texts(shop: Shop) -> Mapping[str, Any]:
    """What people read on every issue, byte for byte."""
    jira = shop.box.site.jira
    return {
        key: (
            {field: value for field, value in issue.values.items() if field != "labels"},
            issue.status,
            sorted(jira.links_of(key)),
        )
        for key, issue in shop.issues().items()
    }


def leave(shop: Shop, *more: str) -> Any:
    result = shop.bridge("remove", "--yes", "--format", "json", *more, today=None)
    assert result.code == 0, result.err
    return result.json


@BOTH_FLAVOURS
def test_everything_of_the_bridge_goes_and_every_text_stays(office: Published) -> None:
    shop = office.shop
    page = office.page
    before, body, words = texts(shop), shop.page(page), [office.words(k) for k in shop.issues()]
    told = leave(shop)
    assert told["removed"]
    assert len(told["issues"]) == len(before) == 8
    assert left_on(shop) == {}
    assert texts(shop) == before
    assert [office.words(k) for k in shop.issues()] == words
    assert shop.page(page) == MARKER.sub("", body)
    assert "et nos mots" in shop.page(page)
    assert told["pages"] == [
        {"id": page, "title": told["pages"][0]["title"], "markers": 10, "memory": True}
    ]
    shop.box.forget_requests()
    again = leave(shop)
    assert (again["issues"], again["pages"], again["root"]) == ([], [], None)
    assert (again["files"], again["left"], again["removed"]) == ([], [], False)
    assert shop.written() == []


def test_a_look_shows_the_same_and_takes_nothing(office: Published) -> None:
    shop = office.shop
    before = left_on(shop)
    shop.box.forget_requests()
    told = leave(shop, "--dry-run")
    assert {one["key"] for one in told["issues"]} == set(before)
    assert not told["removed"]
    assert shop.written() == []
    asked = shop.bridge("remove", today=None)
    assert asked.code == 2
    assert "--yes" in asked.err
    assert left_on(shop) == before


@BOTH_FLAVOURS
def test_what_lost_its_labels_is_found_by_what_the_others_remember(office: Published) -> None:
    shop = office.shop
    for key in shop.issues():
        shop.box.site.jira.edit(key, by=CAMILLE, labels=["été"])
    assert len(leave(shop)["issues"]) == 8
    assert left_on(shop) == {}
    assert {tuple(i.labels) for i in shop.issues().values()} == {("été",)}


@BOTH_FLAVOURS
def test_killed_at_any_write_the_next_run_takes_the_rest(
    office: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for each write: the journal is away too, so that only the site itself leads to the rest."""
    from bridge.atlassian.transport import Transport  # noqa: PLC0415  # patched here only

    shop, original, count = office.shop, Transport._exchange, Counter[str]()

    class Killed(BaseException):
        """Ends a run the way kill -9 does."""

    def exchange(self: Transport, request: Any) -> Any:
        answer = original(self, request)
        if request.method in ("PUT", "DELETE"):
            count["writes"] += 1
            if count["writes"] % 3 == 0:
                raise Killed
        return answer

    def is_killed() -> bool:
        (shop.folder / ".bridge" / "journal.jsonl").unlink(missing_ok=True)
        with monkeypatch.context() as patch:
            patch.setattr(Transport, "_exchange", exchange)
            try:
                leave(shop)
            except Killed:
                return True
        return False

    runs = sum(1 for _ in iter(is_killed, False))
    assert 5 < runs < 30
    assert left_on(shop) == {}
    assert "bridge.boutique-fr" not in shop.page(office.page)
    assert leave(shop)["root"] is None


def test_what_is_another_workspace_s_stays(office: Published) -> None:
    """A shop whose name begins like ours, in the same projects; and a clone that could be either's."""
    shop, jira = office.shop, office.jira
    theirs = jira.create(
        "MKT", "Task", "À eux", by=CAMILLE, labels=["bridge", "bridge-c-boutique-fr-bis-noel"]
    )
    clone = jira.create("MKT", "Task", "À qui ?", by=CAMILLE, labels=["bridge", "bridge-d-it"])
    copied = jira.create(
        "MKT", "Task", "Copie", by=CAMILLE, labels=["bridge", "bridge-c-boutique-fr-noel-2027"]
    )
    jira.set_property(
        theirs.key, "bridge", {"format": 1, "workspace": "boutique-fr-bis", "campaign": "noel"}
    )
    told = leave(shop)
    assert set(left_on(shop)) == {theirs.key, clone.key}
    assert copied.key in {one["key"] for one in told["issues"]}
    assert [clone.key in said for said in told["left"]] == [True]


def test_an_issue_that_refuses_does_not_keep_the_others(office: Published) -> None:
    shop = office.shop
    keys = sorted(left_on(shop))
    shop.box.faults.answer(403, method="PUT", path=f"/issue/{keys[2]}")
    result = shop.bridge("remove", "--yes", today=None)
    assert result.code == 6
    assert keys[2] in result.err
    assert set(left_on(shop)) == {keys[2]}
    assert (shop.folder / ".bridge" / "journal.jsonl").exists()
    shop.box.faults.clear()
    leave(shop)
    assert left_on(shop) == {}


def test_with_all_the_journal_goes_too(office: Published) -> None:
    leave(office.shop, "--all")
    assert not (office.shop.folder / ".bridge").exists()


def test_a_store_elsewhere_is_named_and_left(office: Published) -> None:
    office.shop.patch.setenv("BRIDGE_STATE", "postgresql://bridge:hush@localhost/bridge")
    said = office.shop.bridge("remove", "--dry-run", today=None)
    assert "BRIDGE_STATE" in said.out
    assert "hush" not in said.out + said.err


def test_people_who_write_meanwhile_are_not_written_over(
    office: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = office.shop
    page = office.page
    look = operation.look

    def slow(*what: Any) -> Any:
        seen = look(*what)
        body = shop.page(page).replace("et nos mots", "et nos derniers mots")
        shop.box.site.confluence.edit(page, body, by=CAMILLE)
        return seen

    monkeypatch.setattr(operation, "look", slow)
    leave(shop)
    assert "et nos derniers mots" in shop.page(page)
    assert "bridge.boutique-fr" not in shop.page(page)
