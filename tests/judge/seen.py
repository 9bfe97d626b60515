"""Which operations and statuses passed in this test session; says so at its end, from every worker."""

from collections import Counter
from typing import Any

import pytest

Seen = Counter[tuple[str, str, int]]
"""How often each (contract, operation, status) was seen."""

session: Seen = Counter()
_OUTPUT = "bridge-exchanges"


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:  # a worker of xdist: hand over what it saw
        output[_OUTPUT] = [[*place, n] for place, n in _session().items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for contract, operation, status, n in getattr(node, "workeroutput", {}).get(_OUTPUT, ()):
        _session()[contract, operation, status] += n


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _session():
        return
    terminalreporter.section("exchanges judged by Atlassian's contracts")
    for contract in sorted({name for name, _, _ in _session()}):
        here = {(o, s): n for (name, o, s), n in _session().items() if name == contract}
        operations = {operation for operation, _ in here}
        statuses = Counter[int]()
        for (_, status), n in here.items():
            statuses[status] += n
        told = ", ".join(f"{status or 'no answer'}: {n}" for status, n in sorted(statuses.items()))
        terminalreporter.write_line(f"{contract}: {len(operations)} operations; {told}")


def _session() -> Seen:
    return session
