"""The near miss: which known name a person probably meant."""

from collections.abc import Iterable


def nearest(written: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``written``, None where nothing is alike."""
    from difflib import get_close_matches  # noqa: PLC0415  # 8 ms, wanted only when something is wrong

    by_folded = {name.casefold().replace("_", "-"): name for name in known}
    close = get_close_matches(written.casefold().replace("_", "-"), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None
