"""Read the limits of a module file: exactly one operator each, paths that name what exists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, get_args

from bridge.config import parameters
from bridge.config.values import Notes
from bridge.config.yamlfile import KeyPath
from bridge.errors import near_miss
from bridge.guardrails.fields import Level
from bridge.guardrails.paths import DERIVED, Path, path_of
from bridge.guardrails.policy import Limit, Listed, Moment, Operand, Operator
from bridge.guardrails.request import HEAD, OF_THE_PART, PARTS
from bridge.nearmiss import nearest
from bridge.text import Bilingual, text

OPERATORS: Final[tuple[Operator, ...]] = get_args(Operator)


def words(written: Mapping[str, str] | None) -> Bilingual | None:
    """Return words in both languages, None where there are none."""
    return Bilingual(written["fr"], written["en"]) if written else None


class Limits:
    """Reads limits against the parameters of their module and the registers of the bundle."""

    def __init__(
        self, notes: Notes, schema: Mapping[str, Any] | None, registers: Iterable[str]
    ) -> None:
        self.notes = notes
        self.schema = schema
        self.registers = frozenset(registers)

    def read(self, path: KeyPath, written: Mapping[str, Any]) -> Limit | None:
        """Read one limit whose shape is sound; None, with the problem noted, where it is none."""
        operators = [name for name in OPERATORS if name in written]
        if len(operators) != 1:
            self.note_operators(path, operators)
            return None
        operator = operators[0]
        self._check_paths(path, written)
        self._check_operand(path, operator, written)
        why = words(written["why"])
        operand = self._operand(path, operator, written[operator])
        if operand is None or why is None:
            return None
        return Limit(
            id=written["id"],
            path=written["path"],
            operator=operator,
            operand=operand,
            approver=written["approver"],
            why=why,
            fix=words(written.get("fix")),
            source=words(written.get("source")),
            each=written.get("each", ""),
            when=written.get("when", {}),
            exempt=tuple(written.get("except", ())),
            optional=written.get("optional", False),
            mode=written.get("mode"),
            proposed=written.get("proposal", False),
            line=self.notes.document.place(path).line,
        )

    def note_operators(self, path: KeyPath, operators: list[Operator]) -> None:
        """Note a limit with no operator, or with two."""
        if operators:
            sentence = text(
                "A limit has one operator; this one has {found}.", found=tuple(operators)
            )
            hint = text("Write one limit for each.")
        else:
            sentence = text("This limit has no operator.")
            hint = text("Known: {names}.", names=tuple(sorted(OPERATORS)))
        self.notes.add(path, sentence, hint)

    # --- operands ----------------------------------------------------------------------------------

    def _operand(self, path: KeyPath, operator: Operator, written: Any) -> Operand | None:
        place = (*path, operator)
        match operator:
            case "one_of" | "host_in":
                return self._listed(place, written)
            case "before" | "after":
                return self._moment(place, written)
            case "level_max":
                return Level[written]
            case "pattern":
                self._check_pattern(place, written)
        return written  # type: ignore[no-any-return]  # a scalar or a condition: the schema says so

    def _listed(self, place: KeyPath, written: Any) -> Operand:
        if isinstance(written, Mapping):
            self._check_register((*place, "register"), written["register"])
            return Listed(written["register"])
        return tuple(written)

    def _check_register(self, place: KeyPath, name: str) -> None:
        if name not in self.registers:
            self.notes.add(
                place,
                text("There is no register “{name}”.", name=name),
                near_miss(nearest(name, self.registers), self.registers),
            )

    def _moment(self, place: KeyPath, written: Any) -> Moment | None:
        if isinstance(written, Mapping):
            return Moment(path=written.get("path", ""), days=written.get("days", 0))
        if written == "today":
            return Moment()
        if "-" in written and self.notes.date(place, written) is None:
            return None
        return Moment(at=written)

    def _check_pattern(self, place: KeyPath, written: str) -> None:
        import re2  # noqa: PLC0415  # only where a rule has a pattern

        options = re2.Options()
        options.log_errors = False
        try:
            re2.compile(written, options)
        except re2.error as error:
            why = error.args[0] if error.args else ""
            said = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
            self.notes.add(
                place,
                text("The pattern cannot be used: {why}.", why=said),
                text(
                    "Patterns know no look-around and no back-references: they run in linear time."
                ),
            )

    def _check_operand(self, path: KeyPath, operator: Operator, written: Mapping[str, Any]) -> None:
        if operator == "sum_max" and "each" not in written:
            self.notes.add(
                (*path, operator),
                text("A sum needs the list that it adds up."),
                text("Name the list with `each`, and what is added with `path`."),
            )
        if operator == "level_max" and written.get("each") != "fields":
            self.notes.add(
                (*path, operator),
                text("A level is a field's."),
                text("Write `each: fields` and `path: data`."),
            )
        if operator in ("required_if", "forbidden_if") and "optional" in written:
            self.notes.add(
                (*path, "optional"),
                text("“{operator}” says itself when the value may be absent.", operator=operator),
                text("Drop “optional”."),
            )

    # --- paths -------------------------------------------------------------------------------------

    def _check_paths(self, path: KeyPath, written: Mapping[str, Any]) -> None:
        item = self.schema
        if "each" in written:
            item = self._each((*path, "each"), written["each"])
        self._check_path((*path, "path"), written["path"], item)
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
            self._check_register(place, parsed.argument)
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

    def _node(self, parsed: Path, schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
        node: Any = schema
        for step in parsed.steps:
            node = parameters.properties(node, schema).get(step)
            if not isinstance(node, Mapping):
                return None
        return node if isinstance(node, Mapping) else None


def day(written: str) -> date:
    """Read a date that was checked already."""
    return date.fromisoformat(written)
