"""Where the service keeps its work, and the name a worker goes by: BRIDGE_STATE and BRIDGE_WORKER."""

import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bridge.errors import StateUnusable

STATE, WORKER = "BRIDGE_STATE", "BRIDGE_WORKER"
_DEFAULT: Final = Path(".bridge") / "service.db"
_POSTGRES: Final = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://[^\s]*/[^\s/?]+(?:\?[^\s]*)?")
_NAME: Final = re.compile(r"[\w.-]{1,100}", re.ASCII)


def state_of(folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Return the address of the store: ``sqlite:////...`` or ``postgresql://...``.

    Nothing said: a file in the workspace folder. Raises StateUnusable, never showing the address: it
    may hold a password.
    """
    environment = os.environ if environment is None else environment
    given = environment.get(STATE, "").strip()
    if not given:
        return f"sqlite:///{folder.resolve() / _DEFAULT}"
    if given.startswith("sqlite:///"):
        return _file(given.removeprefix("sqlite:///"), folder)
    if _POSTGRES.fullmatch(given):
        return "postgresql://" + given.partition("://")[2]
    raise StateUnusable(STATE)


def _file(written: str, folder: Path) -> str:
    if not written or written.startswith(":") or "?" in written:
        raise StateUnusable(STATE)  # a store in memory would lose everything it acknowledged
    return f"sqlite:///{(folder / written).resolve()}"


def file_of(address: str) -> Path | None:
    """Return the file of a SQLite store, None for a store elsewhere."""
    return Path(address[len("sqlite:///") :]) if address.startswith("sqlite:///") else None


def worker_of(environment: Mapping[str, str] | None = None) -> str:
    """Return the name this worker goes by: the same after a restart, another on each machine."""
    environment = os.environ if environment is None else environment
    given = environment.get(WORKER, "").strip() or socket.gethostname()
    return given if _NAME.fullmatch(given) else re.sub(r"[^\w.-]", "-", given, flags=re.ASCII)[:100]


def place_of(address: str) -> str:
    """Return where a store is, for people to read: a file, or a host and a database; no password."""
    # what stands after a ? may be a password too
    host = address.partition("?")[0].rpartition("@")[2].removeprefix("postgresql://")
    return str(file_of(address) or host)
