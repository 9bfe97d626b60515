"""A check-up for the terminal and as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from bridge.doctor.diagnosis import Diagnosis
from bridge.findings import Severity
from bridge.operations.checkup import Checkup
from bridge.report import table
from bridge.text import Speaker, Text, text, texts
from bridge.workspace import Workspace

_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_WORDS: dict[Severity, Text] = {
    "error": text("Error"),
    "warning": text("Warning"),
    "info": text("Note"),
}
_FLAVOURS = {"cloud": "Cloud", "datacenter": "Data Center"}
_INDENT = "    "


def sorted_by_weight(diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
    """Return the diagnoses, the gravest first; each once, otherwise in the order of the check-up."""
    found = list(dict.fromkeys(diagnoses))
    return sorted(found, key=lambda one: _ORDER.index(one.severity))


def as_json(checkup: Checkup, diagnoses: Sequence[Diagnosis], speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``doctor``; flavour and version null where the site is silent."""
    server = checkup.server
    return {
        "flavour": server.flavour if server else None,
        "version": server.version if server else None,
        "findings": [
            {
                "code": one.code,
                "severity": one.severity,
                "what": speaker.say(one.what),
                "why": speaker.say(one.why),
                "remedy": speaker.say(one.remedy),
                "where": speaker.say(one.where),
            }
            for one in diagnoses
        ],
    }


def heading(
    checkup: Checkup, url: str | None, workspace: Workspace | None, speaker: Speaker
) -> list[str]:
    """Return what was looked at: the site, the account, the workspace."""
    said: list[Text] = []
    if checkup.server is not None:
        flavour, version = _FLAVOURS[checkup.server.flavour], checkup.server.version
        said.append(
            text(
                "Jira {flavour} {version} at {url}", flavour=flavour, version=version, url=url or ""
            )
        )
    if checkup.me is not None:
        said.append(text("Signed in as {name}", name=checkup.me.name))
    if workspace is not None:
        said.append(
            text(
                "Workspace {id}: projects {projects}, space {space}",
                id=workspace.id,
                projects=tuple(workspace.projects.values()),
                space=workspace.space,
            )
        )
    return [table.printable(speaker.say(line)) for line in said]


def as_text(diagnoses: Sequence[Diagnosis], speaker: Speaker, cells: int) -> list[str]:
    """Return each diagnosis with its reasons, and the sum of them."""
    lines: list[str] = []
    for one in diagnoses:
        lines += ["", *_one(one, speaker, cells)]
    return [*lines, "", _sum(diagnoses, speaker)]


def _one(one: Diagnosis, speaker: Speaker, cells: int) -> list[str]:
    label = speaker.say(_WORDS[one.severity])
    first, *rest = table.columns([[label, f"{speaker.say(one.what)} [{one.code}]"]], cells=cells)
    first = click.style(label, fg=_COLOURS[one.severity], bold=True) + first[len(label) :]
    rows = [
        [speaker.say(head), speaker.say(words)]
        for head, words in (
            (text("Where"), one.where),
            (text("Why"), one.why),
            (text("Remedy"), one.remedy),
        )
    ]
    return [
        first,
        *rest,
        *(_INDENT + line for line in table.columns(rows, cells=cells - len(_INDENT))),
    ]


def _sum(diagnoses: Sequence[Diagnosis], speaker: Speaker) -> str:
    counts = {severity: sum(one.severity == severity for one in diagnoses) for severity in _ORDER}
    if not counts["error"] and not counts["warning"]:
        return click.style(speaker.say(text("All is well.")), fg="green", bold=True)
    said = text(
        "{errors}, {warnings}.",
        errors=texts("{n} error", "{n} errors", counts["error"]),
        warnings=texts("{n} warning", "{n} warnings", counts["warning"]),
    )
    return click.style(speaker.say(said), bold=True)
