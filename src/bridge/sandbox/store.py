"""The one SQLite file (or memory) in which everything a sandbox knows is kept."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T", bound=_Dataclass)


def _bounded(value: object) -> object:
    """SQLite's whole numbers have 64 bits; a larger one is compared as a real number, and finds no id."""
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(max(-(10**300), min(10**300, value)))
    return value


class Store:
    """One connection behind one lock; every request is one transaction.

    With a path the file survives ``kill -9``: write-ahead log, and a commit per request.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._shelves: list[Shelf[Any]] = []
        self.committed: Callable[[], None] = lambda: None
        """Called after each outermost commit."""
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=512,
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(
            files("bridge.sandbox").joinpath("schema.sql").read_text("utf-8")
        )

    def close(self) -> None:
        """Close the connection; the store cannot be used any more."""
        with self.lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all or nothing of what happens inside; inner transactions are savepoints."""
        with self.lock:
            name = f"depth_{self._depth}"
            self._connection.execute(f"savepoint {name}" if self._depth else "begin")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._undo(name)
                raise
            self._depth -= 1
            self._connection.execute(f"release {name}" if self._depth else "commit")
            if not self._depth:
                for shelf in self._shelves:
                    shelf.settle()
                self.committed()

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """Whatever is written inside is forgotten at the end."""
        with self.lock:
            self._connection.execute("savepoint scratch")
            try:
                yield
            finally:
                self._connection.execute("rollback to scratch")
                self._connection.execute("release scratch")

    def _undo(self, name: str) -> None:
        if self._depth:
            self._connection.execute(f"rollback to {name}")
            self._connection.execute(f"release {name}")
        else:
            self._connection.execute("rollback")
        for shelf in self._shelves:
            shelf.reload_if_touched()

    def run(self, sql: str, *values: object) -> sqlite3.Cursor:
        """Execute one statement; values are always bound, never part of the text."""
        with self.lock:
            try:
                return self._connection.execute(sql, values)
            except OverflowError:
                return self._connection.execute(sql, [_bounded(value) for value in values])

    def one(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row, or None."""
        with self.lock:
            row: sqlite3.Row | None = self.run(sql, *values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Every row."""
        with self.lock:
            return self.run(sql, *values).fetchall()

    def next_id(self, name: str, first: int = 10000) -> int:
        """Return the next number of a sequence; never given twice, even after a deletion."""
        row = self.one(
            "insert into sequence values (?, ?)"
            " on conflict (name) do update set next = next + 1 returning next",
            name,
            first,
        )
        assert row is not None  # noqa: S101  # "returning" always returns
        return int(row[0])

    def meta(self, name: str) -> str | None:
        """Return a single remembered text, or None."""
        row = self.one("select value from meta where name = ?", name)
        return None if row is None else str(row["value"])

    def set_meta(self, name: str, value: str) -> None:
        """Remember a single text."""
        self.run(
            "insert into meta values (?, ?) on conflict (name) do update set value = excluded.value",
            name,
            value,
        )

    def shelf(self, kind: str, load: Callable[[dict[str, Any]], T]) -> "Shelf[T]":
        """Return the documents of one kind; ``load`` makes an item from its :func:`dataclasses.asdict`."""
        shelf = Shelf(self, kind, load)
        self._shelves.append(shelf)
        return shelf


class Shelf(Generic[T]):
    """Settings of one kind by id: read from memory, kept in the file.

    Items are frozen dataclasses. Changing one is putting a new one under the same id.
    """

    def __init__(self, store: Store, kind: str, load: Callable[[dict[str, Any]], T]) -> None:
        self._store = store
        self._kind = kind
        self._load = load
        self._touched = False
        self._items: dict[str, T] = {}
        self._reload()

    def _reload(self) -> None:
        rows = self._store.all(
            "select id, body from document where kind = ? order by rowid", self._kind
        )
        self._items = {row["id"]: self._load(json.loads(row["body"])) for row in rows}

    def reload_if_touched(self) -> None:
        """After a rollback: forget what was put since."""
        if self._touched:
            self._reload()

    def settle(self) -> None:
        """After a commit: what was put is there to stay."""
        self._touched = False

    def get(self, key: str) -> T | None:
        """Return the item under an id, or None."""
        return self._items.get(key)

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._items.values()))

    def __len__(self) -> int:
        return len(self._items)

    def put(self, key: str, item: T) -> T:
        """Keep an item, in place of the one that had this id."""
        with self._store.transaction():
            self._touched = True
            self._store.run(
                "insert into document values (?, ?, ?)"
                " on conflict (kind, id) do update set body = excluded.body",
                self._kind,
                key,
                dumps(asdict(item)),
            )
            self._items[key] = item
        return item

    def drop(self, key: str) -> None:
        """Forget the item under an id."""
        with self._store.transaction():
            self._touched = True
            self._store.run("delete from document where kind = ? and id = ?", self._kind, key)
            self._items.pop(key, None)


def dumps(value: object) -> str:
    """Compact JSON text, as kept in the file."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Any:
    """Return the value that :func:`dumps` wrote."""
    return json.loads(text)


def row_dict(row: Mapping[str, Any] | sqlite3.Row) -> dict[str, Any]:
    """Return a row as a plain dictionary."""
    return dict(row)
