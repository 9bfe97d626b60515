"""The rule files at hand: shipped ones, a workspace's own laid over them, and what they amount to.

A file of the same name replaces the shipped one. In this repository one folder serves as both; its
files then count once, as shipped.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bridge import library
from bridge.config import yamlfile
from bridge.config.yamlfile import Document
from bridge.errors import Problem, ProblemsFound

LEVELS: Final = "levels.yaml"
GLOSSARY: Final = "glossary.yaml"
_FOLDERS: Final = ("modules", "registers")


@dataclass(frozen=True)
class RuleFiles:
    """The paths of the rule files by name, such as ``modules/hero.yaml``."""

    shipped: Mapping[str, Path]
    own: Mapping[str, Path] = field(default_factory=dict)

    def with_file(self, path: Path) -> "RuleFiles":
        """Return the files with one more laid over them: a module, or a register in a folder of these."""
        folder = path.parent.name if path.parent.name in _FOLDERS else _FOLDERS[0]
        return RuleFiles(self.shipped, {**self.own, f"{folder}/{path.name}": path})


@dataclass
class Parsed:
    """The documents of rule files, and the problems of those that are no YAML at all."""

    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def named(self, folder: str) -> Mapping[str, Document]:
        """Return the documents of a folder (``modules``, ``registers``) by their ids."""
        return {
            name.removeprefix(f"{folder}/").removesuffix(".yaml"): document
            for name, document in self.documents.items()
            if name.startswith(f"{folder}/")
        }


def found(workspace: Path | None, shipped: Path | None = None) -> RuleFiles:
    """Return the rule files of a workspace (the folder of ``bridge.yaml``), or the shipped ones alone.

    ``shipped``: the folder of the shipped ones, the package's own by default.
    """
    shipped = shipped or library.folder("guardrails")
    own = workspace / "guardrails" if workspace else None
    if own is None or own.resolve() == shipped.resolve():
        laid_over: dict[str, Path] = {}
    else:
        laid_over = _below(own)
    glossary = workspace / GLOSSARY if workspace else None
    if glossary is not None and glossary.exists():
        laid_over[GLOSSARY] = glossary
    return RuleFiles(_below(shipped), laid_over)


def _below(folder: Path) -> dict[str, Path]:
    paths = [path for name in _FOLDERS for path in sorted((folder / name).glob("*.yaml"))]
    paths += [folder / LEVELS] if (folder / LEVELS).exists() else []
    return {path.relative_to(folder).as_posix(): path for path in paths}


def parse(paths: Mapping[str, Path]) -> Parsed:
    """Read files as YAML; one that cannot be read does not hide the others."""
    parsed = Parsed()
    for name, path in paths.items():
        try:
            parsed.documents[name] = yamlfile.read(path, shown(path))
        except ProblemsFound as broken:
            parsed.problems += broken.problems
    return parsed


def identity(content: Mapping[str, Any]) -> str:
    """Return the hash of rule files' content by name: formatting and comments play no part."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def content_of(documents: Mapping[str, Document]) -> Mapping[str, Any]:
    """Return the plain content of documents by name."""
    return {name: document.data for name, document in documents.items()}


def fingerprints(paths: Sequence[Path]) -> Mapping[str, str]:
    """Return the hash of each file's bytes by path; files that cannot be read are left out."""
    hashes = {}
    for path in paths:
        try:
            hashes[str(path.resolve())] = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            continue  # whoever reads it says why it cannot be read
    return hashes


def shown(path: Path) -> str:
    """Return the path as people would type it: relative to where they stand, where it lies below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
