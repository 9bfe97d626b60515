"""The families of refusals and their exit codes; a problem, and the place of it in a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from bridge.findings import Finding
from bridge.text import Text, Value, text

CONFIGURATION, DECISION, UNSAFE, SITE, BUG = 3, 4, 5, 6, 70


class BridgeError(Exception):
    """A refusal that explains itself: what happened, and what to do next."""

    exit_code: ClassVar[int] = BUG

    def __init__(self, sentence: Text, hint: Text | None = None) -> None:
        super().__init__(sentence.one)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        # English, values filled in: what a log line or a traceback shows. People read `sentence`.
        return self.sentence.one.format(**self.sentence.values)


class ConfigurationError(BridgeError):
    """Files or options that cannot be used."""

    exit_code = CONFIGURATION


class DecisionNeeded(BridgeError):
    """Something only a person can decide: a conflict or an ambiguity."""

    exit_code = DECISION


class UnsafeError(BridgeError):
    """Refused because it could destroy what somebody wrote or meant."""

    exit_code = UNSAFE


class SiteError(BridgeError):
    """Jira or Confluence refused, answered nonsense, or cannot be reached."""

    exit_code = SITE


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: ``line`` and ``column`` count from 1; 0 when the file as a whole is meant."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what a person wrote, where it stands, and what would pass."""

    sentence: Text
    hint: Text | None = None
    place: Place | None = None
    code: str = ""


def problems_of(findings: Iterable[tuple[str, Finding]]) -> tuple[Problem, ...]:
    """Turn error findings, each with the name of what it is about, into problems for a refusal."""
    return tuple(
        Problem(
            text("{what}: {message}", what=what, message=f.message) if what else f.message,
            code=f.code,
        )
        for what, f in findings
        if f.severity == "error"
    )


def near_miss(near: str | None, known: Iterable[str]) -> Text | None:
    """Say which name was probably meant, else which names exist."""
    if near is not None:
        return text("Did you mean “{near}”?", near=near)
    names: tuple[Value, ...] = tuple(sorted(known))
    return text("Known: {names}.", names=names) if names else None
