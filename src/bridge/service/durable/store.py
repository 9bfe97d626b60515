"""The service's store: one SQLAlchemy engine, our two small tables, and when it cannot be reached."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.schema import CreateTable

from bridge.service.address import file_of
from bridge.service.engine import StoreDown

_LOG: Final = logging.getLogger(__name__)
_PATIENCE: Final = 10  # seconds to wait for a lock or a connection before the store counts as down
UNREACHABLE: Final = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.InternalError,
    exc.TimeoutError,
    OSError,
)
_METADATA: Final = sa.MetaData()

# Who works on this store, and when each was last heard of (seconds of the store's own clock, so that
# the clocks of the workers need not agree).
BEATS: Final = sa.Table(
    "bridge_beats",
    _METADATA,
    sa.Column("worker", sa.String(120), primary_key=True),
    sa.Column("life", sa.String(40), nullable=False),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)
# What the service remembers between runs: how far it has looked, and the like.
MARKS: Final = sa.Table(
    "bridge_marks",
    _METADATA,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


class Store:
    """The tables of a store at an address; ``prepare`` makes them."""

    def __init__(self, address: str, connections: int | None = None) -> None:
        self.address = address
        self.file = file_of(address)
        size = connections or (2 if self.file else 5)
        self.engine = _sqlite(address, size) if self.file else _postgres(address, size)

    @property
    def now(self) -> sa.ColumnElement[float]:
        """Return the store's own clock, in seconds, as an expression."""
        if self.file:
            return sa.literal_column("((julianday('now') - 2440587.5) * 86400.0)", sa.Double)
        return sa.literal_column("(extract(epoch from clock_timestamp())::float8)", sa.Double)

    def exists(self) -> bool:
        """Tell whether somebody prepared the store before. Raises StoreDown."""
        if self.file and not self.file.exists():
            return False
        with reaching():
            return sa.inspect(self.engine).has_table(BEATS.name)

    def prepare(self) -> None:
        """Make the file and the tables where they are missing. Raises StoreDown."""
        with reaching():
            if self.file:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self._write_ahead()
            for table in (BEATS, MARKS):
                self._create(table)

    def _write_ahead(self) -> None:
        """Let readers read while somebody writes; DBOS does not ask for it, and the file keeps it."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("pragma journal_mode=wal")

    def _create(self, table: sa.Table) -> None:
        try:
            with self.engine.begin() as connection:
                connection.execute(CreateTable(table, if_not_exists=True))
        except exc.IntegrityError:  # PostgreSQL: another worker made it in the same moment
            _LOG.debug("table %s was made by another worker", table.name)

    def answers(self) -> bool:
        """Tell whether the store can be reached, and is the one that was prepared."""
        if self.file and not self.file.exists():
            return False
        try:
            with reaching(), self.engine.connect() as connection:
                connection.execute(sa.select(sa.func.count()).select_from(MARKS))
        except StoreDown:
            return False
        return True

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


@contextmanager
def reaching() -> Iterator[None]:
    """Turn every way in which a store cannot be reached into StoreDown, without its address."""
    try:
        yield
    except UNREACHABLE as failed:
        raise StoreDown(type(failed).__name__) from failed


def _postgres(address: str, size: int) -> sa.Engine:
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    arguments = {"connect_timeout": _PATIENCE, "application_name": "bridge"}
    return sa.create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_PATIENCE,
        pool_pre_ping=True,
        connect_args=arguments,
        hide_parameters=True,
    )


def _sqlite(address: str, size: int) -> sa.Engine:
    engine = sa.create_engine(
        address, pool_size=size, max_overflow=0, pool_timeout=_PATIENCE, hide_parameters=True
    )

    @sa.event.listens_for(engine, "connect")
    def _begin_as_a_writer(connection: Any, _record: Any) -> None:  # as DBOS does on this file
        connection.isolation_level = "IMMEDIATE"
        connection.execute(f"pragma busy_timeout={_PATIENCE * 1000}")
        connection.execute("pragma foreign_keys=on")

    return engine
