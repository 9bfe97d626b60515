"""One worker with everything it needs: the engine, the shared budget of calls, the office, the rounds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from bridge.service.configuration import Configuration
from bridge.service.durable.engine import DurableEngine
from bridge.service.kept import claim
from bridge.service.limits import Permits
from bridge.service.messages import channels
from bridge.service.messages.morning import Post, each_morning
from bridge.service.office import Limits, Office
from bridge.service.rounds import Rounds


@dataclass(frozen=True)
class Station:
    """A worker ready to begin; nothing runs before the engine is started."""

    engine: DurableEngine
    office: Office
    rounds: Rounds
    post: Post


@contextmanager
def opened(
    told: Configuration,
    *,
    waited: Callable[[float], None] = lambda _: None,
    hurry: bool = False,
    today: date | None = None,
) -> Iterator[Station]:
    """Open a worker's store and office while the block lasts.

    ``waited`` is told each call's wait for the shared budget, in seconds; ``hurry`` does jobs at once,
    without waiting for quiet. The site is asked only when work begins. Raises StoreDown, or
    StoreOfAnother.
    """
    engine = DurableEngine.open(told.store, told.worker)
    try:
        claim(engine, told.workspace.id)
        permits = Permits(told.store, told.rate, waited)
        try:
            limits = Limits(permit=permits.permit, before_write=engine.presence.check, marks=engine)
            office = Office(told.folder, told.settings, limits, today=today)
            post = Post(told.channels, channels.send, engine)
            morning = each_morning(post) if told.channels else None
            yield Station(engine, office, Rounds(office, engine, morning, hurry=hurry), post)
        finally:
            permits.close()
    finally:
        engine.close()
