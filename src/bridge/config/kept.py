"""The last good bundle, kept in the workspace as one file: what judges while the files are wrong.

It also saves reading the files again while they are the same, byte for byte, and so is the bridge. A
damaged copy counts as none.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final

from bridge import __version__, disk
from bridge.config.rulefiles import Parsed, RuleFiles, content_of, fingerprints
from bridge.config.yamlfile import Document
from bridge.errors import Place, Problem, Unusable
from bridge.text import text

FILE: Final = Path(".bridge") / "guardrails.json"
_LARGEST: Final = 20_000_000  # bytes
_LISTS: Final = ("limits", "rules", "tests", "entries")  # whose entries' lines are kept


@dataclass(frozen=True, slots=True)
class Copy:
    """A kept bundle: the documents with the lines that findings name, the files it was read from.

    ``bridge`` is the version that ran the tests.
    """

    id: str
    bridge: str
    parsed: Parsed
    fingerprints: Mapping[str, str]

    def is_of(self, files: RuleFiles) -> bool:
        """Tell whether this version of the bridge made it of exactly these files, byte for byte."""
        return self.bridge == __version__ and self.fingerprints == _fingerprints(files)


def read(workspace: Path) -> Copy | None:
    """Return the bundle kept in a workspace; None where there is none that can be trusted."""
    try:
        with (workspace / FILE).open("rb") as file:
            raw = file.read(_LARGEST)
    except OSError:
        return None  # as if it had never been kept: the files themselves decide
    checksum, _, content = raw.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != checksum:
        return None
    return _copy(content)


def _copy(content: bytes) -> Copy | None:
    try:
        said = json.loads(content)
        documents = {
            name: _document(entry["file"], entry["content"], entry["lines"])
            for name, entry in said["documents"].items()
        }
        return Copy(said["id"], said["bridge"], Parsed(documents), said["files"])
    except (JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return None  # whole, but of another make: as if it had never been kept


def write(workspace: Path, files: RuleFiles, parsed: Parsed, bundle: str) -> Problem | None:
    """Keep a good bundle; return the problem where that cannot be done, for a warning."""
    said = {
        "bridge": __version__,
        "id": bundle,
        "files": _fingerprints(files),
        "documents": {
            name: {"file": document.file, "content": content, "lines": _lines(document)}
            for (name, content), document in zip(
                content_of(parsed.documents).items(), parsed.documents.values(), strict=True
            )
        },
    }
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    checksum = hashlib.sha256(content).hexdigest().encode()
    try:
        with disk.usable(workspace / FILE):
            _make_folder((workspace / FILE).parent)
            disk.replace(workspace / FILE, checksum + b"\n" + content)
    except Unusable as refused:
        return Problem(
            refused.sentence,
            text("The rules are in force, but would not stay so if a file became wrong."),
        )
    return None


def _make_folder(folder: Path) -> None:
    """Make the workspace's own folder, which no version control should hold."""
    folder.mkdir(exist_ok=True)
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def _fingerprints(files: RuleFiles) -> Mapping[str, str]:
    return fingerprints([*files.shipped.values(), *files.own.values()])


def _lines(document: Document) -> Mapping[str, list[int]]:
    data: Mapping[str, Any] = document.data
    return {
        key: [document.place((key, number)).line for number in range(len(data[key]))]
        for key in _LISTS
        if isinstance(data.get(key), list)
    }


def _document(file: str, content: Any, lines: Mapping[str, list[int]]) -> Document:
    document = Document(file, content)
    for key, numbers in lines.items():
        for number, line in enumerate(numbers):
            document.values[key, number] = Place(file, line, 1)
    return document
