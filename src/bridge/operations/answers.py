"""Answers of a dialogue about a request: text turned into the values that a module's schema speaks of."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bridge.errors import near_miss
from bridge.guardrails.fields import FieldType, Lexicon
from bridge.guardrails.finding import Where
from bridge.guardrails.request import PARTS as PARTS  # noqa: PLC0414  # what is a part of a request
from bridge.guardrails.words import folded
from bridge.nearmiss import nearest
from bridge.text import Either, Text, Value, Words, text

_YES: Final = frozenset({"yes", "y", "oui", "o", "true"})
_NO: Final = frozenset({"no", "n", "non", "false"})
OF_A_FIELD: Final = frozenset(
    {"name", "label", "type", "autocomplete", "data", "required", "prechecked"}
)
# Which HTML control asks for a type of data; a line of text for all others.
_CONTROLS: Final[Mapping[str, str]] = {
    "email": "email",
    "phone": "tel",
    "birth_date": "date",
    "free_text": "textarea",
    "file_upload": "file",
    "password": "password",
    "terms": "checkbox",
    "adult_statement": "checkbox",
}


def is_part(name: str) -> bool:
    """Tell whether a key of a request holds a part rather than a plain value."""
    return name in PARTS


def inside(path: str) -> str:
    """Return a place's path within its part: without the part's own name."""
    return path.partition(".")[2]


def put(draft: Any, where: Where, value: Any) -> None:
    """Set a value at a place; whatever stands around it is there already."""
    *above, last = where
    for step in above:
        draft = draft[step]
    draft[last] = value


def parsed(answer: str, schema: Mapping[str, Any]) -> Any:
    """Return the value that an answer means under a schema; raise ValueError where it means none."""
    match schema.get("type"):
        case "integer":
            return int(answer)
        case "number":
            number = float(answer.replace(",", "."))
            return int(number) if number.is_integer() else number
        case "boolean":
            return _truth(answer)
        case "array":
            return [one.strip() for one in answer.split(",") if one.strip()]
        case _:
            return answer


def _truth(answer: str) -> bool:
    said = answer.strip().casefold()
    if said not in _YES | _NO:
        raise ValueError(answer)
    return said in _YES


def is_yes(answer: str | None) -> bool:
    """Tell whether an answer says yes, in either language."""
    return (answer or "").strip().casefold() in _YES


def flaw_of_yes(answer: str) -> Text | None:
    """Refuse what is neither yes nor no."""
    return None if answer.strip().casefold() in _YES | _NO else text("Answer yes or no.")


def flaw_of_count(answer: str) -> Text | None:
    """Refuse what is no number of things that a person would ask for."""
    is_count = answer.isascii() and answer.isdecimal() and 0 < int(answer[:9]) < 100
    return None if is_count else text("Answer with a number from 1 to 99.")


def refused(answer: str, schema: Mapping[str, Any]) -> Text:
    """Say that an answer is of another kind than the schema wants."""
    return text("“{value}” is not {kind}.", value=answer, kind=_KINDS[schema["type"]])


_KINDS: Final[Mapping[str, Text]] = {
    "integer": text("a whole number"),
    "number": text("a number"),
    "boolean": text("yes or no"),
    "array": text("a list, separated by commas"),
}


def kind(schema: Mapping[str, Any], otherwise: Words) -> Value:
    """Say what sort of answer a question wants."""
    return _KINDS.get(str(schema.get("type")), otherwise)


# --- fields --------------------------------------------------------------------------------------


def types_like(words: str, lexicon: Lexicon) -> Sequence[FieldType]:
    """Return the field types that words name: by id or title, else by a synonym, else by a part of one."""
    wanted = folded(words)
    if not wanted:
        return ()
    types = sorted(lexicon.types.values(), key=lambda one: (one.level, one.id))
    tests: Sequence[Callable[[FieldType], bool]] = (
        lambda one: wanted in _names(one),
        lambda one: wanted in {folded(word) for word in one.words},
        lambda one: any(wanted in f" {name} " for name in (*_names(one), *map(folded, one.words))),
    )
    for test in tests:
        found = [one for one in types if test(one)]
        if found:
            return found
    guess = guessed(words, lexicon)
    return (guess,) if guess else ()


def guessed(called: str, lexicon: Lexicon) -> FieldType | None:
    """Return what a label suggests: a statement to tick where its words agree to something, else a type."""
    read = {kind: lexicon.read({"label": called, "type": kind}) for kind in ("checkbox", "text")}
    ticked = read["checkbox"].detected
    return ticked if ticked and is_box(ticked) else read["text"].detected


def _names(one: FieldType) -> tuple[str, ...]:
    return folded(one.id), folded(one.title.fr), folded(one.title.en)


def flaw_of_type(words: str, lexicon: Lexicon) -> Text | None:
    """Refuse words that name no type of data, or more than one."""
    found = types_like(words, lexicon)
    if len(found) == 1:
        return None
    if found:
        titles = Either(one.title for one in found[:8])
        return text("Several kinds of data are called so: {types}. Which?", types=titles)
    near = nearest(
        words, [t for one in lexicon.types.values() for t in (one.title.fr, one.title.en)]
    )
    hint = near_miss(near, ())
    return text("No kind of data is called “{words}”. {hint}", words=words, hint=hint or "")


def is_box(kind: FieldType) -> bool:
    """Tell whether a type of data is a box to tick: a statement, never filled in for the customer."""
    return kind.id.startswith("consent_") or _CONTROLS.get(kind.id) == "checkbox"


def form_field(label: str, kind: FieldType) -> dict[str, Any]:
    """Return a field of a form, with the token that lets a browser fill it in (WCAG 1.3.5)."""
    entry: dict[str, Any] = {
        "name": folded(label).replace(" ", "_")[:40] or kind.id,
        "label": label,
        "type": "checkbox" if is_box(kind) else _CONTROLS.get(kind.id, "text"),
    }
    if kind.autocomplete:
        entry["autocomplete"] = kind.autocomplete[0]
    return entry | {"data": kind.id} | ({"prechecked": False} if is_box(kind) else {})
