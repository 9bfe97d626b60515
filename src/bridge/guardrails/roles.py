"""What people call the roles that decide, and what they call a module's mode."""

from collections.abc import Mapping
from typing import Final

from bridge.guardrails.policy import Mode
from bridge.text import Text, Words, text

_ROLES: Final[Mapping[str, Text]] = {
    "it-security": text("IT security"),
    "it-architecture": text("IT architecture"),
    "dpo": text("the data protection officer (DPO)"),
    "legal": text("the legal department"),
    "finance": text("the finance department"),
}
_MODES: Final[Mapping[Mode, Text]] = {
    "observe": text("only noted"),
    "warn": text("shown, without effect"),
    "enforce": text("in force"),
}


def role_name(role: str) -> Words:
    """Return what a person calls a role; one that this shop made up stays as it is written."""
    return _ROLES.get(role, role)


def mode_name(mode: Mode) -> Text:
    """Return what a mode means for whoever reads a list of modules."""
    return _MODES[mode]
