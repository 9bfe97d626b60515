"""`bridge sync --once`, as cron runs it: what people did since the last time is done, and said."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from bridge.bootstrap import SystemClock
from bridge.cli import sync
from bridge.errors import MemoryDamaged
from bridge.reactions.job import Job
from bridge.service.engine import Duties
from tests.service.memory_engine import MemoryEngine
from tests.stories.conftest import Shop

pytest.importorskip("dbos")
CAMILLE = "camille@boutique.example"


def test_a_round_from_cron(shop: Shop) -> None:
    shop.create_json()
    page = shop.publish("2027-02")["page"]
    shop.bridge("sync", "--once", "--today", "2027-01-04")
    shop.box.site.jira.edit(shop.by_step()["page"], by=CAMILLE, summary="Monter la belle page")

    first = shop.bridge("sync", "--once", "--today", "2027-01-04")
    assert (first.code, first.err) == (0, "")
    assert "Month 2027-02: looked at." in first.out.splitlines()
    assert "Monter la belle page" in shop.page(page)

    shop.bridge("sync", "--once", "--today", "2027-01-04")
    again = shop.bridge("sync", "--once", "--today", "2027-01-04", "--format", "json")
    assert again.json == {"done": [], "failed": []}

    # a person edits the machine's own part of the page: somebody has to look
    box = shop.box.site.confluence
    box.edit(page, box.body(page).replace("belle page", "plus belle page"), by=CAMILLE)
    refused = shop.bridge("sync", "--once", "--today", "2027-01-04")
    assert refused.code == 4
    assert "Failed: month 2027-02: RegionEdited" in refused.out
    assert "plus belle page" in shop.page(page)


def test_a_site_that_is_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.create_json()
    monkeypatch.setenv("BRIDGE_JIRA_URL", "http://127.0.0.1:9")
    away = shop.bridge("sync", "--once")
    assert away.code == 6
    assert "127.0.0.1:9" in away.err


def test_everything_wrong_with_the_configuration_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_STATE", "mysql://me:hunter2@db/bridge")
    monkeypatch.setenv("BRIDGE_WEBHOOK_SECRET", "short")
    monkeypatch.delenv("BRIDGE_TOKEN")
    wrong = shop.bridge("sync", "--once")
    assert wrong.code == 3
    assert all(
        name in wrong.err for name in ("BRIDGE_STATE", "BRIDGE_WEBHOOK_SECRET", "BRIDGE_TOKEN")
    )
    assert "hunter2" not in wrong.err + wrong.out


def test_what_was_found_is_done_also_where_the_look_ends_in_a_refusal() -> None:
    engine = MemoryEngine(Duties(look=lambda _: [], act=lambda _: None, tick=lambda *_: None))
    refusal, clock = MemoryDamaged("Calendrier"), SystemClock("Europe/Paris")

    def tick(_name: str, _at: datetime) -> None:
        engine.soon(Job("month", "2027-02"), 0, 0)
        raise refusal

    def settle(_patience: float) -> bool:
        return bool(engine.run())

    worker = SimpleNamespace(
        engine=SimpleNamespace(works=engine.works, settle=settle),
        rounds=SimpleNamespace(tick=tick),
        office=SimpleNamespace(desk=lambda: SimpleNamespace(clock=clock)),
    )
    assert sync._round(worker, sync.Round(), must_answer=True) is refusal  # type: ignore[arg-type]  # a fake
    assert engine.done == [Job("month", "2027-02")]


def test_a_refused_token_is_not_tried_every_minute(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.create_json()
    good = str(shop.box.ready["token"])
    monkeypatch.setenv("BRIDGE_TOKEN", "no-longer-good")
    assert shop.bridge("sync", "--once").code == 6
    shop.box.forget_requests()
    again = shop.bridge("sync", "--once")
    assert (again.code, list(shop.box.requests)) == (6, [])
    assert "left alone until" in again.err
    monkeypatch.setenv("BRIDGE_TOKEN", good)
    assert shop.bridge("sync", "--once").code == 0
