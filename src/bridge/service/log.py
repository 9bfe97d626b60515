"""What the service logs: events with keys and counts, never a body, a name, a text, a header or a secret.

Our own events carry facts of a closed list. Lines of libraries are kept for who operates the service,
shortened, without secrets, and without what exceptions say: a database's may quote values.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TextIO

Fact = str | int | float | bool
Shape = Literal["text", "json"]

FACTS: Final = frozenset(
    {"about", "address", "answer", "changes", "count", "error", "hint", "issue", "job", "kind",
     "outcome", "pages", "problems", "role", "seconds", "sentence", "state", "store", "webhooks", "what",
     "worker"}
)  # fmt: skip
_LONGEST: Final = 200  # characters of one fact, or of a library's line
_LOGGER: Final = logging.getLogger("bridge.service")
_HIDDEN: Final = "…"
_UNSAFE: Final = (
    (re.compile(r"(/feeds/)[^\s?#'\"]+"), rf"\1{_HIDDEN}"),  # the address of a feed is its secret
    (re.compile(r"(\w://)[^\s/@]+@"), rf"\1{_HIDDEN}@"),  # user and password in an address
)


def tell(event: str, level: int = logging.INFO, /, **facts: Fact) -> None:
    """Log an event with its facts; raise ValueError for a fact that is not on the list."""
    if unknown := facts.keys() - FACTS:
        raise ValueError(f"no fact of the log: {', '.join(sorted(unknown))}")
    _LOGGER.log(level, event, extra=facts)


def tell_bug(event: str, bug: BaseException, /, **facts: Fact) -> None:
    """Log what went wrong unexpectedly: the kind of exception and code lines, no values."""
    _LOGGER.error(
        event,
        extra={**facts, "error": type(bug).__name__},
        exc_info=(type(bug), bug, bug.__traceback__),
    )


@contextmanager
def configured(
    shape: Shape, secrets: Collection[str] = (), stream: TextIO | None = None
) -> Iterator[None]:
    """Log everything to a stream (standard error) in one shape while the block lasts.

    ``secrets`` never appear in it.
    """
    hide = _hiding(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_json(hide) if shape == "json" else _Text(hide))
    root, before = logging.getLogger(), (_LOGGER.level, logging.getLogger().level)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        _LOGGER.setLevel(before[0])
        root.setLevel(before[1])


def _hiding(secrets: Collection[str]) -> Callable[[str], str]:
    known = sorted((secret for secret in secrets if len(secret) > 3), key=len, reverse=True)

    def hide(line: str) -> str:
        for secret in known:
            line = line.replace(secret, _HIDDEN)
        for pattern, instead in _UNSAFE:
            line = pattern.sub(instead, line)
        line = "".join(sign if sign.isprintable() else " " for sign in line)
        return line if len(line) <= _LONGEST else line[:_LONGEST] + _HIDDEN

    return hide


def _said(record: logging.LogRecord, hide: Callable[[str], str]) -> Mapping[str, Any]:
    """Return what a line holds: time, level, event, facts, and code lines of an exception."""
    told: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
    }
    if record.name.partition(".")[0] == "bridge":
        facts = {name: record.__dict__[name] for name in sorted(FACTS & record.__dict__.keys())}
        told["event"] = hide(_line(record))
        told |= {k: hide(v) if isinstance(v, str) else v for k, v in facts.items()}
    else:
        told |= {"event": "library", "about": record.name, "line": hide(_line(record))}
    if record.exc_info and record.exc_info[0]:
        told["error"] = record.exc_info[0].__name__
        told["frames"] = _frames(record.exc_info[1])
    return told


def _line(record: logging.LogRecord) -> str:
    """Return a library's line; with an exception only its first words, for those name no value."""
    if record.exc_info or any(isinstance(value, BaseException) for value in _values(record)):
        return str(record.msg).partition("%")[0].partition("\n")[0]
    return record.getMessage().partition("\n")[0]


def _values(record: logging.LogRecord) -> Collection[object]:
    if isinstance(record.args, Mapping):
        return list(record.args.values())
    return record.args or ()


def _frames(error: BaseException | None) -> list[str]:
    lines = traceback.extract_tb(error.__traceback__) if error else []
    return [f"{Path(line.filename).name}:{line.lineno} {line.name}" for line in lines][-12:]


class _Text(logging.Formatter):
    """One line for people: time, level, event, facts."""

    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__()
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        told = dict(_said(record, self._hide))
        head = [str(told.pop(name)) for name in ("time", "level", "event")]
        return " ".join([*head, *(f"{name}={value}" for name, value in told.items())])


def _json(hide: Callable[[str], str]) -> logging.Formatter:
    """Return what writes one line of JSON; loaded only where it is wanted."""
    from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415  # an extra, for the service alone

    class Json(JsonFormatter):
        def format(self, record: logging.LogRecord) -> str:
            line: str = self.serialize_log_record(dict(_said(record, hide)))
            return line

    return Json(json_ensure_ascii=False)
