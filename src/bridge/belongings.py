"""Which issues carry something of the bridge's, and whether it is this workspace's. Pure.

Several workspaces may share a site, and even a project. The bridge's memory on an issue says whose it
is; labels, which Jira copies with a cloned issue, say so only where they name a campaign of ours, or
where nobody else is about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge import petition
from bridge.campaign import LABEL, label_of
from bridge.tracker import Issue
from bridge.workspace import Workspace

# What the bridge writes, and the words by which people speak to it.
WORDS: Final = (LABEL, petition.REQUEST, petition.APPROVAL, *petition.STANDINGS, "bridge-pause")
ASKING: Final = "bridge-template-"
BEGINNINGS: Final = (
    "bridge-d-",
    ASKING,
    petition.ASKS,
    petition.OK,
    petition.NO,
    petition.EXCEPTION,
)
_CAMPAIGN: Final = "bridge-c-"


@dataclass(frozen=True, slots=True)
class Belonging:
    """What one issue carries of the bridge's. ``rank``: what names others goes after them."""

    key: str
    labels: tuple[str, ...]
    remembers: bool
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is this workspace's, in the order in which it may go; and the issues that nobody claims."""

    own: tuple[Belonging, ...]
    unclaimed: tuple[str, ...]


def sort_out(issues: Iterable[Issue], workspace: Workspace, campaigns: Iterable[str]) -> Belongings:
    """Return what issues carry of this workspace's; ``campaigns`` are the ids that it is known by."""
    issues = tuple(issues)
    known = {*campaigns, *(_text(i, "campaign") for i in issues if _owner(i) == workspace.id)}
    ours = {label_of(workspace.id, campaign) for campaign in known}
    alone = not any(_is_foreign(issue, workspace.id) for issue in issues)
    own, unclaimed = list[Belonging](), list[str]()
    for issue in issues:
        if _owner(issue) not in (None, workspace.id):
            continue
        labels = tuple(sorted(_labels(issue, workspace.id)))
        if _owner(issue) == workspace.id or (labels and _claims(labels, ours, alone=alone)):
            own.append(Belonging(issue.key, labels, issue.memory is not None, _rank(issue)))
        elif labels:
            unclaimed.append(issue.key)
    own = [one for one in own if one.labels or one.remembers]
    return Belongings(tuple(sorted(own, key=lambda o: (o.rank, o.key))), tuple(sorted(unclaimed)))


def mentioned(issue: Issue) -> Iterator[str]:
    """Return the keys that an issue's memory names: an epic's issues, a request and its approvals."""
    memory = issue.memory if isinstance(issue.memory, dict) else {}
    named: list[Any] = [memory.get("request_key"), issue.parent]
    for name in ("children", "approvals"):
        keys = memory.get(name)
        named += keys.values() if isinstance(keys, dict) else ()
    yield from (key for key in named if isinstance(key, str) and key)


def _claims(labels: Iterable[str], ours: Iterable[str], *, alone: bool) -> bool:
    """Tell whether labels without a memory are ours: by a campaign of ours, or nobody else is here."""
    return bool(set(labels) & set(ours)) or alone


def _labels(issue: Issue, workspace: str) -> Iterator[str]:
    for label in issue.labels:
        if label in WORDS or label.startswith((*BEGINNINGS, f"{_CAMPAIGN}{workspace}-")):
            yield label


def _is_foreign(issue: Issue, workspace: str) -> bool:
    """Tell whether an issue shows that another workspace lives here too."""
    if _owner(issue) not in (None, workspace):
        return True
    mine = f"{_CAMPAIGN}{workspace}-"
    return any(label.startswith(_CAMPAIGN) and not label.startswith(mine) for label in issue.labels)


def _owner(issue: Issue) -> str | None:
    """Return the workspace that an issue's memory names, None where none can be read."""
    return _text(issue, "workspace") or None


def _text(issue: Issue, name: str) -> str:
    memory: Mapping[str, Any] = issue.memory if isinstance(issue.memory, dict) else {}
    found = memory.get(name)
    return found if isinstance(found, str) else ""


def _rank(issue: Issue) -> int:
    """Order what names others after them, so that a run that was killed finds the rest again."""
    if issue.kind == "epic":
        return 2
    return int(_text(issue, "kind") == "request")
