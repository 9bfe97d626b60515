"""When to send a request again, and after how long: one pure policy.

Source: Atlassian, "Rate limiting" (12 August 2026): Retry-After is a minimum; otherwise double from
2 to 30 seconds with jitter x0.7 to x1.3, at most four times, and only what is safe to repeat.
"""

from dataclasses import dataclass
from typing import Literal

from bridge.atlassian.wire import Answer, retry_after

ATTEMPTS = 5  # the first one and four more
ATTEMPTS_TO_CONNECT = 2  # a wrong address stays wrong
FIRST_WAIT, LONGEST_WAIT = 2.0, 30.0
LONGEST_RETRY_AFTER = 120.0
_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})

Trouble = Literal["not sent", "lost"]  # refused before it left; or broken before the answer came


@dataclass(frozen=True, slots=True)
class Wait:
    """Send it again after so many seconds; ``everything`` pauses all other requests too."""

    seconds: float
    everything: bool = False


def again(
    outcome: Answer | Trouble, attempt: int, *, repeatable: bool, jitter: float
) -> Wait | None:
    """Decide after the ``attempt``-th try (from 1); None means stop.

    ``jitter`` is drawn by the caller, between 0 and 1. A request that must not be repeated is sent
    again only where it surely never left.
    """
    most = ATTEMPTS_TO_CONNECT if outcome == "not sent" else ATTEMPTS
    if attempt >= most or (not repeatable and outcome != "not sent"):
        return None
    pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (0.7 + 0.6 * jitter)
    if not isinstance(outcome, Answer):
        return Wait(pause)
    if outcome.status not in _TEMPORARY:
        return None
    asked = retry_after(outcome)
    if asked is not None and asked > LONGEST_RETRY_AFTER:
        return None
    quota = outcome.headers.get("ratelimit-reason", "").startswith("jira-quota")
    return Wait(max(pause, asked or 0), everything=quota)
