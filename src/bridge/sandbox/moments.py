"""Points in time: how they are kept, and how Jira and Confluence write them.

Kept as ISO text in UTC with milliseconds and ``Z``, which sorts as time does.
"""

import functools
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def stamp(moment: datetime) -> str:
    """``2026-11-22T12:43:24.674Z``: what the store keeps and what Confluence answers."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )


def moment(text: str) -> datetime:
    """Read what :func:`stamp` wrote, as an aware datetime in UTC."""
    return datetime.fromisoformat(text)


@functools.lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """Look a time zone up; UTC where the machine has no time-zone data."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@functools.lru_cache(maxsize=4096)
def jira_time(text: str, zone_name: str) -> str:
    """``2026-11-22T13:43:24.674+0100``: Jira answers in the time zone of whoever asks."""
    local = moment(text).astimezone(zone(zone_name))
    return (
        local.strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{local.microsecond // 1000:03d}"
        + local.strftime("%z")
    )
