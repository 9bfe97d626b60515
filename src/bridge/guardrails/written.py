"""A request that somebody wrote into a plain table of two columns, as the data a file would hold. Pure.

One row a value: what it is on the left, the value on the right. On the left stands a path: keys with
dots between (``form.purpose``, also ``formulaire › finalité``), entries of a list by their number from
1 (``form.fields[1].label``, also ``champ 1``). Accents, capitals and blanks do not matter, and the keys
that people meet most have French names. A heading row may stand first. On the right stands one
value, read as YAML 1.2 reads it; an empty one is not filled in yet.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bridge.errors import Problem
from bridge.guardrails.request import FORMAT
from bridge.guardrails.words import folded
from bridge.text import text

Rows = Sequence[Sequence[str]]
Scalar = Callable[[str], str | int | float | bool | None]
Path = tuple[str | int, ...]

MOST_ENTRIES: Final = 500  # of one list; a number above is a slip of the hand
DEEPEST: Final = 12  # keys of a path
# What people write for a key, folded: the key of the file. Anything else stays as it is written.
KEYS: Final[Mapping[str, str]] = {
    "genre": "kind", "type de demande": "kind", "nature": "kind",
    "titre": "title", "campagne": "campaign", "demandeur": "requester", "demandeuse": "requester",
    "demande par": "requester", "requested by": "requester",
    "pour le": "needed_by", "necessaire le": "needed_by", "needed by": "needed_by",
    "identifiant": "id", "public": "audience", "taille": "size", "plus jeune": "youngest",
    "formulaire": "form", "champs": "fields", "champ": "fields", "field": "fields",
    "finalite": "purpose", "but": "purpose", "destinataire": "destination",
    "conservation": "retention_months", "conservation mois": "retention_months",
    "duree de conservation": "retention_months", "retention months": "retention_months",
    "libelle": "label", "etiquette": "label", "nom": "name", "donnee": "data",
    "saisie automatique": "autocomplete", "obligatoire": "required", "pre coche": "prechecked",
    "precoche": "prechecked", "choix": "options", "option": "options", "aide": "help",
    "canaux": "channels", "canal": "channels", "double inscription": "double_opt_in",
    "page": "page", "domaine": "domain", "chemin": "path", "langue": "language",
    "blocs": "blocks", "bloc": "blocks", "block": "blocks", "module": "use", "utilise": "use",
    "script": "scripts", "balise": "tag", "envoi": "mailing", "e mail": "mailing",
    "code promo": "promo_code", "promo code": "promo_code", "concours": "contest",
}  # fmt: skip
_HEADINGS: Final = (
    frozenset({"champ", "cle", "rubrique", "question", "quoi", "field", "key", "what"}),
    frozenset({"valeur", "reponse", "contenu", "value", "answer"}),
)
_STEP = re.compile(r"(?P<name>[^\[\]]*?)\s*(?:\[\s*(?P<number>[0-9]{1,6})\s*\])?")
_NUMBERED = re.compile(r"(?P<name>.*[^\d\s])\s+(?P<number>[0-9]{1,6})")


def is_request(rows: Rows) -> bool:
    """Tell whether a table is meant as a request: two columns, one of its rows says the kind."""
    return all(len(row) == 2 for row in rows) and any(_key(row[0]) == "kind" for row in rows)


def _is_heading(left: str, right: str) -> bool:
    return folded(left) in _HEADINGS[0] and folded(right) in _HEADINGS[1]


@dataclass
class _Node:
    """A place of the tree being built: a value, a mapping or a list, never two of these."""

    entries: dict[str | int, "_Node"]
    value: Any = None
    row: int = 0

    def plain(self) -> Any:
        if not self.entries:
            return self.value
        if any(isinstance(step, int) for step in self.entries):
            return [node.plain() for _, node in sorted(self.entries.items(), key=_number)]
        return {str(step): node.plain() for step, node in self.entries.items()}


def read_table(rows: Rows, scalar: Scalar) -> tuple[Mapping[str, Any], Sequence[Problem]]:
    """Return a request's data, and every problem with the table; ``scalar`` reads one YAML value.

    The same content gives the same data as a file; the format need not be said.
    """
    root, problems = _Node({}), list[Problem]()
    for number, row in enumerate(rows, 1):
        left, right = row[0].strip(), row[1].strip()
        if _is_heading(left, right) or not (left or right):
            continue
        path = path_of(left)
        if path is None:
            problems.append(_no_path(number, left))
        elif right and (trouble := _put(root, path, _value(right, scalar), number)):
            problems.append(trouble)
    problems += _gaps(root, ())
    data = {} if problems else root.plain() or {}
    return ({"format": FORMAT, **data} if not problems else {}), problems


def path_of(written: str) -> Path | None:
    """Return the path that a left cell means, None where it is none."""
    path: list[str | int] = []
    for step in re.split(r"[.›]", written):
        found = _STEP.fullmatch(step.strip())
        if found is None:
            return None
        name, number = found["name"], found["number"]
        if number is None and (numbered := _NUMBERED.fullmatch(name)):
            name, number = numbered["name"], numbered["number"]
        key = _key(name)
        if not key or (number is not None and not 1 <= int(number) <= MOST_ENTRIES):
            return None
        path += [key] if number is None else [key, int(number)]
    return tuple(path) if len(path) <= DEEPEST else None


def _key(written: str) -> str:
    """Return the key that a word means; a key of a file stays as it is, underscores and all."""
    plain = written.strip()
    if re.fullmatch(r"[a-z][a-z0-9_]*", plain) and plain not in KEYS:
        return plain
    words = folded(plain)
    return KEYS.get(words, words.replace(" ", "_"))


def _value(written: str, scalar: Scalar) -> Any:
    """Read a right cell: quotation marks around it make a text of whatever stands between."""
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return written[1:-1]
    return scalar(written)


def _put(root: _Node, path: Path, value: Any, row: int) -> Problem | None:
    """Put a value into the tree, or say what stands in its way."""
    node = root
    for step in path:
        is_list = any(isinstance(known, int) for known in node.entries)
        mixed = bool(node.entries) and is_list != isinstance(step, int)
        if node.value is not None or mixed:
            return _both(row, path)
        node = node.entries.setdefault(step, _Node({}))
    if node.value is not None or node.row:
        return Problem(
            text(
                "Rows {first} and {second} of the table both give “{path}”.",
                first=node.row,
                second=row,
                path=shown(path),
            ),
            text("Keep one of them."),
        )
    if node.entries:
        return _both(row, path)
    node.value, node.row = value, row
    return None


def _gaps(node: _Node, path: Path) -> Iterator[Problem]:
    """Give the lists that do not count 1, 2, 3: a forgotten row is not guessed."""
    numbers = sorted(step for step in node.entries if isinstance(step, int))
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        missing = next(n for n in range(1, numbers[-1]) if n not in numbers)
        yield Problem(
            text("The table has no “{path}”.", path=shown((*path, missing))),
            text("Number the entries 1, 2, 3 without a gap."),
        )
    for step, below in node.entries.items():
        yield from _gaps(below, (*path, step))


def shown(path: Path) -> str:
    """Return a path as the table's left column writes it."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return said.removeprefix(".")


def _number(entry: tuple[str | int, _Node]) -> int:
    return entry[0] if isinstance(entry[0], int) else 0


def _no_path(row: int, written: str) -> Problem:
    return Problem(
        text("Row {row} of the table: “{written}” names nothing.", row=row, written=written[:80]),
        text("Write keys with dots between, such as form.fields[1].label."),
    )


def _both(row: int, path: Path) -> Problem:
    return Problem(
        text(
            "Row {row} of the table: “{path}” cannot be a value, a list and a group of keys at once.",
            row=row,
            path=shown(path),
        ),
        text("Look at the rows that begin alike."),
    )
