"""What could be changed about a form: a milder field, the type a label betrays, a consent box."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.guardrails.moves import Move, value_at
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.policy import Rule
from bridge.guardrails.scene import Remedy, Scene, Spot, put
from bridge.nearmiss import nearest
from bridge.text import Bilingual

# What asks less of a person and mostly serves as well (guardrails.md section 3.5, C3).
_MILDER: Final[Mapping[str, tuple[str, ...]]] = {
    "birth_date": ("birthday_day_month", "age_band"),
    "birth_year": ("age_band",),
    "age": ("age_band",),
    "geolocation": ("postal_code", "city"),
}
# How a box may be worded; what its shop writes instead is read and judged like any other label.
_BOXES: Final[Mapping[str, Bilingual]] = {
    "consent_email": Bilingual(
        "J’accepte de recevoir des offres par e-mail", "I agree to receive offers by e-mail"
    ),
    "consent_sms": Bilingual(
        "J’accepte de recevoir des offres par SMS", "I agree to receive offers by text message"
    ),
    "consent_phone": Bilingual(
        "J’accepte de recevoir des offres par téléphone", "I agree to receive offers by telephone"
    ),
    "consent_partners": Bilingual(
        "J’accepte de recevoir les offres des partenaires", "I agree to receive partners’ offers"
    ),
    "adult_statement": Bilingual("J’ai 18 ans ou plus", "I am 18 or older"),
}


def milder(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Ask for a milder type in a field's place: a birthday without its year, an age band."""
    entry = value_at(scene.written.data, spot.field) if spot.field else ABSENT
    if not isinstance(entry, Mapping):
        return
    reading = scene.bundle.lexicon.read(entry)
    kinds = [t.id for t in (reading.detected, reading.declared) if t is not None]
    for name in dict.fromkeys(name for kind in kinds for name in _MILDER.get(kind, ())):
        if name in scene.bundle.lexicon.types:
            yield (Move(spot.field, "set", entry, _as_type(entry, name, scene)),)


def _as_type(entry: Mapping[str, Any], name: str, scene: Scene) -> Mapping[str, Any]:
    """Return a field asking for another type of data, under that type's name."""
    kind = scene.bundle.lexicon.types[name]
    same = {key: entry[key] for key in ("type", "required", "purpose") if key in entry}
    token = {"autocomplete": kind.autocomplete[0]} if kind.autocomplete else {}
    label = kind.title.in_(scene.language)
    plain = {**same, "type": "text"} if "type" in same else same
    return {"name": name, "label": label, **plain, "data": name, **token}


def of_the_rule(rule: Rule, spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Yield what a rule on personal data suggests: a bound, the type a label betrays, a box to add."""
    value = value_at(scene.now.data, spot.now)
    if value is True:
        yield spot.set(scene, False)
    if isinstance(value, str) and spot.where[-1] == "data":
        near = nearest(value, scene.bundle.lexicon.types)
        yield spot.set(scene, near) if near else ()
    if spot.where != ("audience", "size"):  # a fact, and no choice of the requester's
        yield from (spot.set(scene, after) for after in _values(rule, value))
    yield from _declared_as_detected(spot, scene)
    yield from milder(spot, scene)
    yield from _box_added(rule, spot, scene)


def _values(rule: Rule, value: Any) -> Iterator[Any]:
    """Yield what a rule names in a value's place: its numbers, the one input it takes."""
    inputs = rule.values.get("inputs", ())
    if isinstance(value, str) and len(inputs) == 1:
        yield inputs[0]
    if isinstance(value, int | float) and not isinstance(value, bool):
        numbers = [n for n in rule.values.values() if type(n) in (int, float)]
        yield from numbers
        yield from (n + 1 for n in numbers)  # "oldest: 14": from 15 on another rule holds


def _declared_as_detected(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    entry = value_at(scene.written.data, spot.field) if spot.field else ABSENT
    detected = scene.bundle.lexicon.read(entry).detected if isinstance(entry, Mapping) else None
    if detected is not None:
        yield put(scene, (*spot.field, "data"), detected.id)


def _box_added(rule: Rule, spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Add the box that a rule misses, unticked: a consent, or the statement of being of age (K2 to M3)."""
    fields = value_at(scene.written.data, spot.where)
    if not isinstance(fields, list):
        return
    consent = rule.values.get("consent")
    wanted = [consent] if consent else rule.values.get("types", ())
    for name in (n for n in wanted if n in _BOXES and n in scene.bundle.lexicon.types):
        box = {
            "name": name,
            "label": _BOXES[name].in_(scene.language),
            "type": "checkbox",
            "data": name,
            "prechecked": False,
        }
        made = box if consent else {**box, "required": True}
        yield (Move((*spot.where, len(fields)), "add", ABSENT, made),)
