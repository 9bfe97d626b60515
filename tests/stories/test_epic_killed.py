"""Killed while an epic becomes a campaign: the next run completes it, with one epic and one comment."""

import pytest

from bridge.atlassian.jira_datacenter import DataCenter
from bridge.atlassian.transport import Transport
from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.epics import Epic, prepare


class Killed(BaseException):
    """Ends a run the way kill -9 does: no handler of ours runs."""


@pytest.fixture(autouse=True)
def contracts() -> None:
    """Judge nothing: the same requests are judged in ``test_epic.py``."""


@pytest.fixture(autouse=True)
def unhurried(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(shop)
    # One thread: the n-th request is the same one in every run. Data Center reads fewer keys.
    monkeypatch.setattr("bridge.atlassian.transport.CONCURRENT", 1)
    monkeypatch.setattr("bridge.operations.locate.MARGIN", 2)
    monkeypatch.setattr("bridge.operations.writing.MARGIN", 2)
    monkeypatch.setattr(DataCenter, "scanned_at_once", 10)
    monkeypatch.setattr(DataCenter, "believed_gap", 10)


def killed(epic: Epic, number: int, *, after: bool) -> bool:
    """React, killed at the ``number``-th write, before it leaves or after the server worked."""
    original, count = Transport._exchange, 0

    def exchange(self: Transport, request: object) -> object:
        nonlocal count
        is_write = bool(getattr(request, "writes", ()))
        count += is_write
        if is_write and count == number and not after:
            raise Killed
        answer = original(self, request)  # type: ignore[arg-type]  # a Request
        if is_write and count == number:
            raise Killed
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transport, "_exchange", exchange)
        try:
            epic.react()
        except Killed:
            return True
    return False


EITHER = pytest.mark.parametrize(
    "after", [False, True], ids=["before it leaves", "after the server worked"]
)
FILLED = "plan_b: thé\n\nvalidator: crm\n\nOwner of legal: nadia"


@BOTH_FLAVOURS
@EITHER
def test_killed_at_every_write_of_a_creation(
    shop: Shop,
    after: bool,  # a parameter of the test
) -> None:
    jira = shop.box.site.jira
    for number in range(1, 40, 1 if shop.box.flavour == "cloud" else 4):
        epic = Epic(shop, "bridge-template-full", name=f"Noël {number}", description=FILLED)
        epic.react()
        epic.say("oui")
        shop.box.lag.requests = 25
        reached = killed(epic, number, after=after)
        epic.react()
        shop.box.lag.requests = 0
        assert "Et maintenant" in epic.comment, f"killed at write {number}"
        memory = jira.properties_of(epic.key)["bridge"]
        below = {issue.key for issue in jira.children(epic.key)}
        assert set(memory["children"].values()) == below == set(epic.children)
        assert (len(below), memory["complete"]) == (4, True)
        assert len(jira.links_of(memory["children"]["page"])) == 3
        assert {"bridge", f"bridge-c-boutique-fr-noel-{number}-2027"} <= set(
            jira.issue(epic.key).labels
        )
        assert epic.quiet()
        if not reached:
            assert number > 5
            return
        for key in list(shop.issues()):
            jira.delete(key, by="bridge@boutique.example")
    pytest.fail("a creation never ended within forty writes")


@EITHER
def test_killed_while_it_asks(
    shop: Shop,
    after: bool,  # a parameter of the test
) -> None:
    for number in (1, 2, 3):
        epic = Epic(shop, "bridge-template-full", name=f"Noël {number}")
        assert killed(epic, number, after=after) == (number < 3)
        epic.react()
        assert len(epic.lines) == 3
        assert "À remplir" in epic.comment
        assert epic.quiet()
