"""Write docs/contracts.md: which operations the bridge uses, which the sandbox serves.

python -m tests.contract.coverage
"""

import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from bridge.sandbox import Sandbox
from tests.contract.tour import toured
from tests.judge import datacenter_scenes
from tests.judge.contracts import ROOT, contract
from tests.judge.defects import DEFECTS
from tests.judge.exchanges import IN_NO_CONTRACT
from tests.judge.scenes import SCENES, arrange
from tests.judge.watch import Watch, watch
from tests.sandbox.client import Client
from tests.sandbox.server_client import ServerClient

PAGE = ROOT / "docs" / "contracts.md"
FLAVOURS = ("cloud", "datacenter")
HEAD = """\
# What is held against Atlassian's contracts

Written by `make contracts`; a test says when it is out of date. Every request that the bridge sends in the stories and in the contract tests, and every answer that the sandbox gives there, is validated against Atlassian's own OpenAPI files and the ADF schema: paths, query parameters, headers, bodies, statuses. The files are test data and are not part of this repository (see `CONTRIBUTING.md`).

**Bridge**: the bridge sends it. **Sandbox**: the sandbox serves it. **Seen**: the statuses that were judged.
"""
BETWEEN = """
## Known defects of the files

Where a file is wrong or silent about the real service it is mended before it judges. Each mend is needed: a test takes it away and sees the suite fail.

| file | what is mended | why | source |
|---|---|---|---|
"""
LAST = """
## In no contract

Served, known from elsewhere, and not judged:

"""
_ROW = re.compile(r"^\| `(?P<operation>[A-Z]+ [^`]+)` \| yes \|")


def used_on_page() -> set[tuple[str, str]]:
    """(contract, operation) of what the page says that the bridge uses."""
    found, name = set(), ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            name = line.removeprefix("## ")
        elif row := _ROW.match(line):
            found.add((name, row["operation"]))
    return found


def _served_by_cloud() -> Iterator[Watch]:
    for scene in SCENES.values():
        with Sandbox() as box, Client.of(box) as client:
            judge = watch(box, requests_too=False)
            arrange(box)
            scene(box, client)
        yield judge


def _served_by_datacenter() -> Iterator[Watch]:
    for scene in datacenter_scenes.SCENES.values():
        with Sandbox("datacenter", start_date=True) as box, ServerClient.of(box) as client:
            judge = watch(box, requests_too=False)
            datacenter_scenes.arrange(box)
            scene(box, client)
        yield judge


def _toured() -> Iterator[Watch]:
    for flavour in FLAVOURS:
        with tempfile.TemporaryDirectory() as folder:
            yield toured(flavour, Path(folder))[0]


def page() -> str:
    """Draw the page anew."""
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    tours = [*_toured()]
    used = {operation for tour in tours for operation in tour.operations()}
    for judge in (*tours, *_served_by_cloud(), *_served_by_datacenter()):
        judge.agrees()
        for name, operation, status in judge.seen:
            seen[name, operation].add(status)
    names = sorted({name for name, _ in seen})
    return "".join(
        [HEAD, *(_section(name, used, seen) for name in names), _defects(names), _rest()]
    )


def _section(
    name: str, used: Iterable[tuple[str, str]], seen: Mapping[tuple[str, str], set[int]]
) -> str:
    every = [f"{method} {path}" for method, path in contract(name).operations()]
    served = sorted((o for n, o in seen if n == name), key=lambda o: o.split(" ")[::-1])
    mine = [o for n, o in used if n == name]
    lines = [
        f"\n## {name}\n",
        f"{len(mine)} operations used, {len(served)} served, of {len(every)} in the file.\n",
        "| operation | bridge | sandbox | seen |",
        "|---|---|---|---|",
    ]
    for operation in served:
        statuses = ", ".join(str(s) for s in sorted(seen[name, operation]) if s)
        mark = "yes" if operation in mine else ""
        lines.append(f"| `{operation}` | {mark} | yes | {statuses} |")
    return "\n".join(lines) + "\n"


def _defects(names: Iterable[str]) -> str:
    concerned = [d for d in DEFECTS if any(d.concerns(name) for name in names)]
    rows = (
        f"| {', '.join(files)} | {'; '.join(d.what for d in alike)} | {reason} | {source} |"
        for (files, reason, source), alike in groupby(
            concerned, key=lambda d: (d.contracts, d.reason, d.source)
        )
    )
    return BETWEEN + "\n".join(rows) + "\n"


def _rest() -> str:
    return LAST + "\n".join(f"- `{path}`: {why}" for path, why in IN_NO_CONTRACT.items()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
