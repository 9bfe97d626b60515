"""What exists of a campaign and its requests: issues from the store, their records read with care."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from bridge.errors import NoSuchIssue, NotForRequests, RecordDamaged
from bridge.memory import Damaged, Memory
from bridge.memory import of as memory_of
from bridge.operations.locate import MARGIN
from bridge.petition import Asking, Petition, asking_of, petition_of
from bridge.petition import Damaged as DamagedRecord
from bridge.ports import Journal, Tracker
from bridge.text import text
from bridge.tracker import Issue, Survey
from bridge.workspace import Workspace


@dataclass(slots=True)
class Pool:
    """What exists of a campaign: issues by key, the epic and its memory."""

    issues: dict[str, Issue] = field(default_factory=dict)
    epic: Issue | None = None
    memory: Memory | None = None


def intent_name(campaign: str, request: str) -> str:
    """Return under which name the journal keeps a request's issue; no campaign's id has a slash."""
    return f"request/{campaign}/{request}"


def approvals_name(key: str) -> str:
    """Return under which name the journal keeps that a request's approvals are being created."""
    return f"approval/{key}"


def projects_of(workspace: Workspace) -> list[str]:
    """Return the projects where requests and approvals live."""
    main = workspace.main_project
    return sorted({main, workspace.projects.get("it", main)})


def pool_of(
    workspace: Workspace,
    campaign: str,
    tracker: Tracker,
    survey: Survey,
    journal: Journal | None = None,
    intents: Collection[str] = (),
) -> Pool:
    """Return what exists of a campaign, from the store, whatever the index shows by now.

    With a journal the newest issues are looked through as well: a run may have died after it
    created some of them.
    """
    pool = Pool()
    known = set(survey.labelled)
    if journal is not None:
        known |= {key for name in (campaign, *intents) if (key := journal.epic_of(name))}
        for project in projects_of(workspace):
            newest = survey.newest.get(project, 0)
            floors = [newest, *_floors(journal, intents, project)]
            floor = max(0, min(floors) - MARGIN)
            for issue in tracker.created_since(project, floor, newest):
                pool.issues[issue.key] = issue
    read_into(pool, tracker, known)
    _find_epic(pool, workspace, campaign)
    if pool.memory is not None:
        read_into(pool, tracker, pool.memory.children.values())
    return pool


def _floors(journal: Journal, intents: Iterable[str], project: str) -> Iterator[int]:
    for name in intents:
        floors = journal.intent_of(name)
        if floors is not None:
            yield floors.get(project, 0)


def read_into(pool: Pool, tracker: Tracker, keys: Iterable[str]) -> None:
    """Add issues to what is known, from the store."""
    missing = set(keys) - pool.issues.keys()
    if missing:
        pool.issues.update(tracker.read(missing))


def _find_epic(pool: Pool, workspace: Workspace, campaign: str) -> None:
    for issue in pool.issues.values():
        memory = campaign_memory(issue)
        if memory and not memory.step and is_of(memory, workspace, campaign):
            pool.epic, pool.memory = issue, memory


def is_of(memory: Memory, workspace: Workspace, campaign: str) -> bool:
    """Tell whether a memory is of a campaign of this workspace."""
    return (memory.workspace, memory.campaign) == (workspace.id, campaign)


def campaign_memory(issue: Issue) -> Memory | None:
    """Return the campaign's memory of an issue; what is damaged there is not a request's trouble."""
    try:
        return memory_of(issue)
    except Damaged:
        return None


def record_of(issue: Issue) -> Petition | None:
    """Return the record of a request's issue; raise RecordDamaged."""
    try:
        return petition_of(issue)
    except DamagedRecord:
        raise RecordDamaged(issue.key) from None


def asking_on(issue: Issue) -> Asking | None:
    """Return the record of an approval's issue; raise RecordDamaged."""
    try:
        return asking_of(issue)
    except DamagedRecord:
        raise RecordDamaged(issue.key) from None


def request_issue(key: str, workspace: Workspace, tracker: Tracker) -> Issue:
    """Return an issue that may hold a request; raise NoSuchIssue or NotForRequests."""
    issue = tracker.read([key]).get(key)
    if issue is None:
        raise NoSuchIssue(key)
    if issue.project not in workspace.projects.values():
        raise NotForRequests(key, text("its project is none of this workspace"))
    record = record_of(issue)
    if record is None and issue.memory is not None:
        raise NotForRequests(key, text("it is a step of a campaign, or an approval"))
    if record is not None and record.workspace != workspace.id:
        raise NotForRequests(key, text("it belongs to another workspace"))
    return issue
