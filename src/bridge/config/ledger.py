"""Lists that the bridge adds to (``accepted.yaml``, ``incidents.yaml``): what people wrote there stays."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bridge import disk
from bridge.config import yamlfile
from bridge.errors import CannotAddTo, ProblemsFound
from bridge.guardrails.circumstances import Acceptance, Incident
from bridge.prose import one_line

ACCEPTED, INCIDENTS = "accepted.yaml", "incidents.yaml"
_Entry = Mapping[str, str]


def accept(folder: Path, acceptances: Sequence[Acceptance]) -> Path:
    """Add acceptances to the workspace's ``accepted.yaml``; raise ProblemsFound, CannotAddTo or Unusable."""
    entries = [
        {"module": a.module, "version": a.version, "by": a.by, "role": a.role, "on": str(a.on)}
        for a in acceptances
    ]
    return _add(folder / ACCEPTED, "bridge/accepted/v1", "accepted", entries)


def note_incident(folder: Path, incident: Incident) -> Path:
    """Add an incident to the workspace's ``incidents.yaml``; raise as :func:`accept`."""
    entry = {
        "module": incident.module,
        "version": incident.version,
        "on": str(incident.on),
        "reason": incident.reason,
    }
    return _add(folder / INCIDENTS, "bridge/incidents/v1", "incidents", [entry])


def _add(path: Path, form: str, key: str, entries: Sequence[_Entry]) -> Path:
    entries = [{name: one_line(value, 2000) for name, value in entry.items()} for entry in entries]
    with disk.usable(path):
        content = path.read_text("utf-8") if path.exists() else ""
        grown = _grown(content or f"format: {form}\n{key}:\n", path.name, key, entries)
        disk.replace(path, grown.encode())
    return path


def _grown(content: str, name: str, key: str, entries: Sequence[_Entry]) -> str:
    """Return the file with entries at the end of its list, every other byte as it was.

    Where that cannot be done without touching what a person wrote, nothing is: CannotAddTo.
    """
    before = yamlfile.parse(content, name).data
    opened = re.sub(rf"^({key}:)[ ]*(\[\])?[ ]*$", r"\1", content, flags=re.MULTILINE)
    found = re.findall(r"^( *)- ", opened, flags=re.MULTILINE)
    indent = found[-1] if found else "  "
    lines = [f"{indent}- {_line(entry)}" for entry in entries]
    grown = opened + ("" if opened.endswith("\n") else "\n") + "\n".join(lines) + "\n"
    try:
        after = yamlfile.parse(grown, name).data
    except ProblemsFound:
        raise CannotAddTo(name, lines) from None
    listed = before.get(key) or [] if isinstance(before, dict) else None
    if not isinstance(listed, list) or after != {**before, key: [*listed, *map(dict, entries)]}:
        raise CannotAddTo(name, lines)
    return grown


def _line(entry: _Entry) -> str:
    """Return an entry as one line of YAML, its texts quoted so that they read back as they are."""
    return "{" + ", ".join(f"{name}: {_quoted(value)}" for name, value in entry.items()) + "}"


def _quoted(value: str) -> str:
    plain = " ".join(value.split())
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", plain) and isinstance(
        yamlfile.scalar(plain), str
    ):
        return plain
    written: str = yaml.dump(plain, default_style='"', allow_unicode=True, width=10_000)
    return written.strip()
