"""The nouns of a campaign: what is ordered, and what it comes to in the tracker's terms."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bridge.campaignrequests import how_to_ask
from bridge.memory import Memory, digest, mark
from bridge.prose import Block, Bullets, Checklist, Heading, Paragraph, Prose, one_line
from bridge.reconcile import Plan, Wish
from bridge.retroplan.schedule import Schedule, ScheduledStep
from bridge.retroplan.template import Template
from bridge.team import Person
from bridge.text import Speaker, text
from bridge.tracker import FieldName, FieldValue, Form, Issue, Kind
from bridge.workspace import Workspace

LABEL = "bridge"
ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")


def default_id(name: str, launch: date) -> str:
    """Return the name in ASCII kebab case plus the launch's year; empty where nothing is left.

    A name that ends with that year already does not get it twice.
    """
    words = _ascii_words(name)
    if not words:
        return ""
    year = str(launch.year)
    return kebab(name) if words[-1] == year and len(words) > 1 else f"{kebab(name)}-{year}"


def kebab(name: str) -> str:
    """Return a name in small ASCII letters, digits and hyphens; empty where nothing is left."""
    return "-".join(_ascii_words(name))[:50].strip("-")


def _ascii_words(name: str) -> list[str]:
    folded = name.casefold().replace("œ", "oe").replace("æ", "ae")
    bare = (c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", "".join(bare))


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asks for with `campaign create`.

    ``id_is_derived``: the id comes from the name and year, nobody chose it.
    """

    id: str
    name: str
    template: Template
    launch: date
    values: Mapping[str, str] = field(default_factory=dict)
    owners: Sequence[tuple[str, str]] = ()
    lead: str | None = None
    id_is_derived: bool = False


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """An order with its dates and its people: everything the tracker will show."""

    order: Order
    workspace: Workspace
    schedule: Schedule
    lead: Person
    holders: Mapping[str, Person]

    @property
    def label(self) -> str:
        """Return the label that every issue of this campaign carries."""
        return label_of(self.workspace.id, self.order.id)

    def owner(self, scheduled: ScheduledStep) -> Person:
        """Return the one person of a step (external people included)."""
        return self.holders[str(scheduled.step.role)]

    def links(self) -> Iterable[tuple[str, str]]:
        """Return (needed step, step) for every dependency between two steps."""
        steps = {scheduled.step.id for scheduled in self.schedule.steps}
        for scheduled in self.schedule.steps:
            for need in scheduled.step.needs:
                if need.step in steps:
                    yield need.step, scheduled.step.id


def label_of(workspace: str, campaign: str) -> str:
    """Return the label of a campaign: the workspace stands in it, since several may share a site."""
    return f"bridge-c-{workspace}-{campaign}"


def labels_of(campaign: Campaign, department: str | None = None) -> tuple[str, ...]:
    """Return the labels of an issue; a step's department is one of them."""
    return (LABEL, campaign.label, *([f"bridge-d-{department}"] if department else ()))


@dataclass(frozen=True, slots=True)
class Site:
    """What the campaign must know of the site: account ids by person, forms by project and kind."""

    accounts: Mapping[str, str]
    forms: Mapping[tuple[str, Kind], Form]


def epic_wish(campaign: Campaign, site: Site, speaker: Speaker) -> Wish:
    """Return what the epic shall be: due on the launch, owned by the lead."""
    order, plan = campaign.order, campaign.schedule
    form = site.forms[campaign.workspace.main_project, "epic"]
    wanted: dict[FieldName, FieldValue] = {
        "summary": one_line(order.name),
        "description": _epic_prose(campaign, speaker),
        "assignee": site.accounts[campaign.lead.id],
        "due": order.launch,
        "start": min([order.launch, *(step.start for step in plan.steps)]),
    }
    memory = Memory(
        workspace=campaign.workspace.id,
        campaign=order.id,
        step="",
        template=order.template.id,
        version=order.template.version,
        launch=order.launch.isoformat(),
    )
    return _wish("", order.name, wanted, form, memory)


def step_wishes(campaign: Campaign, site: Site, speaker: Speaker) -> list[Wish]:
    """Return what each step's issue shall be, in template order."""
    return [
        _step_wish(campaign, site, speaker, order, scheduled)
        for order, scheduled in enumerate(campaign.schedule.steps, 1)
    ]


