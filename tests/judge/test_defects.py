"""Every exception to the contracts is needed: without it, something right would be refused."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.watching import Exchange
from tests.contract.sites import SandboxSite
from tests.contract.tour import SCENES as TOUR
from tests.contract.tour import in_no_time
from tests.judge import datacenter_scenes
from tests.judge.contracts import contract, folder
from tests.judge.defect import Defect
from tests.judge.defects import DEFECTS
from tests.judge.exchanges import Verdict, place_in
from tests.judge.scenes import SCENES, arrange
from tests.sandbox.client import Client
from tests.sandbox.server_client import ServerClient


def tour(box: Sandbox) -> None:
    with tempfile.TemporaryDirectory() as place, in_no_time():
        site = SandboxSite(box, Path(place))
        for scene in TOUR:
            scene(site)


def in_cloud() -> Iterator[Exchange]:
    for scene in SCENES.values():
        exchanges: list[Exchange] = []
        with Sandbox() as box, Client.of(box) as client:
            box.observers.append(exchanges.append)
            arrange(box)
            scene(box, client)
            for status in (429, 500, 503):
                box.faults.answer(status)
                client.jira("GET", "myself")
                box.faults.answer(status)
                client.wiki("GET", "spaces")
        yield from exchanges


def in_datacenter() -> Iterator[Exchange]:
    for scene in datacenter_scenes.SCENES.values():
        exchanges: list[Exchange] = []
        with Sandbox("datacenter", start_date=True) as box, ServerClient.of(box) as client:
            box.observers.append(exchanges.append)
            datacenter_scenes.arrange(box)
            scene(box, client)
        yield from exchanges


def on_tour() -> Iterator[Exchange]:
    for flavour in ("cloud", "datacenter"):
        exchanges: list[Exchange] = []
        with Sandbox(flavour, start_date=True) as box:
            box.observers.append(exchanges.append)
            tour(box)
        yield from exchanges


def recorded() -> Iterable[tuple[Exchange, bool]]:
    """All that passes in the scenes and on the tour, and whether the bridge asked it."""
    yield from ((exchange, False) for exchange in (*in_cloud(), *in_datacenter()))
    yield from ((exchange, True) for exchange in on_tour())


def objections(defect: Defect, exchanges: Iterable[tuple[Exchange, bool]]) -> list[str]:
    for exchange, is_ours in exchanges:
        if defect.concerns(place_in(exchange.path)[0]):
            verdict = Verdict(exchange, without=defect)
            found = [*verdict.of_answer(), *(verdict.of_request() if is_ours else ())]
            if found:
                return found
    return []


def test_every_defect_is_one_and_is_met() -> None:
    folder()
    exchanges = list(recorded())
    judged = {place_in(exchange.path)[0] for exchange, _ in exchanges}
    unmet = [
        defect.what
        for defect in DEFECTS
        if set(defect.contracts) & judged and not objections(defect, exchanges)
    ]
    assert unmet == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda d: d.what)
def test_a_defect_names_files_that_exist_its_reason_and_its_source(defect: Defect) -> None:
    folder()
    assert all(contract(name).document for name in defect.contracts)
    assert defect.reason
    assert defect.source
