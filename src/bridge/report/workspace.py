"""A proposal as the text of a commented bridge.yaml."""

import json
from collections.abc import Mapping
from typing import Any

from bridge.proposal import Proposal
from bridge.text import Speaker, Text, text


def as_yaml(proposal: Proposal, speaker: Speaker) -> str:
    """Return the file, its comments in the reader's language.

    Every value is written as JSON, which is YAML too: no name of a site can change its shape.
    """
    parts = (
        _head(proposal, speaker),
        _jira(proposal, speaker),
        _confluence(proposal, speaker),
        _calendar(proposal, speaker),
        _team(proposal, speaker),
    )
    return "\n".join(line for part in parts for line in (*part, "")).rstrip("\n") + "\n"


def _head(proposal: Proposal, speaker: Speaker) -> list[str]:
    return [
        *_comment(text("What the bridge must know of your shop; made from what the site shows."), speaker),
        *_comment(text("Addresses and token stay in the environment, never in this file."), speaker),
        "format: bridge/workspace/v1",
        *_comment(text("It stands in every label, property and page map: do not change it later."), speaker),
        f"id: {_said(proposal.id)}",
        *_comment(text("The language of what the bridge writes: fr or en."), speaker),
        f"lang: {proposal.lang}",
        *_comment(
            text(
                "observe: it reads, and says what it would write. write: it writes, in the places "
                "below only."
            ),
            speaker,
        ),
        "mode: observe",
    ]  # fmt: skip


def _jira(proposal: Proposal, speaker: Speaker) -> list[str]:
    lines = [
        "jira:",
        *_comment(text("Nothing is ever written in another project."), speaker, "  "),
        f"  projects: {_flow(proposal.projects)}",
    ]
    if "it" in proposal.projects:
        lines += [
            *_comment(text("Department: project. The others go to marketing."), speaker, "  "),
            "  departments: {it: it}",
        ]
    if proposal.blocked:
        lines.append(f"  statuses: {{blocked: {_said(list(proposal.blocked))}}}")
    if proposal.issue_types:
        lines.append(f"  issue_types: {_flow(proposal.issue_types)}")
    if proposal.start_field:
        lines.append(f"  fields: {{start_date: {proposal.start_field}}}")
    if proposal.link_type:
        lines.append(f"  link_type: {_said(proposal.link_type)}")
    return lines


def _confluence(proposal: Proposal, speaker: Speaker) -> list[str]:
    return [
        "confluence:",
        f"  space: {_said(proposal.space)}",
        *_comment(
            text("The months stand below this page; the bridge makes it if it does not exist."),
            speaker,
            "  ",
        ),
        f"  parent: {_said(proposal.parent)}",
    ]


def _calendar(proposal: Proposal, speaker: Speaker) -> list[str]:
    return [
        *_comment(text("The token's last day: `bridge doctor` warns thirty days ahead."), speaker),
        "# token: {expires: 2027-10-31}",
        "",
        "timezone: Europe/Paris",
        *_comment(text("Public holidays, and your own closures."), speaker),
        f"calendar: {{country: {_said(proposal.country)}, closed: []}}",
    ]


def _team(proposal: Proposal, speaker: Speaker) -> list[str]:
    if not proposal.team:
        return _comment(
            text("People and roles are still missing; `bridge doctor` says which roles."), speaker
        )
    key = "account" if proposal.is_cloud else "dc_user"
    lines = [
        "people:",
        *(
            f"  {member.id}: {_flow({'name': member.name, key: member.account.id})}"
            for member in proposal.team
        ),
        "",
        *_comment(text("Exactly one person for each role."), speaker),
    ]
    if not proposal.roles:
        return [*lines, f"# roles: {{marketing: {proposal.team[0].id}}}"]
    return [*lines, "roles:", *(f"  {role}: {person}" for role, person in proposal.roles.items())]


def _comment(words: Text, speaker: Speaker, indent: str = "") -> list[str]:
    return [f"{indent}# {speaker.say(words)}"]


def _flow(values: Mapping[Any, str]) -> str:
    return "{" + ", ".join(f"{key}: {_said(value)}" for key, value in values.items()) + "}"


def _said(value: str | list[str]) -> str:
    """Return JSON in which whatever YAML may not contain as it is stands as an escape."""
    written = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in written)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
