"""A month of 2,000 actions: requests, wall time, memory; the second publish writes nothing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.site import Site, site

ACTIONS = 2000


def fill(bench: Site) -> None:
    """2,000 issues over the working days of December 2026."""
    days = [f"2026-12-{day:02}" for day in range(1, 32)]
    for first in range(0, ACTIONS, 50):
        updates = [
            {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": f"Action {n}",
                        "duedate": days[n % len(days)], "labels": ["bridge"]}}
            for n in range(first, first + 50)
        ]  # fmt: skip
        bench.call("POST", "/rest/api/3/issue/bulk", json={"issueUpdates": updates})


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as bench:
        fill(bench)
        for turn in ("first", "second"):
            bench.call("DELETE", "/_sandbox/requests")
            seconds, memory, told = bench.bridge(
                "month", "publish", "2026-12", "--today", "2026-12-17"
            )
            sent = bench.requests_so_far()
            writes = [
                r
                for r in sent
                if r["method"] in ("POST", "PUT")
                and not r["path"].endswith(("/search/jql", "/bulkfetch"))
            ]
            assert told["actions"] == ACTIONS
            yield (
                f"{turn} publish: {len(sent)} requests ({len(writes)} writes), {seconds:.1f} s, "
                f"{memory} MB, version {told['version']}"
            )
