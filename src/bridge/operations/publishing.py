"""One month's page on the wiki: what is there, whether it may be written, and the write itself.

The page keeps its identity for ever: which page is which month is a map in a property of the page
above. Every write names the version it was computed from. What people wrote is carried over; where
they edited the machine's own parts, nothing is written and the place is named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bridge import regions as page_regions
from bridge.errors import MarkersDamaged, MemoryDamaged, PageGone, PageInTheWay
from bridge.findings import Finding
from bridge.memory import digest
from bridge.monthpage import MonthView
from bridge.operations.standing import (
    MESSAGE,
    Standing,
    decide,
    digest_of,
    digest_of_sayings,
    remembers,
    split,
    vouches,
)
from bridge.ports import Journal, Wiki
from bridge.text import text
from bridge.wiki import Page, Remembered
from bridge.workspace import Workspace

MEMORY = "bridge"
CAUSE = "month publish"


@dataclass(frozen=True)
class Layout:
    """How a month is drawn: its machine regions, the people's region at first, the page above."""

    machine: Callable[[MonthView], Mapping[str, str]]
    human: Mapping[str, str]
    order: Sequence[str]
    title: str
    root: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publish, or a look at one, came to.

    ``page`` None: there is none yet. ``findings``: comments that lost their words.
    """

    page: Page | None
    written: bool
    would_write: bool = False
    findings: tuple[Finding, ...] = ()


class Publishing:
    """One publish against one wiki; everything is read afresh at each attempt.

    ``journal`` None: only to look. What an attempt wrote stays written when a later request of it
    fails: the next attempt knows.
    """

    def __init__(
        self,
        month: date,
        workspace: Workspace,
        wiki: Wiki,
        layout: Layout,
        rendered: Mapping[str, str],
        journal: Journal | None,
    ) -> None:
        self.key = f"{month:%Y-%m}"
        self.name = f"{workspace.id}.{self.key}"
        self.parent = workspace.parent
        self.map_key = map_key(workspace)
        self.label = root_label(workspace)
        self.wiki = wiki
        self.journal = journal
        self.layout = layout
        self.rendered = rendered
        self._has_written = False
        self._sent: tuple[str, int] | None = None  # what was written, and the version it makes
        self._findings: tuple[Finding, ...] = ()

    def once(self) -> Outcome:
        """Find or create the page and bring it up to date; raise PageMoved to be tried again."""
        root = self._root()
        months = self.wiki.recall(root.id, self.map_key)
        page = self._mapped(months)
        if page is None:
            page, created = self._adopt_or_create(root)
            self._map(root, months, page)
            if created:
                self._remember(page, None)
                return self._outcome(page)
        return self._bring_up_to_date(page)

    def look(self) -> Outcome:
        """Return what :meth:`once` would come to; nothing is written."""
        root = self._found_root()
        page = self._mapped(self.wiki.recall(root.id, self.map_key)) if root else None
        page = page or self._adopted()
        if page is None:
            return Outcome(None, written=False, would_write=True)
        decision = decide(self._standing(page), self.rendered, self.name)
        would_write = decision.body is not None
        return Outcome(page, written=False, would_write=would_write, findings=decision.findings)

    def _outcome(self, page: Page) -> Outcome:
        findings = self._findings if self._has_written else ()
        return Outcome(page, written=self._has_written, findings=findings)

    def _mapped(self, months: Remembered | None) -> Page | None:
        """Return the page that the map names for this month, None where it names none."""
        page_id = months_of(months, self.parent).get(self.key)
        if page_id is None:
            return None
        page = self.wiki.page(page_id)
        if page is None:
            raise PageGone(self.layout.title)
        return page

    def _published(self, page: Page, before: str, body: str) -> None:
        self._wrote(page, before, body)
        self._has_written = True

    def _wrote(self, page: Page, before: str, body: str) -> None:
        """Note a page write in the journal, by digests; what follows may fail, and the write stands."""
        old = digest(before) if before else ""
        assert self.journal is not None  # noqa: S101  # who only looks does not write
        self.journal.wrote("page", page.id, "body", old, digest(body), CAUSE)

    def _found_root(self) -> Page | None:
        """Return the page above the months: by its title, else by its label if people renamed it."""
        root = self.wiki.find(self.parent) or self.wiki.labelled(self.label)
        if root is not None and not root.is_current:
            raise PageGone(self.parent)
        return root

    def _root(self) -> Page:
        """Return the page above the months, created where there is none."""
        root = self._found_root()
        if root is None:
            root = self.wiki.create(self.parent, self.layout.root, None)
            self._wrote(root, "", self.layout.root)
        return root

    def _adopted(self) -> Page | None:
        """Return the page that a run created before it died.

        Its markers say whose it is; a page of the same title without them is a person's.
        """
        found = self.wiki.find(self.layout.title)
        if found is None:
            return None
        if not any(region.page == self.name for region in split(found)):
            raise PageInTheWay(found.title, self.wiki.url(found.id))
        if not found.is_current:
            raise PageGone(found.title)
        return found

    def _adopt_or_create(self, root: Page) -> tuple[Page, bool]:
        """Return the month's page, and whether this run created it."""
        adopted = self._adopted()
        if adopted is not None:
            return adopted, False
        body = "".join(self._region(name) for name in self.layout.order)
        self._sent = "", 1
        page = self.wiki.create(self.layout.title, body, root.id)
        self._published(page, "", body)
        return page, True

    def _region(self, name: str) -> str:
        if name in self.layout.human:
            return page_regions.enclosed(self.name, "human", name, self.layout.human[name])
        return page_regions.enclosed(self.name, "machine", name, self.rendered[name])

    def _map(self, root: Page, months: Remembered | None, page: Page) -> None:
        known = dict(months_of(months, self.parent))
        value = {"format": 1, "months": dict(sorted((known | {self.key: page.id}).items()))}
        if not known:
            # Before the first month is mapped: a renamed root must be found again by every machine.
            self.wiki.label(root.id, self.label)
        self.wiki.remember(root.id, self.map_key, value, months)

    def _standing(self, page: Page) -> Standing:
        memory = self.wiki.recall(page.id, MEMORY)
        return Standing(page, split(page), memory, self._base(page, memory))

    def _bring_up_to_date(self, page: Page) -> Outcome:
        standing = self._standing(page)
        decision = decide(standing, self.rendered, self.name)
        if decision.body is None:
            if not self._has_written and self._sent == (page.message, page.version):
                # Written at the last attempt, whose answer was lost and whose repetition was refused.
                self._published(page, "", page.body)
            if not remembers(standing, self.rendered):
                self._remember(page, standing.memory)
            return self._outcome(page)
        said = digest_of_sayings(decision.body, page_regions.split(decision.body))
        self._sent = f"{MESSAGE} {said}", page.version + 1
        self._findings = decision.findings
        written = self.wiki.update(page, decision.body, self._sent[0])
        self._published(written, page.body, decision.body)
        self._remember(written, standing.memory)
        return self._outcome(written)

    def _base(self, page: Page, memory: Remembered | None) -> Page:
        """Return the newest version that the bridge published, from the page's own history.

        A run killed between page and property leaves a version newer than the remembered one; its
        message says that it is ours, and its words vouch for the message. A page without memory was
        created by a run that died: version 1.
        """
        known = _version(memory, page.title) if memory else 1
        if page.version == known:
            return page
        for number, message in self.wiki.versions(page.id):
            if number > known and message.startswith(f"{MESSAGE} "):
                version = page if number == page.version else self.wiki.page(page.id, number)
                if version is not None and vouches(version, message):
                    return version
        base = self.wiki.page(page.id, known)
        if base is None:
            raise MarkersDamaged(
                page.title, text("its version {version} is gone from the history.", version=known)
            )
        return base

    def _remember(self, page: Page, before: Remembered | None) -> None:
        value = {
            "format": 1,
            "month": self.name,
            "version": page.version,
            "digest": digest_of(self.rendered),
            "regions": {name: digest(body) for name, body in sorted(self.rendered.items())},
        }
        self.wiki.remember(page.id, MEMORY, value, before)


def map_key(workspace: Workspace) -> str:
    """Return the name of the property that maps this workspace's months to pages."""
    return f"bridge-months-{workspace.id}"


def root_label(workspace: Workspace) -> str:
    """Return the label of the page above this workspace's months."""
    return f"bridge-calendar-{workspace.id}"


def months_of(remembered: Remembered | None, parent: str) -> Mapping[str, str]:
    """Return the page of each month; raise MemoryDamaged where the map is not the bridge's."""
    if remembered is None:
        return {}
    value: Any = remembered.value
    months = value.get("months") if isinstance(value, dict) else None
    if not isinstance(months, dict) or not all(isinstance(v, str) for v in months.values()):
        raise MemoryDamaged(parent)
    return months


def _version(remembered: Remembered, title: str) -> int:
    value: Any = remembered.value
    version = value.get("version") if isinstance(value, dict) else None
    if type(version) is not int:
        raise MemoryDamaged(title)
    return version
