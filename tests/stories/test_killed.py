"""Killed between any two requests, under a lagging index: the next run completes, nothing is doubled."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.killing import killed, shorten_looks

pytestmark = BOTH_FLAVOURS


def state(shop: Shop) -> object:
    """The final state that must always be the same: issues, dates, owners, links, memory."""
    jira = shop.box.site.jira
    steps = shop.by_step()
    names = {key: step for step, key in steps.items()}
    epic = jira.properties_of(steps[""])["bridge"]
    return {
        "issues": len(shop.issues()),
        "complete": (
            epic["complete"],
            {step: names[key] for step, key in epic["children"].items()},
        ),
        **{
            step: (
                jira.issue(key).summary,
                jira.issue(key).duedate,
                jira.issue(key).assignee,
                sorted((words, names[other]) for words, other in jira.links_of(key)),
                sorted(jira.issue(key).labels),
            )
            for step, key in steps.items()
        },
    }


@pytest.mark.parametrize(
    "after", [False, True], ids=["before it leaves", "after the server worked"]
)
def test_killed_at_every_request_in_turn(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,  # a parameter of the test
) -> None:
    shop.box.lag.requests = 25
    shorten_looks(monkeypatch)
    somebody_s_issue(shop)
    quiet = None
    for number in range(1, 100):
        reached = killed(lambda: created(shop), monkeypatch, number, after=after)
        created(shop)
        if quiet is None:
            quiet = state(shop)
        assert state(shop) == quiet, f"killed at request {number}"
        if not reached:
            assert number > 20  # the walk went through the whole creation
            return
        wipe(shop)
    pytest.fail("a creation never ended within a hundred requests")


def created(shop: Shop) -> None:
    result = shop.create()
    assert result.code == 0, result.err


def somebody_s_issue(shop: Shop) -> None:
    """Let each project have one other issue, as every real one has."""
    for project in ("MKT", "IT"):
        shop.box.site.jira.create(project, "Task", "Autre ticket", by="bridge@boutique.example")


def wipe(shop: Shop) -> None:
    """Begin again: no campaign, no journal (keys go on counting, as on a real site)."""
    for key in list(shop.issues()):
        shop.box.site.jira.delete(key, by="bridge@boutique.example")
    somebody_s_issue(shop)
    (shop.folder / ".bridge" / "journal.jsonl").unlink()


# --- whole processes -----------------------------------------------------------------------------


def start(folder: Path, *more: str) -> subprocess.Popen[bytes]:
    """Start a creation as its own process, with a time-out of its own should it hang."""
    command = [sys.executable, "-m", "bridge", "-w", str(folder), "campaign", "create", "small", "--name", "Noël",
               "--launch", "2027-02-26", "--today", "2027-01-04", *more]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_kill_9_at_random_moments(shop: Shop) -> None:
    """Real processes, really killed; the last run is left alone."""
    shop.box.lag.requests = 25
    shop.box.faults.latency = 0.03
    for pause in (0.5, 0.7, 0.8, 0.9, 1.0, 1.1):
        process = start(shop.folder)
        time.sleep(pause)
        process.kill()
        process.wait(30)
    shop.box.faults.latency = 0.0
    assert start(shop.folder).wait(60) == 0
    steps = shop.by_step()
    assert len(steps) == len(shop.issues()) == 5
    assert len(shop.box.site.jira.links_of(steps["page"])) == 3
    shop.box.forget_requests()
    assert start(shop.folder).wait(60) == 0
    assert shop.written() == []


@pytest.mark.slow
def test_two_machines_at_once_never_make_two_silent_campaigns(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two machines, two journals, one campaign: one wins, or both are told; nothing is deleted."""
    other = tmp_path_factory.mktemp("other") / "shop"
    shutil.copytree(shop.folder, other)
    shop.box.lag.requests = 1000
    shop.box.faults.latency = 0.05
    ends = [process.wait(60) for process in (start(shop.folder), start(other))]
    epics = [
        key
        for key in shop.issues("MKT")
        if shop.box.site.jira.properties_of(key)["bridge"]["step"] == ""
    ]
    if len(epics) == 1:
        assert set(ends) == {0}
    else:
        assert 4 in ends
        again = [start(folder).wait(60) for folder in (shop.folder, other)]
        assert 4 in again
    children = [
        shop.box.site.jira.properties_of(key)["bridge"]["step"]
        for key in shop.issues()
        if key not in epics
    ]
    assert sorted(children) in ([], ["brief", "go", "page", "visuals"])
