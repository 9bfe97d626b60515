"""Named times: kept as schedules in the store; a time missed while nobody worked is caught up once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from croniter import croniter
from dbos import DBOSClient

from bridge.service.durable.ledger import Ledger
from bridge.service.durable.records import TICK, ticks_of

_SCHEDULE: Final = "tick"


class Ticks:
    """The crontab lines of a workspace, in its time zone."""

    def __init__(self, ledger: Ledger, timezone: str) -> None:
        self._ledger = ledger
        self._client: DBOSClient = ledger.client
        self._zone = ZoneInfo(timezone)

    def apply(self, ticks: Mapping[str, str], now: datetime | None = None) -> None:
        """Catch up what was missed, then keep these schedules and no others of ours.

        DBOS's own catching up makes one run for every time missed: a night is some five hundred looks
        around. One is enough, so that is done here. Who serves no times at all (a round of `bridge
        sync` beside the service) leaves the service's alone.
        """
        if not ticks:
            return
        now = now or datetime.now(self._zone)
        for name, line in ticks.items():
            self._catch_up(name, line, now)
        self._client.apply_schedules([self._schedule(name, line) for name, line in ticks.items()])
        for schedule in self._client.list_schedules():
            if schedule["schedule_name"] not in map(_named, ticks):
                self._client.delete_schedule(schedule["schedule_name"])

    def _catch_up(self, name: str, line: str, now: datetime) -> None:
        kept = self._client.get_schedule(_named(name))
        fired = kept["last_fired_at"] if kept else None
        last = croniter(line, now).get_prev(datetime)
        if fired and datetime.fromisoformat(fired) < last:
            # the id that DBOS would have given it: two workers that start together make one
            self._ledger.tick(f"sched-{_named(name)}-{last.isoformat()}", name, last)

    def _schedule(self, name: str, line: str) -> Any:
        return {
            "schedule_name": _named(name),
            "workflow_name": TICK,
            "schedule": line,
            "context": {"name": name},
            "cron_timezone": self._zone.key,
            "queue_name": ticks_of(name),
            "automatic_backfill": False,
        }


def _named(name: str) -> str:
    return f"{_SCHEDULE}-{name}"
