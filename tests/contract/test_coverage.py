"""The page of what is held against the contracts is current, and the tour behind it is complete."""

from pathlib import Path

import pytest

from bridge.ports import Hooks, Inspector, Tracker, Wiki, WikiInspector
from tests.contract.coverage import FLAVOURS, PAGE, page
from tests.contract.tour import toured
from tests.judge.contracts import folder


def test_the_page_is_current() -> None:
    """Write it anew with `make contracts`."""
    folder()
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_tour_calls_every_method_of_the_ports(flavour: str, tmp_path: Path) -> None:
    folder()
    judge, called = toured(flavour, tmp_path)
    judge.agrees()
    methods = {
        name
        for port in (Tracker, Wiki, Hooks, Inspector, WikiInspector)
        for name in vars(port)
        if not name.startswith("_")
    }
    assert called >= methods
