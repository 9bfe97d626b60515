"""Deliveries: kept until they arrived or were given up, in the transaction of what they tell."""

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bridge.sandbox.flavour import Flavour
from bridge.sandbox.store import Store

State = Literal["waiting", "delivered", "failed", "dropped"]
RETRIES = 5
RETRIED = frozenset({408, 409, 425, 429})
BODY_LIMIT = 25 * 2**20
"""Bytes of a body; larger ones are never sent."""
WAITING_LIMIT = 10_000
"""Deliveries that wait at once; what comes beyond is dropped, and listed as such."""
_SIGNED = "sha256"


@dataclass(frozen=True)
class Delivery:
    """A body on its way to a webhook. ``status`` is the last answer's, 0 where none came."""

    id: int
    webhook: int
    identifier: str
    event: str
    subject: str
    url: str
    body: bytes
    created: str
    state: State
    attempts: int
    status: int


def again(status: int, attempts: int) -> bool:
    """Whether a delivery is tried again after so many attempts, the last of which ended like this."""
    failed = status == 0 or status in RETRIED or status >= 500
    return failed and attempts <= RETRIES


def signature(secret: str, body: bytes) -> str:
    """Return ``X-Hub-Signature``: an HMAC over the raw body."""
    return f"{_SIGNED}={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def headers(delivery: Delivery, secret: str, flavour: Flavour) -> Mapping[str, str]:
    """Return the headers of the next attempt; Data Center documents neither identifiers nor retries."""
    given = {
        "Content-Type": "application/json; charset=UTF-8",
        "User-Agent": "Atlassian Webhook HTTP Client",
        **({} if flavour.server else _identity(delivery)),
    }
    if secret:
        given["X-Hub-Signature"] = signature(secret, delivery.body)
    return given


def _identity(delivery: Delivery) -> dict[str, str]:
    given = {
        "X-Atlassian-Webhook-Identifier": delivery.identifier,
        "X-Atlassian-Webhook-Flow": "Primary",
    }
    if delivery.attempts:
        given["X-Atlassian-Webhook-Retry"] = str(delivery.attempts)
    return given


class Deliveries:
    """Every delivery of the site."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fresh = False
        """Whether something was added since the courier last looked."""

    def add(  # what a delivery consists of
        self, webhook: int, event: str, subject: str, url: str, body: bytes, now: str
    ) -> None:
        """Keep a body to be delivered, or to be listed as dropped."""
        fits = len(body) <= BODY_LIMIT and len(self.waiting()) < WAITING_LIMIT
        self._store.run(
            "insert into delivery values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
            self._store.next_id("delivery", 1), webhook, str(uuid.uuid4()), event, subject, url,
            body if fits else b"", now, "waiting" if fits else "dropped",
        )  # fmt: skip
        self.fresh = True

    def get(self, delivery_id: int) -> Delivery | None:
        """Return the delivery with this id, or None."""
        row = self._store.one("select * from delivery where id = ?", delivery_id)
        return None if row is None else Delivery(**dict(row))

    def waiting(self) -> list[int]:
        """Return the ids of what has not arrived yet, oldest first."""
        rows = self._store.all("select id from delivery where state = 'waiting' order by id")
        return [row["id"] for row in rows]

    def newest(self, most: int = 200) -> list[Delivery]:
        """Return the deliveries that were made last, newest first."""
        rows = self._store.all("select * from delivery order by id desc limit ?", most)
        return [Delivery(**dict(row)) for row in rows]

    def attempted(self, delivery: Delivery, status: int, *, may_retry: bool) -> State:
        """Keep how an attempt ended; return where that leaves the delivery."""
        attempts = delivery.attempts + 1
        state: State = "delivered" if 200 <= status < 300 else "failed"
        if state == "failed" and may_retry and again(status, attempts):
            state = "waiting"
        with self._store.transaction():
            self._store.run(
                "update delivery set state = ?, attempts = ?, status = ? where id = ?",
                state, attempts, status, delivery.id,
            )  # fmt: skip
        return state

    def listed(self) -> list[dict[str, Any]]:
        """Tell of the newest deliveries, without their bodies."""
        return [
            {name: value for name, value in vars(one).items() if name != "body"}
            for one in self.newest()
        ]
