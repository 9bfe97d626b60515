"""Create a campaign: gather what the site allows, decide everything, then write it once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bridge.campaign import Campaign, Site, epic_wish, step_wishes
from bridge.errors import (
    CampaignConflicts,
    CampaignRefused,
    CampaignStopped,
    Problem,
)
from bridge.memory import Memory
from bridge.operations import preflight
from bridge.operations.locate import Found, locate
from bridge.operations.writing import EPIC, Writing, Written, may_be_quiet
from bridge.ports import Tools
from bridge.reconcile import Conflict, Plan, pins_of, reconcile
from bridge.retroplan.schedule import Schedule, calendars_for, schedule
from bridge.team import Person, owners_by_step
from bridge.text import Speaker, text
from bridge.tracker import Issue, Kind, Survey


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The plan before anything is written, and how many mails Jira will send at most."""

    campaign: Campaign
    plan: Plan
    epic: str | None
    links: int
    mails_at_most: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a creation came to."""

    campaign: Campaign
    plan: Plan
    epic: str | None
    url: str | None
    keys: Mapping[str, str] = field(default_factory=dict)
    created: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    links: int = 0
    mails_at_most: int = 0


def create(
    campaign: Campaign,
    tools: Tools,
    *,
    agree: Callable[[Preview], bool] | None = None,
) -> Outcome:
    """Create what is missing of the campaign, and bring what exists up to the order.

    ``agree`` sees the preview before the first write; where it says no, nothing is written.
    Raises CampaignRefused (preflight), CampaignConflicts after everything undisputed was written,
    and whatever the site refuses.
    """
    survey, site = _survey(campaign, tools)
    found = _locate(campaign, tools, survey)
    campaign = _with_pins(campaign, found)
    plan = _plan(campaign, site, tools.speaker, found)
    preview = Preview(
        campaign=campaign,
        plan=plan,
        epic=found.epic.key if found.epic else None,
        links=len(list(campaign.links())),
        mails_at_most=_mails(plan, survey),
    )
    if agree is not None and not agree(preview):
        return _outcome(preview, tools, Written({}, (), 0))
    written = Writing(campaign, tools, survey, found, plan).run()
    if plan.conflicts:
        raise CampaignConflicts([Problem(conflict.why) for conflict in plan.conflicts])
    return _outcome(preview, tools, written)


def _survey(campaign: Campaign, tools: Tools) -> tuple[Survey, Site]:
    workspace = campaign.workspace
    main = workspace.main_project
    kinds: set[tuple[str, Kind]] = {(main, "epic")}
    people: dict[tuple[str, str], tuple[Person, str]] = {}
    for person, project in [
        (campaign.lead, main),
        *(
            (campaign.owner(s), workspace.project_of(s.step.department))
            for s in campaign.schedule.steps
        ),
    ]:
        responsible = workspace.team.responsible(person.id)
        people[responsible.id, project] = (responsible, project)
    kinds |= {(workspace.project_of(s.step.department), "task") for s in campaign.schedule.steps}
    projects = sorted({project for project, _ in kinds})
    survey = tools.tracker.survey(projects, list(people.values()), campaign.label)
    links = tools.tracker.link_type if any(campaign.links()) else None
    site, problems = preflight.check(survey, kinds, people.values(), links)
    if problems:
        raise CampaignRefused(problems)
    return survey, _by_person(campaign, site)


def _by_person(campaign: Campaign, site: Site) -> Site:
    """Let the lead's account be that of whoever answers for them."""
    responsible = campaign.workspace.team.responsible(campaign.lead.id)
    return replace(
        site, accounts={**site.accounts, campaign.lead.id: site.accounts[responsible.id]}
    )


def _locate(campaign: Campaign, tools: Tools, survey: Survey) -> Found:
    found = locate(tools, campaign, survey)
    if found.memory is not None:
        found.conflicts += _another_order(campaign, found.memory, found.epic)
    if found.conflicts:
        raise CampaignStopped([Problem(conflict.why) for conflict in found.conflicts])
    return found


def _another_order(campaign: Campaign, memory: Memory, epic: Issue | None) -> Sequence[Conflict]:
    """Refuse to turn one campaign into another: same id, other template or launch."""
    order, key = campaign.order, epic.key if epic else ""
    if memory.template != order.template.id:
        why = text(
            "{key} is this campaign already, from the template {template}.",
            key=key,
            template=memory.template,
        )
        return [Conflict(key, EPIC, why)]
    if memory.launch != order.launch.isoformat():
        why = text(
            "{key} is this campaign already, with the launch {launch}. Choose another --id "
            "for a second campaign.",
            key=key,
            launch=memory.launch,
        )
        return [Conflict(key, EPIC, why)]
    return []


def _with_pins(campaign: Campaign, found: Found) -> Campaign:
    """Let due dates that people moved bind the steps around them (rules 20 and 36)."""
    pins = pins_of(found.known, found.issues)
    if not pins:
        return campaign
    plan = campaign.order.template.choose(campaign.order.values)
    pinned: Schedule = schedule(
        plan,
        campaign.order.launch,
        calendars_for(campaign.order.launch, campaign.workspace.calendar),
        owners=owners_by_step(plan, campaign.holders),
        pins=pins,
    )
    return replace(campaign, schedule=pinned)


def _plan(campaign: Campaign, site: Site, speaker: Speaker, found: Found) -> Plan:
    wishes = step_wishes(campaign, site, speaker)
    known = dict(found.known)
    if found.epic is not None:
        known[EPIC] = found.epic.key
    epic = epic_wish(campaign, site, speaker)
    if found.memory is not None:
        kept = found.memory
        epic = replace(
            epic,
            memory=replace(
                epic.memory, floors=kept.floors, children=kept.children, complete=kept.complete
            ),
        )
    return reconcile([epic, *wishes], known, found.issues)


def _mails(plan: Plan, survey: Survey) -> int:
    """Return how many mails Jira sends at most: one per issue that somebody else gets or has changed."""
    created = sum(wish.fields.get("assignee") not in (None, survey.me.id) for wish in plan.create)
    edited = 0 if may_be_quiet(survey) else len({change.key for change in plan.changes})
    return created + edited


def _outcome(preview: Preview, tools: Tools, written: Written) -> Outcome:
    epic = written.keys.get(EPIC) or preview.epic
    return Outcome(
        campaign=preview.campaign,
        plan=preview.plan,
        epic=epic,
        url=tools.tracker.url(epic) if epic else None,
        keys=written.keys,
        created=written.created,
        found=preview.plan.found,
        links=written.links,
        mails_at_most=preview.mails_at_most,
    )
