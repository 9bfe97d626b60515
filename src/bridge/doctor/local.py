"""What can be said without the site: the settings, bridge.yaml and the templates."""

from collections.abc import Iterable, Iterator

from bridge.doctor.diagnosis import Diagnosis, in_file
from bridge.errors import BridgeError, Problem
from bridge.findings import Finding
from bridge.retroplan.template import Step, Template
from bridge.text import Words, text
from bridge.workspace import Workspace


def refused(code: str, error: BridgeError, where: Words) -> Iterator[Diagnosis]:
    """Give every problem of a refused file or setting: all of them, each with its place."""
    problems: tuple[Problem, ...] = getattr(error, "problems", ()) or (
        Problem(error.sentence, error.hint),
    )
    for problem in problems:
        yield Diagnosis(
            code=code,
            what=problem.sentence,
            why=_WHY[code],
            remedy=problem.hint or text("Correct it there."),
            where=str(problem.place) if problem.place else where,
        )


_WHY = {
    "E-SETTINGS": text("Without them the bridge knows no site and no account."),
    "E-WORKSPACE": text("No command can be used before the file is sound."),
    "E-TEMPLATE": text("No campaign can be created from this template."),
}


def linted(template: Template, found: Iterable[tuple[Step, Finding]]) -> Iterator[Diagnosis]:
    """Give what is wrong with a template on every launch date, or on some."""
    for step, finding in found:
        if finding.severity == "info":
            continue
        never = finding.severity == "error"
        yield Diagnosis(
            code="E-TEMPLATE" if never else "W-TEMPLATE",
            what=text("{step}: {message}", step=step.id, message=finding.message),
            why=_WHY["E-TEMPLATE"]
            if never
            else text("A campaign with such a launch date gets tighter dates than meant."),
            remedy=text("See `bridge template check`."),
            where=template.source,
        )


def mode(workspace: Workspace) -> Iterator[Diagnosis]:
    """Give the reminder that nothing is written yet."""
    if workspace.mode == "observe":
        yield Diagnosis(
            code="I-OBSERVE",
            what=text("The bridge only observes: it reads, and says what it would write."),
            why=text("A new workspace starts like this, so that nothing happens by surprise."),
            remedy=text("Set mode: write once you like what it would write."),
            where=in_file("mode"),
        )
