"""The service: acknowledged deliveries beside a bare verified insert; start-up, memory.

Both are asked over HTTP by the same clients, in turns, in one run. "Bare" verifies the signature and
commits one row to a SQLite file (WAL, synchronous FULL), with the same web server and nothing else.
"""

import hashlib
import hmac
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bridge.sandbox import Sandbox

SECRET = "a secret of the benchmark"  # noqa: S105  # nobody else's
DELIVERIES, CLIENTS, ROUNDS = 400, 8, 3
WORKSPACE = """\
format: bridge/workspace/v1
id: bench
jira: {projects: {marketing: MKT, it: IT}}
confluence: {space: MKT, parent: Calendrier}
"""
BARE = """
import json, sqlite3, sys, threading
from flask import Flask, request
from bridge.service.face.delivery import Secrets, reduce, verify
from bridge.service.face.listening import Listener
local, made = threading.local(), Flask("bare")
def store():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
        local.db.execute("pragma synchronous=full")
    return local.db
first = sqlite3.connect(sys.argv[1])
first.execute("pragma journal_mode=wal")
first.execute("create table hints(id text primary key, hint text)")
first.commit()
@made.post("/webhooks/jira")
def take():
    raw, headers = request.get_data(), dict(request.headers)
    verify(raw, headers, Secrets(sys.argv[2]))
    hint = reduce(raw, headers)
    store().execute("insert into hints values(?, ?)", (hint.identifier, json.dumps(hint.as_json())))
    return "", 202
listener = Listener(made, "127.0.0.1", 0)
listener.start()
print(listener.address, flush=True)
threading.Event().wait()
"""


def body(number: int) -> bytes:
    """A delivery of the usual size about an issue of no configured project: intake alone is measured."""
    fields = {"summary": "x" * 1_200, "duedate": "2027-01-13"}
    told = {
        "webhookEvent": "jira:issue_updated",
        "issue": {"key": f"AWAY-{number}", "fields": fields},
    }
    return json.dumps(told).encode()


def deliver(place: str, first: int, count: int) -> list[float]:
    """Post deliveries over one connection, one after the other; return the seconds each took."""
    connection, took = http.client.HTTPConnection(place, timeout=60), []
    for number in range(first, first + count):
        raw = body(number)
        signed = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        begin = time.perf_counter()
        connection.request("POST", "/webhooks/jira", raw, {"X-Hub-Signature": f"sha256={signed}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 202
        took.append(time.perf_counter() - begin)
    connection.close()
    return took


def burst(place: str, first: int) -> tuple[float, list[float]]:
    """Deliver from several clients at once; return deliveries per second and each one's seconds."""
    each = DELIVERIES // CLIENTS
    begin = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        parts = clients.map(lambda n: deliver(place, first + n * each, each), range(CLIENTS))
        took = [seconds for part in parts for seconds in part]
    return DELIVERIES / (time.perf_counter() - begin), took


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[tuple[str, int, float]]:
    """Start a server; give its host and port, its process id, and how long it took to be ready."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            found = re.search(r"http://[^\s\"]+", process.stdout.readline())
            assert found
            yield urlsplit(found[0]).netloc, process.pid, time.perf_counter() - begin
        finally:
            process.terminate()


def serve_command(folder: Path, role: str) -> list[str]:
    return [sys.executable, "-m", "bridge", "-w", str(folder), "serve", "--port", "0", "--log-format",
            "json", "--role", role]  # fmt: skip


def memory(pid: int) -> int:
    """Resident megabytes of a process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def figures(name: str, rates: list[float], took: list[float], bare: float) -> str:
    cuts = statistics.quantiles(took, n=100)
    rate = statistics.median(rates)
    return (
        f"{name}: {rate:.0f} acknowledged/s ({rate / bare:.2f} of bare), p50 {1000 * cuts[49]:.1f} ms, "
        f"p99 {1000 * cuts[98]:.1f} ms"
    )


def measure() -> Iterator[str]:
    """Bare, a web face alone, and one process that also works, in turns."""
    with tempfile.TemporaryDirectory() as made, Sandbox() as box, ExitStack() as stack:
        folder = Path(made)
        (folder / "bridge.yaml").write_text(WORKSPACE, "utf-8")
        # As installed, with byte code on disk: see startup.py.
        installed = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment = installed | {
            "BRIDGE_JIRA_URL": box.ready["jira"], "BRIDGE_CONFLUENCE_URL": box.ready["confluence"],
            "BRIDGE_EMAIL": box.ready["email"], "BRIDGE_TOKEN": box.ready["token"],
            "BRIDGE_WEBHOOK_SECRET": SECRET,
        }  # fmt: skip
        bare = [sys.executable, "-c", BARE, str(folder / "bare.db"), SECRET]
        with running(serve_command(folder, "web"), environment):
            pass  # the first start tries the rules' tests; what counts is every later one
        commands = {
            "bare": bare,
            "serve --role web": serve_command(folder, "web"),
            "serve": serve_command(folder, "both"),
        }
        places = {
            name: stack.enter_context(
                running(command, environment | {"BRIDGE_STATE": f"sqlite:///{folder}/{index}.db"})
            )
            for index, (name, command) in enumerate(commands.items())
        }
        rates: dict[str, list[float]] = {name: [] for name in commands}
        took: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(ROUNDS):
            for name, (place, _, _) in places.items():
                rate, seconds = burst(place, 1 + turn * DELIVERIES)
                rates[name].append(rate)
                took[name] += seconds
        for name, (_, pid, ready) in places.items():
            yield figures(name, rates[name], took[name], statistics.median(rates["bare"]))
            yield f"{name}: ready after {ready:.1f} s, {memory(pid)} MB"
