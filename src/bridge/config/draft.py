"""Draft a change of a module file: operand, version, review date; every other byte stays as it was."""

import difflib
import json
from pathlib import Path

from bridge.config import yamlfile
from bridge.config.yamlfile import Document, KeyPath
from bridge.guardrails.policy import Scalar
from bridge.guardrails.promotion import Promotion


def difference(path: Path, promotion: Promotion) -> str:
    """Return the unified difference that carries a promotion out, for the owner to apply."""
    before = path.read_text("utf-8")
    after = _drafted(before, path.name, promotion)
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{path.name}",
            f"b/{path.name}",
        )
    )


def _drafted(content: str, name: str, promotion: Promotion) -> str:
    document = yamlfile.parse(content, name)
    number = next(
        n for n, entry in enumerate(document.data["limits"]) if entry["id"] == promotion.limit.id
    )
    operand: KeyPath = ("limits", number, promotion.limit.operator)
    lines = content.splitlines(keepends=True)
    if isinstance(promotion.operand, tuple):
        old = document.data["limits"][number][promotion.limit.operator]
        _add_to_list(document, lines, operand, [v for v in promotion.operand if v not in old])
    else:
        _replace(document, lines, operand, json.dumps(promotion.operand))
    _replace(document, lines, ("version",), promotion.version)
    _replace(document, lines, ("review_by",), promotion.review_by.isoformat())
    return "".join(lines)


def _replace(document: Document, lines: list[str], path: KeyPath, value: str) -> None:
    """Replace a scalar of one line by another."""
    place = document.place(path)
    line = lines[place.line - 1]
    start = place.column - 1
    end = start
    while end < len(line) and line[end] not in ",}]\n#" and line[end : end + 2] != " #":
        end += 1
    kept = line[start:end]
    lines[place.line - 1] = line[:start] + value + kept[len(kept.rstrip()) :] + line[end:]


def _add_to_list(document: Document, lines: list[str], path: KeyPath, added: list[Scalar]) -> None:
    """Add entries behind a list's last one, in the style in which the list is written."""
    entries = [key for key in document.values if key[:-1] == path and isinstance(key[-1], int)]
    last = document.place(max(entries, key=lambda key: int(key[-1])))
    line = lines[last.line - 1]
    if line[: last.column - 1].strip() == "-":
        indent = line[: last.column - 1]
        lines[last.line - 1] = (
            line.rstrip("\n")
            + "\n"
            + "".join(f"{indent}{json.dumps(value, ensure_ascii=False)}\n" for value in added)
        )
        return
    end = line.index("]", last.column - 1)
    more = "".join(f", {json.dumps(value, ensure_ascii=False)}" for value in added)
    lines[last.line - 1] = line[:end] + more + line[end:]
