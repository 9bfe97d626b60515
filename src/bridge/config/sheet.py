"""Read the acceptance sheet as a spreadsheet saved it: any of the usual separators and encodings."""

import csv
import io
from pathlib import Path

from bridge import disk
from bridge.errors import Place, Problem, ProblemsFound
from bridge.guardrails.sheet import Decided
from bridge.text import Text, text

LARGEST = 5_000_000  # bytes
COLUMNS = 9  # key, module, role, what is allowed, proposed, why, answer, by, on


def load(path: Path) -> list[Decided]:
    """Return the sheet's lines below its heading; raise ProblemsFound or Unusable."""
    with disk.usable(path), path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise _refusal(
            path, text("The file is larger than {limit} MB.", limit=LARGEST // 1_000_000)
        )
    return _lines(path, _decoded(path, raw))


def _decoded(path: Path, raw: bytes) -> str:
    """Read UTF-8, or what spreadsheets on Windows save in Western Europe."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refusal(path, text("The file is not text that a spreadsheet saves as CSV."))


def _lines(path: Path, content: str) -> list[Decided]:
    heading = content.partition("\n")[0]
    separator = max(";,\t", key=heading.count)
    reader = csv.reader(io.StringIO(content), delimiter=separator)
    found: list[Decided] = []
    try:
        for cells in reader:
            line = reader.line_num
            if line == 1 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) < COLUMNS:
                raise _refusal(
                    path,
                    text("{n} columns are expected, {found} found.", n=COLUMNS, found=len(cells)),
                    line,
                )
            key, *_, answer, by, on = (cell.strip() for cell in cells[:COLUMNS])
            found.append(Decided(key, answer, by, on, line))
    except csv.Error:
        raise _refusal(path, text("This line is not CSV."), reader.line_num) from None
    if not found:
        raise _refusal(path, text("The file is empty."))
    return found


def _refusal(path: Path, sentence: Text, line: int = 0) -> ProblemsFound:
    hint = text("`bridge guardrail sheet` writes a fresh one; save it as CSV.")
    return ProblemsFound([Problem(sentence, hint, Place(path.name, line, min(line, 1)))])
