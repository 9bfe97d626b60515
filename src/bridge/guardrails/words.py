"""Words made comparable: without accents, capitals and punctuation, ``n°`` as numero, camelCase split."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])")
_NUMERO = re.compile(r"\b[nN]\s?[°º]")
_REST = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def folded(written: str) -> str:
    """Return the words of a label or name, in small ASCII letters, a blank between each two."""
    plain = _CAMEL.sub(" ", _NUMERO.sub("numero ", written))
    plain = plain.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("ß", "ss")
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _REST.sub(" ", bare.casefold()).strip()
