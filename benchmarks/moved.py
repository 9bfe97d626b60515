"""From a date moved in Jira to the page that shows it: told by a webhook, and by one `bridge sync --once`.

The service waits five quiet seconds before it publishes a month, so that a burst makes one version;
what is above them is the bridge's own. Beside it, in the same run: `bridge month publish` alone.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import requests

from benchmarks.service import SECRET, WORKSPACE, running, serve_command
from bridge.reactions import month
from bridge.sandbox import Sandbox

MOVES = 5
NEXT = (date.today().replace(day=1) + timedelta(days=35)).replace(day=1)  # noqa: DTZ011  # any will do
PATIENCE = 120.0


def environment_of(box: Sandbox) -> Mapping[str, str]:
    """What a command is told; byte code is on disk, as where it is installed."""
    installed = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    ready = box.ready
    return installed | {
        "BRIDGE_JIRA_URL": ready["jira"], "BRIDGE_CONFLUENCE_URL": ready["confluence"],
        "BRIDGE_EMAIL": ready["email"], "BRIDGE_TOKEN": ready["token"],
        "BRIDGE_WEBHOOK_SECRET": SECRET,
    }  # fmt: skip


def shown(box: Sandbox) -> str:
    """The pages of the months as they stand now."""
    pages = box.site.confluence.pages.newest(20)
    return "\n".join(box.site.confluence.body(page.id) for page in pages)


def moved(box: Sandbox, key: str, turn: int, then: Callable[[], object]) -> float:
    """Move a due date by hand; return the seconds until a page shows the action on that day."""
    title = f"Moved {turn} times"
    begin = time.perf_counter()
    box.site.jira.edit(key, by="Camille", duedate=str(NEXT.replace(day=3 + turn)), summary=title)
    then()
    while title not in shown(box):
        assert time.perf_counter() - begin < PATIENCE, "the page does not follow"
        time.sleep(0.02)
    return time.perf_counter() - begin


def register(box: Sandbox, place: str) -> None:
    """Have the site tell the service of every change."""
    person = box.site.people.find("Jonathan")
    answer = requests.post(
        f"{box.ready['jira']}/rest/webhooks/1.0/webhook",
        auth=(person.email, box.site.people.issue_token(person)), timeout=10,
        json={"name": "bridge", "url": f"http://{place}/webhooks/jira", "secret": SECRET,
              "events": ["jira:issue_updated"]},
    )  # fmt: skip
    assert answer.status_code == 201


def figures(name: str, took: list[float], more: str = "") -> str:
    """The median and the longest of some times."""
    return f"{name}: {statistics.median(took):.1f} s (longest {max(took):.1f} s){more}"


def measure() -> Iterator[str]:
    """A command that publishes, a round of cron, and a service that is told."""
    with tempfile.TemporaryDirectory() as made, Sandbox() as box:
        folder, environment = Path(made), environment_of(box)
        (folder / "bridge.yaml").write_text(WORKSPACE, "utf-8")
        key = box.site.jira.create("MKT", "Task", "x", by="Camille", duedate=str(NEXT)).key

        def bridge(*words: str) -> None:
            command = [sys.executable, "-m", "bridge", "-w", made, *words]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

        publish, sync = ("month", "publish", f"{NEXT:%Y-%m}"), ("sync", "--once")
        bridge(*publish)
        bridge(*sync)  # the first round looks at everything
        turns = iter(range(3 * MOVES))
        took = {
            words: [moved(box, key, next(turns), partial(bridge, *words)) for _ in range(MOVES)]
            for words in (publish, sync)
        }
        for words, seconds in took.items():
            yield figures(f"bridge {' '.join(words)}", seconds)
        with running(serve_command(folder, "both"), environment) as (place, _, _):
            register(box, place)
            told = [moved(box, key, next(turns), lambda: None) for _ in range(MOVES)]
            yield figures(
                "bridge serve, told", told, f", {month.REACTION.quiet:.0f} s of them quiet"
            )
