"""Templates for the terminal and as JSON: a list, one in full, and the outcome of a check."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from bridge.errors import Problem
from bridge.findings import Finding
from bridge.report import table
from bridge.retroplan.template import From, Parameter, Step, Template
from bridge.text import Speaker, Text, text, texts


@dataclass(frozen=True)
class Checked:
    """What a check of one file found: problems of the file, or what its dates come to."""

    file: str
    template: Template | None = None
    problems: Sequence[Problem] = ()
    lint: Sequence[tuple[Step, Finding]] = ()

    @property
    def is_wanting(self) -> bool:
        """Tell whether something is wrong (warnings are not)."""
        return bool(self.problems) or any(finding.severity == "error" for _, finding in self.lint)

    @property
    def warnings(self) -> int:
        """Return how many warnings there are."""
        return sum(finding.severity == "warning" for _, finding in self.lint)

    @property
    def mark(self) -> str:
        """Return the sign of the outcome: mend it, look at it, or nothing to say."""
        if self.is_wanting:
            return click.style("✗", fg="red")
        return click.style("!", fg="yellow") if self.warnings else click.style("✓", fg="green")


def list_json(found: Iterable[Template], is_own: Callable[[str], bool], speaker: Speaker) -> Any:
    """Return the templates, one object each."""
    return [
        {
            "id": template.id,
            "version": template.version,
            "title": speaker.say(template.title),
            "steps": _steps_of_default(template),
            "parameters": list(template.parameters),
            "own": is_own(template.id),
        }
        for template in found
    ]


def list_text(
    found: Iterable[Template], is_own: Callable[[str], bool], speaker: Speaker
) -> list[str]:
    """Return the templates, one line each."""
    heads = [text("Template"), text("Version"), text("Steps"), text("What")]
    rows = [[speaker.say(head) for head in heads]]
    for template in found:
        title = speaker.say(template.title)
        if is_own(template.id):
            title = speaker.say(text("{title} (yours)", title=title))
        rows.append([template.id, template.version, str(_steps_of_default(template)), title])
    return table.headed(rows)


def show_json(template: Template, speaker: Speaker) -> dict[str, Any]:
    """Return one template in full; steps that differ by variant say so in ``when``."""
    return {
        "id": template.id,
        "version": template.version,
        "title": speaker.say(template.title),
        "roles": list(template.roles),
        "parameters": [_parameter_json(p, speaker) for p in template.parameters.values()],
        "milestones": [
            {"id": m.id, "title": speaker.say(m.title), "offset": m.written or None}
            for m in template.milestones
        ],
        "steps": [_step_json(step, speaker) for step in template.steps],
    }


def _parameter_json(parameter: Parameter, speaker: Speaker) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "title": speaker.say(parameter.title),
        "kind": parameter.kind,
        "one_of": list(parameter.one_of) or None,
        "default": parameter.default,
    }


def _step_json(step: Step, speaker: Speaker) -> dict[str, Any]:
    estimate = step.estimate
    return {
        "id": step.id,
        "offset": step.written,
        "title": speaker.say(step.title),
        "result": speaker.say(step.result) if step.result else None,
        "department": step.department,
        "role": f"={step.role.parameter}" if isinstance(step.role, From) else step.role,
        "estimate": [estimate.optimistic, estimate.likely, estimate.pessimistic]
        if estimate
        else None,
        "needs": [need.step for need in step.needs],
        "checklist": [speaker.say(item.title) for item in step.checklist],
        "request": step.request,
        "when": dict(step.when),
    }


def show_text(template: Template, speaker: Speaker) -> list[str]:
    """Return one template for the terminal."""
    heads = [text("Offset"), text("Role"), text("Days"), text("What")]
    rows = [[speaker.say(head) for head in heads]]
    rows += [
        [step.written, _role(step), _days(step, speaker), _titled(step, speaker)]
        for step in template.steps
    ]
    rows += [[m.written, "", "", f"◆ {speaker.say(m.title)}"] for m in template.milestones]
    title = text(
        "{title} — {id} {version}", title=template.title, id=template.id, version=template.version
    )
    return [
        "",
        *(click.style(line, bold=True) for line in table.lines(speaker.say(title))),
        "",
        *table.headed(rows),
        "",
        *_parameters_text(template, speaker),
    ]


def _parameters_text(template: Template, speaker: Speaker) -> list[str]:
    if not template.parameters:
        return []
    lines = [speaker.say(text("Parameters (--param name=value):"))]
    for parameter in template.parameters.values():
        said = (
            text("{title}; {default} by default", title=parameter.title, default=parameter.default)
            if parameter.default
            else text("{title}; must be given to create", title=parameter.title)
        )
        among = f" ({' | '.join(parameter.one_of)})" if parameter.one_of else ""
        lines += table.lines(f"{parameter.name}{among}  {speaker.say(said)}", indent="  ")
    return [*lines, ""]


def _role(step: Step) -> str:
    return f"={step.role.parameter}" if isinstance(step.role, From) else step.role


def _days(step: Step, speaker: Speaker) -> str:
    return speaker.say(text("{days}", days=step.estimate.half_days / 2)) if step.estimate else ""


def _titled(step: Step, speaker: Speaker) -> str:
    title = speaker.say(step.title)
    when = ", ".join(f"{name}={value}" for name, value in step.when.items())
    return f"{title} [{when}]" if when else title


def _steps_of_default(template: Template) -> int:
    return len(template.choose({}).steps)


def check_json(checked: Iterable[Checked], speaker: Speaker) -> Any:
    """Return the outcome of a check, one object a file."""
    return [
        {
            "file": one.file,
            "ok": not one.is_wanting,
            "problems": [
                {
                    "code": problem.code or None,
                    "line": problem.place.line if problem.place else None,
                    "column": problem.place.column if problem.place else None,
                    "message": speaker.say(problem.sentence),
                    "hint": speaker.say(problem.hint) if problem.hint else None,
                }
                for problem in one.problems
            ],
            "findings": [
                {"step": step.id, "code": finding.code, "message": speaker.say(finding.message)}
                for step, finding in one.lint
            ],
        }
        for one in checked
    ]


def check_text(checked: Sequence[Checked], speaker: Speaker) -> list[str]:
    """Return the outcome of a check: a line a file, then what was found in it."""
    lines: list[str] = []
    for one in checked:
        lines.append(f"{one.mark} {table.printable(one.file)}")
        for problem in one.problems:
            code = f" [{problem.code}]" if problem.code else ""
            lines.append(f"    {problem.place or one.file}: {speaker.say(problem.sentence)}{code}")
            if problem.hint:
                lines.append(f"      → {speaker.say(problem.hint)}")
        lines += [
            f"    {step.id}: {speaker.say(finding.message)} [{finding.code}]"
            for step, finding in one.lint
        ]
    return [*lines, " ".join(speaker.say(said) for said in _summary(checked))]


def _summary(checked: Sequence[Checked]) -> Iterable[Text]:
    wanting, warnings = sum(one.is_wanting for one in checked), sum(one.warnings for one in checked)
    if not wanting and not warnings:
        yield texts("{n} template, nothing wrong.", "{n} templates, nothing wrong.", len(checked))
        return
    if wanting:
        yield texts("{n} file needs mending.", "{n} files need mending.", wanting)
    else:
        yield texts("{n} template, usable.", "{n} templates, usable.", len(checked))
    if warnings:
        yield texts("{n} warning.", "{n} warnings.", warnings)
