"""`bridge jobs` on a store that nobody works on at the moment."""

import json
import sqlite3
from pathlib import Path

import pytest

from bridge.cli.run import run
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.service.address import place_of, state_of
from bridge.service.durable.engine import DurableEngine

_WORKSPACE = """\
format: bridge/workspace/v1
id: boutique
lang: fr
jira:
  projects: {marketing: MKT, it: IT}
confluence: {space: MKT, parent: Calendrier}
timezone: Europe/Paris
calendar: {country: FR}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bridge.yaml").write_text(_WORKSPACE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIDGE_LANG", "en")
    monkeypatch.delenv("BRIDGE_STATE", raising=False)
    return tmp_path


@pytest.fixture
def stored(shop: Path) -> Path:
    """A hint that waits, a month that waits, and a hint that failed."""
    engine = DurableEngine.open(state_of(shop), "web")
    engine.soon(Job("month", "2026-11"), 600, 600)
    for name in ("waits", "failed"):
        engine.take(Hint(name, "jira:issue_updated", "MKT-7"))
    engine.close()
    with sqlite3.connect(shop / ".bridge" / "service.db") as store:
        store.execute("update workflow_status set status='ERROR' where workflow_uuid='wh-failed'")
    store.close()
    return shop


def _states(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    assert run(["jobs", "list", "--format", "json"]) == 0
    works = json.loads(capsys.readouterr().out)
    return {
        work["id"] if work["id"].startswith("wh-") else work["subject"]: work["state"]
        for work in works
    }


def test_where_the_service_never_ran_there_is_no_work_and_none_is_made(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["jobs", "list"]) == 0
    assert capsys.readouterr().out == "No work of that kind.\n"
    assert not (shop / ".bridge").exists()
    assert run(["jobs", "show", "wh-1"]) == 3


@pytest.mark.usefixtures("stored")
def test_work_is_listed_by_its_state_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["jobs", "list", "--state", "failed"]) == 0
    said = capsys.readouterr().out
    assert "wh-failed" in said
    assert "wh-waits" not in said
    assert "`bridge jobs retry ID`" in said
    assert run(["--lang", "fr", "jobs", "show", "wh-waits"]) == 0
    assert "en attente" in capsys.readouterr().out


@pytest.mark.usefixtures("stored")
def test_a_retry_is_shown_first_and_then_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["jobs", "retry", "wh-failed", "--dry-run"]) == 0
    assert "Would be done once more: 1" in capsys.readouterr().out
    assert _states(capsys)["wh-failed"] == "failed"
    assert run(["jobs", "retry", "wh-failed"]) == 0
    capsys.readouterr()
    assert _states(capsys)["wh-failed"] == "waiting"


@pytest.mark.usefixtures("stored")
def test_one_that_cannot_be_retried_keeps_all_as_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["jobs", "retry", "wh-failed", "wh-waits"]) == 3
    assert "wh-waits still waits" in capsys.readouterr().err
    assert run(["jobs", "retry", "wh-failed", "wh-nobody"]) == 3
    capsys.readouterr()
    assert _states(capsys)["wh-failed"] == "failed"


@pytest.mark.usefixtures("stored")
def test_work_is_given_up_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["jobs", "discard", "wh-failed", "wh-waits", "--dry-run"]) == 0
    capsys.readouterr()
    assert "discarded" not in _states(capsys).values()
    assert run(["jobs", "discard", "wh-failed", "wh-waits", "--yes"]) == 0
    capsys.readouterr()
    found = _states(capsys)
    assert found == {"wh-failed": "discarded", "wh-waits": "discarded", "month 2026-11": "waiting"}
    assert run(["jobs", "discard", "wh-failed"]) == 3


@pytest.mark.parametrize(
    "written",
    ["mysql://joe:secret@host/db", "postgresql://joe:secret@host", "sqlite://", "sqlite:///:memory:", "secret"],
)  # fmt: skip
@pytest.mark.usefixtures("shop")
def test_a_store_that_is_none_is_refused_without_showing_it(
    written: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BRIDGE_STATE", written)
    assert run(["jobs", "list"]) == 3
    said = capsys.readouterr()
    assert "BRIDGE_STATE" in said.err
    assert "secret" not in said.out + said.err


@pytest.mark.usefixtures("shop")
def test_a_store_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BRIDGE_STATE", "postgresql://joe:secret@127.0.0.1:1/db?connect_timeout=2")
    assert run(["jobs", "list"]) == 6
    said = capsys.readouterr()
    assert "127.0.0.1:1/db" in said.err
    assert "secret" not in said.out + said.err


def test_a_password_in_what_follows_the_address_is_not_shown() -> None:
    assert place_of("postgresql://joe@host/db?password=secret") == "host/db"
