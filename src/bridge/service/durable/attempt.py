"""One attempt at a piece of work, told as plain data: done, again later, or failed and why.

What is told ends in the store and in logs, so it names kinds, keys, dates and numbers: never a person,
never a text that somebody wrote.
"""

import logging
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bridge.errors import BridgeError
from bridge.service.durable.presence import Lapsed, Presence
from bridge.service.engine import Again, StoreDown
from bridge.text import Text

_LOG: Final = logging.getLogger(__name__)
_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]{0,30}-[1-9][0-9]{0,9}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Pace:
    """After how many seconds work is tried again, growing twofold up to ``longest``; how often at most.

    The default makes twelve tries in some fifty minutes.
    """

    first: float = 5.0
    longest: float = 600.0
    tries: int = 12

    def delay(self, tried: int, asked: float) -> float:
        """Return how long to wait after that many tries; never shorter than asked for."""
        return max(asked, min(self.longest, self.first * 2.0 ** (tried - 1)))


def attempt(run: Callable[[], Any], presence: Presence, what: str) -> dict[str, Any]:
    """Run something; return ``{"done": ...}``, ``{"again": seconds, "why": ...}`` or ``{"failed": ...}``."""
    try:
        with presence.working():
            return {"done": run()}
    except Again as later:
        return {"again": later.seconds, "why": later.why}
    except (Lapsed, StoreDown) as stopped:  # no fault of the work
        return {"again": 0.0, "why": type(stopped).__name__}
    except BridgeError as refusal:
        _LOG.warning("%s failed: %s", what, type(refusal).__name__)
        return {"failed": f"{type(refusal).__name__}: {_without_content(refusal.sentence)}"}
    except Exception as bug:  # noqa: BLE001  # a bug in one piece of work must not stop the others
        # where, not with what: the words of an exception may be somebody's
        where = "".join(traceback.format_tb(bug.__traceback__))
        _LOG.error("%s failed by a bug, %s:\n%s", what, type(bug).__name__, where)
        return {"failed": type(bug).__name__}


def _without_content(sentence: Text) -> str:
    """Return a sentence in English with numbers, dates and keys alone filled in."""
    return sentence.one.format(**{name: _harmless(v) for name, v in sentence.values.items()})


def _harmless(value: object) -> str:
    if isinstance(value, Text):
        return _without_content(value)
    if isinstance(value, tuple):
        return ", ".join(map(_harmless, value))
    is_plain = isinstance(value, (int, float, date))
    return str(value) if is_plain or _KEY.fullmatch(str(value)) else "…"
