"""CSV as the spreadsheets of the reader's language open it, with nothing in a cell that they would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from bridge.prose import clean
from bridge.text import Speaker

_RUN = ("=", "+", "-", "@", "\t", "\r")  # what begins a formula


def csv_text(rows: Iterable[Sequence[str]], speaker: Speaker) -> str:
    """Return rows as CSV with a byte-order mark; French spreadsheets separate by semicolons.

    A cell that would be taken for a formula gets an apostrophe before it
    (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if speaker.code == "fr" else ",", lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(written: str) -> str:
    plain = clean(written)
    return f"'{plain}" if plain.startswith(_RUN) else plain
