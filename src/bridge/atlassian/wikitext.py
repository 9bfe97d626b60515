"""Prose as Jira's wiki markup, with its own escaping, and wiki markup back to bare words. Pure.

Source: Jira's text formatting notation
(https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all).
"""

import re
from collections.abc import Iterator

from bridge.prose import Block, Bullets, Checklist, Heading, Paragraph, Prose, clean, folded

# What means something to the renderer: always; where it hugs a word from outside; in pairs; in smileys.
_ALWAYS = r"[{}\[\]|]"
_HUGGING = r"(?<![^\W_])[*_+^~-](?=\S)|(?<=\S)[*_+^~-](?![^\W_])"
_PAIRS = r"\?(?=\?)|(?<=\?)\?|!(?=\S)"
_SMILEYS = r"\((?=(?:/|x|!|\?|\+|-|\*[rgby]?|y|n|i|on|off)\))|[:;](?=[()DP])"
_SPECIAL = re.compile(f"{_ALWAYS}|{_HUGGING}|{_PAIRS}|{_SMILEYS}")
# What means something at the start of a line only: heading, quotation, lists.
_LEADING = re.compile(r"^(?=h[1-6]\.|bq\.|[*#-]+ )")
_ESCAPED = re.compile(r"\\(?=[{}\[\]|*_+^~?!(:;#hb-])")
_BACKSLASH = "&#92;"  # two backslashes are a line break
_LINE_MARK = re.compile(r"^\s*(?:h[1-6]\.\s+|bq\.\s+|[*#-]+\s+)")


def markup(prose: Prose) -> str:
    """Return the wiki markup of a prose."""
    return "\n\n".join(part for block in prose if (part := "\n".join(_lines(block))))


def words_of(written: str) -> str:
    """Return the bare words of wiki markup as :func:`markup` writes it, folded for comparing.

    What people add in other notation stays in the words: it was not what the bridge wrote.
    """
    lines = (_LINE_MARK.sub("", line) for line in written.splitlines())
    return folded(" ".join(_ESCAPED.sub("", line) for line in lines).replace(_BACKSLASH, "\\"))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words):
            yield from (f"h3. {_inline(line)}" for line in _one_line(words))
        case Paragraph(words):
            yield from (_LEADING.sub(r"\\", _inline(line)) for line in _one_line(words))
        case Bullets(items) | Checklist(items):
            yield from (f"* {_inline(line)}" for item in items for line in _one_line(item))


def _one_line(words: str) -> Iterator[str]:
    plain = " ".join(clean(words).split()).replace("\\", "\0")
    if plain:
        yield plain


def _inline(words: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", words).replace("\0", _BACKSLASH)
