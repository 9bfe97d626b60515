"""The rules in force where the command runs: the bundle, what this shop accepted, who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.config import policy, standing
from bridge.deciders import seat
from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.policy import APPROVERS, Bundle
from bridge.text import texts
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a verdict depends on besides the request; ``people``: who decides for each role today."""

    folder: Path | None
    workspace: Workspace | None
    bundle: Bundle
    circumstances: Circumstances
    people: Mapping[str, str]


def consult(session: Session, today: date | None) -> Rules:
    """Read the rules; where they are broken, say so and go on with the last good ones.

    Raises:
        ProblemsFound: the rules are broken, and no good bundle was kept.

    """
    folder, workspace = options.here_if_any(session)
    day = options.day_of(workspace, today)
    loaded = policy.load(folder)
    if loaded.is_previous:
        _tell_of_broken(loaded)
    if loaded.warning:
        output.list_problems([loaded.warning])
    circumstances = standing.circumstances(folder, workspace, day)
    return Rules(
        folder=folder,
        workspace=workspace,
        bundle=loaded.bundle,
        circumstances=circumstances,
        people=_people(workspace, day),
    )


def _tell_of_broken(loaded: policy.Loaded) -> None:
    """Say which problems keep the rules on disk from being used, and which bundle judges instead."""
    output.list_problems(loaded.problems)
    output.tell(
        texts(
            "The rules on disk have {n} problem and were not used; the last good ones judge: {bundle}.",
            "The rules on disk have {n} problems and were not used; the last good ones judge: {bundle}.",
            len(loaded.problems),
            bundle=loaded.bundle.id[:12],
        )
    )


def _people(workspace: Workspace | None, day: date) -> Mapping[str, str]:
    """Return who would be asked for each role on a day: the person, or the deputy in their place."""
    if workspace is None:
        return {}
    seats = {role: seat(workspace.team, role, day, ()) for role in APPROVERS}
    return {role: found.person.name for role, found in seats.items() if found}
