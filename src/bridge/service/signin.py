"""Whether the site takes our sign-in: once refused, it is left alone for an hour.

Atlassian locks an account by a captcha after a few refusals, and a service asks every minute. That it
was refused is kept between processes, since `bridge sync` under cron is a new one each time; another
token is tried at once.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bridge.errors import SignInHeld
from bridge.service.kept import Kept
from bridge.settings import Settings

_LOG = logging.getLogger("bridge.service")
REFUSED: Final = "sign-in-refused"
LEFT_ALONE: Final = timedelta(hours=1)


class SignIn:
    """The sign-in of some settings; without a place for marks nothing is remembered."""

    def __init__(
        self,
        marks: Kept | None,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._marks = marks
        self._now = now
        said = f"{settings.jira} {settings.email} {settings.token}"
        self._digest = hashlib.sha256(said.encode()).hexdigest()[:16]

    def refused(self) -> None:
        """Remember that the site refused it. Raises StoreDown."""
        _LOG.error("the site does not take our sign-in: run bridge doctor")
        if self._marks is not None:
            until = self._now() + LEFT_ALONE
            self._marks.remember(REFUSED, {"until": until.isoformat(), "of": self._digest})

    def check(self) -> None:
        """Raise SignInHeld while the site is left alone; StoreDown."""
        kept: Any = self._marks.recall(REFUSED) if self._marks is not None else None
        if kept is None or kept["of"] != self._digest:
            return
        until = datetime.fromisoformat(kept["until"])
        if self._now() < until:
            raise SignInHeld(f"{until.astimezone():%H:%M}")
