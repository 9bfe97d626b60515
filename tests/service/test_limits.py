"""The budget of calls: one for all workers of a store, and none where the store cannot count."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bridge.errors import ConfigurationError
from bridge.service import limits
from bridge.service.engine import StoreDown
from bridge.service.limits import Permits

RATE, EACH = 5, 6
WORKER = """
import sys
from bridge.service.limits import Permits
permits = Permits(sys.argv[1], int(sys.argv[2]), lambda _: None)
for _ in range(int(sys.argv[3])):
    permits.permit()
permits.close()
"""


def test_two_workers_share_one_budget(tmp_path: Path) -> None:
    """In no second are there more calls than the budget, whoever makes them."""
    url = f"sqlite:///{tmp_path / 'service.db'}"
    command = [sys.executable, "-c", WORKER, url, str(RATE), str(EACH)]
    workers = [subprocess.Popen(command) for _ in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    with closing(sqlite3.connect(f"{tmp_path / 'service.db'}.rate")) as counted:
        calls = [
            at for (at,) in counted.execute("select item_timestamp from atlassian_calls order by 1")
        ]
    assert len(calls) == 2 * EACH
    assert all(after - before >= 1000 for before, after in zip(calls, calls[RATE:], strict=False))


def test_waits_are_told(tmp_path: Path) -> None:
    waits: list[float] = []
    permits = Permits(f"sqlite:///{tmp_path / 'service.db'}", 100, waits.append)
    for _ in range(3):
        permits.permit()
    permits.close()
    assert len(waits) == 3
    assert min(waits) > 0


def test_where_no_file_can_be_the_store_is_down(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreDown):
        Permits(f"sqlite:///{tmp_path / 'file' / 'service.db'}", 2, lambda _: None)


def test_the_rate_is_a_whole_number_within_reason() -> None:
    assert limits.rate({}) == limits.USUAL
    assert limits.rate({"BRIDGE_RATE": " 25 "}) == 25
    for wrong in ("0", "-1", "ten", "1e3", "1001", "1.5", "²", "9" * 5000):
        with pytest.raises(ConfigurationError):
            limits.rate({"BRIDGE_RATE": wrong})
