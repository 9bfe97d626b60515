"""The workspace's journal and lock, on disk in ``.bridge/`` beside ``bridge.yaml``.

One line of JSON a record, appended and synced: a process killed at any moment leaves a readable
file. Kept for twelve months. Digests stand for people and texts, so nothing personal is stored.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bridge.errors import WorkspaceBusy
from bridge.ports import Clock

FOLDER = ".bridge"
KEPT = timedelta(days=366)


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Hold the workspace's lock; raise WorkspaceBusy where another run holds it.

    The system releases it when the process ends, even by kill -9.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  # 40 ms, writing commands only

    state = _state(folder)
    try:
        with FileLock(state / "lock", timeout=0):
            yield
    except Timeout:
        raise WorkspaceBusy from None


class DiskJournal:
    """Implements :class:`bridge.ports.Journal` for one workspace and one site."""

    def __init__(self, folder: Path, workspace: str, site: str, clock: Clock) -> None:
        self._file = _state(folder) / "journal.jsonl"
        self._workspace = workspace
        self._site = site
        self._clock = clock
        self._epics: dict[str, str] = {}
        self._intents: dict[str, Mapping[str, int]] = {}
        self._drop_old()
        for record in self._records():
            self._replay(record)

    def intend(self, campaign: str, floors: Mapping[str, int]) -> None:
        """Record, durably, that an epic is about to be created."""
        self._append({"kind": "intent", "campaign": campaign, "floors": dict(floors)})

    def epic(self, campaign: str, key: str) -> None:
        """Record the campaign's epic."""
        if self._epics.get(campaign) != key:
            self._append({"kind": "epic", "campaign": campaign, "key": key})

    def epic_of(self, campaign: str) -> str | None:
        """Return the epic's key as last recorded."""
        return self._epics.get(campaign)

    def intent_of(self, campaign: str) -> Mapping[str, int] | None:
        """Return the issue numbers noted with an intent that has no result yet."""
        return self._intents.get(campaign)

    def wrote(self, what: str, name: str, field: str, before: str, after: str, cause: str) -> None:
        """Record one write."""
        self._append(
            {
                "kind": "write",
                "what": what,
                "name": name,
                "field": field,
                "before": before,
                "after": after,
                "cause": cause,
            }
        )

    def _append(self, record: Mapping[str, Any]) -> None:
        stamped = {
            "at": self._clock.now().isoformat(timespec="seconds"),
            "workspace": self._workspace,
            "site": self._site,
            **record,
        }
        line = json.dumps(stamped, ensure_ascii=False)
        with self._file.open("a", encoding="utf-8") as journal:
            journal.write(f"{line}\n")
            journal.flush()
            if record["kind"] != "write":
                os.fsync(journal.fileno())  # an intent must survive even a power cut
        self._replay(stamped)

    def _replay(self, record: Mapping[str, Any]) -> None:
        if (record.get("workspace"), record.get("site")) != (self._workspace, self._site):
            return
        campaign = str(record.get("campaign"))
        if record.get("kind") == "intent":
            self._intents[campaign] = record["floors"]
        elif record.get("kind") == "epic":
            self._epics[campaign] = record["key"]
            self._intents.pop(campaign, None)

    def _records(self) -> Iterator[Mapping[str, Any]]:
        if not self._file.exists():
            return
        for line in self._file.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue  # the last line of a run that was killed while writing it: it never counted
            if isinstance(record, dict):
                yield record

    def _drop_old(self) -> None:
        """Rewrite the file without records older than twelve months, atomically, where it has any."""
        oldest = self._clock.now() - KEPT
        records = list(self._records())
        young = [r for r in records if _time_of(r, oldest) >= oldest or r.get("kind") == "epic"]
        if len(young) < len(records):
            fresh = self._file.with_suffix(".new")
            fresh.write_text(
                "".join(f"{json.dumps(r, ensure_ascii=False)}\n" for r in young), "utf-8"
            )
            fresh.replace(self._file)


def _time_of(record: Mapping[str, Any], unknown: datetime) -> datetime:
    try:
        return datetime.fromisoformat(str(record["at"]))
    except (KeyError, ValueError):
        return unknown


def _state(folder: Path) -> Path:
    state = folder / FOLDER
    state.mkdir(exist_ok=True)
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return state
