"""Storage format as XML: one parser that knows the named entities and where it stands. Pure."""

from html.entities import name2codepoint
from xml.parsers import expat

from bridge.text import Text, text

_ENTITIES = "".join(
    f'<!ENTITY {name} "&#{code};">'
    for name, code in name2codepoint.items()
    if name not in ("lt", "gt", "amp", "quot", "apos")
)
PROLOGUE = f"<!DOCTYPE page [{_ENTITIES}]><page>".encode()


class IllFormed(ValueError):
    """A page or fragment is not well-formed; ``what`` says where."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.one)
        self.what = what


def parse(parser: expat.XMLParserType, body: bytes) -> None:
    """Feed a page to a parser with handlers set; raise :class:`IllFormed`."""
    try:
        parser.Parse(PROLOGUE, False)  # expat's own signature
        parser.Parse(body, False)  # as above
        parser.Parse(b"</page>", True)  # as above
    except expat.ExpatError as error:
        line = max(1, error.lineno)
        why = expat.errors.messages[error.code]
        raise IllFormed(
            text("it is not well-formed in line {line} ({why}).", line=line, why=why)
        ) from None
