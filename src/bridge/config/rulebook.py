"""The rule book of a workspace: by what a request is judged, and how a written one is read."""

from datetime import date
from pathlib import Path

from bridge.config import policy, standing, yamlfile
from bridge.config import request as request_file
from bridge.config.templates import Templates
from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.policy import Bundle
from bridge.operations.case import Rules
from bridge.operations.sources import Reader
from bridge.workspace import Workspace


def opened(folder: Path, workspace: Workspace, today: date) -> tuple[Rules, policy.Loaded]:
    """Return the rules in force, and what is wrong with those on disk.

    Raises ProblemsFound where they are broken and no good bundle was kept.
    """
    loaded = policy.load(folder)
    return of(folder, loaded.bundle, standing.circumstances(folder, workspace, today)), loaded


def of(folder: Path, bundle: Bundle, circumstances: Circumstances) -> Rules:
    """Return what operations need of rules that were read already."""
    return Rules(
        bundle=bundle,
        circumstances=circumstances,
        reader=Reader(request_file.parse, yamlfile.scalar),
        steps=Templates(folder).requests_of,
    )
