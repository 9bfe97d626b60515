"""Read a module file into a :class:`~bridge.guardrails.policy.Module`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bridge.config import parameters, shape
from bridge.config.limits import OPERATORS, Limits, words
from bridge.config.shape import Shape
from bridge.config.values import Notes
from bridge.config.yamlfile import Document, KeyPath
from bridge.errors import Problem, near_miss
from bridge.guardrails import personal, trials
from bridge.guardrails.policy import Limit, Module, Rule, Trial
from bridge.guardrails.standing import STANDING
from bridge.nearmiss import nearest
from bridge.text import Bilingual, text

SCHEMA = "guardrail-module"


def read(document: Document, registers: Iterable[str]) -> tuple[Module | None, Sequence[Problem]]:
    """Read a module; None with every problem where anything is wrong.

    ``registers``: the ids of all registers of the bundle.
    """
    found = shape.check(document, SCHEMA)
    data = document.data if isinstance(document.data, dict) else {}
    reading = _Reading(Notes(document), found, data, registers)
    module = reading.module()
    problems = sorted((*found.problems, *reading.notes.problems), key=_position)
    return (None if problems else module), problems


def _position(problem: Problem) -> tuple[int, int]:
    return (problem.place.line, problem.place.column) if problem.place else (0, 0)


class _Reading:
    """Read the sound parts; whatever the shape check refused is left alone."""

    def __init__(
        self, notes: Notes, found: Shape, data: dict[str, Any], registers: Iterable[str]
    ) -> None:
        self.notes = notes
        self.shape = found
        self.data = data
        self.registers = frozenset(registers)

    def part(self, key: str, empty: Any) -> Any:
        value = self.data.get(key, empty)
        return value if isinstance(value, type(empty)) else empty

    def module(self) -> Module | None:
        self._check_kinds_of_content()
        schema = self._parameters()
        limits = self._limits(schema)
        rules = self._rules()
        self._check_ids()
        tests = self._trials()
        review_by = self._review_by()
        if self.shape.problems or self.notes.problems or review_by is None:
            return None
        title = self.data["title"]
        return Module(
            id=self.data["id"],
            version=self.data["version"],
            mode=self.data["mode"],
            owner=self.data["owner"],
            review_by=review_by,
            applies_to=tuple(self.data["applies_to"]),
            title=Bilingual(title["fr"], title["en"]),
            parameters=schema or {},
            limits=tuple(limits),
            rules=tuple(rules),
            trials=tuple(tests),
            source_file=self.notes.document.file,
        )

    def _check_kinds_of_content(self) -> None:
        if not self.data or self.data.get("format") != "bridge/guardrail-module/v1":
            return
        if "rules" in self.data:
            for key in ("parameters", "limits"):
                if key in self.data:
                    self.notes.add(
                        (key,),
                        text(
                            "Rules on personal data stand alone: “{key}” has no place here.",
                            key=key,
                        ),
                        text("Put it into the module of the form."),
                        of_key=True,
                    )
        elif "parameters" not in self.data:
            self.notes.add((), text("The key “{key}” is missing.", key="parameters"))

    def _review_by(self) -> date | None:
        if "review_by" not in self.data or not self.shape.is_sound("review_by"):
            return None
        return self.notes.date(("review_by",), self.data["review_by"])

    def _parameters(self) -> Mapping[str, Any] | None:
        """Return the parameters' schema; None where there is none to check paths against."""
        schema = self.data.get("parameters")
        if not isinstance(schema, dict):
            return None
        before = len(self.notes.problems)
        parameters.check(self.notes, ("parameters",), schema)
        return schema if len(self.notes.problems) == before or "properties" in schema else None

    def _limits(self, schema: Mapping[str, Any] | None) -> list[Limit]:
        reading = Limits(self.notes, schema, self.registers)
        found = []
        for number, written in enumerate(self.part("limits", [])):
            path: KeyPath = ("limits", number)
            if self.shape.is_sound(*path):
                limit = reading.read(path, written)
                found += [limit] if limit else []
            elif isinstance(written, dict):
                self._check_operators(reading, path, written)
        return found

    def _check_operators(self, reading: Limits, path: KeyPath, written: dict[str, Any]) -> None:
        """Count the operators of a limit that is wrong in other ways too."""
        operators = [name for name in OPERATORS if name in written]
        known = set(shape.properties(SCHEMA, "limit"))
        if len(operators) > 1 or (not operators and known.issuperset(written)):
            reading.note_operators(path, operators)

    def _rules(self) -> list[Rule]:
        found = []
        for number, written in enumerate(self.part("rules", [])):
            path: KeyPath = ("rules", number)
            if not self.shape.is_sound(*path):
                continue
            self._check_rule(path, written)
            why = written["why"]
            found.append(
                Rule(
                    id=written["id"],
                    check=written["check"],
                    values=written.get("values", {}),
                    approver=written["approver"],
                    why=Bilingual(why["fr"], why["en"]),
                    fix=words(written.get("fix")),
                    source=words(written.get("source")),
                    mode=written.get("mode"),
                    proposed=written.get("proposal", False),
                    line=self.notes.document.place(path).line,
                )
            )
        return found

    def _check_rule(self, path: KeyPath, written: dict[str, Any]) -> None:
        check, register = written["check"], written.get("values", {}).get("register")
        if check not in personal.CHECKS:
            self.notes.add(
                (*path, "check"),
                text("There is no check “{name}”.", name=check),
                near_miss(nearest(check, personal.CHECKS), personal.CHECKS),
            )
        if isinstance(register, str) and register not in self.registers:
            self.notes.add(
                (*path, "values", "register"),
                text("There is no register “{name}”.", name=register),
                near_miss(nearest(register, self.registers), self.registers),
            )

    def _named(self, key: str, name: str) -> list[tuple[KeyPath, str]]:
        """Return the place and text of what each entry of a list is called, where it is called anything."""
        return [
            ((key, number, name), written[name])
            for number, written in enumerate(self.part(key, []))
            if isinstance(written, dict) and isinstance(written.get(name), str)
        ]

    def _check_ids(self) -> None:
        seen: dict[str, KeyPath] = {}
        reserved = (*trials.NAMED, *STANDING)
        for path, name in (*self._named("limits", "id"), *self._named("rules", "id")):
            if name in reserved:
                self.notes.add(
                    path,
                    text("The bridge uses the id “{id}” itself.", id=name),
                    text("Choose another one."),
                )
            if name in seen:
                line = self.notes.document.place(seen[name]).line
                self.notes.add(
                    path, text("The id “{id}” is taken already (line {line}).", id=name, line=line)
                )
            seen.setdefault(name, path)

    # --- tests -------------------------------------------------------------------------------------

    def _trials(self) -> list[Trial]:
        known = {name for key in ("limits", "rules") for _, name in self._named(key, "id")}
        found = []
        for number, written in enumerate(self.part("tests", [])):
            path: KeyPath = ("tests", number)
            if self.shape.is_sound(*path):
                self._check_named(path, written, known)
                trial = self._trial(path, written)
                found += [trial] if trial else []
        return found

    def _check_named(self, path: KeyPath, written: dict[str, Any], known: set[str]) -> None:
        for number, name in enumerate(written.get("limits", ())):
            if name not in known and name not in trials.NAMED:
                self.notes.add(
                    (*path, "limits", number),
                    text("There is no limit “{name}” in this module.", name=name),
                    near_miss(nearest(name, known), known),
                )

    def _trial(self, path: KeyPath, written: dict[str, Any]) -> Trial | None:
        if ("request" in written) == ("part" in written):
            self.notes.add(path, text("A test has either a request or a part."))
            return None
        if any(key not in self.data or not self.shape.is_sound(key) for key in _HEAD):
            return None
        request, at = self._request(written)
        today = self.notes.date((*path, "today"), written["today"]) if "today" in written else None
        off = [
            self.notes.date((*path, "off", number), day)
            for number, day in enumerate(written.get("off", ()))
        ]
        return Trial(
            name=written["name"],
            request=request,
            expect=written["expect"],
            limits=tuple(written.get("limits", ())),
            today=today,
            at=at,
            off=tuple(day for day in off if day),
            line=self.notes.document.place(path).line,
        )

    def _request(self, written: dict[str, Any]) -> tuple[Mapping[str, Any], tuple[str | int, ...]]:
        if "request" in written:
            return written["request"], ()
        module = "" if "rules" in self.data else self.data["id"]
        major = int(self.data["version"].partition(".")[0])
        return trials.around(module, major, self.data["applies_to"], written["part"])


_HEAD = ("id", "version", "applies_to")
