"""The workspace's journal and lock, on disk in ``.bridge/`` beside ``bridge.yaml``.

One line of JSON a record, appended and synced: a process killed at any moment leaves a readable
file. Writes are kept for twelve months; what says where a campaign stands is kept for good. Digests
stand for people and texts, so nothing personal is stored.

A last line without its end is a record whose writer died: nobody was told that it was written, and
nothing was done that waits for it. Any other line that cannot be read may hide an intent, and is a
refusal: the journal is all that stands between a lagging index and a second campaign.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bridge import disk
from bridge.errors import JournalDamaged, WorkspaceBusy
from bridge.ports import Clock
from bridge.text import text

FOLDER = ".bridge"
KEPT = timedelta(days=366)
KINDS = ("write", "intent", "epic")
_REMEDY = text(
    "The bridge keeps its lock and its journal there: it must be a folder it may write to."
)


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Hold the workspace's lock; raise WorkspaceBusy where another run holds it, or Unusable.

    The system releases it when the process ends, even by kill -9.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  # 40 ms, writing commands only

    state = _state(folder)
    lock = FileLock(state / "lock", timeout=0)
    with disk.usable(state / "lock", _REMEDY):
        try:
            lock.acquire()
        except Timeout:
            raise WorkspaceBusy from None
    try:
        yield
    finally:
        lock.release()


def recorded_epic(folder: Path, workspace: str, site: str, campaign: str) -> str | None:
    """Return the epic's key as last recorded, without the lock: for who only looks.

    What cannot be read is passed over: nothing is decided here. Raises Unusable.
    """
    file, found = folder / FOLDER / "journal.jsonl", None
    with disk.usable(file, _REMEDY):
        lines = file.read_bytes().splitlines() if file.exists() else []
    for line in lines:
        record = _record(line) or {}
        place = [record.get(name) for name in ("kind", "workspace", "site", "campaign")]
        if place == ["epic", workspace, site, campaign]:
            found = str(record["key"])
    return found


def recorded_epics(folder: Path, workspace: str, site: str) -> Mapping[str, str]:
    """Return the key of each campaign's epic (``request/...``: of a request), as last recorded.

    Without the lock, and what cannot be read is passed over, as above. Raises Unusable.
    """
    file, found = folder / FOLDER / "journal.jsonl", dict[str, str]()
    with disk.usable(file, _REMEDY):
        lines = file.read_bytes().splitlines() if file.exists() else []
    for record in filter(None, map(_record, lines)):
        if [record.get(name) for name in ("kind", "workspace", "site")] == [
            "epic",
            workspace,
            site,
        ]:
            found[str(record["campaign"])] = str(record["key"])
    return found


def kept(folder: Path, *, journal_too: bool) -> list[Path]:
    """Return what the bridge keeps on this machine for a workspace, the journal among it or not."""
    state = folder / FOLDER
    spared = () if journal_too else (".gitignore", "lock", "journal.jsonl")
    with disk.usable(state, _REMEDY):
        return sorted(one for one in state.glob("*") if one.name not in spared)


def forget(folder: Path, *, journal_too: bool) -> None:
    """Delete what :func:`kept` names, and with the journal the folder itself; raise Unusable."""
    with disk.usable(folder / FOLDER, _REMEDY):
        for one in kept(folder, journal_too=journal_too):
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one)
            else:
                one.unlink(missing_ok=True)
        if journal_too and (folder / FOLDER).is_dir():
            (folder / FOLDER).rmdir()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the journal: its number, its bytes, and its record, None where it is damaged."""

    number: int
    raw: bytes
    record: Mapping[str, Any] | None


