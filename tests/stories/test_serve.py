"""`bridge serve` as a process: what Jira delivers is done, and SIGTERM ends it in good order."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
import requests

from tests.sandbox.client import Client
from tests.stories.conftest import Shop

pytest.importorskip("dbos")
CAMILLE = "camille@boutique.example"
SECRET = "a secret of some length"


@contextmanager
def serving(shop: Shop, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the service for a shop; give the process and its address once it is ready."""
    command = [sys.executable, "-m", "bridge", "-w", str(shop.folder), "serve", "--port", "0",
               "--log-format", "json", *options]  # fmt: skip
    environment = os.environ | {"BRIDGE_WEBHOOK_SECRET": SECRET}
    log = (shop.folder / "serve.log").open("w", encoding="utf-8")
    with log, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            yield process, json.loads(process.stdout.readline())["address"]
        finally:
            process.kill()


def eventually(holds: Callable[[], bool]) -> None:
    until = monotonic() + 60
    while not holds():
        assert monotonic() < until, "it did not come about"
        sleep(0.2)


def test_a_delivery_changes_the_page_and_a_signal_ends_it_well(shop: Shop) -> None:
    shop.create_json()
    page = shop.publish("2027-02")["page"]
    with serving(shop) as (process, address):
        with Client.of(shop.box, "Jonathan") as administrator:
            made = administrator.call(
                "POST", "/rest/webhooks/1.0/webhook",
                {"name": "bridge", "url": f"{address}/webhooks/jira", "secret": SECRET,
                 "events": ["jira:issue_updated"]},
            )  # fmt: skip
            assert made.status_code == 201
        shop.box.webhooks.duplicates = True
        shop.box.site.jira.edit(shop.by_step()["page"], by=CAMILLE, summary="Monter la belle page")
        eventually(lambda: "Monter la belle page" in shop.page(page))
        told = requests.get(f"{address}/metrics", timeout=10).text
        assert 'bridge_deliveries_total{outcome="taken"}' in told
        assert requests.get(f"{address}/readyz", timeout=10).json()["status"] == "ready"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    log = (shop.folder / "serve.log").read_text("utf-8")
    events = [json.loads(line) for line in log.splitlines()]
    assert {"delivery", "work"} <= {event["event"] for event in events}
    for never in (SECRET, os.environ["BRIDGE_TOKEN"], "belle page", CAMILLE):
        assert never not in log
