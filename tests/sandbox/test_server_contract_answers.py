"""The Data Center flavour: every served operation is called, and Atlassian's contracts judge the answers."""

import re
from collections.abc import Iterator

import pytest

from bridge.sandbox import Sandbox
from tests.judge.contracts import folder
from tests.judge.datacenter_scenes import SCENES, arrange, served
from tests.judge.watch import watch
from tests.sandbox.server_client import EPIC_NAME, ServerClient


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox("datacenter", start_date=True) as box:
        arrange(box)
        yield box


@pytest.fixture
def judged(server: Sandbox) -> Iterator[ServerClient]:
    """A client whose answers are judged; its requests may be wrong on purpose."""
    folder()
    judge = watch(server, requests_too=False)
    with ServerClient.of(server) as client:
        yield client
    judge.agrees()


@pytest.mark.parametrize("scene", SCENES)
def test_the_contracts_accept_every_answer(
    server: Sandbox, judged: ServerClient, scene: str
) -> None:
    SCENES[scene](server, judged)


# Served although no contract describes it: the reading twin of the restrictions that are written, what
# the trimmed file lacks about attachments, and admin webhooks.
BESIDE = {
    ("GET", "/rest/api/content/{}/restriction/byOperation"),
    *((verb, "/api/2/attachment/{}") for verb in ("GET", "DELETE")), ("GET", "/api/2/attachment/meta"),
    *((verb, "/jira-webhook/1.0/webhooks") for verb in ("GET", "POST")),
    *((verb, "/jira-webhook/1.0/webhooks/{}") for verb in ("GET", "PUT", "DELETE")),
}  # fmt: skip


def test_no_served_operation_goes_without_judgement(server: Sandbox) -> None:
    folder()
    judge = watch(server, requests_too=False)
    with ServerClient.of(server) as client:
        for name, scene in SCENES.items():
            if name != "refusals":
                scene(server, client)
    succeeded = (operation.split(" ") for _, operation, status in judge.seen if status < 400)
    called = {(method, re.sub(r"\{[^}]+\}", "{}", path)) for method, path in succeeded}
    # A child of one kind is served by one rule; the contract has attachments beside it.
    called -= {("GET", "/rest/api/content/{}/child/attachment")}
    assert sorted(served(server) - called) == sorted(BESIDE)
    assert not called - served(server)


def test_an_epic_has_its_name_in_the_agile_interface(judged: ServerClient) -> None:
    judged.jira("PUT", "issue/MKT-1", {"fields": {EPIC_NAME: "Noël 2026"}})
    assert judged.rest("GET", "agile/1.0/epic/MKT-1").json()["name"] == "Noël 2026"
    assert judged.rest("GET", "agile/1.0/epic/IT-1").status_code == 404
