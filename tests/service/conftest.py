"""Stores and engines for the service's tests: one of each per module, on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from dbos import _workflow_commands

from bridge.service.durable.attempt import Pace
from bridge.service.durable.engine import DurableEngine, Timing
from bridge.service.durable.presence import Pulse
from tests.service.duties import Noted
from tests.service.postgres import Postgres, server

QUICK = Timing(
    poll=0.03, pulse=Pulse(every=0.2, dead=2.0), pace=Pace(first=0.1, longest=0.4, tries=3)
)
_NUMBERS = itertools.count(1)
# None of them comes by itself while tests run, or nearly so.
TICKS = {"poll": "0 0 29 2 *", "nightly": "0 2 29 2 *"}


@pytest.fixture(scope="session", autouse=True)
def _often() -> Iterator[None]:
    """DBOS wakes put-off work once a second and has no setting for it; tests would wait for that alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_workflow_commands, "_BACKGROUND_JOBS_INTERVAL_SEC", 0.05, raising=False)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of our own."""
    with server() as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('store') / 'deep' / 'service.db'}"
    running: Postgres = request.getfixturevalue("postgres")
    return running.database(f"contract-{next(_NUMBERS)}")


@dataclass(frozen=True)
class Works:
    """An engine at work, and what it was asked to do."""

    engine: DurableEngine
    noted: Noted
    address: str


# Not for the session: DBOS's threads draw random numbers, and Hypothesis watches who does.
@pytest.fixture(scope="module")
def at_work(address: str) -> Iterator[Works]:
    engine, noted = DurableEngine.open(address, "tester", QUICK), Noted()
    engine.start(noted.duties, TICKS, "Europe/Paris")
    yield Works(engine, noted, address)
    engine.stop(0)
