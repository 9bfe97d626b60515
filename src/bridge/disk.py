"""Files written whole or not at all, and what the disk refuses said as a refusal."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.errors import Unusable
from bridge.text import Text


@contextmanager
def usable(path: Path, hint: Text | None = None) -> Iterator[None]:
    """Turn what the system refuses about ``path`` into Unusable; ``hint`` says what to do."""
    try:
        yield
    except OSError as refused:
        raise Unusable(str(path), refused.errno, hint) from None


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a power cut, meets the old content or the new, whole.

    What is no plain file (a pipe, ``/dev/stdout``) is written to as it is. Raises OSError.
    """
    path = path.resolve()  # a link goes on pointing where it points
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    fresh = path.with_name(f".{path.name[:200]}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; nothing where the system cannot (Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
