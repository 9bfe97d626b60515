"""What could be changed about a form: a milder field, the type a label betrays, a consent box."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.guardrails.moves import Move, value_at
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.scene import Remedy, Scene, Spot, put
from bridge.nearmiss import nearest

# What asks less of a person and mostly serves as well (guardrails.md section 3.5, C3).
_MILDER: Final[Mapping[str, tuple[str, ...]]] = {
    "birth_date": ("birthday_day_month", "age_band"),
    "birth_year": ("age_band",),
    "age": ("age_band",),
    "geolocation": ("postal_code", "city"),
}
_CONSENTS: Final = ("consent_email", "consent_sms", "consent_phone", "consent_partners")


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


def of_the_rule(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Yield what a rule on personal data suggests: the type that a label betrays, a box that is missing."""
    value = value_at(scene.now.data, spot.now)
    if value is True:
        yield spot.set(scene, False)
    near = nearest(value, scene.bundle.lexicon.types) if isinstance(value, str) else None
    if near is not None and spot.where[-1] == "data":
        yield spot.set(scene, near)
    yield from _declared_as_detected(spot, scene)
    yield from milder(spot, scene)
    yield from _consent_added(spot, scene)


def _declared_as_detected(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    entry = value_at(scene.written.data, spot.field) if spot.field else ABSENT
    detected = scene.bundle.lexicon.read(entry).detected if isinstance(entry, Mapping) else None
    if detected is not None:
        yield put(scene, (*spot.field, "data"), detected.id)


def _consent_added(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Add a box of one channel, unticked, where a form has none of it (section 3.5, K1 to K4)."""
    fields = value_at(scene.written.data, (*spot.where, "fields"))
    if not isinstance(fields, list):
        return
    present = {entry.get("data") for entry in fields if isinstance(entry, Mapping)}
    for name in _CONSENTS:
        kind = scene.bundle.lexicon.types.get(name)
        if kind is None or name in present:
            continue
        box = {
            "name": name,
            "label": kind.title.in_(scene.language),
            "type": "checkbox",
            "data": name,
            "prechecked": False,
        }
        yield (Move((*spot.where, "fields", len(fields)), "add", ABSENT, box),)
