"""Work that a living worker has begun by the store's account, and that it does not do.

While a store goes away and comes back, DBOS may claim a piece of work and never start it, or end it
without telling. Nobody else may take it, since its worker lives; so the worker itself gives it back.
"""

import time
from collections.abc import Collection

from bridge.service.durable.ledger import Ledger


class Reclaim:
    """What one worker has lost hold of; ``in_hand`` is what it really does at the moment."""

    def __init__(
        self, ledger: Ledger, worker: str, in_hand: Collection[str], patience: float
    ) -> None:
        self._ledger = ledger
        self._worker = worker
        self._in_hand = in_hand
        self._patience = patience
        self._lost: dict[str, float] = {}

    def __call__(self) -> int:
        """Give back what was not in hand for a while; return how many pieces. Raises StoreDown."""
        now = time.monotonic()
        begun = self._ledger.begun_by(self._worker) - set(self._in_hand)
        # between claiming and starting, and between ending and telling, there is a moment
        self._lost = {one: self._lost.get(one, now) for one in begun}
        overdue = {one for one, since in self._lost.items() if now - since > self._patience}
        return self._ledger.give_back(overdue, self._worker) if overdue else 0
