"""What a piece of a page says, as people see it, whatever its markup. Pure.

Confluence rewrites markup on every save (ids, widths, wrapped paragraphs, order of parameters), and its
editor rewrites the whole page when a person edits one word. So two versions are compared by what they
say, never by their bytes.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from bridge.storage import parse

# Elements that editors add, drop or wrap around at will: they say nothing, but end a run of words ...
_BREAKING = frozenset({
    "p", "tbody", "thead", "colgroup", "col", "div", "br", "page", "ac:layout", "ac:layout-section",
    "ac:layout-cell", "ac:rich-text-body", "ac:plain-text-body", "ac:link-body",
})  # fmt: skip
# ... and one that stands inside a run of words without parting it.
_TRANSPARENT = frozenset({"ac:inline-comment-marker", "span"})
_TELLING = ("href", "datetime", "data-highlight-colour", "ri:account-id", "ri:userkey", "ri:value",
            "ri:content-title", "ri:filename", "ac:anchor", "ac:name", "colspan", "rowspan")  # fmt: skip
_ROWS = frozenset({"tr", "li", "h1", "h2", "h3", "h4", "h5", "h6"})


def sayings(fragment: str) -> tuple[tuple[str, ...], ...]:
    """Return what a fragment says, row by row, as people see it.

    Confluence rewrites markup on every save (ids, widths, wrapped paragraphs, order of parameters),
    so two versions are compared by what they say: words, links, people, dates, lozenges, colours and
    formatting; not by their bytes.
    """
    return _Sayings().of(fragment.encode())


def first_difference(before: str, after: str) -> str | None:
    """Return the words of the first row that says something else now, None where nothing does."""
    old, new = sayings(before), sayings(after)
    if old == new:
        return None
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else ()
        now = new[number] if number < len(new) else ()
        if was != now:
            words = " ".join(word for word in now or was if not word.startswith("<"))
            return words[:80] or "…"
    return "…"


def answers(initial: str, now: str) -> bool:
    """Tell whether a form says more than it did at first: a field filled, a line added.

    Headings, the fields' own names (ending in a colon), and what was only taken away are no answer.
    """
    at_first = " ".join(_words(row) for row in sayings(initial))
    return any(
        words not in at_first and not words.endswith(":")
        for row in sayings(now)
        if (words := _words(row)) and not _HEADING.intersection(row)
    )


_HEADING = frozenset(f"<h{level}>" for level in range(1, 7))


def _words(row: tuple[str, ...]) -> str:
    return " ".join(token for token in row if not token.startswith("<"))


@dataclass(slots=True)
class _Sayings:
    """Collects telling tokens in rows; parameters of a macro are sorted, their order says nothing."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    parameters: list[list[str]] = field(default_factory=list)
    parameter: list[str] | None = None

    def of(self, fragment: bytes) -> tuple[tuple[str, ...], ...]:
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parse(parser, fragment)
        self._end_row()
        return tuple(self.rows)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "ac:parameter":
            self.parameter = [attributes.get("ac:name", "")]
            return
        if name in _TRANSPARENT and not attributes.get("style"):
            return
        if name in _ROWS:
            self._end_row()
        self._end_words()
        if name in _BREAKING:
            return
        told = (f" {a}={_folded(a, attributes[a])}" for a in _TELLING if attributes.get(a))
        self.row.append(f"<{name}{''.join(told)}>")
        if name == "ac:structured-macro":
            self.parameters.append([])

    def _end(self, name: str) -> None:
        if name == "ac:parameter" and self.parameter is not None:
            if self.parameters:
                self.parameters[-1].append("=".join(self.parameter))
            self.parameter = None
            return
        if name in _TRANSPARENT:
            return
        self._end_words()
        if name == "ac:structured-macro" and self.parameters:
            self.row += [f"<{entry}>" for entry in sorted(self.parameters.pop())]
        if name in _ROWS:
            self._end_row()

    def _text(self, data: str) -> None:
        if self.parameter is None:
            self.words.append(data)
        elif len(self.parameter) == 1:
            self.parameter.append(data)
        else:
            self.parameter[-1] += data

    def _end_words(self) -> None:
        folded = " ".join("".join(self.words).split())
        self.words = []
        if folded:
            self.row.append(folded)

    def _end_row(self) -> None:
        self._end_words()
        if self.row:
            self.rows.append(tuple(self.row))
        self.row = []


def _folded(attribute: str, value: str) -> str:
    """Return a value as it tells: colours by their small letters, addresses and names letter by letter."""
    return value.lower() if attribute == "data-highlight-colour" else value
