"""One process of the service: it begins to work, listens, watches, and stops in good order."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from bridge.errors import Unusable
from bridge.service.alarm import TOO_LONG, Alarm
from bridge.service.engine import Engine
from bridge.service.face.delivery import Secrets
from bridge.service.face.health import Health
from bridge.service.face.listening import Listener
from bridge.service.face.metrics import Meters
from bridge.service.face.web import Face, app
from bridge.text import Text

if TYPE_CHECKING:
    from flask import Blueprint

Role = Literal["web", "worker", "both"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What one process is made of; ``assembly.py`` puts the real ones together.

    ``begin`` starts the engine in this process's role. ``last_poll`` and ``now`` are as in
    :class:`Health`, ``rooms`` as in :class:`Face`, ``tell_people`` as in :class:`Alarm`.
    """

    engine: Engine
    begin: Callable[[], None]
    secrets: Secrets
    meters: Meters
    now: Callable[[], datetime]
    last_poll: Callable[[], datetime | None]
    tell_people: Callable[[Text], None]
    rooms: Iterable["Blueprint"] = ()


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a process serves: where it listens, what it takes on, how long it waits when told to stop.

    ``patience`` in seconds; ``too_long``: what the alarm calls so.
    """

    host: str
    port: int
    role: Role = "both"
    patience: float = 30.0
    too_long: timedelta = TOO_LONG


def serve(
    parts: Parts, manner: Manner, on_ready: Callable[[str], None], over: threading.Event
) -> None:
    """Serve until ``over`` is set; ``on_ready`` is told the address once.

    When it is over deliveries get 503 at once, and what runs is given its time.

    Raises:
        Unusable: the port is taken, or this machine has no such address.
        StoreDown: the store does not answer at the start.

    """
    health = Health(engine=parts.engine, now=parts.now, last_poll=parts.last_poll)
    listener = _listener(parts, manner, health)
    alarm = Alarm(health=health, tell_people=parts.tell_people, too_long=manner.too_long)
    parts.begin()
    listener.start()
    watch = threading.Thread(target=alarm.watch, args=(over,), name="alarm", daemon=True)
    watch.start()
    on_ready(listener.address)
    while not over.wait(60):
        pass  # a wait without an end would keep signals from being seen on some systems
    health.stopping.set()
    parts.engine.stop(manner.patience)
    listener.stop()
    watch.join()


def _listener(parts: Parts, manner: Manner, health: Health) -> Listener:
    parts.meters.watch(health)
    face = Face(
        engine=parts.engine,
        secrets=parts.secrets,
        meters=parts.meters,
        health=health,
        takes=manner.role != "worker",
        rooms=parts.rooms,
    )
    try:
        return Listener(app(face), manner.host, manner.port)
    except OSError as taken:
        raise Unusable(f"{manner.host}:{manner.port}", taken.errno) from None
