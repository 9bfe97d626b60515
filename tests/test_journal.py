"""The journal survives kills, full disks and damage: an intent is never lost in silence."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bridge import disk
from bridge.errors import JournalDamaged, Unusable, WorkspaceBusy
from bridge.journal import DiskJournal, one_writer

NOW = datetime(2027, 1, 4, 8, 30, tzinfo=UTC)
INTENT = {
    "at": "2027-01-04T08:30:00+00:00",
    "workspace": "w",
    "site": "s",
    "kind": "intent",
    "campaign": "noel",
    "floors": {"MKT": 7},
}


class Fixed:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return NOW.date()

    def sleep(self, seconds: float) -> None:
        raise AssertionError("a journal never waits")


def opened(folder: Path) -> DiskJournal:
    return DiskJournal(folder, "w", "s", Fixed())


def file_in(folder: Path) -> Path:
    return folder / ".bridge" / "journal.jsonl"


def put(folder: Path, content: bytes) -> Path:
    file = file_in(folder)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


def line(**changes: object) -> bytes:
    record = {key: value for key, value in (INTENT | changes).items() if value is not None}
    return json.dumps(record).encode() + b"\n"


def test_what_is_recorded_is_known_to_the_next_run(tmp_path: Path) -> None:
    opened(tmp_path).intend("noel", {"MKT": 7})
    assert opened(tmp_path).intent_of("noel") == {"MKT": 7}
    opened(tmp_path).epic("noel", "MKT-8")
    after = opened(tmp_path)
    assert (after.intent_of("noel"), after.epic_of("noel")) == (None, "MKT-8")


@pytest.mark.parametrize("cut", range(1, len(line())))
def test_a_record_cut_off_at_any_byte_never_swallows_the_next_one(tmp_path: Path, cut: int) -> None:
    put(tmp_path, line(campaign="before") + line(campaign="torn")[:cut])
    opened(tmp_path).intend("noel", {"MKT": 9})
    again = opened(tmp_path)
    assert again.intent_of("before") == {"MKT": 7}
    assert again.intent_of("noel") == {"MKT": 9}


def test_a_last_record_that_lacks_only_its_line_feed_counts(tmp_path: Path) -> None:
    put(tmp_path, line()[:-1])
    assert opened(tmp_path).intent_of("noel") == {"MKT": 7}
    assert file_in(tmp_path).read_bytes() == line()


def test_a_disk_full_in_mid_record_is_said_and_the_same_run_can_go_on(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    put(tmp_path, b'{"at": "2027')  # what a full disk left of a record
    journal.intend("noel", {"MKT": 7})
    assert opened(tmp_path).intent_of("noel") == {"MKT": 7}


@pytest.mark.parametrize(
    "damaged",
    [
        line()[:-20]
        + line(),  # a cut record with the next one behind it, as older versions left it
        b"\xff\xfe\n",
        b"\0\0\0\0\n",
        line(floors=None),
        line(floors={"MKT": "7"}),
        line(campaign=None),
        line(site=None),
        line(kind=None),
        line(kind="intnt"),
        line(kind="epic", key=None),
        b"[]\n",
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_damaged_line_is_refused_with_its_number_never_read_as_nothing(
    tmp_path: Path, damaged: bytes
) -> None:
    file = put(tmp_path, line(campaign="before") + damaged + line(campaign="after"))
    content = file.read_bytes()
    with pytest.raises(JournalDamaged) as refused:
        opened(tmp_path)
    assert [str(problem.place) for problem in refused.value.problems] == [f"{file}:2:1"]
    assert file.read_bytes() == content


def test_a_line_separator_in_a_name_parts_no_record(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.wrote("issue", "MKT-1", "summary", "a\u2028b\x85c\udc80", "", "test")
    journal.intend("noel", {"MKT": 7})
    assert opened(tmp_path).intent_of("noel") == {"MKT": 7}


def test_a_time_without_zone_or_none_at_all_harms_nothing(tmp_path: Path) -> None:
    put(
        tmp_path,
        line(at="2027-01-01T00:00:00")
        + line(at="soon", campaign="b")
        + line(at=None, campaign="c"),
    )
    journal = opened(tmp_path)
    assert [journal.intent_of(name) for name in ("noel", "b", "c")] == [{"MKT": 7}] * 3


def test_writes_are_kept_twelve_months_and_intents_for_good(tmp_path: Path) -> None:
    old = (NOW - timedelta(days=400)).isoformat()
    naive = (NOW - timedelta(days=400)).replace(tzinfo=None).isoformat()
    young = line(kind="write", campaign=None, floors=None)
    put(
        tmp_path,
        line(at=old)
        + line(at=old, kind="epic", campaign="done", key="MKT-1", floors=None)
        + line(at=old, kind="write")
        + line(at=naive, kind="write")
        + young,
    )
    journal = opened(tmp_path)
    assert journal.intent_of("noel") == {"MKT": 7}
    assert journal.epic_of("done") == "MKT-1"
    lines = file_in(tmp_path).read_bytes().splitlines(keepends=True)
    assert len(lines) == 3
    assert lines[-1] == young


def test_dropping_old_writes_is_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new file is on the disk before it takes the old one's name, and the name before we go on."""
    file = put(tmp_path, line() + line(at="2020-01-01T00:00:00+00:00", kind="write"))
    done: list[str] = []
    sync, move = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        done.append("sync folder" if os.path.isdir(f"/dev/fd/{descriptor}") else "sync file")  # noqa: PTH112  # a descriptor is no path of the disk
        sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        done.append("replace")
        return move(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    opened(tmp_path)
    assert done == ["sync file", "replace", "sync folder"]
    assert file.read_bytes() == line()


def test_a_replacement_that_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.html"
    file.write_text("old", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unusable, match="no space left"), disk.usable(file):
        disk.replace(file, b"new")
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [("a.html", "old")]


def test_a_replaced_file_keeps_its_rights_and_a_link_its_target(tmp_path: Path) -> None:
    target, link = tmp_path / "real.html", tmp_path / "link.html"
    target.write_text("old", "utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    disk.replace(link, b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)


@pytest.mark.parametrize("place", [".bridge", ".bridge/journal.jsonl", ".bridge/lock"])
def test_what_stands_in_the_way_is_one_sentence(tmp_path: Path, place: str) -> None:
    if place == ".bridge":
        (tmp_path / place).write_text("mine", "utf-8")
    else:
        (tmp_path / place).mkdir(parents=True)
    with pytest.raises(Unusable) as refused, one_writer(tmp_path):
        opened(tmp_path)
    assert str(tmp_path / place) in str(refused.value)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with one_writer(tmp_path), pytest.raises(WorkspaceBusy), one_writer(tmp_path):
        raise AssertionError("two writers")
    with one_writer(tmp_path):
        opened(tmp_path).intend("noel", {"MKT": 7})
