"""A page as it stands against what it should say: may it be written, and with what body. Pure.

Where people edited the machine's own parts nothing is written and the place is named; their words and
their inline comments are carried over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge import comments
from bridge import regions as page_regions
from bridge.errors import MarkersDamaged, RegionEdited
from bridge.findings import Finding
from bridge.memory import digest
from bridge.regions import Damaged, Region
from bridge.sayings import first_difference, sayings
from bridge.text import Text, text
from bridge.wiki import Page, Remembered

MESSAGE = "bridge"


@dataclass(frozen=True, slots=True)
class Standing:
    """A page as it stands: its regions, what is remembered of it, and the version we published last."""

    page: Page
    regions: tuple[Region, ...]
    memory: Remembered | None
    base: Page


@dataclass(frozen=True, slots=True)
class Decision:
    """The page's new body, None where it says everything already; and the comments it cannot keep."""

    body: str | None
    findings: tuple[Finding, ...] = ()


def decide(standing: Standing, rendered: Mapping[str, str], name: str) -> Decision:
    """Return what to write, or that nothing changed; raise RegionEdited or MarkersDamaged."""
    _check_regions(standing, rendered, name)
    edited = _edited(standing)
    if edited:
        raise RegionEdited(standing.page.title, edited)
    if remembers(standing, rendered) or _says_already(standing, rendered):
        return Decision(None)
    carried, findings = dict[str, str](), list[Finding]()
    for region in standing.regions:
        if region.kind == "machine":
            before = page_regions.body_of(standing.page.body, region)
            carried[region.name], lost = comments.carry(before, rendered[region.name])
            findings += [_homeless(words, region.name) for words in lost]
    body = page_regions.rewrite(standing.page.body, standing.regions, carried)
    return Decision(body, tuple(findings))


def _homeless(words: str, region: str) -> Finding:
    return Finding(
        "W-COMMENT-LOST",
        text(
            "The comment on “{words}” in “{region}” has lost its words; Confluence keeps it among "
            "the page's comments.",
            words=words if len(words) <= 80 else f"{words[:79]}…",
            region=region,
        ),
    )


def digest_of(rendered: Mapping[str, str]) -> str:
    """Return the digest of what was rendered: with the version number, the sign of “unchanged”."""
    return digest("\0".join(f"{name}\0{rendered[name]}" for name in sorted(rendered)))


def digest_of_sayings(body: str, regions: Sequence[Region]) -> str:
    """Return the digest of what the machine's regions say; it survives Confluence's rewriting."""
    machine = sorted((r for r in regions if r.kind == "machine"), key=lambda r: r.name)
    said = [(region.name, sayings(page_regions.body_of(body, region))) for region in machine]
    return digest(repr(said))


def vouches(version: Page, message: str) -> bool:
    """Tell whether a version says what its message promised: then the bridge wrote it."""
    try:
        regions = page_regions.split(version.body)
    except Damaged:
        return False
    return message == f"{MESSAGE} {digest_of_sayings(version.body, regions)}"


def remembers(standing: Standing, rendered: Mapping[str, str]) -> bool:
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
