"""The values a user gives a template: checked, with near misses, before anything is planned."""

from collections.abc import Iterable, Mapping, Sequence

from bridge.errors import Problem, near_miss
from bridge.nearmiss import nearest
from bridge.retroplan.offsets import BadOffset
from bridge.retroplan.template import Parameter, Template, moment
from bridge.text import text


def checked(
    template: Template, given: Iterable[tuple[str, str]]
) -> tuple[Mapping[str, str], Sequence[Problem]]:
    """Return the values by name and every problem with them; only sound values are returned."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name, value in given:
        parameter = template.parameters.get(name)
        if parameter is None:
            problems.append(_unknown(template, name))
            continue
        problem = _wrong(parameter, value)
        if problem is None and values.get(name, value) != value:
            problem = Problem(text("The parameter “{name}” is given twice.", name=name))
        if problem:
            problems.append(problem)
        else:
            values[name] = value
    return values, problems


def _unknown(template: Template, name: str) -> Problem:
    known = template.parameters
    return Problem(
        text("The template {template} has no parameter “{name}”.", template=template.id, name=name),
        near_miss(nearest(name, known), known),
    )


def _wrong(parameter: Parameter, value: str) -> Problem | None:
    if not value.strip():
        return Problem(text("The parameter “{name}” is empty.", name=parameter.name))
    if parameter.one_of and value not in parameter.one_of:
        return Problem(
            text(
                "“{value}” is no value of the parameter “{name}”.", value=value, name=parameter.name
            ),
            near_miss(nearest(value, parameter.one_of), parameter.one_of),
        )
    if parameter.kind == "moment":
        try:
            moment(value)
        except BadOffset as bad:
            return Problem(
                text(
                    "The parameter “{name}” is neither a date nor an offset: “{value}”.",
                    name=parameter.name,
                    value=value,
                ),
                bad.hint,
                code=bad.code,
            )
    return None
