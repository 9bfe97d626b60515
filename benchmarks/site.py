"""A sandbox in its own process, and commands run as whole processes, for the benchmarks."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

WORKSPACE = """\
format: bridge/workspace/v1
id: bench
jira: {projects: {marketing: MKT, it: IT}, departments: {it: it}}
confluence: {space: MKT, parent: "Calendrier"}
people: {vanessa: {name: Vanessa, email: vanessa@boutique.example}}
roles: {marketing: vanessa}
"""


class Site:
    """The running sandbox: its addresses, and a plain client of its own."""

    def __init__(self, ready: dict[str, Any], folder: Path, process: int) -> None:
        self.ready = ready
        self.process = process
        self.folder = folder
        (folder / "bridge.yaml").write_text(WORKSPACE, "utf-8")
        self.session = requests.Session()
        self.session.auth = (ready["email"], ready["token"])

    def call(self, method: str, path: str, **settings: Any) -> Any:
        answer = self.session.request(method, self.ready["jira"] + path, timeout=60, **settings)
        answer.raise_for_status()
        return answer.json() if answer.content.strip() else None

    def bridge(self, *arguments: str) -> tuple[float, int, Any]:
        """Run a command; return seconds, peak memory in MB, and its JSON."""
        environment = {
            **os.environ,
            "BRIDGE_JIRA_URL": self.ready["jira"],
            "BRIDGE_CONFLUENCE_URL": self.ready["confluence"],
            "BRIDGE_EMAIL": self.ready["email"],
            "BRIDGE_TOKEN": self.ready["token"],
        }
        command = [
            sys.executable,
            "-m",
            "bridge",
            "-w",
            str(self.folder),
            *arguments,
            "--format",
            "json",
        ]
        begin = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        ) as process:
            assert process.stdout is not None
            out = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        if process.returncode:
            raise RuntimeError(f"{command} ended with {process.returncode}")
        return seconds, usage.ru_maxrss // 1024, json.loads(out)

    def requests_so_far(self) -> list[dict[str, Any]]:
        return list(self.call("GET", "/_sandbox/requests"))


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    command = [sys.executable, "-m", "bridge", "--lang", "en", "sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield Site(json.loads(process.stdout.readline()), folder, process.pid)
        finally:
            process.terminate()
