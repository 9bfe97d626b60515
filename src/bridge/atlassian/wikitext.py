"""Prose as Jira's wiki markup, with its own escaping. Pure.

Source: Jira's text formatting notation
(https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all).
"""

import re
from collections.abc import Iterable, Iterator

from bridge.atlassian.wiki_reading import BACKSLASH
from bridge.prose import (
    Block,
    Bullets,
    Checklist,
    Code,
    Heading,
    Paragraph,
    Prose,
    Table,
    clean,
    folded,
    has_words,
    language_of,
)

# What means something to the renderer: always; where it hugs a word from outside; in pairs; in smileys.
_ALWAYS = r"[{}\[\]|]"
_HUGGING = r"(?<![^\W_])[*_+^~-](?=\S)|(?<=\S)[*_+^~-](?![^\W_])"
_PAIRS = r"\?(?=\?)|(?<=\?)\?|!(?=\S)"
_SMILEYS = r"\((?=(?:/|x|!|\?|\+|-|\*[rgby]?|y|n|i|on|off)\))|[:;](?=[()DP])"
_SPECIAL = re.compile(f"{_ALWAYS}|{_HUGGING}|{_PAIRS}|{_SMILEYS}")
# What means something at the start of a line only: heading, quotation, lists.
_LEADING = re.compile(r"^(?=h[1-6]\.|bq\.|[*#-]+ )")
# What would end a block of code: no notation escapes it there, so a backslash is put before it, which
# the reading takes away again; people see it.
_INNER_FENCE = re.compile(r"\{(?=code[:}])")


def markup(prose: Prose) -> str:
    """Return the wiki markup of a prose."""
    return "\n\n".join(part for block in prose if (part := "\n".join(_lines(block))))


def extended(written: str | None, prose: Prose) -> str:
    """Return a markup with a prose below it; what is written stays as it is, to the byte.

    Raises TypeError for what is no markup.
    """
    if not isinstance(written, str | None):
        raise TypeError(written)
    return f"{written}\n\n{markup(prose)}" if written and written.strip() else markup(prose)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words):
            yield from (f"h3. {_inline(line)}" for line in _one_line(words))
        case Paragraph(words):
            yield from (_LEADING.sub(r"\\", _inline(line)) for line in _one_line(words))
        case Code(words):
            yield from _code(block, clean(words))
        case Table(rows):
            if has_words(block):
                yield from (_row(row, "|" if n else "||") for n, row in enumerate(rows) if row)
        case Bullets(items) | Checklist(items):
            yield from (f"* {_inline(line)}" for item in items for line in _one_line(item))


def _code(block: Code, words: str) -> Iterator[str]:
    if folded(words):
        language = language_of(block)
        yield f"{{code:{language}}}" if language else "{code}"
        yield _INNER_FENCE.sub(r"\\{", words)
        yield "{code}"


def _row(cells: Iterable[str], bar: str) -> str:
    # A blank is needed: a cell without anything would be the closing bar.
    written = (_LEADING.sub(r"\\", _inline("".join(_one_line(cell)))) or " " for cell in cells)
    return f"{bar}{bar.join(written)}{bar}"


def _one_line(words: str) -> Iterator[str]:
    plain = " ".join(clean(words).split()).replace("\\", "\0")
    if plain:
        yield plain


def _inline(words: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", words).replace("\0", BACKSLASH)
