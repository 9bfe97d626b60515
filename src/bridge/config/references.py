"""What a retroplan file names must be there: roles, needs, parameters, milestones; and no circles."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from bridge.config.values import Notes
from bridge.config.yamlfile import KeyPath
from bridge.errors import near_miss
from bridge.nearmiss import nearest
from bridge.retroplan.offsets import BadOffset
from bridge.retroplan.template import From, Parameter, Placed, Step, Template, cycle_in, moment
from bridge.text import text


class References:
    """Check what names something else: roles, needs, parameters, milestones.

    Steps and milestones by their number in the file; ``roles`` None where they cannot be trusted.
    """

    def __init__(
        self,
        notes: Notes,
        steps: Mapping[int, Step],
        milestones: Mapping[int, Step],
        parameters: Mapping[str, Parameter],
        roles: Sequence[str] | None,
        known: set[str],
    ) -> None:
        self.notes = notes
        self.steps = steps
        self.milestones = milestones
        self.parameters = parameters
        self.roles = roles
        self.known = known

    def check(self) -> None:
        """Note everything that names what is not there."""
        self._ids()
        for number, step in self.steps.items():
            path: KeyPath = ("steps", number)
            self._role(path, step)
            self._when(path, step)
            for at, need in enumerate(step.needs):
                self._named((*path, "needs", at), need.step, self.known, "E-DEP-UNKNOWN")
            if step.until is not None:
                self._named((*path, "until"), step.until, self.known)
            self._placed(path, step)
        for number, milestone in self.milestones.items():
            self._placed(("milestones", number), milestone)

    def _ids(self) -> None:
        """Step ids are unique in every variant: two of one name must exclude each other."""
        by_id: dict[str, list[int]] = {}
        for number, step in self.steps.items():
            by_id.setdefault(step.id, []).append(number)
        for name, numbers in by_id.items():
            for first, second in combinations(numbers, 2):
                if not _exclusive(self.steps[first].when, self.steps[second].when):
                    self.notes.add(
                        ("steps", second, "id"),
                        text("The id “{id}” stands here twice.", id=name),
                        text(
                            "Two steps may share an id only where their “when” exclude each other."
                        ),
                    )
        for number, milestone in self.milestones.items():
            others = {m.id for n, m in self.milestones.items() if n < number}
            if milestone.id in others or milestone.id in by_id:
                self.notes.add(
                    ("milestones", number, "id"),
                    text("The id “{id}” stands here twice.", id=milestone.id),
                )

    def _role(self, path: KeyPath, step: Step) -> None:
        if isinstance(step.role, From):
            self._parameter((*path, "role"), step.role.parameter)
            roles: Iterable[str] = self._options(step.role.parameter)
        else:
            roles = [step.role]
        for role in roles if self.roles is not None else ():
            self._named((*path, "role"), role, self.roles or ())

    def _when(self, path: KeyPath, step: Step) -> None:
        for name, value in step.when.items():
            if self._parameter((*path, "when", name), name):
                self._named((*path, "when", name), value, self._options(name))

    def _placed(self, path: KeyPath, place: Step) -> None:
        path = (*path, "offset")
        if isinstance(place.offset, Placed):
            self._named((*path, "ref"), place.offset.ref, self.known, "E-DEP-UNKNOWN")
        elif isinstance(place.offset, From) and self._parameter(path, place.offset.parameter):
            self._moment(path, place.offset.parameter)

    def _moment(self, path: KeyPath, name: str) -> None:
        parameter = self.parameters[name]
        if parameter.kind != "moment":
            self.notes.add(
                path,
                text("The parameter “{name}” is not a moment.", name=name),
                text("Give it `kind: moment`: an offset such as J-7, or a date."),
            )
        elif parameter.default is not None:
            try:
                moment(parameter.default)
            except BadOffset as bad:
                self.notes.add(
                    ("parameters", name, "default"),
                    text("“{written}” is not an offset.", written=bad.written),
                    bad.hint,
                    code=bad.code,
                )

    def _options(self, name: str) -> tuple[str, ...]:
        parameter = self.parameters.get(name)
        return parameter.one_of if parameter else ()

    def _parameter(self, path: KeyPath, name: str) -> bool:
        return self._named(path, name, self.parameters)

    def _named(self, path: KeyPath, name: str, known: Iterable[str], code: str = "") -> bool:
        names = tuple(known)
        if name in names:
            return True
        self.notes.add(
            path,
            text("Nothing here is called “{name}”.", name=name),
            near_miss(nearest(name, names), names),
            code=code,
        )
        return False


def note_cycles(notes: Notes, template: Template) -> None:
    """Note the first circle of needs, or of offsets that count from each other, in any variant."""
    for variant in template.variants():
        plan = template.choose(variant)
        needs = {s.id: [n.step for n in s.needs if n.step in plan.by_id] for s in plan.places}
        circle = cycle_in(needs)
        if circle:
            said = text("These need each other in a circle: {path}.", path=" → ".join(circle))
            hint = text("Remove one of these needs.")
            notes.add(_place_of(template, circle), said, hint, code="E-CYCLE")
            return
        circle = cycle_in(plan.references)
        if circle:
            said = text(
                "These offsets count from each other in a circle: {path}.", path=" → ".join(circle)
            )
            hint = text("Let one of them count from the launch.")
            notes.add(_place_of(template, circle), said, hint, code="E-CYCLE")
            return


def _place_of(template: Template, circle: Sequence[str]) -> KeyPath:
    """Return where the first step of a circle stands in the file, or its first milestone."""
    places: Iterable[tuple[KeyPath, Step]] = (
        *((("steps", number), step) for number, step in enumerate(template.steps)),
        *((("milestones", number), place) for number, place in enumerate(template.milestones)),
    )
    return next(path for path, place in places if place.id in circle)


def _exclusive(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    return any(second.get(name, value) != value for name, value in first.items())
