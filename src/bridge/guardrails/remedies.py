"""What could be changed about a finding: a nearer value, a default, a milder field, or leaving something out.

Every remedy is a guess that the search judges; none is believed because its rule proposed it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bridge.guardrails import form_remedies
from bridge.guardrails.finding import Finding, Where
from bridge.guardrails.moves import Move, value_at
from bridge.guardrails.nearby import allowed, nearby
from bridge.guardrails.paths import ABSENT, path_of
from bridge.guardrails.policy import KINDS, Bundle, Limit, Rule
from bridge.guardrails.request import FORMAT, HEAD, PARTS, Request
from bridge.guardrails.scene import Remedy, Scene, Spot
from bridge.guardrails.standing import STANDING
from bridge.guardrails.verdict import MISSING, UNKNOWN
from bridge.nearmiss import nearest

_MOST_OPTIONS = 5  # values tried where a person has to choose
_TRUE_WORDS: Final = ("true", "yes", "oui", "vrai")
_FALSE_WORDS: Final = ("false", "no", "non", "faux")


def remedies(spot: Spot, scene: Scene) -> list[Remedy]:
    """Return what might mend a finding, what changes least first, setting before leaving out."""
    if spot.finding.limit in STANDING:
        return []
    found = [r for r in _all(spot, scene) if r and all(_changes(move, scene) for move in r)]
    unique = {tuple(move.key for move in remedy): remedy for remedy in reversed(found)}
    order = {key: number for number, key in enumerate(reversed(unique))}
    return sorted(unique.values(), key=lambda r: (weight(r), order[tuple(m.key for m in r)]))


def weight(moves: Iterable[Move]) -> int:
    """Return how many values some moves change, drop or add."""
    return sum(move.weight for move in moves)


def _changes(move: Move, scene: Scene) -> bool:
    return move.action == "remove" or move.after != value_at(scene.written.data, move.where)


def _all(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    rule = _rule_of(spot.finding, scene.bundle)
    if spot.finding.limit == UNKNOWN:
        yield from _known_instead(spot, scene)
    elif spot.finding.limit == MISSING:
        yield from _of_the_shape(spot, scene)
    elif isinstance(rule, Limit):
        yield from _of_the_limit(rule, spot, scene)
    elif isinstance(rule, Rule):
        yield from form_remedies.of_the_rule(rule, spot, scene)
    is_plain_gap = spot.finding.nature == "missing" and not isinstance(rule, Rule)
    yield from _emptied(spot, scene) if is_plain_gap else _left_out(spot, scene)


def _rule_of(finding: Finding, bundle: Bundle) -> Limit | Rule | None:
    module = bundle.modules.get(finding.rule.partition("@")[0])
    if module is None:
        return None
    rules: tuple[Limit | Rule, ...] = (*module.limits, *module.rules)
    return next((rule for rule in rules if rule.id == finding.limit), None)


# --- what a rule's own words suggest ---------------------------------------------------------------


def _known_instead(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Name what is nearly the same and known: a kind, a module, the format, a parameter."""
    name, value = spot.where[-1], value_at(scene.now.data, spot.now)
    if spot.where == ("format",):
        yield spot.set(scene, FORMAT)
    elif spot.where == ("kind",):
        near = nearest(str(value), KINDS)
        yield spot.set(scene, near) if near else ()
        fitting = [kind for kind in KINDS if _own_part(kind) in scene.written.data]
        yield spot.set(scene, fitting[0]) if len(fitting) == 1 else ()
    elif name == "use":
        modules = [m for m in scene.bundle.modules.values() if not m.rules]
        by_id = {m.id: f"{m.id}@{m.major}" for m in modules}
        near = nearest(str(value).partition("@")[0], by_id)
        yield spot.set(scene, by_id[near]) if near else ()
    else:
        yield from _renamed(spot, scene, str(name), value)


def _own_part(kind: str) -> str | None:
    return Request({"kind": kind}).own_part


def _renamed(spot: Spot, scene: Scene, name: str, value: Any) -> Iterator[Remedy]:
    """Give an unknown key the name of a known one that is nearly the same and not there."""
    above = spot.where[:-1]
    schema = scene.schema_at(above)
    near = nearest(name, schema.get("properties", {}) if above else (*HEAD, *PARTS))
    if near and value_at(scene.written.data, (*above, near)) is ABSENT:
        yield (
            Move(spot.where, "remove", value_at(scene.written.data, spot.where)),
            Move((*above, near), "add", ABSENT, value),
        )


