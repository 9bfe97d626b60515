"""The sandbox itself: requests per second over 10,000 issues, and memory at 100,000."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.site import Site, site

SEARCHED, HELD, AT_ONCE = 10_000, 100_000, 50
SECONDS = 3.0


def update(number: int) -> dict[str, Any]:
    """An issue as the bridge makes them: dates, labels, a property, a description."""
    text = {"type": "text", "text": f"What is finished on day {number % 28 + 1}."}
    description = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [text]}],
    }
    fields = {
        "project": {"key": "MKT" if number % 3 else "IT"},
        "issuetype": {"name": "Task"},
        "summary": f"Action {number} of the campaign",
        "duedate": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "labels": ["bridge", f"bridge-c-shop-{number % 200}"],
        "description": description,
    }
    return {"fields": fields, "properties": [{"key": "bridge", "value": {"step": number}}]}


def fill(bench: Site, first: int, last: int) -> None:
    for begin in range(first, last, AT_ONCE):
        updates = [update(n) for n in range(begin, min(begin + AT_ONCE, last))]
        bench.call("POST", "/rest/api/3/issue/bulk", json={"issueUpdates": updates})


def rate(ask: Callable[[int], object]) -> str:
    """Requests per second of one client, one after the other, with the median time of one."""
    times: list[float] = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        ask(len(times))
        times.append(time.perf_counter() - start)
    middle = 1000 * statistics.median(times)
    return f"{len(times) / sum(times):,.0f} requests/s, median {middle:.1f} ms"


def memory(process: int) -> int:
    """Resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def search(bench: Site, jql: str, fields: str, size: int = 50) -> Any:
    asked = {"jql": jql, "fields": fields, "maxResults": size}
    return bench.call("GET", "/rest/api/3/search/jql", params=asked)


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as bench:
        yield f"empty: {memory(bench.process)} MB"
        begin = time.perf_counter()
        fill(bench, 0, SEARCHED)
        seconds = time.perf_counter() - begin
        yield (
            f"bulk create: {SEARCHED / AT_ONCE / seconds:,.1f} requests/s of {AT_ONCE}, "
            f"{SEARCHED / seconds:,.0f} issues/s"
        )
        yield f"issue read: {rate(lambda n: bench.call('GET', f'/rest/api/3/issue/MKT-{n % 6000 + 1}'))}"
        label = "labels = bridge-c-shop-7 order by created"
        yield f"search by label, keys: {rate(lambda _: search(bench, label, 'key'))}"
        month = "project = MKT and due >= 2026-12-01 and due <= 2026-12-31 order by due, key"
        yield f"search of a month, 50 whole issues: {rate(lambda _: search(bench, month, '*all'))}"
        words = 'summary ~ "campaign" order by updated desc'
        yield f"search by a word, 50 keys: {rate(lambda _: search(bench, words, 'key'))}"
        yield f"{SEARCHED:,} issues: {memory(bench.process)} MB"
        fill(bench, SEARCHED, HELD)
        yield f"{HELD:,} issues, in memory: {memory(bench.process)} MB"
        yield f"search by label, keys, over {HELD:,}: {rate(lambda _: search(bench, label, 'key'))}"
