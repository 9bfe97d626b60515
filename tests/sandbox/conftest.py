"""A sandbox per test, and a client that speaks to it as any client does: over HTTP."""

from collections.abc import Iterator

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def api(box: Sandbox) -> Iterator[Client]:
    """The service account."""
    with Client.of(box) as client:
        yield client


@pytest.fixture
def camille(box: Sandbox) -> Iterator[Client]:
    """An ordinary person, not an administrator of MKT's settings, but its lead."""
    with Client.of(box, "Camille") as client:
        yield client


@pytest.fixture
def nadia(box: Sandbox) -> Iterator[Client]:
    """An ordinary person who administers nothing."""
    with Client.of(box, "Nadia") as client:
        yield client


@pytest.fixture
def nobody(box: Sandbox) -> Iterator[Client]:
    """A client without credentials."""
    with Client(box.ready["jira"], None) as client:
        yield client
