"""What an epic orders, read from its label, its due date, its assignee and its description."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bridge import asking
from bridge.campaign import ID, Order, default_id
from bridge.errors import BridgeError, ConfigurationError, Problem, problems_of
from bridge.memory import Memory
from bridge.operations.concerned import Concerned
from bridge.operations.planning import plan as planned
from bridge.ports import Tracker
from bridge.retroplan.template import Template
from bridge.text import text
from bridge.tracker import Issue
from bridge.workspace import Workspace


class Templates(Protocol):
    """The templates at hand."""

    @property
    def names(self) -> Collection[str]:
        """Return their names."""
        ...

    def get(self, name: str) -> Template:
        """Return a template; raise UnknownName or ProblemsFound."""
        ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why nothing is ordered yet: what is wrong, which lines nobody filled in, which stand nowhere."""

    problems: Sequence[Problem] = ()
    missing: Sequence[asking.Line] = ()
    absent: Sequence[asking.Line] = ()


class Ordering:
    """One reading of one epic; ``memory`` is that of a campaign which was begun there."""

    def __init__(
        self,
        issue: Issue,
        memory: Memory | None,
        workspace: Workspace,
        tracker: Tracker,
        templates: Templates,
        today: date,
    ) -> None:
        self.issue = issue
        self.memory = memory
        self.workspace = workspace
        self.tracker = tracker
        self.templates = templates
        self.today = today
        self.people = Concerned(issue, workspace, tracker)

    def read(self) -> Order | Lacking:
        """Return what is ordered, or everything that keeps it from being one.

        Raises HorizonExceeded for a due date that no calendar reaches.
        """
        template, problems = self._template()
        if self.issue.due is None and self.memory is None:
            problems.append(
                Problem(
                    text("The epic has no due date: it is the day of the launch."),
                    text("Fill the due date in."),
                )
            )
        if template is None:
            return Lacking(problems)
        said = asking.asked(template, self.tracker.lines(self.issue.key), self.workspace.team)
        lead = self.people.lead()
        problems += said.problems
        if isinstance(lead, Problem):
            return Lacking([*problems, lead], said.missing, said.absent)
        if problems or said.missing:
            foreseen = self._foreseen(template, said)
            return Lacking([*problems, *foreseen], said.missing, said.absent)
        return self._ordered(template, said, lead)

    def _ordered(self, template: Template, said: asking.Asked, lead: str | None) -> Order:
        memory = self.memory
        launch = date.fromisoformat(memory.launch) if memory else self.issue.due
        assert launch is not None  # noqa: S101  # without one nothing is ordered
        name = self.issue.summary
        derived = default_id(name, launch)
        fitting = derived if ID.fullmatch(derived) else self.issue.key.lower()
        return Order(
            id=memory.campaign if memory else fitting,
            name=name,
            template=template,
            launch=launch,
            values=said.values,
            owners=said.owners,
            lead=lead,
        )

    def _template(self) -> tuple[Template | None, list[Problem]]:
        names = (
            (self.memory.template,) if self.memory else asking.templates_asked(self.issue.labels)
        )
        if len(names) > 1:
            labels = tuple(f"{asking.LABEL}{name}" for name in names)
            several = text("The epic has several labels of templates: {labels}.", labels=labels)
            return None, [Problem(several, text("Keep exactly one of them."))]
        if names[0] not in self.templates.names:
            return None, [Problem(*asking.unknown_template(names[0], self.templates.names))]
        try:
            return self.templates.get(names[0]), []
        except ConfigurationError as broken:
            return None, [*listed(broken)]

    def _foreseen(self, template: Template, said: asking.Asked) -> Sequence[Problem]:
        """Return what is wrong with the dates already, whatever is still to be filled in."""
        if self.issue.due is None:
            return []
        schedule = planned(
            template,
            self.issue.due,
            self.workspace.calendar,
            values=said.values,
            team=self.workspace.team,
            today=self.today,
        )
        found = problems_of(schedule.named_findings(self.workspace.lang))
        return [problem for problem in found if problem.code != "E-PARAM-MISSING"]


def listed(refused: BridgeError) -> Sequence[Problem]:
    """Return every problem of a refusal; its own sentence where it has no list."""
    problems: Sequence[Problem] = getattr(refused, "problems", ())
    return problems or [Problem(refused.sentence, refused.hint)]
