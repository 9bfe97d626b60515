"""A sandbox that tells a service what people do there, and the state it is in at the end."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bridge import library
from bridge.sandbox import Sandbox
from bridge.sandbox.richtext.adf import plain
from tests.browser.requests import CODE, table
from tests.sandbox.client import Client

SECRET = "a secret of some length"
TODAY = date.today()  # noqa: DTZ011  # any day near the service's own will do
NEXT = (TODAY.replace(day=1) + timedelta(days=35)).replace(day=1)
EVENTS = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created")
Deed = Callable[[Any], object]


def key_of(jira: Any, summary: str) -> str:
    """The key of the one issue called like that."""
    (key,) = (issue.key for issue in jira.all_issues() if issue.summary == summary)
    return str(key)


# What people do, one after the other; none of it asks for what the bridge does in between.
DEEDS: tuple[Deed, ...] = (
    lambda j: j.create("MKT", "Task", "Newsletter", by="Camille", duedate=str(NEXT.replace(day=8))),
    lambda j: j.create("MKT", "Task", "Annonces", by="Jonathan", duedate=str(NEXT.replace(day=9))),
    lambda j: j.create(
        "MKT", "Epic", "Réassort", by="Camille", duedate=str(TODAY + timedelta(days=75)),
        labels=["bridge-template-restock"],
    ),
    lambda j: j.create("MKT", "Task", "Code", by="Camille", description=table(CODE)),
    lambda j: j.edit(
        key_of(j, "Newsletter"), by="Vanessa", duedate=str(NEXT.replace(day=10)), assignee="Vanessa"
    ),
    lambda j: j.create("MKT", "Task", "Vitrine", by="Vanessa", duedate=str(NEXT.replace(day=11))),
    lambda j: j.transition(key_of(j, "Vitrine"), "Done", by="Vanessa"),
    lambda j: j.comment(key_of(j, "Newsletter"), "Prête *vendredi*.", by="Camille"),
    lambda j: j.delete(key_of(j, "Annonces"), by="Camille"),
    lambda j: j.edit(key_of(j, "Newsletter"), by="Camille", duedate=str(NEXT.replace(day=12))),
)  # fmt: skip


def workspace(folder: Path) -> Path:
    """The demo's workspace, where an epic with a label becomes a campaign without a reply."""
    folder.mkdir()
    for file in library.demo_workspace():
        shutil.copy(file, folder)
    with (folder / "bridge.yaml").open("a", encoding="utf-8") as content:
        content.write("\nservice: {confirm: none}\n")
    return folder


class Service:
    """`bridge serve` as a process on one port, to be killed and started again."""

    def __init__(self, box: Sandbox, folder: Path, state: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        ready = box.ready
        self._log = folder / "serve.log"
        self._command = [sys.executable, "-m", "bridge", "-w", str(folder), "serve"]
        self._command += ["--port", str(self._port), "--log-format", "json", "--patience", "2"]
        self._environment = os.environ | {
            "BRIDGE_JIRA_URL": ready["jira"],
            "BRIDGE_CONFLUENCE_URL": ready["confluence"],
            "BRIDGE_EMAIL": ready["email"],
            "BRIDGE_TOKEN": ready["token"],
            "BRIDGE_STATE": state,
            "BRIDGE_WORKER": "one",
            "BRIDGE_RATE": "100",
            "BRIDGE_WEBHOOK_SECRET": SECRET,
        }
        self._process: subprocess.Popen[str] | None = None
        self.kills = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it serves."""
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._log.read_text("utf-8")
        assert json.loads(line)["address"] == self.address

    def end(self, how: signal.Signals) -> int:
        """End it by a signal, and return how it ended."""
        assert self._process is not None
        self.kills += how == signal.SIGKILL
        self._process.send_signal(how)
        code = self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


@contextmanager
def served(box: Sandbox, folder: Path, state: str) -> Iterator[Service]:
    """Start a service that the site tells of everything, each time twice."""
    service = Service(box, folder, state)
    with Client.of(box, "Jonathan") as administrator:
        hook = {"name": "bridge", "url": f"{service.address}/webhooks/jira", "secret": SECRET}
        made = administrator.call("POST", "/rest/webhooks/1.0/webhook", {**hook, "events": EVENTS})
        assert made.status_code == 201, made.text
    box.webhooks.duplicates = box.webhooks.out_of_order = True
    box.webhooks.delay = lambda _: 1.0
    service.start()
    try:
        yield service
    finally:
        service.end(signal.SIGKILL)


def end_state(box: Sandbox) -> list[Any]:
    """Everything that people can see on the site, without what differs between two sites."""
    jira, said = box.site.jira, _Said(box)
    parents = {issue.id: issue for issue in jira.all_issues()}
    issues = [
        {
            "summary": issue.summary,
            "status": issue.status,
            "labels": sorted(map(said, issue.labels)),
            "due": issue.duedate,
            "assignee": issue.assignee,
            "parent": parents[issue.parent].summary if issue.parent else "",
            "description": said(plain(issue.values.get("description"))),
            "comments": sorted(said(plain(c.body)) for c in jira.comments_of(issue.key)),
            "links": sorted((how, said(key)) for how, key in jira.links_of(issue.key)),
            "kept": sorted(jira.properties_of(issue.key)),
        }
        for issue in jira.all_issues()
    ]
    pages = [(page.title, said(bodies[0])) for page, bodies in _versions(box)]
    return [*sorted(issues, key=str), *sorted(pages)]


def versions_without_change(box: Sandbox) -> list[str]:
    """The pages with a version that says what the one before said."""
    return [
        page.title
        for page, bodies in _versions(box)
        if any(one == other for one, other in pairwise(bodies))
    ]


def _versions(box: Sandbox) -> Iterator[tuple[Any, list[str]]]:
    """Each page, with its bodies, the newest first."""
    wiki = box.site.confluence
    for page in wiki.pages.newest(100):
        versions = sorted(wiki.pages.versions(page.id), key=lambda v: v.number, reverse=True)
        yield page, [version.body for version in versions]


class _Said:
    """A text in which issues are called by their summaries, and digests and ids by a sign."""

    def __init__(self, box: Sandbox) -> None:
        self._names = {issue.key: issue.summary for issue in box.site.jira.all_issues()}
        self._address = box.ready["jira"]

    def __call__(self, text: str) -> str:
        told = text.replace(self._address, "SITE")
        told = re.sub(r' (?:ac:)?(?:local|macro)-id="[^"]*"', "", told)
        told = re.sub(r"\b(?=\w*\d)[0-9a-f]{10,}\b", "#", told)
        return re.sub(r"\b(?:MKT|IT)-\d+\b", lambda m: self._names.get(m[0], m[0]), told)
