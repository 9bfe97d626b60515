"""Gather what the morning's messages say; reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bridge.bulletin import Bulletin, morning_of, risks_of
from bridge.campaignstatus import CampaignStatus
from bridge.errors import MemoryDamaged, UnknownName
from bridge.memory import Damaged, of
from bridge.operations import agenda, month, status
from bridge.operations.status import Around
from bridge.ports import Clock
from bridge.retroplan.calendars import Calendars
from bridge.text import Speaker
from bridge.tracker import Issue


@dataclass(frozen=True, slots=True)
class Looking:
    """What a look at all campaigns works with; ``around`` as for the status of one."""

    around: Around
    clock: Clock
    speaker: Speaker

    def is_worked(self, day: date) -> bool:
        """Tell whether the shop works on a day: on others nobody is written to."""
        rules = self.around.workspace.calendar
        return Calendars(rules, date(day.year, 1, 1), date(day.year, 12, 31)).named().is_worked(day)


def for_the_team(looking: Looking) -> Bulletin | None:
    """Return the team's day; raises as a publish of the month does."""
    around, today = looking.around, looking.clock.today()
    first = today.replace(day=1)
    seen = month.gather(first, around.workspace, around.tracker, looking.clock, looking.speaker)
    return morning_of(seen, today)


def for_leads(people: Iterable[str], looking: Looking) -> Mapping[str, Bulletin]:
    """Return, by person, what they are told of the running campaigns that they lead.

    The lead is whom the epic is assigned to. A campaign that cannot be read is left to its page.
    """
    around, today = looking.around, looking.clock.today()
    epics = month.running_campaigns(around.tracker, around.workspace)
    told: dict[str, Bulletin] = {}
    for person in dict.fromkeys(people):
        account = agenda.account(person, around.workspace, around.tracker)
        led = [e for e in epics.values() if account and e.assignee and e.assignee.id == account]
        seen = [
            (one, around.tracker.url(epic.key)) for epic in led if (one := _status(epic, looking))
        ]
        bulletin = risks_of(seen, today)
        if bulletin is not None:
            told[person] = bulletin
    return told


def _status(epic: Issue, looking: Looking) -> CampaignStatus | None:
    try:
        memory = of(epic)
        if memory is None:
            return None
        today = looking.clock.today()
        return status.status(memory.campaign, looking.around, today, looking.speaker)
    except (Damaged, MemoryDamaged, UnknownName):
        return None  # `campaign status` and the doctor say what is wrong with it
