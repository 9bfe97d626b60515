"""Text as search sees it: words without case and accents."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """Return the text in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> str:
    """Every word with one blank on each side, so that ``like '% word %'`` finds whole words."""
    return f" {' '.join(_WORD.findall(folded(text)))} "


def patterns(query: str) -> list[str]:
    """Return the ``like`` patterns that must all match for a ``~`` query.

    Words match whole, ``word*`` matches beginnings, a phrase in quotation marks matches in order.
    """
    found = []
    for phrase, loose in re.findall(r'"([^"]*)"|([^\s"]+)', query):
        if phrase:
            found.append(f"%{words(phrase)}%")
        else:
            stem = words(loose).strip()
            if stem:
                found.append(f"% {stem}%" if loose.endswith("*") else f"% {stem} %")
    return found
