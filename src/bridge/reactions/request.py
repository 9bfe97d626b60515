"""A request in an issue changed, or somebody answered about it: judge it again, say where it stands."""

import re
from collections.abc import Iterable
from typing import Final

from bridge.campaign import ID, label_of
from bridge.campaignrequests import KINDS
from bridge.errors import (
    AttachmentTooLarge,
    BridgeError,
    CampaignPaused,
    NoRequestThere,
    NotForRequests,
    RecordDamaged,
    RequestConflict,
    RequestRefused,
    RequestUnreadable,
    SeveralRequests,
)
from bridge.guardrails.request import FORMAT
from bridge.guardrails.words import folded
from bridge.guardrails.written import KEYS
from bridge.monthpage import is_done
from bridge.operations import submit
from bridge.operations.create import PAUSE
from bridge.operations.sources import ATTACHMENT, request_in
from bridge.petition import APPROVAL, REQUEST, Damaged, asking_of
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.reaction import Reaction
from bridge.reactions.trouble import record_if_sound, tell
from bridge.text import text
from bridge.tracker import Issue
from bridge.workspace import Workspace

KIND: Final = "request"
_KEY: Final = re.compile(r"(?P<project>[A-Z][A-Z0-9_]{0,30})-[1-9][0-9]{0,9}")
# How a table's row that says the kind reads, folded: "type de demande form".
_ROWS: Final = tuple(
    f" {called} {folded(kind)} "
    for called in ("kind", *(written for written, key in KEYS.items() if key == "kind"))
    for kind in KINDS
)
# What somebody at the issue can mend. All else heals with time, or is the administrator's.
_FOR_PEOPLE: Final = (
    AttachmentTooLarge,
    NoRequestThere,
    NotForRequests,
    RecordDamaged,
    RequestConflict,
    RequestRefused,
    RequestUnreadable,
    SeveralRequests,
)


def concerns(hint: Hint, issue: Issue | None, workspace: Workspace) -> Iterable[str]:
    """Return the key of the request that the issue holds, or that it asks a role about."""
    if issue is None or issue.project not in workspace.projects.values() or issue.kind == "epic":
        return ()
    memory = issue.memory if isinstance(issue.memory, dict) else {}
    if memory.get("workspace", workspace.id) != workspace.id:
        return ()  # another workspace's bridge answers there
    if memory.get("kind") == "approval" or APPROVAL in issue.labels:
        return _asked_about(issue, workspace)
    return (issue.key,) if _is_meant(issue) or _looks_like_one(issue) else ()


def _asked_about(issue: Issue, workspace: Workspace) -> Iterable[str]:
    """Return the request that an approval's issue is about; anybody may have edited what it says."""
    try:
        record = asking_of(issue)
    except Damaged:
        return ()
    found = _KEY.fullmatch(record.request_key) if record else None
    return (found[0],) if found and found["project"] in workspace.projects.values() else ()


def _is_meant(issue: Issue) -> bool:
    """Tell whether somebody, or the bridge, said that this issue is a request."""
    memory = issue.memory
    is_kept = isinstance(memory, dict) and memory.get("kind") == "request"
    return is_kept or REQUEST in issue.labels


def _looks_like_one(issue: Issue) -> bool:
    """Tell cheaply whether an issue that nobody marked may hold a request; `act` reads it for sure."""
    if issue.memory is not None:
        return False
    if FORMAT in issue.words or any(ATTACHMENT.fullmatch(file.name) for file in issue.attachments):
        return True
    words = f" {folded(issue.words)} "
    return any(row in words for row in _ROWS)


def act(name: str, around: Around) -> None:
    """Judge the request in an issue; write its verdict, or why it cannot be judged.

    Raises a SiteError, RequestMoved: the same again, a little later.
    """
    issue = around.tools.tracker.read([name]).get(name)
    if issue is None or is_done(issue, around.workspace) or PAUSE in issue.labels:
        return
    may_write = around.workspace.mode == "write"
    try:
        done = submit.submit_issue(
            name, around.workspace, around.tools, around.rules, lambda _: may_write
        )
    except CampaignPaused:
        return
    except _FOR_PEOPLE as refused:
        _refuse(refused, issue, around, may_write=may_write)
        return
    if done.plan.writes and not may_write:
        _only_observe(name, around)


def _refuse(refused: BridgeError, issue: Issue, around: Around, *, may_write: bool) -> None:
    """Say on the issue why it cannot be judged, unless nobody meant it as a request."""
    if isinstance(refused, NoRequestThere) and not _is_meant(issue):
        return
    if not may_write:
        _only_observe(issue.key, around)
    elif not _is_paused(issue, around):
        tell(refused, issue, around.tools)


def _only_observe(key: str, around: Around) -> None:
    around.tools.progress(
        text(
            "{key} waits for a verdict; this workspace only observes: nothing was written.", key=key
        )
    )


def _is_paused(issue: Issue, around: Around) -> bool:
    """Tell whether the campaign of a request that cannot be judged is paused, as far as it names one."""
    campaign = _campaign(issue, around)
    if not campaign:
        return False
    label = label_of(around.workspace.id, campaign)
    epics = around.tools.tracker.epics(
        around.workspace.main_project, f'labels = "{label}" AND labels = "{PAUSE}"'
    )
    return bool(epics)


def _campaign(issue: Issue, around: Around) -> str:
    """Return the campaign that a request names, else that its record names; '' where neither does."""
    try:
        named = request_in(issue, around.tools.tracker, around.rules.reader).campaign
    except _FOR_PEOPLE:
        named = ""
    record = record_if_sound(issue)
    known = record.campaign if record else ""
    return next((one for one in (named, known) if ID.fullmatch(one)), "")


REACTION: Final = Reaction(
    kind=KIND,
    concerns=concerns,
    act=act,
    words=lambda name: text("Request {key}: looked at.", key=name),
)
