"""The shipped rules, accepted by everybody, and the example requests of the documentation."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bridge.config import policy
from bridge.config.request import read
from bridge.guardrails.request import Request
from tests.rules import accepted

RULES = policy.load(None).bundle
HERE = replace(accepted(RULES), today=date(2026, 11, 23))
EXAMPLES: dict[str, Request] = {
    path.stem: read(path)
    for path in sorted((Path(__file__).parents[1] / "docs/examples/requests").glob("*.yaml"))
}
