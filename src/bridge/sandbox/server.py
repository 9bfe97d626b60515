"""A running sandbox: start it, arrange it, look at what was asked of it, stop it."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from bridge.sandbox import moments
from bridge.sandbox import seed as seeding
from bridge.sandbox.app import make_app
from bridge.sandbox.door import Door, Request
from bridge.sandbox.faults import Faults
from bridge.sandbox.flavour import FLAVOURS
from bridge.sandbox.gateway import Gateway
from bridge.sandbox.jira.index import Lag
from bridge.sandbox.limits import Limits
from bridge.sandbox.site import Site
from bridge.sandbox.sockets import Listener
from bridge.sandbox.watching import Observer
from bridge.sandbox.webhooks.announcing import Announcer
from bridge.sandbox.webhooks.courier import Courier
from bridge.sandbox.webhooks.deliveries import Deliveries
from bridge.sandbox.webhooks.subscriptions import Subscriptions


class Sandbox:
    """A Jira and Confluence look-alike on a port of this machine.

    Args:
        flavour: ``cloud`` or ``datacenter`` (:mod:`bridge.sandbox.flavour`).
        db: a path to keep everything in, or None for memory.
        port: 0 for any free one.
        host: the address to bind; loopback unless told otherwise.
        seed: whether an empty store is filled (see :mod:`bridge.sandbox.seed`).
        language: ``en`` or ``fr``: how a new site names its types, statuses, fields.
        start_date: whether a new site has a field "Start date"; None for what the flavour has.

    """

    def __init__(  # the documented interface
        self,
        flavour: str = "cloud",
        db: Path | str | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        seed: bool = True,  # the documented interface
        language: str = "en",
        *,
        start_date: bool | None = None,
    ) -> None:
        if flavour not in FLAVOURS:
            raise ValueError(f"flavour {flavour!r}: one of {', '.join(FLAVOURS)}")
        if language not in ("en", "fr"):
            raise ValueError(f"language {language!r}: 'en' or 'fr'")
        self.flavour = flavour
        self.site = Site(db, language, FLAVOURS[flavour])
        if seed and self.site.is_new:
            seeding.plant(self.site, start_date=start_date)
        self._host, self._port = host, port
        self.faults = Faults()
        self.limits = Limits(lambda: moments.moment(self.site.now()))
        self.webhooks = self._courier()
        app = Gateway(make_app(self.site, self), lambda: self.site.cloud_id)
        self._door = Door(app, self.faults, self.site.jira.index.tick, [host])
        self._listener: Listener | None = None
        self._address = ""
        self._ready: dict[str, Any] = {}

    def _courier(self) -> Courier:
        """Return the one who delivers webhooks, told of everything that happens."""
        store = self.site.store
        deliveries, subscriptions = Deliveries(store), Subscriptions(store, self.site.now)
        courier = Courier(deliveries, subscriptions, self.site.flavour)
        announcer = Announcer(self.site.jira, subscriptions, deliveries, lambda: self._address)
        self.site.jira.tell(announcer.hear, lambda: len(subscriptions) > 0)
        store.committed = courier.after_commit
        return courier

    # --- running ------------------------------------------------------------------------------

    def start(self) -> Self:
        """Serve in the background; returns when connections are accepted."""
        self._listener = Listener(self._door, self._host, self._port)
        self._listener.start()
        self.webhooks.start()
        self._address = f"http://{self._shown_host()}:{self._listener.port}"
        self._ready = self._announce(self._address)
        return self

    def stop(self) -> None:
        """Stop serving and close the store."""
        if self._listener:
            self._listener.stop()
            self._listener = None
        self.webhooks.stop()
        self.site.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _shown_host(self) -> str:
        host = "127.0.0.1" if self._host in ("0.0.0.0", "::") else self._host  # noqa: S104  # compared, not bound
        return f"[{host}]" if ":" in host else host

    def _announce(self, address: str) -> dict[str, Any]:
        person, token = seeding.service_account(self.site) if self._seeded() else (None, None)
        spaces = [space.key for space in self.site.confluence.spaces if space.kind == "global"]
        return {
            "jira": address + self.site.flavour.jira,
            "confluence": address + self.site.flavour.confluence,
            "flavour": self.flavour,
            "email": seeding.sign_in_name(self.site, person) if person else None,
            "token": token,
            "projects": [project.key for project in self.site.jira.setup.projects],
            "space": spaces[0] if spaces else None,
        }

    def _seeded(self) -> bool:
        return any(person.email == seeding.SERVICE for person in self.site.people)

    @property
    def ready(self) -> dict[str, Any]:
        """Addresses, the service account's credentials, projects and space, once started."""
        return dict(self._ready)

    # --- looking and arranging ----------------------------------------------------------------

    @property
    def requests(self) -> list[Request]:
        """The REST calls so far, oldest first (at most the last 50,000)."""
        return list(self._door.log)

    def forget_requests(self) -> None:
        """Begin the log anew."""
        self._door.log.clear()

    @property
    def observers(self) -> list[Observer]:
        """Functions called with each REST exchange, in the thread that serves it; none at first."""
        return self._door.observers

    @property
    def lag(self) -> Lag:
        """How far search is behind the store: set ``requests``, ``seconds``, ``flicker``."""
        return self.site.jira.lag

    def limit(self, **figures: Any) -> None:
        """Limit rates as the flavour does; ``figures`` as :mod:`bridge.sandbox.limits` takes them."""
        (self.limits.datacenter if self.site.flavour.server else self.limits.cloud)(**figures)

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock: a function that returns the present as an aware datetime; settable."""
        return self.site.clock

    @now.setter
    def now(self, clock: Callable[[], datetime]) -> None:
        self.site.clock = clock


def serve(  # what the command line offers
    port: int = 0,
    db: Path | str | None = None,
    flavour: str = "cloud",
    on_ready: Callable[[dict[str, Any]], object] | None = None,
    *,
    host: str = "127.0.0.1",
    language: str = "en",
    limits: bool = False,
) -> None:
    """Run a sandbox until SIGINT or SIGTERM; ``on_ready`` is called once with :attr:`Sandbox.ready`.

    With ``limits`` it limits rates as the real service does.

    Only from the main thread (signal handlers).
    """
    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Sandbox(flavour, db, port, host, language=language) as box:
            if limits:
                box.limit()
            if on_ready:
                on_ready(box.ready)
            while not over.wait(timeout=60):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
