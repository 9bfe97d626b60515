"""Creating 40 steps and 60 links at 100 ms a request, against a plain client (goals: 4x, 10 requests)."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.site import Site, site

STEPS, LINKS, LATENCY = 40, 60, 0.1
# What is asked before the first write.
PREFLIGHT = ("/myself", "/mypermissions", "/createmeta", "/issueLinkType", "/user/assignable")


def template() -> str:
    """Four rows of ten steps: each needs the one before in its row, and some the one beside."""
    lines = [
        "format: bridge/retroplan/v1", "id: forty", "version: 1.0.0",
        "title: {fr: Quarante, en: Forty}", "roles: [marketing]", "steps:",
    ]  # fmt: skip
    links = 0
    for number in range(STEPS):
        row, column = divmod(number, 10)
        needs = [f"s{number - 1}"] if column else []
        needs += [f"s{number - 10}"] if row and links + len(needs) < LINKS else []
        needs = needs[: LINKS - links]
        links += len(needs)
        department = "it" if row == 1 else "marketing"
        lines.append(
            f"  - {{id: s{number}, offset: J-{100 - 5 * column - row}, title: {{fr: Faire {number}, en: Do {number}}}, "
            f"department: {department}, role: marketing, needs: [{', '.join(needs)}]}}"
        )
    assert links == LINKS
    return "\n".join(lines)


def plain(bench: Site) -> tuple[float, int]:
    """What a script would do: one call an issue, one call a link, one after the other."""
    vanessa = bench.call(
        "GET", "/rest/api/3/user/assignable/search", params={"project": "MKT", "query": "vanessa"}
    )[0]["accountId"]
    begin = time.perf_counter()

    def create(kind: str, summary: str, **fields: object) -> str:
        fields |= {"project": {"key": "MKT"}, "issuetype": {"name": kind}, "summary": summary,
                   "assignee": {"accountId": vanessa}, "duedate": "2027-06-30"}  # fmt: skip
        return str(bench.call("POST", "/rest/api/3/issue", json={"fields": fields})["key"])

    epic = create("Epic", "Plain")
    keys = [create("Task", f"Do {n}", parent={"key": epic}) for n in range(STEPS)]
    pairs = [(a, b) for a in range(STEPS) for b in (a + 1, a + 10) if b < STEPS][:LINKS]
    for a, b in pairs:
        body = {
            "type": {"name": "Blocks"},
            "inwardIssue": {"key": keys[a]},
            "outwardIssue": {"key": keys[b]},
        }
        bench.call("POST", "/rest/api/3/issueLink", json=body)
    return time.perf_counter() - begin, 1 + STEPS + len(pairs)


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as bench:
        own = Path(folder) / "templates" / "retroplans"
        own.mkdir(parents=True)
        (own / "forty.yaml").write_text(template(), "utf-8")
        bench.call("POST", "/_sandbox/faults", json={"latency": LATENCY})
        plain_seconds, plain_requests = plain(bench)
        bench.call("DELETE", "/_sandbox/requests")
        command = ("campaign", "create", "forty", "--name", "Forty", "--launch", "2027-06-30", "--today", "2027-01-04")  # fmt: skip
        seconds, _, told = bench.bridge(*command)
        sent = [f"{r['method']} {r['path']}" for r in bench.requests_so_far()]
        links = [r for r in sent if r == "POST /rest/api/3/issueLink"]
        preflight = [r for r in sent if any(word in r for word in PREFLIGHT)]
        others = [r for r in sent if r not in links and r not in preflight]
        assert (len(told["created"]), told["links"], len(links)) == (STEPS + 1, LINKS, LINKS)
        yield f"plain client: {plain_seconds:.1f} s, {plain_requests} requests"
        yield (
            f"bridge: {seconds:.1f} s with start-up, {len(sent)} requests, "
            f"{plain_seconds / seconds:.1f}x faster (goal 4x)"
        )
        yield f"neither preflight ({len(preflight)}) nor links: {len(others)} requests (goal 10)"
        for request in others:
            yield f"    {request}"
        bench.call("DELETE", "/_sandbox/requests")
        seconds, _, _ = bench.bridge(*command)
        yield f"second run: {seconds:.1f} s, {len(bench.requests_so_far())} requests, nothing written"
