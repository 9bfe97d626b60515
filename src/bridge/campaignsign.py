"""The last line of the comment on an epic: by which the bridge finds it again, and knows how far it is.

It says for which plan an answer was asked, and since when: so nothing about an answer is kept anywhere
that somebody else could change unseen. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bridge.campaign import Campaign
from bridge.memory import digest

SIGN: Final = "bridge-campaign"
_SIGN = re.compile(
    SIGN + r" (?P<about>\S+) (?P<state>waiting|plan|created)"
    r"(?: (?P<plan>[0-9a-f]{16}))?(?: since (?P<since>\S+))?"
)
State = Literal["waiting", "plan", "created"]


@dataclass(frozen=True, slots=True)
class Sign:
    """The last line of the comment: what it is about, and how far that is.

    ``plan`` is the fingerprint of the plan that was shown, ``since`` when it was shown first; None
    where the comment was not written anew since then.
    """

    about: str
    state: State
    plan: str = ""
    since: datetime | None = None

    def __str__(self) -> str:
        since = f" since {self.since.isoformat()}" if self.since else ""
        return f"{SIGN} {self.about} {self.state}{f' {self.plan}' if self.plan else ''}{since}"


def sign_in(words: str, about: str) -> Sign | None:
    """Return the sign of a comment about an epic, None where it has none."""
    for line in words.splitlines():
        found = _SIGN.fullmatch(line.strip())
        if found is None or found["about"] != about:
            continue
        states: Mapping[str, State] = {"waiting": "waiting", "plan": "plan", "created": "created"}
        try:
            since = datetime.fromisoformat(found["since"]) if found["since"] else None
        except ValueError:
            return None
        return Sign(about, states[found["state"]], found["plan"] or "", since)
    return None


def fingerprint(campaign: Campaign) -> str:
    """Return what tells one plan from another: name, template, launch, values, dates and people."""
    order = campaign.order
    parts: list[object] = [order.id, order.name, order.template.id, order.template.version]
    parts += [order.launch.isoformat(), sorted(order.values.items()), campaign.lead.id]
    parts += [
        (s.step.id, s.start.isoformat(), s.due.isoformat(), campaign.owner(s).id)
        for s in campaign.schedule.steps
    ]
    return digest(repr(parts))