class DiskJournal:
    """Implements :class:`bridge.ports.Journal` for one workspace and one site.

    Raises JournalDamaged where a line cannot be read, Unusable where the disk refuses.
    """

    def __init__(self, folder: Path, workspace: str, site: str, clock: Clock) -> None:
        self._file = _state(folder) / "journal.jsonl"
        self._workspace = workspace
        self._site = site
        self._clock = clock
        self._epics: dict[str, str] = {}
        self._intents: dict[str, Mapping[str, int]] = {}
        with disk.usable(self._file, _REMEDY):
            self._end_unfinished()
            lines = self._lines()
            damaged = [line.number for line in lines if line.record is None]
            if damaged:
                raise JournalDamaged(str(self._file), damaged)
            self._drop_old(lines)
        for line in lines:
            self._replay(line.record or {})

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
        line = json.dumps(stamped, ensure_ascii=False).encode(errors="backslashreplace")
        with disk.usable(self._file, _REMEDY):
            self._end_unfinished()  # of this very run, where the disk was full and is so no more
            is_new = not self._file.exists()
            with self._file.open("ab") as journal:
                journal.write(line + b"\n")
                journal.flush()
                if record["kind"] != "write":
                    os.fsync(journal.fileno())  # an intent must survive even a power cut
            if is_new:
                disk.sync_folder(self._file.parent)
        self._replay(stamped)

    def _replay(self, record: Mapping[str, Any]) -> None:
        if (record.get("workspace"), record.get("site")) != (self._workspace, self._site):
            return
        if record["kind"] == "intent":
            self._intents[record["campaign"]] = record["floors"]
        elif record["kind"] == "epic":
            self._epics[record["campaign"]] = record["key"]
            self._intents.pop(record["campaign"], None)

    def _end_unfinished(self) -> None:
        """End a last line that lacks its end: by its line feed if it is whole, else by taking it away."""
        if not self._file.exists():
            return
        with self._file.open("r+b") as journal:
            size = journal.seek(0, os.SEEK_END)
            if not size:
                return
            journal.seek(-1, os.SEEK_END)
            if journal.read() == b"\n":
                return
            journal.seek(0)
            whole, _, unfinished = journal.read().rpartition(b"\n")
            if _record(unfinished) is not None:
                journal.write(b"\n")
            else:
                journal.truncate(len(whole) + 1 if whole else 0)
            journal.flush()
            os.fsync(journal.fileno())

    def _lines(self) -> list[_Line]:
        if not self._file.exists():
            return []
        raw = self._file.read_bytes().split(b"\n")[:-1]
        return [_Line(n, line, _record(line)) for n, line in enumerate(raw, 1) if line.strip()]

    def _drop_old(self, lines: list[_Line]) -> None:
        """Rewrite the file without writes older than twelve months, atomically, where it has any."""
        oldest = self._clock.now() - KEPT
        kept = [line for line in lines if not _is_old_write(line.record or {}, oldest)]
        if len(kept) < len(lines):
            disk.replace(self._file, b"".join(line.raw + b"\n" for line in kept))


def _record(raw: bytes) -> Mapping[str, Any] | None:
    """Return the record that a line holds, None where the line is not one that the bridge writes."""
    try:
        record = json.loads(raw)  # detects the encoding; raises UnicodeDecodeError, a ValueError
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("kind") not in KINDS:
        return None
    needed = {"write": (), "intent": ("campaign",), "epic": ("campaign", "key")}[record["kind"]]
    if not all(isinstance(record.get(key), str) for key in ("workspace", "site", *needed)):
        return None
    return record if record["kind"] != "intent" or _are_floors(record.get("floors")) else None


def _are_floors(value: Any) -> bool:
    return isinstance(value, dict) and all(type(number) is int for number in value.values())


def _is_old_write(record: Mapping[str, Any], oldest: datetime) -> bool:
    """Tell whether a record is a write from before ``oldest``; without a time it is none."""
    try:
        at = datetime.fromisoformat(str(record.get("at")))
    except ValueError:
        return False
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return record["kind"] == "write" and at < oldest


def _state(folder: Path) -> Path:
    """Return the workspace's own folder, made if need be; raise Unusable."""
    state = folder / FOLDER
    ignore = state / ".gitignore"
    with disk.usable(state, _REMEDY):
        if not state.is_dir():
            state.mkdir()
            disk.sync_folder(folder)
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    return state
