"""The one strict YAML loader of this house.

Plain YAML loaders let a doubled key silently win, read ``no`` as false and ``22:30`` as 1350, and
expand aliases without end. Here: doubled keys are refused, scalars follow YAML 1.2, keys are text,
sizes are bounded, and every value knows its line and column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from bridge.config import yamlwords
from bridge.errors import Place, Problem, ProblemsFound, reason_of
from bridge.text import text

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 40

KeyPath = tuple[str | int, ...]

# YAML 1.2 core schema, https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")


@dataclass
class Document:
    """One file's content as plain values, with the place of every value and of every key."""

    file: str
    data: Any = None
    values: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)

    def place(self, path: KeyPath, *, of_key: bool = False) -> Place:
        """Return where the value (or its key) at ``path`` stands, else the nearest thing around it."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file))


def read(path: Path, name: str | None = None) -> Document:
    """Read a YAML file; raise :class:`ProblemsFound` where it is not one document of plain values.

    ``name`` is what messages call the file (the path by default).
    """
    name = name or str(path)
    if path.exists() and not path.is_file():
        # A named pipe would be waited for, for ever.
        raise _refusal(name, text("This is not a file."))
    try:
        with path.open("rb") as source:
            raw = source.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refusal(
            name, text("It cannot be read: {why}.", why=reason_of(error.errno))
        ) from None
    if len(raw) > MAX_BYTES:
        raise _refusal(
            name, text("The file is larger than {limit} MB.", limit=MAX_BYTES // 1_000_000)
        )
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refusal(name, text("The file is not UTF-8 text."), line) from None
    return parse(content, name)


def parse(content: str, name: str) -> Document:
    """Read YAML text; the same refusals as :func:`read`."""
    document = Document(name)
    builder = _Builder(document)
    try:
        for event in _events(content):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refusal(
            name,
            yamlwords.told(error.problem or error.context or ""),
            mark.line + 1 if mark else 0,
            mark.column + 1 if mark else 0,
        ) from None
    except yaml.YAMLError as error:
        raise _refusal(name, yamlwords.told(_first_line(error))) from None
    if builder.problems:
        raise ProblemsFound(builder.problems)
    return document


def _events(content: str) -> Iterator[yaml.Event]:
    loader = getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # the same grammar, in C where it was built
    return iter(yaml.parse(content, Loader=loader))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _refusal(name: str, sentence: Any, line: int = 0, column: int = 0) -> ProblemsFound:
    return ProblemsFound([Problem(sentence, place=Place(name, line, column or min(line, 1)))])


@dataclass
class _Open:
    """A list or mapping being filled, and the key that waits for its value."""

    content: list[Any] | dict[str, Any]
    path: KeyPath
    key: str | None = None
    anchor: str | None = None


class _Builder:
    """Build values from parser events, without recursion: depth and size are bounded by us."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, Any] = {}
        self.nodes = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._stop(event, text("Only one YAML document per file."))
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._begin(event, {})
            case yaml.SequenceStartEvent():
                self._begin(event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                closed = self.open.pop()
                if closed.anchor:
                    self.anchors[closed.anchor] = closed.content
            case yaml.AliasEvent():
                self._alias(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self._awaits_key():
            self._key(event)
            return
        value = self._resolve(event)
        if event.anchor:
            self.anchors[event.anchor] = value
        self._put(event, value)

    def _begin(self, event: Any, content: list[Any] | dict[str, Any]) -> None:
        if self._awaits_key():
            self._stop(event, text("A key must be plain text."))
        if event.tag is not None:
            self._note(event, text("Tags such as {tag} are not used here.", tag=str(event.tag)))
        path = self._put(event, content)
        if len(self.open) >= MAX_DEPTH:
            self._stop(event, text("Lists and mappings are nested too deeply."))
        self.open.append(_Open(content, path, anchor=event.anchor))

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = event.anchor or ""
        if self._awaits_key():
            self._stop(event, text("A key must be plain text."))
        if name not in self.anchors:
            self._stop(event, text("The alias *{name} points at nothing yet.", name=name))
        value = self.anchors[name]
        self.nodes += _size(value, MAX_NODES)
        self._put(event, value)

    def _awaits_key(self) -> bool:
        return (
            bool(self.open)
            and isinstance(self.open[-1].content, dict)
            and self.open[-1].key is None
        )

    def _key(self, event: yaml.ScalarEvent) -> None:
        top = self.open[-1]
        path = (*top.path, event.value)
        if event.value in top.content:
            first = self.document.keys[path]
            self._note(
                event,
                text(
                    "The key “{key}” stands here twice (first in line {line}).",
                    key=event.value,
                    line=first.line,
                ),
            )
        else:
            self.document.keys[path] = self._place(event)
        top.key = event.value

    def _put(self, event: yaml.Event, value: Any) -> KeyPath:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(event, text("The file holds too many values (aliases count each time)."))
        if not self.open:
            self.document.data = value
            path: KeyPath = ()
        else:
            path = self._put_inside(self.open[-1], value)
        self.document.values[path] = self._place(event)
        return path

    @staticmethod
    def _put_inside(top: _Open, value: Any) -> KeyPath:
        if isinstance(top.content, list):
            top.content.append(value)
            return (*top.path, len(top.content) - 1)
        key, top.key = top.key or "", None
        top.content.setdefault(key, value)
        return (*top.path, key)

    def _resolve(self, event: yaml.ScalarEvent) -> Any:
        if event.tag is not None and event.tag != "tag:yaml.org,2002:str":
            self._note(event, text("Tags such as {tag} are not used here.", tag=event.tag))
        if event.tag is not None or not event.implicit[0]:
            return event.value
        return scalar(event.value)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:
            return Place(self.document.file)
        return Place(self.document.file, mark.line + 1, mark.column + 1)

    def _note(self, event: yaml.Event, sentence: Any) -> None:
        self.problems.append(Problem(sentence, place=self._place(event)))

    def _stop(self, event: yaml.Event, sentence: Any) -> None:
        self._note(event, sentence)
        raise ProblemsFound(self.problems)


def scalar(written: str) -> str | int | float | bool | None:
    """Return the value of an unquoted scalar as YAML 1.2 reads it: ``no`` and ``22:30`` stay text."""
    if _NULL.fullmatch(written):
        return None
    if _TRUE.fullmatch(written):
        return True
    if _FALSE.fullmatch(written):
        return False
    if _INT.fullmatch(written):
        return int(written)
    if _FLOAT.fullmatch(written) and any(char.isdigit() for char in written):
        number = float(written)
        return number if isfinite(number) else written  # 1e999 is no number that anybody means
    return written


def _size(value: Any, limit: int) -> int:
    """Count the values inside ``value``, no further than ``limit``."""
    waiting, count = [value], 0
    while waiting and count <= limit:
        item = waiting.pop()
        count += 1
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return count
