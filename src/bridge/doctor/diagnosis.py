"""A diagnosis: what was found, why it matters, what to do about it, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from bridge.errors import Problem
from bridge.findings import Severity, severity_of
from bridge.text import Text, Value, Words, text

SHOWN = 12  # names of a long list that are said


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One finding of the doctor. The code is for machines and never changes its meaning.

    ``where`` is a key of bridge.yaml, or a place on the site as its administrator would look for it.
    """

    code: str
    what: Text
    why: Text
    remedy: Text
    where: Words

    @property
    def severity(self) -> Severity:
        """Return what the code's first letter says: E stops something the bridge is there for."""
        return severity_of(self.code)


_WHY: dict[str, Text] = {
    "E-PROJECT": text("Nothing can be read or created there."),
    "E-RIGHTS": text("A campaign with a step there would be refused before its first issue."),
    "E-ISSUE-TYPE": text("A campaign is an epic and its actions are tasks below it."),
    "E-SCREEN": text(
        "Jira refuses to set a field that is not on the screen. A due date also needs the "
        "permission “Schedule Issues”."
    ),
    "E-REQUIRED-FIELD": text("Jira would refuse every issue that the bridge creates there."),
    "E-START-DATE": text(
        "Start dates would land in a field that nobody looks at, so the bridge does not guess."
    ),
    "E-PERSON": text("Every action has one owner, and the owner is the assignee in Jira."),
    "E-PERSON-AMBIGUOUS": text("Actions could be assigned to the wrong person."),
    "E-LINK-TYPE": text("Dependencies between actions become links of that type."),
}


def of_problem(problem: Problem, where: Words) -> Diagnosis:
    """Return what the preflight of a campaign says as a diagnosis."""
    return Diagnosis(
        code=problem.code,
        what=problem.sentence,
        why=_WHY[problem.code],
        remedy=problem.hint or text("Ask the administrator of the project."),
        where=where,
    )


def some(names: Iterable[str]) -> tuple[Value, ...]:
    """Return the first names of a list, and how many more there are."""
    listed = sorted(names, key=str.casefold)
    rest = len(listed) - SHOWN
    if rest <= 1:  # one more name takes no more room than saying so
        return tuple(listed)
    return (*listed[:SHOWN], text("{n} more", n=rest))


def in_project(project: str) -> Text:
    """Return a Jira project as a place."""
    return text("Jira, project {project}", project=project)


def in_space(space: str) -> Text:
    """Return a Confluence space as a place."""
    return text("Confluence, space {space}", space=space)


def in_file(key: str) -> Text:
    """Return a key of bridge.yaml as a place."""
    return text("bridge.yaml: {key}", key=key)
