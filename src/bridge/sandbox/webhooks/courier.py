"""The courier: carries deliveries to their targets in the background, again and again where need be.

box.webhooks.delay = lambda attempt: 0.05    # instead of 5 to 15 minutes between attempts
box.webhooks.hold = True                     # nothing leaves until deliver_now()
box.webhooks.out_of_order = True             # what waits together leaves newest first
box.webhooks.duplicates = True               # what arrived is sent once more
box.webhooks.deliver_now()                   # one attempt for all that waits, then return
"""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bridge.sandbox.flavour import Flavour
from bridge.sandbox.webhooks.deliveries import Deliveries, Delivery, headers
from bridge.sandbox.webhooks.subscriptions import Subscriptions

AT_ONCE = 20
TIME_OUT = 10.0
"""Seconds; the real time-out is not published."""
HOST_GIVEN_UP = 30 * 60
"""Seconds of failure after which a host gets one attempt for each delivery."""
_GATHERING = 0.2


def five_to_fifteen_minutes(_attempt: int) -> float:
    """Seconds between two attempts on the real service."""
    return random.uniform(5 * 60, 15 * 60)  # noqa: S311  # not a secret


class Courier:
    """Delivers, with at most twenty requests at once; on Data Center each delivery once."""

    def __init__(
        self, deliveries: Deliveries, subscriptions: Subscriptions, flavour: Flavour
    ) -> None:
        self._flavour = flavour
        self.deliveries = deliveries
        self.subscriptions = subscriptions
        self.delay: Callable[[int], float] = five_to_fifteen_minutes
        self.hold = False
        self.out_of_order = False
        self.duplicates = False
        self._bell = threading.Event()
        self._state = (
            threading.Condition()
        )  # never held while the store is asked: it has its own lock
        self._under_way: set[int] = set()
        self._due: dict[int, float] = {}
        self._failing_since: dict[str, float] = {}
        self._hurry = False
        self._over = False
        self._pool = ThreadPoolExecutor(AT_ONCE, "webhook")
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver, with what was left waiting."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way and deliver no more; what waits stays in the store."""
        self._over = True
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown()

    def after_commit(self) -> None:
        """Look for something to deliver, where the transaction left something."""
        if self.deliveries.fresh:
            self.deliveries.fresh = False
            self._bell.set()

    def look(self, *, now: bool = False) -> None:
        """Look for something to deliver, after a switch was changed; ``now``: all that waits leaves once."""
        self._hurry = self._hurry or now
        self._bell.set()

    def deliver_now(self, timeout: float = 30.0) -> None:
        """Try everything that waits once, whatever its time, and return when each was answered.

        Raises:
            TimeoutError: some are still under way.

        """
        for one in self._in_order(self.deliveries.waiting()):
            self._send(one)
        with self._state:
            if not self._state.wait_for(lambda: not self._under_way, timeout):
                raise TimeoutError(f"{len(self._under_way)} deliveries are still under way")

    def _in_order(self, waiting: list[int]) -> list[int]:
        return waiting[::-1] if self.out_of_order else waiting

    # --- in the background --------------------------------------------------------------------

    def _run(self) -> None:
        while not self._over:
            if self._hurry:
                self._due.clear()
            pause = self._send_what_is_due() if self._hurry or not self.hold else None
            self._hurry = False
            self._bell.wait(pause)
            if self.out_of_order and not self._over:
                time.sleep(_GATHERING)
            self._bell.clear()

    def _send_what_is_due(self) -> float | None:
        """Send, and return the seconds until the next is due, None where nothing waits."""
        now = time.monotonic()
        waiting = self.deliveries.waiting()
        for one in self._in_order(waiting):
            if self._due.get(one, 0.0) <= now:
                self._send(one)
        later = [self._due[i] - now for i in waiting if self._due.get(i, 0.0) > now]
        return max(0.0, min(later)) if later else None

    def _send(self, delivery_id: int) -> None:
        with self._state:
            if delivery_id in self._under_way:
                return
            self._under_way.add(delivery_id)
        self._pool.submit(self._attempt, delivery_id)

    def _attempt(self, delivery_id: int) -> None:
        try:
            delivery = self.deliveries.get(delivery_id)
            if delivery is not None and delivery.state == "waiting":
                self._carry(delivery)
        finally:
            with self._state:
                self._under_way.discard(delivery_id)
                self._state.notify_all()

    def _carry(self, delivery: Delivery) -> None:
        webhook = self.subscriptions.get(delivery.webhook)
        secret = webhook.secret if webhook else ""
        status = self._post(delivery, secret)
        host = urlsplit(delivery.url).netloc
        if status == 0 or status >= 500:
            since = self._failing_since.setdefault(host, time.monotonic())
        else:
            since = time.monotonic()
            self._failing_since.pop(host, None)
        in_time = time.monotonic() - since < HOST_GIVEN_UP
        may_retry = webhook is not None and in_time and not self._flavour.server
        state = self.deliveries.attempted(delivery, status, may_retry=may_retry)
        if state == "waiting":
            self._due[delivery.id] = time.monotonic() + self.delay(delivery.attempts + 1)
            self._bell.set()
        elif state == "delivered" and self.duplicates:
            self._post(delivery, secret)

    def _post(self, delivery: Delivery, secret: str) -> int:
        """Return the status of the answer, 0 where none came."""
        import requests  # noqa: PLC0415  # only where there are webhooks

        given = dict(headers(delivery, secret, self._flavour))
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.post(
                    delivery.url, delivery.body, headers=given,
                    timeout=TIME_OUT, allow_redirects=False, stream=True,
                )  # fmt: skip
            except requests.RequestException:
                return 0
            answer.close()
            return answer.status_code
