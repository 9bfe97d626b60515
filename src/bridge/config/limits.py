"""Read the limits of a module file: exactly one operator each, paths that name what exists."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from bridge.config import parameters
from bridge.config.limitpaths import Paths
from bridge.config.values import Notes
from bridge.config.yamlfile import KeyPath
from bridge.guardrails.fields import Level
from bridge.guardrails.policy import Limit, Listed, Moment, Operand, Operator
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
        self.paths = Paths(notes, schema, registers)

    def read(self, path: KeyPath, written: Mapping[str, Any]) -> Limit | None:
        """Read one limit whose shape is sound; None, with the problem noted, where it is none."""
        operators = [name for name in OPERATORS if name in written]
        if len(operators) != 1:
            self.note_operators(path, operators)
            return None
        operator = operators[0]
        self.paths.check(path, operator, written)
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
        operand: Operand = written  # a scalar or a condition: the schema says so
        return operand

    def _listed(self, place: KeyPath, written: Any) -> Operand:
        if isinstance(written, Mapping):
            self.paths.check_register((*place, "register"), written["register"])
            return Listed(written["register"])
        return tuple(written)

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
            sentence = text(
                "This pattern cannot be used{words}.", words=Bilingual("", f" ({said})")
            )
            self.notes.add(place, sentence, parameters.PATTERNS)

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
                text("Only a field has a level."),
                text("Write `each: fields` and `path: data`."),
            )
        if operator in ("required_if", "forbidden_if") and "optional" in written:
            self.notes.add(
                (*path, "optional"),
                text("“{operator}” says itself when the value may be absent.", operator=operator),
                text("Drop “optional”."),
            )
