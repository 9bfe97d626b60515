"""The paths in a module's limits: they parse, lead to a parameter, and to one of the operator's type."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bridge.config import parameters
from bridge.config.shape import TYPES
from bridge.config.values import Notes
from bridge.config.yamlfile import KeyPath
from bridge.errors import near_miss
from bridge.guardrails.paths import DERIVED, Path, path_of
from bridge.guardrails.policy import Operator
from bridge.guardrails.request import HEAD, OF_THE_PART, PARTS
from bridge.nearmiss import nearest
from bridge.text import Either, text

# What an operator compares; on anything else it could never be evaluated.
_COMPARES: Final[Mapping[Operator, tuple[str, ...]]] = {
    "max": ("number", "integer"),
    "min": ("number", "integer"),
    "sum_max": ("number", "integer"),
    "count_max": ("array",),
    "count_min": ("array",),
    "length_max": ("string",),
    "pattern": ("string",),
    "host_in": ("string",),
    "path_under": ("string",),
    "before": ("string",),
    "after": ("string",),
}


class Paths:
    """Checks the paths of limits against their module's parameters and the bundle's registers.

    ``schema`` is None where the parameters are wrong themselves: then paths only have to parse.
    """

    def __init__(
        self, notes: Notes, schema: Mapping[str, Any] | None, registers: Iterable[str]
    ) -> None:
        self.notes = notes
        self.schema = schema
        self.registers = frozenset(registers)

    def check_register(self, place: KeyPath, name: str) -> None:
        """Note a register that does not exist."""
        if name not in self.registers:
            self.notes.add(
                place,
                text("There is no register “{name}”.", name=name),
                near_miss(nearest(name, self.registers), self.registers),
            )

    def check(self, path: KeyPath, operator: Operator, written: Mapping[str, Any]) -> None:
        """Note what is wrong with the paths of the limit that stands at ``path``."""
        item = self.schema
        if "each" in written:
            item = self._each((*path, "each"), written["each"])
        if self._check_path((*path, "path"), written["path"], item) and item is not None:
            self._check_type((*path, operator), operator, written["path"], item)
        for key in ("when", "required_if", "forbidden_if"):
            for named in written.get(key, {}):
                self._check_path((*path, key, named), named, item)
        for key in ("before", "after"):
            moment = written.get(key)
            if isinstance(moment, Mapping) and "path" in moment:
                self._check_path((*path, key, "path"), moment["path"], item)

    def _each(self, place: KeyPath, written: str) -> Mapping[str, Any] | None:
        """Check the path of a list; return what its items look like, None where that is not known."""
        if not self._check_path(place, written, self.schema) or self.schema is None:
            return None
        parsed = path_of(written)
        if parsed.from_root:
            return None
        if parsed.derived:
            return {}  # a list of plain values, such as the tags of a text
        node = self._node(parsed, self.schema)
        found = None if node is None else parameters.items(node, self.schema)
        if found is None and node is not None:
            self.notes.add(place, text("“{path}” is no list.", path=written))
        return found

    def _check_path(self, place: KeyPath, written: str, item: Mapping[str, Any] | None) -> bool:
        """Note a path that does not parse or leads nowhere; ``item`` None: what is there is not known."""
        of_key = place[-2:-1] in (("when",), ("required_if",), ("forbidden_if",))
        try:
            parsed = path_of(written)
        except ValueError:
            derived = "@" in written
            known = tuple(sorted(DERIVED)) if derived else ()
            self.notes.add(
                place,
                text("“{path}” is no path.", path=written),
                text("After @ stands one of {names}.", names=known) if derived else None,
                of_key=of_key,
            )
            return False
        if parsed.derived == "in":
            self.check_register(place, parsed.argument)
        missing, known = self._missing(parsed, item)
        if missing:
            self.notes.add(
                place,
                text("There is no parameter “{name}” here.", name=missing),
                near_miss(nearest(missing, known), known),
                of_key=of_key,
            )
        return not missing

    def _missing(self, parsed: Path, item: Mapping[str, Any] | None) -> tuple[str, tuple[str, ...]]:
        """Return the first step that leads nowhere, and what stands there; nothing where all is well."""
        if parsed.from_root:
            known = (*HEAD, *PARTS)
            wrong = [step for step in parsed.steps[:1] if step not in known]
            return (wrong[0], known) if wrong else ("", ())
        if self.schema is None or item is None:
            return "", ()
        node: Mapping[str, Any] = item
        for number, step in enumerate(parsed.steps):
            below = parameters.properties(node, self.schema)
            if number == 0 and item is self.schema and step in OF_THE_PART:
                return "", ()
            if step not in below:
                return step, tuple(below)
            node = below[step] if isinstance(below[step], Mapping) else {}
        return "", ()

    def _node(self, parsed: Path, item: Mapping[str, Any]) -> Mapping[str, Any] | None:
        node: Any = item
        for step in parsed.steps:
            node = parameters.properties(node, self.schema or {}).get(step)
            if not isinstance(node, Mapping):
                return None
        return node if isinstance(node, Mapping) else None

    def _check_type(
        self, place: KeyPath, operator: Operator, written: str, item: Mapping[str, Any]
    ) -> None:
        """Note an operator that compares numbers on a text, and the like."""
        parsed = path_of(written)
        if parsed.from_root or parsed.derived or self.schema is None:
            return
        node = self._node(parsed, item)
        types = () if node is None else parameters.types(node, self.schema)
        wanted = _COMPARES.get(operator, types)
        if types and not set(types) & set(wanted):
            self.notes.add(
                place,
                text(
                    "“{operator}” compares {expected}; the parameter is {found}.",
                    operator=operator,
                    expected=TYPES[wanted[0]],
                    found=Either(TYPES.get(name, name) for name in types),
                ),
                of_key=True,
            )
