"""What a check found: a code for machines, a sentence for people."""

from dataclasses import dataclass
from typing import Literal

from bridge.text import Text

Severity = Literal["error", "warning", "info"]
_SEVERITIES: dict[str, Severity] = {"E": "error", "W": "warning", "I": "info"}


def severity_of(code: str) -> Severity:
    """Return what a code's first letter says."""
    return _SEVERITIES[code[0]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check (``retroplanning.md`` section 11 lists the codes)."""

    code: str
    message: Text

    @property
    def severity(self) -> Severity:
        """Return what the code's first letter says: E stops a publication, W and I never do."""
        return severity_of(self.code)
