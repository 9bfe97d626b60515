"""The fault switchboard: everything a network and a busy service do to a client, on demand.

    box.faults.latency = 0.2                                   # every request, in seconds
    box.faults.answer(429, headers={"Retry-After": "1"}, at=3) # the third request from now
    box.faults.answer(503, method="POST", path="/issue/bulk", times=2)
    box.faults.lose_answer(method="POST", path="/issue/bulk")  # done and committed, then a reset
    box.faults.reset()                                         # a reset before any work
    box.faults.clear()

Each takes ``at`` (the nth matching request from now, 1 is the next), ``times`` (how many in a row,
None for all from then on), ``method`` and ``path`` (a regular expression looked for in the path).
A single request breaks itself with the header ``X-Sandbox-Fault: status=429;Retry-After=2``, or one
of ``reset``, ``lose-answer``, ``truncate``, ``html``, ``login``, ``conflict``, ``slow=0.5``.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

What = Literal["status", "reset", "lose-answer", "truncate", "html", "login", "conflict", "slow"]
KINDS = ("status", "reset", "lose-answer", "truncate", "html", "login", "conflict", "slow")
HEADER = "X-Sandbox-Fault"


@dataclass
class Fault:
    """One thing that goes wrong."""

    what: What
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    seconds: float = 0.0
    at: int = 1
    times: int | None = 1
    method: str | None = None
    path: str | None = None
    seen: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Whether it happens to this request; counts the requests that match."""
        if self.method and self.method.upper() != method:
            return False
        if self.path and not re.search(self.path, path):
            return False
        self.seen += 1
        return self.seen >= self.at and not self._spent_before()

    def _spent_before(self) -> bool:
        return self.times is not None and self.seen >= self.at + self.times

    @property
    def spent(self) -> bool:
        """Whether it will never happen again."""
        return self.times is not None and self.seen >= self.at + self.times - 1


class Faults:
    """What is set to go wrong; the first fault that strikes a request is the one that happens."""

    def __init__(self) -> None:
        self.latency = 0.0
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._faults)

    def answer(
        self,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
        **when: Any,
    ) -> Fault:
        """Answer with a status instead of working, for example 429 with ``Retry-After``."""
        return self.add(Fault("status", status=status, headers=headers or {}, body=body, **when))

    def reset(self, **when: Any) -> Fault:
        """Reset the connection before anything is done."""
        return self.add(Fault("reset", **when))

    def lose_answer(self, **when: Any) -> Fault:
        """Do and commit the work, then reset the connection: the client cannot know."""
        return self.add(Fault("lose-answer", **when))

    def truncate(self, **when: Any) -> Fault:
        """Do the work, and break off half-way through the answer."""
        return self.add(Fault("truncate", **when))

    def html(self, **when: Any) -> Fault:
        """Answer 200 with a web page, as a proxy does; nothing is done."""
        return self.add(Fault("html", **when))

    def login(self, **when: Any) -> Fault:
        """Redirect to a sign-in page; nothing is done."""
        return self.add(Fault("login", **when))

    def conflict(self, **when: Any) -> Fault:
        """Answer 409 although nothing conflicts; nothing is done (confluencebuilder#127)."""
        return self.add(Fault("conflict", **when))

    def slow(self, seconds: float, **when: Any) -> Fault:
        """Wait before working."""
        return self.add(Fault("slow", seconds=seconds, **when))

    def add(self, fault: Fault) -> Fault:
        """Set a fault."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._faults.clear()
            self.latency = 0.0

    def next_for(self, method: str, path: str, header: str | None) -> Fault | None:
        """Return the fault that strikes this request, or None."""
        if header:
            return from_header(header)
        with self._lock:
            struck = next((f for f in self._faults if f.strikes(method, path)), None)
            self._faults = [f for f in self._faults if not f.spent]
            return struck

    def listed(self) -> list[dict[str, Any]]:
        """Tell what is set, for the control interface."""
        names = ("what", "status", "headers", "seconds", "at", "times", "method", "path", "seen")
        return [{name: getattr(fault, name) for name in names} for fault in self._faults]


def from_header(text: str) -> Fault:
    """Read ``status=429;Retry-After=2``, ``slow=0.5`` or a bare kind.

    Raises:
        ValueError: it names no kind of fault.

    """
    first, *rest = (part.strip() for part in text.split(";"))
    what, _, value = first.partition("=")
    headers = dict(part.split("=", 1) for part in rest if "=" in part)
    if what not in KINDS:
        raise ValueError(f"{HEADER}: {what!r} is none of {', '.join(KINDS)}")
    fault = Fault(what, headers=headers)  # type: ignore[arg-type]  # one of KINDS
    if what == "status":
        fault.status = int(value or 503)
    if what == "slow":
        fault.seconds = float(value or 1)
    return fault
