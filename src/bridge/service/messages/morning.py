"""The morning's messages, off by default: at most one for each channel and day.

That a message goes out is kept *before* it is sent: a process killed in between loses the message of
that day rather than sending it twice.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bridge.bootstrap import Desk
from bridge.bulletin import Bulletin
from bridge.errors import ProblemsFound, UnknownName
from bridge.operations import bulletins
from bridge.operations.bulletins import Looking
from bridge.operations.status import Around
from bridge.report import bulletin as report
from bridge.retroplan.template import Template
from bridge.service import upkeep
from bridge.service.kept import Kept
from bridge.service.messages.channels import OPERATORS, TEAM, Channel
from bridge.service.office import Office
from bridge.text import Speaker, Text, text

_LOG = logging.getLogger("bridge.service.messages.morning")
_SENT: Final = "message {kind} {channel}"
Send = Callable[[Channel, str, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a morning came to, in messages."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """What messages go out with: the channels, what sends, and where it is kept that they went."""

    channels: Sequence[Channel]
    send: Send
    marks: Kept

    def out(self, kind: str, day: date, letters: Mapping[Channel, tuple[str, str]]) -> Sent:
        """Send a title and a body to each channel, unless one of the kind went there that day.

        What is not taken is not sent again that day. Raises StoreDown before anything went out.
        """
        taken = [
            self.send(channel, title, body)
            for channel, (title, body) in letters.items()
            if self._is_first(kind, channel, day)
        ]
        failed = taken.count(False)
        if failed:
            _LOG.error("messages were not taken", extra={"kind": kind, "count": failed})
        if taken:
            _LOG.info("messages went out", extra={"kind": kind, "count": len(taken) - failed})
        return Sent(sent=len(taken) - failed, failed=failed)

    def _is_first(self, kind: str, channel: Channel, day: date) -> bool:
        name = _SENT.format(kind=kind, channel=channel.digest)
        if (self.marks.recall(name) or "") >= day.isoformat():
            return False
        self.marks.remember(name, day.isoformat())
        return True


def morning(desk: Desk, template: Callable[[str], Template | None], post: Post) -> Sent:
    """Send the team its day and each lead their campaigns at risk, as bridge.yaml asks for it.

    Nothing on a day that is not worked, nothing where there is nothing to say. Raises a SiteError
    before anything went out.
    """
    workspace = desk.workspace
    around = Around(workspace, desk.tracker, template, desk.recorded_epic)
    looking = Looking(around, desk.clock, desk.speaker)
    today = desk.clock.today()
    if not (post.channels and looking.is_worked(today)):
        return Sent()
    people = {
        name for channel in post.channels for name in channel.whom
    } & workspace.team.people.keys()
    team = bulletins.for_the_team(looking) if workspace.service.morning else None
    leads = bulletins.for_leads(sorted(people), looking) if workspace.service.digest else {}
    letters = {
        channel: letter
        for channel in post.channels
        if (letter := _letter(list(_for(channel, team, leads)), desk.speaker)) is not None
    }
    return post.out("morning", today, letters)


def _for(
    channel: Channel, team: Bulletin | None, leads: Mapping[str, Bulletin]
) -> Iterator[Bulletin]:
    if team is not None and TEAM in channel.whom:
        yield team
    yield from (leads[person] for person in sorted(channel.whom & leads.keys()))


def _letter(told: Sequence[Bulletin], speaker: Speaker) -> tuple[str, str] | None:
    """Return one title and one body: whoever gets several bulletins gets them as one message."""
    if not told:
        return None
    first, *others = told
    bodies = [report.body(first, speaker)]
    bodies += [f"{report.subject(one, speaker)}\n\n{report.body(one, speaker)}" for one in others]
    return report.subject(first, speaker), "\n\n".join(bodies)


def alert(words: Text, day: date, speaker: Speaker, post: Post, kind: str = "alert") -> Sent:
    """Tell the operators that something needs them; at most once for each kind, channel and day."""
    letter = speaker.say(text("The bridge needs you")), speaker.say(words)
    letters = {channel: letter for channel in post.channels if OPERATORS in channel.whom}
    return post.out(kind, day, letters)


def each_morning(post: Post) -> Callable[[Office, datetime], None]:
    """Return what the rounds call in the morning, with the office and the moment it counts for."""

    def told(office: Office, _at: datetime) -> None:
        templates = office.templates()

        def template(name: str) -> Template | None:
            try:
                return templates.get(name)
            except (UnknownName, ProblemsFound):
                return None  # a status does without; `template check` says what is wrong

        morning(office.desk(), template, post)
        found = upkeep.falling_due(office)
        if found:
            desk = office.desk()
            alert(upkeep.told(found), desk.clock.today(), desk.speaker, post, kind="rules")

    return told
