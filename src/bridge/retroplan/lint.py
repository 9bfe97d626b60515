"""Try a template on every worked launch date of some years (rule 26), and look at its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bridge.findings import Finding
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.schedule import schedule
from bridge.retroplan.template import From, Placed, Step, Template
from bridge.retroplan.workdays import CalendarRules
from bridge.text import Text, text, texts

YEARS = 3
_FIRST_DATES = 3
JUDGED = ("W-OFFSET-DEP", "E-DEP-AFTER-LAUNCH", "E-DEP-UNKNOWN", "E-RANGE-ORDER")


@dataclass(slots=True)
class _Seen:
    """How often one finding came up for one step, with its first launch dates."""

    finding: Finding
    dates: list[date]


def lint(
    template: Template, first_year: int, rules: CalendarRules | None = None
) -> list[tuple[Step, Finding]]:
    """Return what is wrong with a template on some launch dates, or on all of them.

    Tries every variant on every worked launch date of three years from ``first_year``. An offset
    that contradicts a dependency on every date is an error, on some a warning with the first dates.
    """
    found: dict[tuple[str, str], tuple[Step, Finding]] = {}
    calendars = Calendars(
        rules or CalendarRules(), date(first_year - 3, 1, 1), date(first_year + YEARS + 1, 12, 31)
    )
    for variant in template.variants():
        for step, finding in _try(template, variant, first_year, calendars):
            found.setdefault((step.id, finding.code), (step, finding))
    for step in template.steps:
        if _starts_something(step) and step.anchor == "due" and step.until is None:
            found[step.id, "I-START"] = (step, Finding("I-START", _START_HINT))
    return list(found.values())


_START_HINT: Text = text(
    "It starts something: the offset is the day of starting. `until: STEP` would draw its bar, "
    "`anchor: start` would count its work from there."
)


def _starts_something(step: Step) -> bool:
    return step.title.fr.casefold().startswith(
        ("début", "démarr")
    ) or step.title.en.casefold().startswith("start")


def _try(
    template: Template, variant: Mapping[str, str], first_year: int, calendars: Calendars
) -> Iterable[tuple[Step, Finding]]:
    plan = template.choose(variant)
    launches = list(_launches(first_year, calendars))
    seen: dict[tuple[str, str], tuple[Step, _Seen]] = {}
    for launch in launches:
        tried = schedule(plan, launch, calendars)
        for scheduled in (*tried.steps, *tried.milestones):
            for finding in scheduled.findings:
                if finding.code in JUDGED and not _waits(template, scheduled.step):
                    _, entry = seen.setdefault(
                        (scheduled.step.id, finding.code), (scheduled.step, _Seen(finding, []))
                    )
                    entry.dates.append(launch)
    for step, entry in seen.values():
        yield step, _judged(entry, len(launches))


def _waits(template: Template, step: Step) -> bool:
    """Tell whether a step counts from a milestone whose place only a user's parameter will give."""
    waiting = {m.id for m in template.milestones if isinstance(m.offset, From)}
    return isinstance(step.offset, Placed) and step.offset.ref in waiting


def _judged(seen: _Seen, launches: int) -> Finding:
    first: tuple[date, ...] = tuple(seen.dates[:_FIRST_DATES])
    if len(seen.dates) == launches:
        return Finding(
            f"E{seen.finding.code[1:]}",
            text("On every launch date: {message}", message=seen.finding.message),
        )
    return Finding(
        seen.finding.code,
        texts(
            "On {n} of {launches} launch dates (such as {first}): {message}",
            "On {n} of {launches} launch dates (such as {first}): {message}",
            len(seen.dates),
            launches=launches,
            first=first,
            message=seen.finding.message,
        ),
    )


def _launches(first_year: int, calendars: Calendars) -> Iterable[date]:
    day, calendar = date(first_year, 1, 1), calendars.named()
    while day.year < first_year + YEARS:
        if calendar.is_worked(day):
            yield day
        day += timedelta(days=1)
