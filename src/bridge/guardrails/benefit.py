"""The measured benefit, month by month: requests that never reached IT, hours avoided, time to verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

HOURS_PER_REVIEW: Final = 2.0  # of one reviewer, for one request (proposal)


@dataclass(frozen=True, slots=True)
class Journey:
    """One request through its life, as Jira's history tells it.

    ``judged``: when the first verdict's label was set, None where none was yet. ``reviewed``: whether
    an approval was ever asked of anybody for it.
    """

    key: str
    created: datetime
    judged: datetime | None
    reviewed: bool


@dataclass(frozen=True, slots=True)
class MonthOfRequests:
    """One month's figures: requests judged, how many never reached a reviewer, hours that saved.

    ``to_verdict`` is the median time from the issue's creation to its first verdict.
    """

    month: date
    requests: int
    inside: int
    hours_avoided: float
    to_verdict: timedelta

    @property
    def share(self) -> float:
        """Return the part of requests that never reached a reviewer, from 0 to 1."""
        return self.inside / self.requests


def by_month(
    journeys: Iterable[Journey], hours_per_review: float = HOURS_PER_REVIEW
) -> Sequence[MonthOfRequests]:
    """Return the figures of each month in which a request got its first verdict, the oldest first."""
    months: dict[date, list[Journey]] = {}
    for journey in journeys:
        if journey.judged is not None:
            months.setdefault(journey.judged.date().replace(day=1), []).append(journey)
    return [_figures(month, months[month], hours_per_review) for month in sorted(months)]


def _figures(month: date, journeys: Sequence[Journey], hours: float) -> MonthOfRequests:
    inside = sum(not journey.reviewed for journey in journeys)
    waits = [(j.judged - j.created).total_seconds() for j in journeys if j.judged is not None]
    return MonthOfRequests(
        month=month,
        requests=len(journeys),
        inside=inside,
        hours_avoided=inside * hours,
        to_verdict=timedelta(seconds=median(waits)),
    )
