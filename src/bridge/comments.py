"""The inline comments of a page, put back beside their words when the words are rendered anew. Pure.

Confluence keeps an inline comment as a marker around its words. A region rendered anew has none: here
the words are looked up in it as people read them (entities resolved, formatting ignored), and marked
again, in as many pieces as the formatting asks for. Words that stand there several times are told apart
by the row they stand in. A comment whose words stand nowhere, or nowhere for sure, is reported.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby

# The lexical grammar of XML, enough for text that an XML parser has accepted already.
_TOKEN = re.compile(
    r"""<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>"""
    r"""|<(?P<side>/?)(?P<name>[^\s/>]+)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*?)(?P<empty>/?)>"""
    r"""|(?P<entity>&[^;]+;)|(?P<words>[^<&]+)""",
    re.DOTALL,
)
_REF = re.compile(r"""\bac:ref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_MARKER = "ac:inline-comment-marker"
_ROWS = frozenset({"tr", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _ROWS | {
    "p", "div", "table", "tbody", "thead", "td", "th", "ul", "ol", "br", "hr", "pre", "blockquote",
    "ac:layout", "ac:layout-section", "ac:layout-cell", "ac:rich-text-body", "ac:task", "ac:task-body",
}  # fmt: skip
_HIDDEN = "ac:parameter"  # its words are a macro's, not the page's


def carry(before: str, after: str) -> tuple[str, tuple[str, ...]]:
    """Put the inline comments of ``before`` back into ``after``; both are storage format.

    Returns the new text, and the words of the comments that found no sure place: Confluence keeps
    those comments, but no longer beside the text.
    """
    if _MARKER not in before:
        return after, ()
    old, new = _Reader().of(before), _Reader().of(after)
    places: dict[int, list[str]] = {}
    lost = []
    for ref, (first, last) in old.comments.items():
        place = _place(old, first, last, new)
        if place is None:
            lost.append(old.text[first:last].replace("\n", " ").strip() or "…")
            continue
        for letter in place:
            places.setdefault(letter, []).append(ref)
    return _marked(after, new, places), tuple(lost)


@dataclass(slots=True)
class _Reading:
    """What a piece of a page says, letter by letter, blanks folded; rows end with a line feed.

    ``spans``: where each letter stands (start, end, and the run of text between two tags; run -1 for
    what stands nowhere). ``comments``: the first letter of each comment, and the one after its last.
    """

    letters: list[str] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    comments: dict[str, tuple[int, int]] = field(default_factory=dict)
    text: str = ""

    def put(self, letter: str, start: int, end: int, run: int) -> None:
        """Add a letter; blanks and breaks become one, a row's end wins."""
        if letter.isspace() and letter != "\n":
            letter = " "
        if letter in " \n" and self.letters and self.letters[-1] in " \n":
            if letter == "\n":
                self.letters[-1] = letter
            return
        self.letters.append(letter)
        self.spans.append((start, end, run))

    def row(self, at: int) -> tuple[int, int]:
        """Return where the row around a letter begins and ends."""
        end = self.text.find("\n", at)
        return self.text.rfind("\n", 0, at) + 1, len(self.text) if end < 0 else end


class _Reader:
    """One pass over a piece of storage format."""

    def __init__(self) -> None:
        self.reading = _Reading()
        self.open: list[str] = []  # the comments around the present letter
        self.begun: dict[str, int] = {}
        self.hidden = 0
        self.run = 0

    def of(self, storage: str) -> _Reading:
        for token in _TOKEN.finditer(storage):
            if token["words"] is None and token["entity"] is None:
                self.run += 1
                if token["name"] is not None:
                    self._tag(token)
            elif not self.hidden:
                for letter, start, end in _letters(token):
                    self.reading.put(" " if letter == "\n" else letter, start, end, self.run)
        self.reading.text = "".join(self.reading.letters)
        return self.reading

    def _tag(self, token: re.Match[str]) -> None:
        name, closes, empty = token["name"], bool(token["side"]), bool(token["empty"])
        if name == _MARKER:
            self._mark(token["attributes"], closes=closes, empty=empty)
        elif name == _HIDDEN and not empty:
            self.hidden += -1 if closes else 1
        elif name in _BLOCKS:
            self.reading.put("\n" if name in _ROWS else " ", token.end(), token.end(), -1)

    def _mark(self, attributes: str, *, closes: bool, empty: bool) -> None:
        here = len(self.reading.letters)
        if not closes:
            self.open.append(_ref(attributes))
            self.begun.setdefault(self.open[-1], here)
        if closes or empty:
            ref = self.open.pop()
            self.reading.comments[ref] = (self.begun[ref], here)


def _letters(token: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Return the letters of a token with where each begins and ends; an entity is one stretch."""
    if token["entity"]:
        said = unescape(token["entity"])
        yield from ((letter, token.start(), token.end()) for letter in said)
    else:
        yield from ((letter, at, at + 1) for at, letter in enumerate(token["words"], token.start()))


def _ref(attributes: str) -> str:
    found = _REF.search(attributes)
    return unescape(found[1] or found[2] or "") if found else ""


def _place(old: _Reading, first: int, last: int, new: _Reading) -> range | None:
    """Return the letters of the one place where a comment's words stand now, None without one."""
    said = old.text[first:last]
    words = said.strip(" \n")
    if not words:
        return None
    first += len(said) - len(said.lstrip(" \n"))
    hits = [found.start() for found in re.finditer(f"(?={re.escape(words)})", new.text)]
    if len(hits) > 1:
        hits = _alike(old, first, first + len(words), new, hits)
    return range(hits[0], hits[0] + len(words)) if len(hits) == 1 else None


def _alike(old: _Reading, first: int, last: int, new: _Reading, hits: Sequence[int]) -> list[int]:
    """Return the hits whose row says the same on both sides of the words, else on one side."""

    def sides(reading: _Reading, start: int, end: int) -> tuple[str, str]:
        return (
            reading.text[reading.row(start)[0] : start].strip(),
            reading.text[end : reading.row(end)[1]].strip(),
        )

    left, right = sides(old, first, last)
    around = {hit: sides(new, hit, hit + last - first) for hit in hits}
    if not left and not right:
        return []
    for alike in (
        [hit for hit in hits if around[hit] == (left, right)],
        [hit for hit in hits if left and around[hit][0] == left],
        [hit for hit in hits if right and around[hit][1] == right],
    ):
        if alike:
            return alike
    return []


def _marked(storage: str, reading: _Reading, places: Mapping[int, Sequence[str]]) -> str:
    """Put markers around letters: one around each stretch of a run that the same comments share."""
    parts, at = [], 0

    def stretch(letter: int) -> tuple[int, tuple[str, ...]]:
        return reading.spans[letter][2], tuple(places[letter])

    visible = (letter for letter in sorted(places) if reading.spans[letter][2] >= 0)
    for (_, refs), group in groupby(visible, stretch):
        letters = list(group)
        if not reading.text[letters[0] : letters[-1] + 1].strip():
            continue
        start, end = reading.spans[letters[0]][0], reading.spans[letters[-1]][1]
        opened = "".join(f'<{_MARKER} ac:ref="{escape(ref)}">' for ref in refs)
        parts += [storage[at:start], opened, storage[start:end], f"</{_MARKER}>" * len(refs)]
        at = end
    return "".join([*parts, storage[at:]])
