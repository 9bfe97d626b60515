"""A run of the bridge that dies at a chosen request, as kill -9 lets it die."""

from collections.abc import Callable

import pytest

from bridge.atlassian.jira_datacenter import DataCenter
from bridge.atlassian.transport import Transport


class Killed(BaseException):
    """Ends a run the way kill -9 does: no handler of ours runs."""


def killed(
    run: Callable[[], object], monkeypatch: pytest.MonkeyPatch, number: int, *, after: bool
) -> bool:
    """Run, killed at the ``number``-th request, before it leaves or after the server worked.

    Returns whether that request was reached.
    """
    original, count = Transport._exchange, 0

    def exchange(self: Transport, request: object) -> object:
        nonlocal count
        count += 1
        if count == number and not after:
            raise Killed
        answer = original(self, request)  # type: ignore[arg-type]  # a Request
        if count == number:
            raise Killed
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Transport, "_exchange", exchange)
        # One thread: the n-th request is the same one in every run.
        patch.setattr("bridge.atlassian.transport.CONCURRENT", 1)
        try:
            run()
        except Killed:
            return True
        return False


def shorten_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for lost issues in a small margin: Data Center reads the store key by key."""
    for module in ("pool", "locate", "writing"):
        monkeypatch.setattr(f"bridge.operations.{module}.MARGIN", 2)
    monkeypatch.setattr(DataCenter, "scanned_at_once", 10)
    monkeypatch.setattr(DataCenter, "believed_gap", 10)
