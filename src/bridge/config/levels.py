"""Read ``levels.yaml`` into a :class:`~bridge.guardrails.fields.Lexicon`."""

from collections.abc import Mapping
from typing import Any

from bridge.config import shape
from bridge.config.yamlfile import Document
from bridge.errors import ProblemsFound
from bridge.guardrails.fields import FieldType, Level, Lexicon
from bridge.text import Bilingual


def lexicon(document: Document, glossary: Mapping[str, str]) -> Lexicon:
    """Read the field types; raise ProblemsFound with everything that is wrong.

    ``glossary``: labels that the data-protection officer classified, to the id of their type.
    """
    found = shape.check(document, "guardrail-levels")
    if found.problems:
        raise ProblemsFound(found.problems)
    types = [_type(written, glossary) for written in document.data["types"]]
    return Lexicon({type_.id: type_ for type_ in types})


def _type(written: Mapping[str, Any], glossary: Mapping[str, str]) -> FieldType:
    classified = [label for label, type_ in glossary.items() if type_ == written["id"]]
    return FieldType(
        id=written["id"],
        level=Level[written["level"]],
        title=Bilingual(written["title"]["fr"], written["title"]["en"]),
        words=(*written.get("words", ()), *classified),
        autocomplete=tuple(written.get("autocomplete", ())),
    )
