"""A page as machine-owned and human-owned regions, between markers that survive Confluence's editor.

A marker is an anchor macro, which people do not see: ``bridge.<workspace>.<month>.<kind>.<name>.begin``
and ``.end``. Everything outside the machine's regions, marked or not, is carried over byte for byte.
Positions come from an XML parser, never from a search in the text: a marker quoted inside a code block
is no marker.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from xml.parsers import expat

from bridge.storage import PROLOGUE, IllFormed, parse
from bridge.text import Text, text

Kind = Literal["machine", "human"]
_MARKER = re.compile(
    r"bridge\.(?P<page>[a-z0-9_-]+\.[0-9]{4}-[0-9]{2})\.(?P<kind>machine|human)\.(?P<name>[a-z]+)"
    r"\.(?P<side>begin|end)"
)


class Damaged(ValueError):
    """The markers are not as the bridge left them, or the page is not well-formed; ``what`` says where."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.one)
        self.what = what


@dataclass(frozen=True, slots=True)
class Region:
    """One region of a page; ``start`` and ``end`` are byte offsets of its body between the markers."""

    page: str
    kind: Kind
    name: str
    start: int
    end: int


def marker(page: str, kind: Kind, name: str, side: Literal["begin", "end"]) -> str:
    """Return the storage format of a marker; ``page`` is ``<workspace>.<month>``."""
    return (
        '<p><ac:structured-macro ac:name="anchor" ac:schema-version="1">'
        f'<ac:parameter ac:name="">bridge.{page}.{kind}.{name}.{side}</ac:parameter>'
        "</ac:structured-macro></p>"
    )


def enclosed(page: str, kind: Kind, name: str, body: str) -> str:
    """Return a region: its markers with the body between."""
    return marker(page, kind, name, "begin") + body + marker(page, kind, name, "end")


def split(body: str) -> tuple[Region, ...]:
    """Return the regions of a page in order; raise :class:`Damaged`."""
    try:
        marks = list(_positions(_Scan(body.encode()).run()))
    except IllFormed as wrong:
        raise Damaged(wrong.what) from None
    regions: list[Region] = []
    begun: _Mark | None = None
    for mark in marks:
        if mark.side == "begin":
            if begun is not None:
                raise Damaged(
                    text(
                        "the region “{first}” is not closed before “{second}” begins.",
                        first=begun.name,
                        second=mark.name,
                    )
                )
            begun = mark
            continue
        if begun is None or begun.label != mark.label:
            raise Damaged(text("the region “{name}” ends without having begun.", name=mark.name))
        regions.append(Region(mark.page, mark.kind, mark.name, begun.end, mark.start))
        begun = None
    if begun is not None:
        raise Damaged(text("the region “{name}” begins and never ends.", name=begun.name))
    for first, second in pairwise(sorted(regions, key=lambda r: r.name)):
        if first.name == second.name:
            raise Damaged(text("the region “{name}” stands there twice.", name=first.name))
    return tuple(regions)


def body_of(body: str, region: Region) -> str:
    """Return what stands between a region's markers."""
    return body.encode()[region.start : region.end].decode()


def rewrite(body: str, regions: Sequence[Region], rendered: Mapping[str, str]) -> str:
    """Return the page with these machine regions rendered anew; every other byte stays."""
    raw, parts, at = body.encode(), [], 0
    for region in sorted(regions, key=lambda r: r.start):
        if region.kind == "machine" and region.name in rendered:
            parts += [raw[at : region.start], rendered[region.name].encode()]
            at = region.end
    return b"".join([*parts, raw[at:]]).decode()


