"""A retroplan template: its steps, parameters and milestones, and one variant of it chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import islice, product
from math import ceil
from typing import Literal

from bridge.findings import Finding
from bridge.retroplan.offsets import BadOffset, Offset, Point, Window, parse
from bridge.text import Bilingual, text

MOST_VARIANTS = 100  # looked at, where a template multiplies its parameters
Anchor = Literal["due", "start"]
Snap = Literal["previous", "next", "none"]
Importance = Literal["high", "normal", "low"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Optimistic, likely and pessimistic effort in working days of the owner (rules 17 and 31).

    The plan works with the PERT mean (O + 4M + P) / 6, rounded up to the half-day.
    """

    optimistic: float
    likely: float
    pessimistic: float

    @property
    def half_days(self) -> int:
        """Return the planned duration in half-days, at least one."""
        mean = (self.optimistic + 4 * self.likely + self.pessimistic) / 6
        return max(1, ceil(2 * mean - 1e-9))


@dataclass(frozen=True, slots=True)
class Need:
    """A step that must be finished first, and ``lag`` working days of the project between."""

    step: str
    lag: float = 0


@dataclass(frozen=True, slots=True)
class From:
    """A value that a parameter gives (a role, or the place of a milestone)."""

    parameter: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An offset counted from another step or milestone instead of the launch (rule 12)."""

    ref: str
    offset: Point
    written: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a finished-product checklist, and the evidence that shows it."""

    title: Bilingual
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of a retroplan, or a milestone beside the actions, as the template gives it.

    ``offset`` None: the dates come from the steps around it (rule 20); a date: typed by a person,
    never snapped. ``estimate`` None: due date only, no work (rule 17). A milestone is nobody's work
    and is not counted among the steps.
    """

    id: str
    title: Bilingual
    kind: Literal["step", "milestone"] = "step"
    offset: Offset | Placed | From | date | None = None
    written: str = ""
    result: Bilingual | None = None
    department: str = "marketing"
    role: str | From = ""
    estimate: Estimate | None = None
    needs: tuple[Need, ...] = ()
    checklist: tuple[Item, ...] = ()
    anchor: Anchor = "due"
    snap: Snap | None = None
    until: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)
    calendar: str | None = None
    deliverable: str | None = None
    surface: str | None = None
    importance: Importance = "normal"
    request: str | None = None

    @property
    def is_launch(self) -> bool:
        """Tell whether the step stands on J itself: a milestone without duration (rule 7)."""
        return isinstance(self.offset, Point) and self.offset.is_launch


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value the user gives with ``--param name=value``.

    Kinds: one of a list, free text, or a ``moment`` (an offset such as J-7, or a date).
    A parameter without default must be given to create a campaign.
    """

    name: str
    title: Bilingual
    kind: Literal["text", "moment"] = "text"
    one_of: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Template:
    """A retroplan as a file gives it. ``source`` names the file for messages."""

    id: str
    version: str
    title: Bilingual
    steps: tuple[Step, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    milestones: tuple[Step, ...] = ()
    calendar: str | None = None
    week_block: bool = False
    replaces: bool = False
    source: str = ""

    def choose(self, values: Mapping[str, str]) -> "Retroplan":
        """Return the retroplan for these parameter values; defaults fill what is not given.

        A missing value without default is a finding, never a guess: steps that hang on it stay out
        where it selects them, and keep no role where it names one.
        """
        chosen = {p.name: p.default for p in self.parameters.values() if p.default is not None}
        chosen |= values
        return Retroplan(
            template=self,
            values=chosen,
            steps=tuple(
                _with_role(step, chosen) for step in self.steps if _applies(step.when, chosen)
            ),
            milestones=tuple(_placed(self.milestones, chosen)),
            findings=tuple(
                Finding(
                    "E-PARAM-MISSING",
                    text("The parameter “{name}” has no value: {title}.", name=name, title=p.title),
                )
                for name, p in self.parameters.items()
                if name not in chosen
            ),
        )

    def variants(self) -> Iterable[Mapping[str, str]]:
        """Return every combination of values that selects steps, one for each variant."""
        names = sorted({name for step in self.steps for name in step.when})
        options = (self.parameters[name].one_of for name in names)
        return [
            dict(zip(names, values, strict=True))
            for values in islice(product(*options), MOST_VARIANTS)
        ]


@dataclass(frozen=True, kw_only=True)
class Retroplan:
    """One variant of a template: the steps that apply, in template order."""

    template: Template
    values: Mapping[str, str]
    steps: tuple[Step, ...]
    milestones: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()

    @cached_property
    def places(self) -> tuple[Step, ...]:
        """Return the steps, then the milestones."""
        return self.steps + self.milestones

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        """Return the steps and milestones by their id."""
        return {place.id: place for place in self.places}

    @cached_property
    def order(self) -> Sequence[str]:
        """Return the step ids so that what is needed stands first; raise CycleError otherwise."""
        graph = {s.id: [n.step for n in s.needs if n.step in self.by_id] for s in self.places}
        return tuple(TopologicalSorter(graph).static_order())

    @cached_property
    def successors(self) -> Mapping[str, Sequence[tuple[str, float]]]:
        """Return, for each step or milestone, who needs it and with what lag in working days."""
        found: dict[str, list[tuple[str, float]]] = {}
        for place in self.places:
            for need in place.needs:
                found.setdefault(need.step, []).append((place.id, need.lag))
        return found

    @cached_property
    def anchors(self) -> Sequence[str]:
        """Return ids of steps and milestones so that what an offset refers to stands first."""
        return tuple(TopologicalSorter(self.references).static_order())

    @cached_property
    def references(self) -> Mapping[str, Sequence[str]]:
        """Return, for each step or milestone, the one in this variant that its offset counts from."""
        return {
            place.id: [place.offset.ref]
            if isinstance(place.offset, Placed) and place.offset.ref in self.by_id
            else []
            for place in self.places
        }

    def title_of(self, name: str) -> Bilingual | str:
        """Return the title of a step or milestone of the template, in this variant or in another."""
        everything = (*self.places, *self.template.steps, *self.template.milestones)
        return next((place.title for place in everything if place.id == name), name)


def cycle_in(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Return the path of a cycle, its first id repeated at the end, or None (rule 19)."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        return tuple(reversed(cycle.args[1]))
    return None


def _applies(when: Mapping[str, str], values: Mapping[str, str]) -> bool:
    return all(values.get(name) == value for name, value in when.items())


def _with_role(step: Step, values: Mapping[str, str]) -> Step:
    if not isinstance(step.role, From):
        return step
    return replace(step, role=values.get(step.role.parameter, ""))


def moment(written: str) -> Point | date:
    """Read a moment: a date (2027-03-17) or an offset (J-7); raise BadOffset otherwise."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        offset = parse(written)
    if isinstance(offset, Window):
        raise BadOffset(
            "E-OFFSET-SYNTAX", written, text("One moment is meant here: a date, or one offset.")
        )
    return offset


def _placed(milestones: Iterable[Step], values: Mapping[str, str]) -> Iterable[Step]:
    """Return the milestones whose place is known, offsets from parameters filled in."""
    for milestone in milestones:
        if not isinstance(milestone.offset, From):
            yield milestone
        elif written := values.get(milestone.offset.parameter):
            yield replace(milestone, offset=moment(written), written=written)
