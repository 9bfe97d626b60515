"""The parts of one process of ``bridge serve``, put together: engine, rounds, figures, feeds, alarm."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from bridge.language import language
from bridge.reactions.watching import Mark
from bridge.service import station
from bridge.service.configuration import Configuration
from bridge.service.engine import Engine
from bridge.service.face.feedbook import FeedBook
from bridge.service.face.feeds import blueprint
from bridge.service.face.metrics import Meters
from bridge.service.face.readings import Readings
from bridge.service.messages.morning import alert
from bridge.service.rounds import POLL, POLLED
from bridge.service.serving import Parts, Role
from bridge.service.station import Station
from bridge.text import Text

TICKS: Final[Mapping[str, str]] = {POLL: "* * * * *"}  # a change is found within two minutes


@contextmanager
def assembled(told: Configuration, role: Role) -> Iterator[Parts]:
    """Open the store and give what a process of a role is made of; raises StoreDown."""
    meters = Meters()
    with station.opened(told, waited=meters.called) as worker:
        duties = meters.counting(worker.rounds.duties())

        def begin() -> None:
            if role != "web":  # a web face takes hints without working
                worker.engine.start(duties, TICKS, told.workspace.timezone)

        yield Parts(
            engine=worker.engine,
            begin=begin,
            secrets=told.secrets,
            meters=meters,
            now=lambda: datetime.now(UTC),
            last_poll=_last_poll(worker.engine),
            tell_people=_telling(worker, told),
            rooms=[blueprint(FeedBook(worker.engine), Readings(worker.office.desk).render)],
        )


def _telling(worker: Station, told: Configuration) -> Callable[[Text], None]:
    """Return what brings an alarm to the operators, in the workspace's language."""

    def tell(words: Text) -> None:
        today = datetime.now(ZoneInfo(told.workspace.timezone)).date()
        kind = f"alert {sha256(words.one.encode()).hexdigest()[:8]}"  # each sentence by itself
        alert(words, today, language(told.workspace.lang), worker.post, kind)

    return tell


def _last_poll(engine: Engine) -> Callable[[], datetime | None]:
    def last_poll() -> datetime | None:
        mark = Mark.read(engine.recall(POLLED))
        return None if mark is None else mark.at

    return last_poll
