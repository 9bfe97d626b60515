"""Killed at random while a site tells of everything twice: the site ends as after a quiet day."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.service.durable.engine import DurableEngine
from bridge.service.office import Office
from bridge.service.rounds import Rounds
from bridge.settings import Settings
from tests.service.duties import until
from tests.service.memory_engine import MemoryEngine
from tests.service.postgres import Postgres
from tests.service.site import (
    DEEDS,
    end_state,
    served,
    versions_without_change,
    workspace,
)

KILLS = int(os.environ.get("BRIDGE_CRASH_KILLS", "3"))
PATIENCE = 240.0  # seconds; the longest quiet time is twenty, and a machine may be busy


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that nobody else uses."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    running: Postgres = request.getfixturevalue("postgres")
    return running.database("killed-with-a-site")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(language="fr") as one:
        yield one


def quiet_day(folder: Path) -> list[Any]:
    """The same deeds, and rounds by one engine that nobody disturbs."""
    with Sandbox(language="fr") as box:
        ready = box.ready
        settings = Settings(ready["jira"], ready["confluence"], ready["email"], ready["token"])
        office, engine = Office(workspace(folder), settings), MemoryEngine()
        rounds = Rounds(office, engine)
        engine.duties = rounds.duties()
        for deed in DEEDS:
            deed(box.site.jira)
        done = True
        while done:
            rounds.tick("poll", office.desk().clock.now())
            done = bool(engine.run())
        assert not engine.kept
        return end_state(box)


def settled(box: Sandbox, engine: DurableEngine) -> bool:
    """Whether every delivery arrived and all work is done."""
    counts = engine.backlog().counts
    return not (box.webhooks.deliveries.waiting() or counts["waiting"] or counts["running"])


def test_the_site_ends_as_after_a_quiet_day(state: str, box: Sandbox, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311  # repeatable, not secret
    turns = sorted(chance.choices(range(len(DEEDS)), k=KILLS))
    with served(box, workspace(tmp_path / "shop"), state) as service:
        for turn, deed in enumerate(DEEDS):
            deed(box.site.jira)
            for _ in range(turns.count(turn)):
                time.sleep(chance.uniform(0.0, 4.0))
                service.end(signal.SIGKILL)
                service.start()
        engine = DurableEngine.look_into(state)
        assert engine is not None
        until(lambda: settled(box, engine), PATIENCE)
        assert engine.backlog().counts["failed"] == 0, engine.works("failed")
        engine.close()
    assert service.kills == KILLS + 1
    found, wanted = end_state(box), quiet_day(tmp_path / "quiet")
    assert [one for one in found if one not in wanted] == [
        one for one in wanted if one not in found
    ]
    assert found == wanted
    assert versions_without_change(box) == []
