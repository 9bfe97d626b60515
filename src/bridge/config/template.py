"""Read a retroplan file into a :class:`~bridge.retroplan.template.Template`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bridge.config import shape, yamlfile
from bridge.config.references import References, note_cycles
from bridge.config.shape import Shape
from bridge.config.values import Notes
from bridge.config.yamlfile import Document, KeyPath
from bridge.errors import ProblemsFound
from bridge.retroplan.offsets import BadOffset, Offset, Point, parse
from bridge.retroplan.template import (
    Estimate,
    From,
    Item,
    Need,
    Parameter,
    Placed,
    Step,
    Template,
)
from bridge.text import Bilingual, text


def load(path: Path, name: str | None = None) -> Template:
    """Read a template; raise ProblemsFound with everything that is wrong."""
    return from_document(yamlfile.read(path, name))


def from_document(document: Document) -> Template:
    """Read a template from a parsed file; raise ProblemsFound with everything that is wrong."""
    found = shape.check(document, "retroplan")
    data = document.data if isinstance(document.data, dict) else {}
    reading = _Reading(Notes(document), found, data)
    template = reading.template()
    problems = [*found.problems, *reading.notes.problems]
    if problems or template is None:
        raise ProblemsFound(problems)
    return template


class _Reading:
    """Read the sound parts; whatever the shape check refused is left alone."""

    def __init__(self, notes: Notes, found: Shape, data: dict[str, Any]) -> None:
        self.notes = notes
        self.shape = found
        self.data = data

    def part(self, key: str, empty: Any) -> Any:
        value = self.data.get(key, empty)
        return value if isinstance(value, type(empty)) else empty

    def template(self) -> Template | None:
        """Return the template; None, with every problem noted, where its shape is wrong."""
        self.notes.calendar(("calendar",), self.data.get("calendar"))
        parameters = self._parameters()
        steps = {
            number: self._step(number, written)
            for number, written in enumerate(self.part("steps", []))
            if self.shape.is_sound("steps", number)
        }
        milestones = {
            number: self._milestone(number, written)
            for number, written in enumerate(self.part("milestones", []))
            if self.shape.is_sound("milestones", number)
        }
        self._references(steps, milestones, parameters)
        if self.shape.problems:
            return None
        template = Template(
            id=self.data["id"],
            version=self.data["version"],
            title=_words(self.data["title"]),
            steps=tuple(steps.values()),
            parameters=parameters,
            roles=tuple(self.data["roles"]),
            milestones=tuple(milestones.values()),
            calendar=self.data.get("calendar"),
            week_block=self.data.get("week") == "block",
            replaces=self.data.get("replaces", False),
            source=self.notes.document.file,
        )
        if not self.notes.problems:
            note_cycles(self.notes, template)
        return template

    def _references(
        self,
        steps: Mapping[int, Step],
        milestones: Mapping[int, Step],
        parameters: Mapping[str, Parameter],
    ) -> None:
        """Check what names something else, also where other parts of the file are wrong."""
        roles = self.part("roles", []) if self.shape.is_sound("roles") else None
        ids = {
            written.get("id")
            for key in ("steps", "milestones")
            for written in self.part(key, [])
            if isinstance(written, dict)
        }
        known = {name for name in ids if isinstance(name, str)}
        References(self.notes, steps, milestones, parameters, roles, known).check()

    def _parameters(self) -> Mapping[str, Parameter]:
        parameters = {}
        for name, written in self.part("parameters", {}).items():
            if self.shape.is_sound("parameters", name):
                parameters[name] = self._parameter(name, written)
        return parameters

    def _parameter(self, name: str, written: dict[str, Any]) -> Parameter:
        default = written.get("default")
        options = tuple(written.get("one_of", ()))
        if default is not None and options and default not in options:
            self.notes.add(
                ("parameters", name, "default"),
                text("“{value}” is not one of {options}.", value=default, options=options),
            )
        if default is not None and written.get("required"):
            self.notes.add(
                ("parameters", name, "required"),
                text("A parameter with a default need not be given."),
                text("Drop “required” or “default”."),
            )
        return Parameter(
            name=name,
            title=_words(written["title"]),
            kind=written.get("kind", "text"),
            one_of=options,
            default=default,
        )

    def _step(self, number: int, written: dict[str, Any]) -> Step:
        path: KeyPath = ("steps", number)
        self.notes.calendar((*path, "calendar"), written.get("calendar"))
        offset, said = self._offset(path, written.get("offset"))
        step = Step(
            id=written["id"],
            title=_words(written["title"]),
            offset=offset,
            written=said,
            result=_words(written["result"]) if "result" in written else None,
            department=written["department"],
            role=_from(written["role"]),
            estimate=self._estimate(path, written.get("estimate")),
            needs=tuple(_need(need) for need in written.get("needs", ())),
            checklist=tuple(
                Item(_words(item), item.get("evidence")) for item in written.get("checklist", ())
            ),
            anchor=written.get("anchor", "due"),
            snap=written.get("snap"),
            until=written.get("until"),
            when=written.get("when", {}),
            calendar=written.get("calendar"),
            deliverable=written.get("deliverable"),
            surface=written.get("surface"),
            importance=written.get("importance", "normal"),
            request=written.get("request"),
        )
        if step.is_launch and step.estimate:
            self.notes.add(
                (*path, "estimate"),
                text("A step on the launch day itself has no duration (rule 7)."),
                text("Plan the work before it, and keep this step as the milestone."),
                code="E-DURATION",
            )
        return step

    def _milestone(self, number: int, written: dict[str, Any]) -> Step:
        path: KeyPath = ("milestones", number)
        self.notes.calendar((*path, "calendar"), written.get("calendar"))
        given = written["offset"]
        if isinstance(given, dict) and "parameter" in given:
            offset: Any = From(given["parameter"])
            said = ""
        else:
            offset, said = self._offset(path, given)
        return Step(
            id=written["id"],
            kind="milestone",
            title=_words(written["title"]),
            offset=offset,
            written=said,
            snap=written.get("snap"),
            calendar=written.get("calendar"),
        )

    def _offset(self, path: KeyPath, written: Any) -> tuple[Offset | Placed | None, str]:
        if written is None:
            return None, ""
        if isinstance(written, str):
            return self._parsed((*path, "offset"), written), written
        offset = self._parsed((*path, "offset", "offset"), written["offset"])
        if offset is not None and not isinstance(offset, Point):
            self.notes.add((*path, "offset", "offset"), text("A window cannot refer to a step."))
            return None, ""
        if offset is None:
            return None, ""
        return (
            Placed(written["ref"], offset, written["offset"]),
            f"{written['ref']} {written['offset']}",
        )

    def _parsed(self, path: KeyPath, written: str) -> Offset | None:
        try:
            return parse(written)
        except BadOffset as bad:
            self.notes.add(
                path,
                text("“{written}” is not an offset.", written=bad.written),
                bad.hint,
                code=bad.code,
            )
            return None

    def _estimate(self, path: KeyPath, written: Sequence[float] | None) -> Estimate | None:
        if written is None:
            return None
        low, likely, high = written
        if not (low <= likely <= high and high > 0):
            self.notes.add(
                (*path, "estimate"),
                text(
                    "An estimate goes up: optimistic, likely, pessimistic, and the last is not 0."
                ),
                code="E-PERT-ORDER",
            )
            return None
        return Estimate(low, likely, high)


def _words(written: Mapping[str, str]) -> Bilingual:
    return Bilingual(written["fr"], written["en"])


def _from(written: Any) -> str | From:
    return From(written["parameter"]) if isinstance(written, dict) else written


def _need(written: Any) -> Need:
    return (
        Need(written["step"], written.get("lag", 0)) if isinstance(written, dict) else Need(written)
    )
