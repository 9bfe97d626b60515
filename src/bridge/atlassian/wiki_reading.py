"""What Jira's wiki markup says: blocks of code, tables, and the bare words of its lines. Pure.

Source: Jira's text formatting notation
(https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from bridge.prose import TABLE_SIGN, Code, clean, folded, row_of, sign_of_code
from bridge.tracker import Content

ESCAPABLE = "{}[]|*_+^~?!(:;#hb-"
BACKSLASH = "&#92;"  # two backslashes are a line break
LINE_MARK = re.compile(r"^\s*(?:h[1-6]\.\s+|bq\.\s+|[*#-]+\s+)")
_ESCAPED = re.compile(r"\\([{}\[\]|*_+^~?!(:;#hb-])")

# --- blocks --------------------------------------------------------------------------------------

# It opens a block; without options it may as well close one.
_FENCE = re.compile(r"(?<![\\{])\{(code|noformat)(?::([^{}\n]*))?\}(?!\})")
_INNER_FENCE = re.compile(r"\\\{(?=code[:}])")
_HELD = re.compile(r"\0(\d+)\0")  # where a block of code stood
_CLOSED = re.compile(r"(?<!\\)\|$")
# A cell begins with one or two bars; escapes, links, macros and pictures may hold bars themselves.
_CELL = re.compile(
    r"\|{1,2}((?:\\.|\[[^\[\]\n]*\]|\{[^{}\n]*\}|![^!|\s]+\.\w+\|[^!\n]*!|[^|\\]|\\)*)", re.DOTALL
)
_Rows: TypeAlias = list[list[str]]  # cells as they are written
_Part: TypeAlias = "Code | _Rows | str"


def parts(written: str) -> Iterator[_Part]:
    """Give the parts of a markup in their order: code, tables as rows of cells, and other lines."""
    plain, codes = _held(written)
    for line in _grouped(plain.split("\n")):
        if isinstance(line, list):
            yield [
                [_HELD.sub(lambda m: _escaped(codes[int(m[1])]), c) for c in row] for row in line
            ]
            continue
        for n, piece in enumerate(_HELD.split(line)):
            yield codes[int(piece)] if n % 2 else piece


def _held(written: str) -> tuple[str, list[Code]]:
    """Take the code out, so that nothing in it is read as markup; a sign stands in its place."""
    whole = written.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    codes: list[Code] = []
    kept, at = "", 0
    for opening, closing in _fences(whole):
        kept += f"{whole[at : opening.start()]}\0{len(codes)}\0"
        codes.append(_code(opening[2] or "", whole[opening.end() : closing.start()]))
        at = closing.end()
    return kept + whole[at:], codes


def _fences(whole: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Give what opens and what closes each block of code; what is never closed opens none."""
    found = [*_FENCE.finditer(whole)]
    closings = {
        kind: [fence for fence in found if fence[1] == kind and fence[2] is None]
        for kind in ("code", "noformat")
    }
    at = 0
    for opening in found:
        if opening.start() < at:
            continue
        later = closings[opening[1]]
        n = bisect_right(later, opening.start(), key=re.Match.start)
        if n < len(later):
            yield opening, later[n]
            at = later[n].end()


def _escaped(code: Code) -> str:
    """Return code for a cell, where it is words among others."""
    held = code.words.replace("\\", "\0")
    return re.sub(r"[{}\[\]|*_+^~?!(:;#-]", r"\\\g<0>", held).replace("\0", BACKSLASH)


def _code(options: str, written: str) -> Code:
    """Return a block of code; the line ends beside the braces are the notation's."""
    words = written.removeprefix("\n").removesuffix("\n")
    named = [option.removeprefix("language=") for option in options.split("|")]
    language = next((name for name in named if name and "=" not in name), "")
    return Code(_INNER_FENCE.sub("{", words), language)


def _grouped(lines: Iterable[str]) -> Iterator["str | _Rows"]:
    """Give lines as they are and the rows of a table together; a row goes on until a bar closes it."""
    rows: list[str] = []
    for line in lines:
        bare = line.strip()
        if bare.startswith("|"):
            rows.append(bare)
        elif rows and bare and not _CLOSED.search(rows[-1]):
            rows[-1] += f"\n{bare}"
        else:
            if rows:
                yield [_cells(row) for row in rows]
                rows = []
            yield line
    if rows:
        yield [_cells(row) for row in rows]


def _cells(row: str) -> list[str]:
    found = [cell[1] for cell in _CELL.finditer(row)]
    return found if found[-1] else found[:-1]  # the last bar closes