def _of_the_shape(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Fill in what the module's schema gives by default, or read a value as the type it wants."""
    schema = scene.schema_at(spot.where)
    for after in _defaults(schema):
        yield spot.set(scene, after)
    value = value_at(scene.now.data, spot.now)
    for after in _converted(value, schema):
        yield spot.set(scene, after)
    if value is not ABSENT and len(spot.where) > 1 and isinstance(spot.where[-1], str):
        yield (Move(spot.where, "remove", value_at(scene.written.data, spot.where)),)


def _defaults(schema: Mapping[str, Any]) -> Iterator[Any]:
    for word in ("default", "const"):
        if word in schema:
            yield schema[word]
    if len(schema.get("enum", ())) == 1:
        yield schema["enum"][0]


def _converted(value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
    if isinstance(value, str):
        word = value.strip().casefold()
        if word in (*_TRUE_WORDS, *_FALSE_WORDS):
            yield word in _TRUE_WORDS
        if word.isascii() and word.isdigit() and len(word) < 10:
            yield int(word)
        near = nearest(value, [o for o in schema.get("enum", ()) if isinstance(o, str)])
        if near is not None:
            yield near
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from (schema[word] for word in ("maximum", "minimum") if word in schema)
        yield str(value)


def _of_the_limit(limit: Limit, spot: Spot, scene: Scene) -> Iterator[Remedy]:
    value, item = value_at(scene.now.data, spot.now), _item(limit, spot, scene)
    if value is ABSENT:
        yield from _for_nothing(limit, spot, scene)
    elif limit.operator in ("count_max", "sum_max"):
        yield from _fewer(limit, spot, scene, value)
    elif path_of(limit.path).derived == "uses":
        yield from _block_added(limit, spot, scene, value)
    elif limit.operator == "level_max":
        yield from form_remedies.milder(spot, scene)
    else:
        if value is True:
            yield spot.set(scene, False)
        near = nearby(limit, value, item, scene.facts)
        yield from (spot.set(scene, after) for after in near)
        options = tuple(allowed(limit, scene.facts))
        if not near and limit.operator == "one_of" and not path_of(limit.path).derived:
            for option in options[:_MOST_OPTIONS]:
                yield spot.set(scene, option, options)


def _for_nothing(limit: Limit, spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Fill in a value that is absent, where only one can be meant; add the block that a page must have."""
    path = path_of(limit.path)
    for after in _defaults(scene.schema_at(spot.where)):
        yield spot.set(scene, after)
    options = allowed(limit, scene.facts)
    if limit.operator == "equals" and not path.derived:
        yield spot.set(scene, limit.operand)
    elif len(options) == 1 and not path.derived:
        yield spot.set(scene, options[0])


def _item(limit: Limit, spot: Spot, scene: Scene) -> Any:
    """Return what the limit's path starts from."""
    steps = path_of(limit.path).steps if limit.path else ()
    return value_at(scene.now.data, spot.now[: len(spot.now) - len(steps)])


def _fewer(limit: Limit, spot: Spot, scene: Scene, value: Any) -> Iterator[Remedy]:
    """Leave out the last entries beyond a count, or the largest ones beyond a sum."""
    written = value_at(scene.written.data, spot.where)
    if not isinstance(value, list) or not isinstance(written, list):
        return
    most = limit.operand if isinstance(limit.operand, int | float) else 0
    order = list(range(len(written)))
    if limit.operator == "sum_max":
        order.sort(key=lambda n: _amount(value_at(written[n], tuple(limit.path.split(".")))))
        for count in range(1, len(order) + 1):
            yield _without(spot, written, order[-count:])
    else:
        yield _without(spot, written, order[int(most) :])


def _block_added(limit: Limit, spot: Spot, scene: Scene, blocks: Any) -> Iterator[Remedy]:
    """Add a block that a page must have, where its module gives all it needs by default."""
    module = scene.bundle.modules.get(path_of(limit.path).argument)
    if module is None or limit.operand is not True or not isinstance(blocks, list):
        return
    properties = module.parameters.get("properties", {})
    made = {name: next(_defaults(schema), ABSENT) for name, schema in properties.items()}
    block = {name: value for name, value in made.items() if value is not ABSENT}
    if all(name in block for name in module.parameters.get("required", ())):
        where = (*spot.where, len(value_at(scene.written.data, spot.where)))
        yield (Move(where, "add", ABSENT, {"use": f"{module.id}@{module.major}", **block}),)


def _amount(value: Any) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _without(spot: Spot, entries: list[Any], numbers: Iterable[int]) -> Remedy:
    return tuple(Move((*spot.where, n), "remove", entries[n]) for n in numbers)


# --- leaving out ---------------------------------------------------------------------------------------


def _left_out(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Leave out the value, each entry around it, or each entry in it: a field, a block, a script."""
    data, where = scene.written.data, _existing(spot.where, scene)
    places = [where[: n + 1] for n, step in enumerate(where) if isinstance(step, int)]
    is_named = len(where) > 1 and isinstance(where[-1], str) and where[-1] != "use"
    is_parameter = (
        is_named and where[0] in PARTS
    )  # who the audience is stays said, whatever follows
    is_unknown_key = len(where) == 1 and where[0] not in (*HEAD, *PARTS)
    is_other_part = len(where) == 1 and where[0] in PARTS and where[0] != scene.written.own_part
    if is_parameter or is_unknown_key or is_other_part:
        places.append(where)
    inside = value_at(data, where)
    entries = inside.get("fields") if isinstance(inside, Mapping) else inside
    if isinstance(entries, list):
        base = (*where, "fields") if isinstance(inside, Mapping) else where
        places += [(*base, number) for number in range(len(entries))]
    for place in reversed(places):
        yield (Move(place, "remove", value_at(data, place)),)


def _existing(where: Where, scene: Scene) -> Where:
    """Return the place, or the nearest one around it that exists."""
    while where and value_at(scene.written.data, where) is ABSENT:
        where = where[:-1]
    return where


def _emptied(spot: Spot, scene: Scene) -> Iterator[Remedy]:
    """Leave out an entry that says nothing at all."""
    for number, step in enumerate(spot.where):
        place = spot.where[: number + 1]
        entry = value_at(scene.written.data, place)
        if isinstance(step, int) and entry in (None, "", {}, []):
            yield (Move(place, "remove", entry),)
