"""Being told to stop: the first signal lets what is under way end, a second one does not wait."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """Give an event that the first SIGTERM or SIGINT sets; a second one ends the process at once.

    Only from the main thread. What a second signal breaks off is done again after the next start.
    """
    over = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.set()
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield over
    finally:
        for number, found in before.items():
            signal.signal(number, found)
