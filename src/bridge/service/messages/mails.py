"""A budget of mails: what the service writes so that Jira may send mail, counted by day.

Jira decides who gets a mail; what counts here is a write of which it tells anybody. When the day's
budget is spent, such a write waits until tomorrow; what can be written quietly goes on. New issues
count and are never stopped: half a campaign helps nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from bridge.ports import Clock, Tracker
from bridge.prose import Prose
from bridge.service.engine import Again
from bridge.service.kept import Kept
from bridge.tracker import Created, Draft, Edit

_MARK: Final = "mails"


class MailBudget:
    """How many writes of a day may bring mail; shared by all workers, of which one writes at a time."""

    def __init__(self, marks: Kept, clock: Clock, most: int) -> None:
        self._marks = marks
        self._clock = clock
        self._most = most

    def spend(self, mails: int) -> None:
        """Count mails, whether or not there is budget for them. Raises StoreDown."""
        spent = {"day": self._clock.today().isoformat(), "count": self._spent() + mails}
        self._marks.remember(_MARK, spent)

    def ask(self) -> None:
        """Count one mail; raise Again until tomorrow where the budget is spent."""
        if self._spent() >= self._most:
            raise Again(_until_tomorrow(self._clock.now()), "the day's mails are spent")
        self.spend(1)

    def _spent(self) -> int:
        kept: Mapping[str, Any] = self._marks.recall(_MARK) or {}
        return int(kept["count"]) if kept.get("day") == self._clock.today().isoformat() else 0


def _until_tomorrow(now: datetime) -> float:
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    # in UTC: the day on which clocks change has 23 or 25 hours
    return (midnight.astimezone(UTC) - now.astimezone(UTC)).total_seconds() + 60


class _Sparing:
    """A tracker whose writes ask a budget first; everything else goes straight through."""

    def __init__(self, tracker: Tracker, budget: MailBudget) -> None:
        self._tracker = tracker
        self._budget = budget

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)

    def create(self, drafts: Sequence[Draft]) -> Created:
        self._budget.spend(len(drafts))
        return self._tracker.create(drafts)

    def edit(self, edit: Edit, *, quietly: bool) -> None:
        self._ask(quietly=quietly)
        self._tracker.edit(edit, quietly=quietly)

    def add_to_description(self, key: str, prose: Prose, *, quietly: bool) -> None:
        self._ask(quietly=quietly)
        self._tracker.add_to_description(key, prose, quietly=quietly)

    def relabel(
        self, key: str, add: Collection[str], remove: Collection[str], *, quietly: bool
    ) -> None:
        self._ask(quietly=quietly)
        self._tracker.relabel(key, add, remove, quietly=quietly)

    def comment(self, key: str, prose: Prose) -> str:
        self._ask(quietly=False)
        return self._tracker.comment(key, prose)

    def recomment(self, key: str, comment_id: str, prose: Prose) -> None:
        self._ask(quietly=False)
        self._tracker.recomment(key, comment_id, prose)

    def _ask(self, *, quietly: bool) -> None:
        if not quietly:
            self._budget.ask()


def sparing(tracker: Tracker, budget: MailBudget) -> Tracker:
    """Return the same tracker, whose writes ask a budget where they may bring mail."""
    return cast(Tracker, _Sparing(tracker, budget))
