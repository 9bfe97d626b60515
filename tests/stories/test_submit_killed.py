"""A submission killed between any two requests: the next one completes it, nothing is doubled."""

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.killing import killed, shorten_looks
from tests.stories.requests import TOO_MUCH, Office
from tests.stories.requests import office as opened

pytestmark = [BOTH_FLAVOURS, pytest.mark.slow]


def state(office: Office) -> object:
    """What must always be the same at the end."""
    (key,) = office.of_kind("request")
    approvals = sorted(office.of_kind("approval"), key=lambda one: office.record(one)["role"])
    names = {key: "request", office.shop.by_step_of("page"): "page"}
    names |= {one: office.record(one)["role"] for one in approvals}

    def links(one: str) -> list[tuple[str, str]]:
        return sorted((phrase, names.get(other, "")) for phrase, other in office.jira.links_of(one))

    record = office.record(key)
    return {
        "record": {name: names[one] for name, one in record["approvals"].items()},
        "comments": len(office.jira.comments_of(key)),
        "comment": record["comment"] == str(office.jira.comments_of(key)[0].id),
        "labels": office.labels(key),
        **{names[one]: (links(one), office.assignee(one)) for one in (key, *approvals)},
    }


@pytest.mark.parametrize(
    "after", [False, True], ids=["before it leaves", "after the server worked"]
)
def test_killed_at_every_request_in_turn(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    shorten_looks(monkeypatch)
    office = opened(shop)
    shop.box.lag.requests = 25
    quiet = None
    # Data Center reads the store key by key: every fourth request walks through the same moments.
    every = 1 if shop.box.flavour == "cloud" else 4
    for number in range(1, 200, every):
        reached = killed(lambda: office.submit(TOO_MUCH), monkeypatch, number, after=after)
        done = office.submit(TOO_MUCH)
        assert done.standing == "needs_review"
        quiet = quiet or state(office)
        assert state(office) == quiet, f"killed at request {number}"
        if not reached:
            assert number > 15  # the walk went through the whole submission
            return
        wipe(office)
    pytest.fail("a submission never ended within two hundred requests")


def wipe(office: Office) -> None:
    """Begin again: no request, no journal of it (keys go on counting, as on a real site)."""
    for key in [*office.of_kind("request"), *office.of_kind("approval")]:
        office.jira.delete(key, by="bridge@boutique.example")
    for project in ("MKT", "IT"):  # as on every real site: long gaps between keys are not believed
        office.jira.create(project, "Task", "Autre ticket", by="bridge@boutique.example")
    office.jira.index.settle(
        everything=True
    )  # each attempt begins with an index that has caught up
    journal = office.shop.folder / ".bridge" / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    journal.write_text(
        "".join(one for one in lines if '"request/' not in one and '"approval/' not in one), "utf-8"
    )
