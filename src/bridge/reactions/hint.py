"""A hint: what changed, as keys alone. It says where to look again, never what stands there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Hint:
    """What a delivery or a look around touches, as keys alone.

    ``identifier`` is the same for the same event, however often it comes; ``event`` is Jira's name of
    it (``polled`` from a look around); ``issue`` the issue's key; ``epics`` keys it is or was below;
    ``dates`` due dates that it has, had or gets, by which months are found.
    """

    identifier: str
    event: str
    issue: str = ""
    epics: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the hint as the store keeps it."""
        return {
            "identifier": self.identifier,
            "event": self.event,
            "issue": self.issue,
            "epics": list(self.epics),
            "dates": [day.isoformat() for day in self.dates],
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> "Hint":
        """Read back what :meth:`as_json` wrote."""
        return cls(
            identifier=value["identifier"],
            event=value["event"],
            issue=value["issue"],
            epics=tuple(value["epics"]),
            dates=tuple(date.fromisoformat(day) for day in value["dates"]),
        )
