"""The schemas published for editors are valid JSON Schema 2020-12, and what we ship obeys them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bridge.config import yamlfile
from bridge.config.shape import EXPECTED

ROOT = Path(__file__).parents[1]
SCHEMAS = sorted((ROOT / "schemas").glob("*.schema.json"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_a_schema(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def kinds(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(kinds, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {node["x-kind"]} if isinstance(node.get("x-kind"), str) else set()
    return own.union(*map(kinds, node.values()))


def test_every_kind_of_value_has_words_and_every_word_a_value() -> None:
    used = set().union(*(kinds(json.loads(path.read_text("utf-8"))) for path in SCHEMAS))
    assert used == set(EXPECTED)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        *(("retroplan", path) for path in sorted((ROOT / "templates/retroplans").glob("*.yaml"))),
        ("workspace", ROOT / "templates/workspace/fr/bridge.yaml"),
        ("workspace", ROOT / "templates/workspace/en/bridge.yaml"),
        ("workspace", ROOT / "bridge.yaml"),
        ("accepted", ROOT / "accepted.yaml"),
        ("guardrail-levels", ROOT / "guardrails/levels.yaml"),
        *(
            ("guardrail-module", path)
            for path in sorted((ROOT / "guardrails/modules").glob("*.yaml"))
        ),
        *(
            ("guardrail-register", path)
            for path in sorted((ROOT / "guardrails/registers").glob("*.yaml"))
        ),
        *(("request", path) for path in sorted((ROOT / "docs/examples/requests").glob("*.yaml"))),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_what_ships_obeys_in_an_independent_validator_too(schema: str, path: Path) -> None:
    rules = json.loads((ROOT / f"schemas/{schema}.schema.json").read_text("utf-8"))
    jsonschema.validate(yamlfile.read(path).data, rules, cls=jsonschema.Draft202012Validator)
