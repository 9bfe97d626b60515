"""Rate limits, off until somebody sets them: Jira Cloud's three systems, and Data Center's token bucket.

    box.limits.cloud()                        # bursts, and writes per issue, with Atlassian's figures
    box.limits.cloud(burst={"GET": 5})        # lower ones, for a test
    box.limits.cloud(quota=1000, quota_of="tenant")
    box.limits.datacenter(capacity=10, fill=2, interval=1)
    box.limits.clear()

Each rule judges a :class:`Knock` at a moment and says which headers the answer carries. Figures and
headers: Atlassian's "Rate limiting" of August 2026, and "Adjusting your code for rate limiting".
"""

import math
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

BURST = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50, "issue": 150}
"""Requests per second, per endpoint and method; ``issue`` is reading one issue."""
PER_ISSUE = ((20, 2.0), (100, 30.0))
"""Writes per issue: so many within so many seconds."""
HOUR = 3600.0
_ONE_ISSUE = "/rest/api/3/issue/{}"


@dataclass(frozen=True)
class Knock:
    """A request before any work: ``endpoint`` is the path template, ``issues`` the ids it writes to."""

    method: str
    endpoint: str
    person: str | None = None
    issues: tuple[int, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """Whether a request may go on, and what its answer says about limits."""

    allowed: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


class Rule(Protocol):
    """One limit."""

    def judge(self, knock: Knock, now: float) -> Judgement:
        """Count a request at a moment (seconds), and judge it."""


@dataclass
class Bucket:
    """So many tokens at most, refilled steadily; each request takes one."""

    capacity: float
    per_second: float
    tokens: float
    since: float

    def take(self, now: float) -> bool:
        """Take a token, if there is one."""
        gained = max(0.0, now - self.since) * self.per_second
        self.tokens, self.since = min(self.capacity, self.tokens + gained), now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def wait(self) -> float:
        """Return the seconds until there is a token."""
        return max(0.0, (1 - self.tokens) / self.per_second)


class Burst:
    """Requests per second, per endpoint and method."""

    def __init__(self, figures: Mapping[str, int]) -> None:
        self._figures = {**BURST, **figures}
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def judge(self, knock: Knock, now: float) -> Judgement:
        """Take a token of the endpoint's bucket."""
        most = self._most(knock)
        bucket = self._buckets.setdefault(
            (knock.method, knock.endpoint), Bucket(most, most, most, now)
        )
        if bucket.take(now):
            return Judgement(headers=_standing(most, int(bucket.tokens)))
        return _refused(most, bucket.wait(), now, "jira-burst-based")

    def _most(self, knock: Knock) -> int:
        if knock.method == "GET" and knock.endpoint == _ONE_ISSUE:
            return self._figures["issue"]
        return self._figures.get(knock.method, self._figures["GET"])


class WritesPerIssue:
    """Writes to one issue within sliding windows."""

    def __init__(self, windows: tuple[tuple[int, float], ...]) -> None:
        self._windows = windows
        self._written: dict[int, deque[float]] = defaultdict(deque)

    def judge(self, knock: Knock, now: float) -> Judgement:
        """Note the write, unless one of its issues was written to too often."""
        if knock.method == "GET":
            return Judgement()
        longest = max(seconds for _, seconds in self._windows)
        for issue in knock.issues:
            times = self._written[issue]
            while times and times[0] <= now - longest:
                times.popleft()
            for most, seconds in self._windows:
                recent = [t for t in times if t > now - seconds]
                if len(recent) >= most:
                    wait = recent[-most] + seconds - now
                    return _refused(most, wait, now, "jira-per-issue-on-write")
        for issue in knock.issues:
            self._written[issue].append(now)
        return Judgement()


class Quota:
    """Points per hour: a write costs one, a read one and one more for each object."""

    def __init__(self, points: int, whose: Literal["global", "tenant"]) -> None:
        self._points = points
        self._whose = whose
        self._hour = 0
        self._used = 0

    def judge(self, knock: Knock, now: float) -> Judgement:
        """Spend a point, if there is one left this hour."""
        if int(now // HOUR) != self._hour:
            self._hour, self._used = int(now // HOUR), 0
        ends_in = (self._hour + 1) * HOUR - now
        if self._used >= self._points:
            reason = f"jira-quota-{self._whose}-based"
            refused = _refused(self._points, ends_in, now, reason)
            return Judgement(allowed=False, headers={**refused.headers, **self._beta(ends_in)})
        self._used += 1
        return Judgement(headers={**_standing(self._points, self._left), **self._beta(ends_in)})

    @property
    def _left(self) -> int:
        return max(0, self._points - self._used)

    def _beta(self, ends_in: float) -> dict[str, str]:
        name = f'"{self._whose}-app-quota"'
        return {
            "Beta-RateLimit-Policy": f"{name};q={self._points};w={HOUR:.0f}",
            "Beta-RateLimit": f"{name};r={self._left};t={math.ceil(ends_in)}",
        }

    def charge(self, objects: int) -> None:
        """Spend a point for each object read."""
        self._used += objects


class PerPerson:
    """Data Center's token bucket: one for each person who is signed in."""

    def __init__(self, capacity: int, fill: int, interval: float) -> None:
        self._capacity = capacity
        self._fill = fill
        self._interval = interval
        self._buckets: dict[str, Bucket] = {}

    def judge(self, knock: Knock, now: float) -> Judgement:
        """Take a token of the caller's bucket."""
        if knock.person is None:
            return Judgement()
        bucket = self._buckets.setdefault(
            knock.person, Bucket(self._capacity, self._fill / self._interval, self._capacity, now)
        )
        allowed = bucket.take(now)
        headers = {
            "X-RateLimit-Limit": str(self._capacity),
            "X-RateLimit-Remaining": str(int(bucket.tokens)),
            "X-RateLimit-Interval-Seconds": f"{self._interval:g}",
            "X-RateLimit-FillRate": str(self._fill),
            "Retry-After": str(0 if bucket.tokens >= 1 else math.ceil(bucket.wait())),
        }
        return Judgement(allowed, headers)


def _standing(most: int, left: int) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-NearLimit": str(left < most / 5).lower(),
    }


def _refused(most: int, wait: float, now: float, reason: str) -> Judgement:
    seconds = max(1, math.ceil(wait))
    reset = datetime.fromtimestamp(now + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {
        **_standing(most, 0),
        "Retry-After": str(seconds),
        "X-RateLimit-Reset": reset,
        "RateLimit-Reason": reason,
    }
    return Judgement(allowed=False, headers=headers)


class Limits:
    """The limits that are set; ``clock`` returns the present as an aware datetime."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    @property
    def none(self) -> bool:
        """Whether nothing is limited."""
        return not self._rules

    def cloud(
        self,
        *,
        burst: Mapping[str, int] | bool = True,
        per_issue: bool = True,
        quota: int | None = None,
        quota_of: Literal["global", "tenant"] = "global",
    ) -> None:
        """Limit as Jira Cloud does; a ``quota`` of points is what apps have, not API tokens."""
        rules: list[Rule] = []
        if burst is not False:
            rules.append(Burst({} if burst is True else burst))
        if per_issue:
            rules.append(WritesPerIssue(PER_ISSUE))
        if quota is not None:
            rules.append(Quota(quota, quota_of))
        self._rules = rules

    def datacenter(self, *, capacity: int = 100, fill: int = 10, interval: float = 1.0) -> None:
        """Limit as Data Center does: ``capacity`` tokens each, ``fill`` more every ``interval`` seconds."""
        self._rules = [PerPerson(capacity, fill, interval)]

    def clear(self) -> None:
        """Limit nothing."""
        self._rules = []

    def judge(self, knock: Knock) -> Judgement:
        """Count a request and judge it; the first rule that refuses decides."""
        headers: dict[str, str] = {}
        now = self._clock().timestamp()
        with self._lock:
            for rule in self._rules:
                judgement = rule.judge(knock, now)
                headers |= judgement.headers
                if not judgement.allowed:
                    return Judgement(allowed=False, headers=headers)
        return Judgement(headers=headers)

    def charge(self, knock: Knock, objects: Callable[[], int]) -> None:
        """Count what an answer held, where that costs something."""
        reads = knock.method == "GET" or "/search" in knock.endpoint or "fetch" in knock.endpoint
        for rule in self._rules:
            if isinstance(rule, Quota) and reads:
                with self._lock:
                    rule.charge(objects())
