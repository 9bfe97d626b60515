"""Leave: take everything of the bridge's off a site; issues, pages and people's texts stay.

What names other things goes after them, and what a search finds goes last: a run that was killed
leaves enough for the next one to find the rest, and done twice it finds nothing.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bridge import regions as page_regions
from bridge.belongings import ASKING, WORDS, Belonging, Belongings, mentioned, sort_out
from bridge.campaign import LABEL, label_of
from bridge.errors import Forbidden, PageBusy, Problem, Refused, SiteError
from bridge.memory import digest
from bridge.operations.publishing import MEMORY, map_key, months_of, root_label
from bridge.operations.writing import may_be_quiet
from bridge.ports import PageMoved, Tools, Tracker, Wiki
from bridge.regions import Damaged
from bridge.text import text
from bridge.tracker import Issue
from bridge.wiki import Page
from bridge.workspace import Workspace

CAUSE: Final = "remove"
ATTEMPTS: Final = 3
_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]*-[1-9][0-9]*")
_MOST: Final = 50  # labels asked for in one search


@dataclass(frozen=True, slots=True)
class Marked:
    """A page with something of the bridge's: its own markers, and whether it is remembered on it."""

    page: Page
    markers: int
    remembers: bool


@dataclass(frozen=True, slots=True)
class Root:
    """The page above the months: whether it maps them, and whether it has our label."""

    page: Page
    maps: bool
    labelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """Everything of one workspace's on a site. ``left``: what cannot be taken away, and why."""

    issues: tuple[Belonging, ...]
    pages: tuple[Marked, ...]
    root: Root | None
    is_quiet: bool
    left: tuple[Problem, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to take away."""
        return not (self.issues or self.pages or self.root)


def look(
    workspace: Workspace,
    tracker: Tracker,
    wiki: Wiki,
    known: Mapping[str, str],
    templates: Iterable[str] = (),
) -> Remains:
    """Return what is there; ``known`` are the keys that this machine recorded, by campaign.

    (Or by ``request/...``, for the issue of a request.) ``templates``: the names by which epics ask.
    """
    campaigns = [name for name in known if "/" not in name]
    survey = tracker.survey(_projects(workspace), (), LABEL)
    labels = [*WORDS, *(f"{ASKING}{name}" for name in templates)]
    labels += [label_of(workspace.id, campaign) for campaign in campaigns]
    pool = _pool(workspace, tracker, {*known.values(), *survey.labelled}, labels)
    found = sort_out(pool, workspace, campaigns)
    inside, outside = _by_the_fence(found, pool, workspace)
    root = _root(workspace, wiki)
    pages, left = _pages(root, workspace, wiki)
    return Remains(
        issues=inside,
        pages=pages,
        root=root,
        is_quiet=may_be_quiet(survey),
        left=(*outside, *map(_unclaimed, found.unclaimed), *left),
    )


def remove(remains: Remains, workspace: Workspace, tools: Tools, wiki: Wiki) -> tuple[Problem, ...]:
    """Take it away; return what Jira or Confluence refused, beside which everything else is done.

    Raises a SiteError for what would be the same with everything.
    """
    removal = _Removal(workspace, tools, wiki)
    for issue in remains.issues:
        removal.clear_issue(issue, quietly=remains.is_quiet)
    for marked in remains.pages:
        removal.clear_page(marked)
    if remains.root is not None and not removal.refused:
        removal.clear_root(remains.root)  # it names the pages: while one is left, it stays
    return tuple(removal.refused)


# --- looking -------------------------------------------------------------------------------------


def _projects(workspace: Workspace) -> tuple[str, ...]:
    return tuple(sorted(set(workspace.projects.values())))


def _pool(
    workspace: Workspace, tracker: Tracker, keys: Collection[str], names: Collection[str]
) -> list[Issue]:
    """Read, from the store, what carries our labels and what our memories name, until it is all."""
    pool: dict[str, Issue] = {}
    asked: set[str] = set()
    labels: set[str] = set()
    wanted, fresh = set(keys), set(names)
    while fresh or wanted - asked:
        wanted |= _labelled(workspace, tracker, sorted(fresh))
        labels |= fresh
        more = {key for key in wanted - asked if _KEY.fullmatch(key)}
        pool |= tracker.read(sorted(more)) if more else {}
        asked |= wanted
        wanted |= {key for issue in pool.values() for key in mentioned(issue)}
        fresh = {label for issue in pool.values() for label in _campaigns(issue, workspace)}
        fresh -= labels
    return list(pool.values())


def _labelled(workspace: Workspace, tracker: Tracker, labels: Sequence[str]) -> set[str]:
    """Return the keys that the index shows under any of some labels."""
    projects = ", ".join(f'"{key}"' for key in _projects(workspace))
    found: set[str] = set()
    for start in range(0, len(labels), _MOST):
        names = ", ".join(f'"{label}"' for label in labels[start : start + _MOST])
        issues = tracker.search(f"project in ({projects}) AND labels in ({names}) ORDER BY key")
        found |= {issue.key for issue in issues}
    return found


def _campaigns(issue: Issue, workspace: Workspace) -> Iterator[str]:
    """Return the labels of this workspace's campaigns that an issue carries or remembers."""
    memory = issue.memory if isinstance(issue.memory, dict) else {}
    campaign = memory.get("campaign")
    if memory.get("workspace") == workspace.id and isinstance(campaign, str) and campaign:
        yield label_of(workspace.id, campaign)
    yield from (name for name in issue.labels if name.startswith(label_of(workspace.id, "")))


def _by_the_fence(
    found: Belongings, pool: Iterable[Issue], workspace: Workspace
) -> tuple[tuple[Belonging, ...], list[Problem]]:
    """Part what may be written from what somebody moved to another project."""
    projects = {issue.key: issue.project for issue in pool}
    allowed = _projects(workspace)
    inside = tuple(one for one in found.own if projects[one.key] in allowed)
    return inside, [_outside(one.key) for one in found.own if projects[one.key] not in allowed]


def _outside(key: str) -> Problem:
    return Problem(
        text("{key} was moved to a project where the bridge may not write.", key=key),
        text("Move it back, or add its project to bridge.yaml, and run the same command again."),
    )


def _unclaimed(key: str) -> Problem:
    return Problem(
        text("{key} carries labels of the bridge's, and nothing says of which workspace.", key=key),
        text(
            "Several workspaces use these projects: take the labels off by hand if they are yours."
        ),
    )


def _root(workspace: Workspace, wiki: Wiki) -> Root | None:
    """Return the page above the months, by its title or its label; what has been cleared is none."""
    label = root_label(workspace)
    labelled = wiki.labelled(label)
    for page in (labelled, wiki.find(workspace.parent)):
        if page is not None and page.is_current:
            maps = wiki.recall(page.id, map_key(workspace)) is not None
            if maps or page is labelled:
                return Root(page, maps, page is labelled)
    return None


def _pages(
    root: Root | None, workspace: Workspace, wiki: Wiki
) -> tuple[tuple[Marked, ...], list[Problem]]:
    months = wiki.recall(root.page.id, map_key(workspace)) if root else None
    found, left = list[Marked](), list[Problem]()
    for page_id in months_of(months, workspace.parent).values():
        page = wiki.page(page_id)
        if page is None:
            continue  # people deleted or archived it
        try:
            marked = _marked(page, workspace, wiki)
        except Damaged as damaged:
            left.append(_unreadable(page, damaged))
            continue
        if marked.markers or marked.remembers:
            found.append(marked)
    return tuple(found), left


def _marked(page: Page, workspace: Workspace, wiki: Wiki) -> Marked:
    _, markers = page_regions.unmarked(page.body, workspace.id)
    memory = wiki.recall(page.id, MEMORY)
    month = memory.value.get("month") if memory and isinstance(memory.value, dict) else None
    is_ours = isinstance(month, str) and month.partition(".")[0] == workspace.id
    return Marked(page, markers, is_ours)


def _unreadable(page: Page, damaged: Damaged) -> Problem:
    return Problem(
        text("The page “{page}” was left as it is: {what}", page=page.title, what=damaged.what),
        text(
            "Restore the page's last good version from its history, and run the same command again."
        ),
    )


# --- taking away -----------------------------------------------------------------------------------


class _Removal:
    """The act. What one issue or page refuses does not keep the others."""

    def __init__(self, workspace: Workspace, tools: Tools, wiki: Wiki) -> None:
        self.workspace = workspace
        self.tools = tools
        self.wiki = wiki
        self.refused: list[Problem] = []

    def clear_issue(self, issue: Belonging, *, quietly: bool) -> None:
        """Take the memory off, then the labels: by them alone a search finds an epic again."""
        tracker = self.tools.tracker
        try:
            if issue.remembers:
                tracker.forget(issue.key)
                self._wrote("issue", issue.key, "memory")
            if issue.labels:
                tracker.relabel(issue.key, (), issue.labels, quietly=quietly)
                self._wrote("issue", issue.key, "labels")
        except (Forbidden, Refused) as refusal:
            self._note(issue.key, refusal)

    def clear_page(self, marked: Marked) -> None:
        """Take the markers out, then forget what was remembered on the page."""
        page_id = marked.page.id
        try:
            if marked.markers:
                self._unmark(marked.page)
            if marked.remembers:
                self.wiki.forget(page_id, MEMORY)
                self._wrote("page", page_id, "memory")
        except (Forbidden, Refused) as refusal:
            self._note(marked.page.title, refusal)

    def clear_root(self, root: Root) -> None:
        """Forget the map, then take off the label by which a renamed page is found."""
        try:
            if root.maps:
                self.wiki.forget(root.page.id, map_key(self.workspace))
                self._wrote("page", root.page.id, "map")
            if root.labelled:
                self.wiki.unlabel(root.page.id, root_label(self.workspace))
                self._wrote("page", root.page.id, "labels")
        except (Forbidden, Refused) as refusal:
            self._note(root.page.title, refusal)

    def _unmark(self, page: Page) -> None:
        """Write the page without its markers, read again where people write at the same time."""
        message = self.tools.speaker.say(text("The bridge's markers are taken out."))
        for _ in range(ATTEMPTS):
            body, markers = page_regions.unmarked(page.body, self.workspace.id)
            if not markers:
                return
            try:
                self.wiki.update(page, body, message)
            except PageMoved:
                newer = self.wiki.page(page.id)
                if newer is None:
                    return
                page = newer
                continue
            self.tools.journal.wrote(
                "page", page.id, "body", digest(page.body), digest(body), CAUSE
            )
            return
        raise PageBusy(page.title)

    def _wrote(self, what: str, name: str, field: str) -> None:
        self.tools.journal.wrote(what, name, field, "", "", CAUSE)

    def _note(self, where: str, refusal: SiteError) -> None:
        """Note a refusal of this one; what time heals ends the run, which can be made again."""
        if isinstance(refusal, Refused) and refusal.is_temporary:
            raise refusal
        said = text("{what}: {message}", what=where, message=refusal.sentence)
        self.refused.append(Problem(said, refusal.hint))
