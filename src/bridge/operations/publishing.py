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
from bridge.errors import MarkersDamaged, MemoryDamaged, PageGone, PageInTheWay, RegionEdited
from bridge.memory import digest
from bridge.monthpage import MonthView
from bridge.ports import Wiki
from bridge.regions import Damaged, Region
from bridge.sayings import first_difference, sayings
from bridge.text import Text, text
from bridge.wiki import Page, Remembered
from bridge.workspace import Workspace

MEMORY = "bridge"
MESSAGE = "bridge"


@dataclass(frozen=True)
class Layout:
    """How a month is drawn: its machine regions, the people's region at first, the page above."""

    machine: Callable[[MonthView], Mapping[str, str]]
    human: Mapping[str, str]
    order: Sequence[str]
    title: str
    root: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A page as it stands: its regions, what is remembered of it, and the version we published last."""

    page: Page
    regions: tuple[Region, ...]
    memory: Remembered | None
    base: Page


def decide(standing: Standing, rendered: Mapping[str, str], name: str) -> str | None:
    """Return the page's new body, None where nothing changed; raise RegionEdited or MarkersDamaged."""
    _check_regions(standing, rendered, name)
    edited = _edited(standing)
    if edited:
        raise RegionEdited(standing.page.title, edited)
    if _remembers(standing, rendered) or _says_already(standing, rendered):
        return None
    carried = {
        region.name: page_regions.carry_comments(
            page_regions.body_of(standing.page.body, region), rendered[region.name]
        )[0]
        for region in standing.regions
        if region.kind == "machine"
    }
    return page_regions.rewrite(standing.page.body, standing.regions, carried)


def digest_of(rendered: Mapping[str, str]) -> str:
    """Return the digest of what was rendered: with the version number, the sign of “unchanged”."""
    return digest("\0".join(f"{name}\0{rendered[name]}" for name in sorted(rendered)))


def digest_of_sayings(body: str, regions: Sequence[Region]) -> str:
    """Return the digest of what the machine's regions say; it survives Confluence's rewriting."""
    machine = sorted((r for r in regions if r.kind == "machine"), key=lambda r: r.name)
    said = [(region.name, sayings(page_regions.body_of(body, region))) for region in machine]
    return digest(repr(said))


def _vouches(version: Page, message: str) -> bool:
    """Tell whether a version says what its message promised: then the bridge wrote it."""
    try:
        regions = page_regions.split(version.body)
    except Damaged:
        return False
    return message == f"{MESSAGE} {digest_of_sayings(version.body, regions)}"


def _remembers(standing: Standing, rendered: Mapping[str, str]) -> bool:
    """Tell whether exactly this was published before (bodies are never compared: they are rewritten)."""
    return standing.memory is not None and standing.memory.value.get("digest") == digest_of(
        rendered
    )


def _says_already(standing: Standing, rendered: Mapping[str, str]) -> bool:
    """Tell whether the page says all this already: a run wrote it and died before it could note so."""
    return all(
        sayings(page_regions.body_of(standing.page.body, region)) == sayings(rendered[region.name])
        for region in standing.regions
        if region.kind == "machine"
    )


def _check_regions(standing: Standing, rendered: Mapping[str, str], name: str) -> None:
    for region in standing.regions:
        if region.page != name:
            raise MarkersDamaged(
                standing.page.title,
                text("its markers are those of {other}.", other=region.page),
                text("The page was copied or moved between workspaces; publish a fresh one."),
            )
    machine = {region.name for region in standing.regions if region.kind == "machine"}
    missing = sorted(set(rendered) - machine)
    if missing:
        raise MarkersDamaged(
            standing.page.title, text("the region “{name}” is missing.", name=missing[0])
        )


def _edited(standing: Standing) -> list[Text]:
    """Return where people edited machine regions since the version that the bridge published."""
    if standing.page.version == standing.base.version:
        return []
    before = {r.name: r for r in split(standing.base)}
    places = []
    for region in standing.regions:
        if region.kind == "machine" and region.name in before:
            words = first_difference(
                page_regions.body_of(standing.base.body, before[region.name]),
                page_regions.body_of(standing.page.body, region),
            )
            if words is not None:
                places.append(
                    text("in “{region}”, near “{words}”.", region=region.name, words=words)
                )
    return places


def split(page: Page) -> tuple[Region, ...]:
    """Return a page's regions; raise MarkersDamaged."""
    try:
        return page_regions.split(page.body)
    except Damaged as damaged:
        raise MarkersDamaged(page.title, damaged.what) from None


class Publishing:
    """One publish against one wiki; everything is read afresh at each attempt."""

    def __init__(
        self,
        month: date,
        workspace: Workspace,
        wiki: Wiki,
        layout: Layout,
        rendered: Mapping[str, str],
    ) -> None:
        self.key = f"{month:%Y-%m}"
        self.name = f"{workspace.id}.{self.key}"
        self.parent = workspace.parent
        self.map_key = map_key(workspace)
        self.label = root_label(workspace)
        self.wiki = wiki
        self.layout = layout
        self.rendered = rendered

    def once(self) -> tuple[Page, bool]:
        """Find or create the page and bring it up to date; raise PageMoved to be tried again."""
        root = self._root()
        months = self.wiki.recall(root.id, self.map_key)
        page_id = months_of(months, self.parent).get(self.key)
        if page_id is None:
            page, created = self._adopt_or_create(root)
            self._map(root, months, page)
            if created:
                self._remember(page, None)
                return page, True
        else:
            found = self.wiki.page(page_id)
            if found is None:
                raise PageGone(self.layout.title)
            page = found
        return self._bring_up_to_date(page)

    def _root(self) -> Page:
        """Return the page above the months: by its title, else by its label if people renamed it."""
        root = self.wiki.find(self.parent) or self.wiki.labelled(self.label)
        if root is None:
            root = self.wiki.create(self.parent, self.layout.root, None)
        if not root.is_current:
            raise PageGone(self.parent)
        return root

    def _adopt_or_create(self, root: Page) -> tuple[Page, bool]:
        """Create the page, or adopt the one that a run created before it died.

        Its markers say whose it is; a page of the same title without them is a person's.
        """
        found = self.wiki.find(self.layout.title)
        if found is None:
            body = "".join(self._region(name) for name in self.layout.order)
            return self.wiki.create(self.layout.title, body, root.id), True
        if not any(region.page == self.name for region in split(found)):
            raise PageInTheWay(found.title, self.wiki.url(found.id))
        if not found.is_current:
            raise PageGone(found.title)
        return found, False

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

    def _bring_up_to_date(self, page: Page) -> tuple[Page, bool]:
        memory = self.wiki.recall(page.id, MEMORY)
        standing = Standing(page, split(page), memory, self._base(page, memory))
        body = decide(standing, self.rendered, self.name)
        if body is None:
            if not _remembers(standing, self.rendered):
                self._remember(page, memory)
            return page, False
        said = digest_of_sayings(body, page_regions.split(body))
        written = self.wiki.update(page, body, f"{MESSAGE} {said}")
        self._remember(written, memory)
        return written, True

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
                if version is not None and _vouches(version, message):
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