def _step_wish(
    campaign: Campaign, site: Site, speaker: Speaker, order: int, scheduled: ScheduledStep
) -> Wish:
    step = scheduled.step
    owner = campaign.owner(scheduled)
    form = site.forms[campaign.workspace.project_of(step.department), "task"]
    wanted: dict[FieldName, FieldValue] = {
        "summary": one_line(speaker.say(step.title)),
        "description": _step_prose(scheduled, owner, campaign.order.id, speaker),
        "assignee": site.accounts[campaign.workspace.team.responsible(owner.id).id],
        "due": scheduled.due,
        "start": scheduled.start,
    }
    priority = _priority(step.importance, form)
    if priority is not None:
        wanted["priority"] = priority
    template = campaign.order.template
    memory = Memory(
        workspace=campaign.workspace.id,
        campaign=campaign.order.id,
        step=step.id,
        template=template.id,
        version=template.version,
        order=order,
        with_whom=digest(owner.id) if owner.external else "",
    )
    return _wish(step.id, speaker.say(step.title), wanted, form, memory)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step's issue shows to people: due date, responsible, summary.

    ``who`` is empty where it is whom the campaign wants.
    """

    due: date | None
    who: str
    title: str


def shown_by_step(
    campaign: Campaign, site: Site, plan: Plan, observed: Mapping[str, Issue]
) -> Mapping[str, Shown]:
    """Return what each step's issue will show once the plan is carried out; people's values stay."""
    writes = {(change.step, change.field) for change in plan.changes}
    shown: dict[str, Shown] = {}
    for scheduled in campaign.schedule.steps:
        step, owner = scheduled.step, campaign.owner(scheduled)
        account = site.accounts[campaign.workspace.team.responsible(owner.id).id]
        ours = Shown(scheduled.due, "", step.title.in_(campaign.workspace.lang))
        issue = observed.get(plan.keys.get(step.id, ""))
        if issue is None:
            shown[step.id] = ours
            continue
        assigned = issue.assignee
        is_ours = (step.id, "assignee") in writes or (assigned and assigned.id == account)
        shown[step.id] = Shown(
            due=ours.due if (step.id, "due") in writes else issue.due,
            who="" if is_ours else assigned.name if assigned else "—",
            title=ours.title if (step.id, "summary") in writes else issue.summary,
        )
    return shown


def _wish(
    ref: str, title: str, wanted: Mapping[FieldName, FieldValue], form: Form, memory: Memory
) -> Wish:
    """Leave out what this project's form cannot take, and remember what is meant of the rest."""
    fields = {name: value for name, value in wanted.items() if name in form.settable}
    return Wish(ref, title, fields, memory.with_meant({n: mark(n, v) for n, v in fields.items()}))


def _priority(importance: str, form: Form) -> str | None:
    """Return the site's priority one above or below its middle, None for an ordinary step."""
    if importance == "normal" or len(form.priorities) < 3:
        return None
    middle = len(form.priorities) // 2
    return form.priorities[middle - 1 if importance == "high" else middle + 1]


def _epic_prose(campaign: Campaign, speaker: Speaker) -> Prose:
    order, plan = campaign.order, campaign.schedule
    blocks: list[Block] = [
        Paragraph(
            speaker.say(
                text(
                    "{title}: launch on {launch}, {count} actions.",
                    title=order.template.title,
                    launch=speaker.day(order.launch, style="full"),
                    count=len(plan.steps),
                )
            )
        )
    ]
    values = [
        speaker.say(text("{title}: {value}", title=parameter.title, value=order.values[name]))
        for name, parameter in order.template.parameters.items()
        if order.values.get(name)
    ]
    if values:
        blocks.append(Bullets(tuple(values)))
    if plan.milestones:
        blocks.append(Heading(speaker.say(text("Milestones"))))
        blocks.append(
            Bullets(
                tuple(
                    speaker.say(text("{title}: {value}", title=m.step.title, value=m.due))
                    for m in plan.milestones
                )
            )
        )
    return tuple(blocks)


def _step_prose(scheduled: ScheduledStep, owner: Person, campaign: str, speaker: Speaker) -> Prose:
    step = scheduled.step
    blocks: list[Block] = []
    if step.result:
        blocks += [
            Heading(speaker.say(text("Expected result"))),
            Paragraph(speaker.say(step.result)),
        ]
    if step.checklist:
        blocks.append(Heading(speaker.say(text("The finished product"))))
        blocks.append(Checklist(tuple(speaker.say(item.title) for item in step.checklist)))
    if step.request:
        blocks.append(Paragraph(speaker.say(how_to_ask(step.request, campaign))))
    if owner.external:
        blocks.append(Paragraph(speaker.say(text("With {name}", name=owner.name))))
    return tuple(blocks)
