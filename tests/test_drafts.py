"""A drafted change touches the operand, the version and the review date, and nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bridge.config import draft
from bridge.guardrails.policy import Scalar
from bridge.guardrails.promotion import Promotion
from tests.rules import PROMO, limit

FILE = """\
# Codes promotionnels
format: bridge/guardrail-module/v1
id: promo-code
version: 1.0.0   # semver
review_by: 2026-12-31
limits:
  - {id: P01, path: percent, max: 20, approver: finance}   # en %
  - id: P02
    path: destination
    one_of: [a.fr, b.fr]
  - id: P03
    path: kind
    one_of:
      - fixed
      - percent   # le plus courant
"""


def drafted(
    tmp_path: Path, name: str, operator: str, operand: int | tuple[Scalar, ...]
) -> list[str]:
    path = tmp_path / "promo-code.yaml"
    path.write_text(FILE, encoding="utf-8")
    promotion = Promotion(
        module=PROMO,
        limit=replace(limit(name, "percent", operator, operand)),
        operand=operand,
        version="1.1.0",
        review_by=date(2027, 5, 23),
        evidence=(),
    )
    difference = draft.difference(path, promotion)
    assert path.read_text("utf-8") == FILE, "a draft writes nothing"
    return [line for line in difference.splitlines()[2:] if line[0] in "+-"]


COMMON = [
    "-version: 1.0.0   # semver",
    "-review_by: 2026-12-31",
    "+version: 1.1.0   # semver",
    "+review_by: 2027-05-23",
]


@pytest.mark.parametrize(
    ("name", "operator", "operand", "changed"),
    [
        ("P01", "max", 30, [
            "-  - {id: P01, path: percent, max: 20, approver: finance}   # en %",
            "+  - {id: P01, path: percent, max: 30, approver: finance}   # en %",
        ]),
        ("P02", "one_of", ("a.fr", "b.fr", "c.fr"), [
            "-    one_of: [a.fr, b.fr]", '+    one_of: [a.fr, b.fr, "c.fr"]',
        ]),
        ("P03", "one_of", ("fixed", "percent", "gift"), ['+      - "gift"']),
    ],
)  # fmt: skip
def test_only_what_is_meant_changes(
    tmp_path: Path, name: str, operator: str, operand: int | tuple[Scalar, ...], changed: list[str]
) -> None:
    assert sorted(drafted(tmp_path, name, operator, operand)) == sorted([*COMMON, *changed])
