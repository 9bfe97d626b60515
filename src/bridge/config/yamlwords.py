"""What is wrong with a file that is not YAML, in our own words and the reader's language.

Two parsers are in use, one in C and one in Python, and they word the same mistake differently.
"""

import re

from bridge.text import Bilingual, Text, text

_SENTENCES: tuple[tuple[str, Text], ...] = (
    (
        r"mapping values are not allowed",
        text(
            "No value may begin at this colon: put the text in quotation marks, or mend the indentation."
        ),
    ),
    (r"find expected ':'", text("The colon after this key is missing, or a quotation mark.")),
    (
        r"find expected key|<block end>|find expected '-' indicator|simple key",
        text("Entries of one level must begin in the same column, or a quotation mark is missing."),
    ),
    (
        r"expected ',' or '\]'",
        text("The list that [ opens is not closed: a comma or ] is missing."),
    ),
    (
        r"expected ',' or '}'",
        text("The mapping that {{ opens is not closed: a comma or }} is missing."),
    ),
    (r"unexpected end of stream", text("A quotation mark is opened and never closed.")),
    (
        r"cannot start any token|found a tab",
        text(
            "No value begins like this: indent with blanks, not with tabs; "
            "put a text that begins with @, ` or % in quotation marks."
        ),
    ),
    (
        r"unknown escape character",
        text("Between double quotation marks a backslash is written twice."),
    ),
    (
        r"special characters are not allowed|control characters",
        text("A control character stands in the file."),
    ),
    (r"undefined tag handle", text("Tags, which begin with !, are not used here.")),
    (
        r"block sequence entries are not allowed",
        text("A list cannot begin here: put it on the next line."),
    ),
    (
        r"expected (the )?node content|alphabetic or numeric",
        text(
            "A value is missing, or begins with a character that must be quoted: * & ! | > % @ `."
        ),
    ),
    (r"<document start>", text("Something stands after the end of the document.")),
)


def told(words: str) -> Text:
    """Return what a parser's complaint means; its own words, which are English, only to English readers."""
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, words):
            return sentence
    return text("This is not YAML{words}.", words=Bilingual("", f" ({words})" if words else ""))
