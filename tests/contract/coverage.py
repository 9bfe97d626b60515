"""Write docs/contracts.md: which operations the bridge uses, which the sandbox serves.

python -m tests.contract.coverage
"""

import contextlib
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from bridge.sandbox import Sandbox
from tests.contract.sites import SandboxSite
from tests.contract.tour import toured
from tests.judge.contracts import ROOT, contract
from tests.judge.defects import DEFECTS
from tests.judge.exchanges import IN_NO_CONTRACT
from tests.judge.scenes import SCENES, arrange
from tests.judge.watch import Watch, watch
from tests.sandbox.client import Client

PAGE = ROOT / "docs" / "contracts.md"
FLAVOURS = ("cloud", "datacenter")
HEAD = """\
# What is held against Atlassian's contracts

Written by `make contracts`; a test says when it is out of date. Every request that the bridge sends in the stories and in the contract tests, and every answer that the sandbox gives there, is validated against Atlassian's own OpenAPI files and the ADF schema: paths, query parameters, headers, bodies, statuses. The files are test data and are not part of this repository (see `CONTRIBUTING.md`).

**Bridge**: the bridge sends it. **Sandbox**: the sandbox serves it. **Seen**: the statuses that were judged.
"""
BETWEEN = """
## Known defects of the files

Where a file is wrong or silent about the real service it is mended before it judges. Each line is needed: a test takes it away and sees the suite fail.

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


def imitated() -> list[str]:
    """The flavours that the sandbox imitates and the gateway opens."""
    return [flavour for flavour in FLAVOURS if _opens(flavour)]


def _opens(flavour: str) -> bool:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        try:
            box = stack.enter_context(Sandbox(flavour))
            SandboxSite(box, Path(folder))
        except (ValueError, pytest.skip.Exception):
            return False
    return True


def _served(flavour: str) -> list[Watch]:
    if flavour != "cloud":
        return []  # the scenes speak Cloud; what the bridge uses of the other is in its tour
    watches = []
    for scene in SCENES.values():
        with Sandbox() as box, Client.of(box) as client:
            watches.append(watch(box, requests_too=False))
            arrange(box)
            scene(box, client)
    return watches


def page() -> str:
    """Draw the page anew."""
    used: set[tuple[str, str]] = set()
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for flavour in imitated():
        with tempfile.TemporaryDirectory() as folder:
            tour, _ = toured(flavour, Path(folder))
        used |= tour.operations()
        for judge in (tour, *_served(flavour)):
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
    rows = (f"| {', '.join(d.contracts)} | {d.what} | {d.reason} | {d.source} |" for d in concerned)
    return BETWEEN + "\n".join(rows) + "\n"


def _rest() -> str:
    return LAST + "\n".join(f"- `{path}`: {why}" for path, why in IN_NO_CONTRACT.items()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