# --- what the parts say --------------------------------------------------------------------------


def words_of(written: str) -> str:
    """Return the bare words of wiki markup as the bridge writes it, folded for comparing.

    What people add in other notation stays in the words: it was not what the bridge wrote.
    """
    return folded(" ".join(_words(part) for part in parts(written)))


def _words(part: _Part) -> str:
    match part:
        case Code(words, language):
            return f"{sign_of_code(language)}{words}"
        case str():
            return unescaped(LINE_MARK.sub("", part))
        case _:
            return f"{TABLE_SIGN}{' '.join(unescaped(cell) for row in part for cell in row)}"


def unescaped(words: str) -> str:
    """Return words without the backslashes that kept them from meaning something."""
    return _ESCAPED.sub(r"\1", words).replace(BACKSLASH, "\\")


def content(written: str) -> Content:
    """Return the code and the tables of a markup, in their order."""
    tables = (part for part in parts(written) if isinstance(part, list))
    return Content(
        tuple(_held(written)[1]),
        tuple(tuple(tuple(map(_said, row)) for row in rows) for rows in tables),
    )


_QUOTE = re.compile(r"(?<!\\)\{quote\}")


def lines_of(written: str) -> str:
    """Return the bare words of a markup with their lines.

    A quotation's lines begin with ``> ``; words struck through are left out.
    """
    found: list[str] = []
    quoted = False
    for part in parts(written):
        if isinstance(part, str):
            for n, piece in enumerate(_QUOTE.split(part)):
                quoted ^= n > 0
                found += _lines(piece, quoted=quoted)
        else:
            found += _lines_of_block(part, "> " if quoted else "")
    return "\n".join(line for line in found if line.strip())


def _lines(written: str, *, quoted: bool) -> Iterator[str]:
    sign = "> " if quoted or written.lstrip().startswith("bq. ") else ""
    for line in bare(LINE_MARK.sub("", written)).split("\n"):
        if line.strip():
            yield sign + folded(line)


def _lines_of_block(part: "Code | _Rows", sign: str) -> Iterator[str]:
    if isinstance(part, Code):
        yield from (sign + line for line in clean(part.words).split("\n"))
    else:
        yield from (sign + row_of(map(_said, row)) for row in part)


def _said(cell: str) -> str:
    """Return what a cell says, in one line; it may hold lists."""
    return folded(" ".join(bare(LINE_MARK.sub("", line)) for line in cell.split("\n")))


# --- the words of a line, whatever they look like ------------------------------------------------

_MONO = re.compile(r"\{\{([^\n]{1,500}?)\}\}")
_MACRO = re.compile(r"\{(?:color|panel|info|note|tip|warning|anchor)(?::[^{}\n]*)?\}")
_LABELLED = re.compile(r"\[([^\[\]|\n]*)\|[^\[\]\n]*\]")
_PERSON = re.compile(r"\[~(?:accountid:)?([^\[\]|\n]+)\]")
_ADDRESS = re.compile(r"\[\^?((?:https?://|mailto:|#)[^\[\]|\s]+|(?<=\^)[^\[\]|\n]+)\]")
_PICTURE = re.compile(r"![^!|\s]+\.\w+(?:\|[^!\n]*)?!")
_STRUCK = re.compile(r"(?<![\w-])-(?=[^\s-])[^\n]{0,500}?(?<=[^\s-])-(?![\w-])")
_STRESSED = re.compile(r"(?<![^\W_])([*_+^~]|\?\?)(?=\S)([^\n]{1,500}?)(?<=\S)\1(?![^\W_])")
_NESTED = 4  # bold in italics in colour: more is nobody's
_KEPT = {sign: chr(0x80 + n) for n, sign in enumerate(ESCAPABLE)}  # control characters: in no text
_SHOWN = {ord(kept): sign for sign, kept in _KEPT.items()}


def bare(written: str) -> str:
    """Return what a line of markup says, without its formatting; a line break is one."""
    said = clean(written).replace("\\\\", "\n")
    said = _ESCAPED.sub(lambda found: _KEPT[found[1]], said)
    for pattern, shown in _READ_AS:
        said = pattern.sub(shown, said)
    for _ in range(_NESTED):
        said = _STRESSED.sub(r"\2", said)
    return said.translate(_SHOWN).replace(BACKSLASH, "\\")


_READ_AS = (
    (_MONO, r"\1"),
    (_MACRO, ""),
    (_PICTURE, ""),
    (_PERSON, r"@\1"),
    (_LABELLED, r"\1"),
    (_ADDRESS, r"\1"),
    (_STRUCK, ""),
)