def unmarked(body: str, workspace: str) -> tuple[str, int]:
    """Return a page without the markers of a workspace, and how many those were.

    Wherever people moved them to. A paragraph that held nothing else goes with them; every other byte
    stays. Raises :class:`Damaged` where the page is not well-formed.
    """
    raw = body.encode()
    try:
        seen = _Scan(raw).run()
    except IllFormed as wrong:
        raise Damaged(wrong.what) from None
    mine = [one for one in seen if one.match["page"].partition(".")[0] == workspace]
    holders = {one.chain[-2]: one for one in mine}
    macros = {one.chain[-1]: one.ends[one.chain[-1]] for one in mine}
    gaps = [(element.start, end) for element, end in macros.items()]
    for holder, one in holders.items():
        end = one.ends.get(holder)
        if holder.name == "p" and end is not None:
            inside = [gap for gap in gaps if holder.start < gap[0] < end]
            if _EMPTY.fullmatch(_without(raw, inside, holder.start, end)):
                gaps = [gap for gap in gaps if gap not in inside] + [(holder.start, end)]
    return _without(raw, gaps, 0, len(raw)).decode(), len(mine)


_EMPTY = re.compile(rb"<p\b[^>]*>\s*</p\s*>")


def _without(raw: bytes, gaps: Sequence[tuple[int, int]], start: int, end: int) -> bytes:
    """Return the bytes from ``start`` to ``end`` without those in the gaps."""
    parts, at = [], start
    for first, last in sorted(gaps):
        parts.append(raw[at:first])
        at = last
    return b"".join([*parts, raw[at:end]])


# --- finding the markers -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Element:
    """An open element: its name and where its start tag begins."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marker: what it says, and the byte range of the block that holds it."""

    page: str
    kind: Kind
    name: str
    side: str
    start: int
    end: int

    @property
    def label(self) -> tuple[str, str, str]:
        return self.page, self.kind, self.name


@dataclass(slots=True)
class _Sighting:
    """A marker as met: the chain of elements around it, and where each of them ends, once known."""

    match: re.Match[str]
    chain: tuple[_Element, ...]
    ends: dict[_Element, int]


class _Scan:
    """One pass over a page: every anchor macro whose parameter is one of our markers."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.open: list[_Element] = []
        self.anchors: set[_Element] = set()
        self.words = ""
        self.seen: list[_Sighting] = []
        self.ends: dict[_Element, int] = {}

    def run(self) -> list[_Sighting]:
        parse(self.parser, self.body)
        return self.seen

    def _at(self) -> int:
        return self.parser.CurrentByteIndex - len(PROLOGUE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = _Element(name, self._at())
        self.open.append(element)
        self.words = ""
        if name == "ac:structured-macro" and attributes.get("ac:name") == "anchor":
            self.anchors.add(element)

    def _text(self, data: str) -> None:
        self.words += data

    def _end(self, name: str) -> None:
        element = self.open.pop()
        at = self._at()
        if at >= 0:
            self.ends[element] = self.body.find(b">", at) + 1
        if name == "ac:parameter" and self.open and self.open[-1] in self.anchors:
            found = _MARKER.fullmatch(self.words.strip())
            if found:
                self.seen.append(_Sighting(found, tuple(self.open), self.ends))


_MARKER_BLOCKS = ("p", "ac:structured-macro")
_CONTAINERS = ("page", "ac:layout-cell")


def _positions(seen: Sequence[_Sighting]) -> Iterator[_Mark]:
    """Return the markers with the blocks that hold them: siblings, wherever people moved them to."""
    depth = _common_depth([sighting.chain for sighting in seen])
    blocks: set[_Element] = set()
    for sighting in seen:
        found, block, around = sighting.match, sighting.chain[depth], sighting.chain[depth - 1]
        if block in blocks or block.name not in _MARKER_BLOCKS or around.name not in _CONTAINERS:
            raise Damaged(
                text(
                    "the marker of the region “{name}” has moved into other content.",
                    name=found["name"],
                )
            )
        blocks.add(block)
        kind: Kind = "machine" if found["kind"] == "machine" else "human"
        yield _Mark(
            found["page"], kind, found["name"], found["side"], block.start, sighting.ends[block]
        )


def _common_depth(chains: Sequence[tuple[_Element, ...]]) -> int:
    """Return how many outer elements all markers share (the page itself, perhaps a layout cell)."""
    shortest = min((len(chain) for chain in chains), default=1)
    depth = 1
    while depth < shortest - 1 and len({chain[depth] for chain in chains}) == 1:
        depth += 1
    return depth
