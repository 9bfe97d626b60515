"""Create a campaign: gather what the site allows, decide everything, then write it once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bridge.campaign import Campaign, Shown, Site, epic_wish, shown_by_step, step_wishes
from bridge.campaignrequests import NeededRequest, to_come
from bridge.errors import (
    CampaignConflicts,
    CampaignMoved,
    CampaignPaused,
    CampaignRefused,
    CampaignStopped,
    PlanRefused,
    Problem,
    problems_of,
)
from bridge.findings import Finding
from bridge.monthpage import is_done
from bridge.operations import adoption, preflight
from bridge.operations.locate import Found, another_order, locate
from bridge.operations.writing import EPIC, Writing, Written, may_be_quiet, missing_links
from bridge.ports import Tools
from bridge.reconcile import Plan, Wish, pins_of, reconcile
from bridge.retroplan.schedule import Schedule, calendars_for, schedule
from bridge.team import Person, owners_by_step
from bridge.text import Speaker
from bridge.tracker import Issue, Kind, Survey

PAUSE = "bridge-pause"  # a label by which people stop every write to a campaign


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The plan before anything is written, and how many mails Jira will send at most.

    ``shown``: what each step's issue will show; ``names``: people by account id; ``requests``: those
    that open steps need.
    """

    campaign: Campaign
    plan: Plan
    epic: str | None
    links: int
    mails_at_most: int
    shown: Mapping[str, Shown] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    requests: tuple[NeededRequest, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def writes(self) -> bool:
        """Tell whether carrying the plan out changes anything that people see."""
        return bool(self.plan.create or self.plan.changes or self.links)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a creation came to: the preview that was carried out, and what that made."""

    preview: Preview
    epic: str | None
    url: str | None
    keys: Mapping[str, str] = field(default_factory=dict)
    created: tuple[str, ...] = ()
    links: int = 0
    written: bool = False


def create(
    campaign: Campaign,
    tools: Tools,
    *,
    agree: Callable[[Preview], bool] | None = None,
    into: Issue | None = None,
) -> Outcome:
    """Create what is missing of the campaign, and bring what exists up to the order.

    ``agree`` sees the preview before the first write; where it says no, nothing is written.
    ``into`` is an epic that a person made: it becomes the campaign's, and no other is created.
    Raises CampaignRefused (preflight), PlanRefused (steps to be created lie in the past),
    CampaignPaused, CampaignConflicts after everything undisputed was written, with the outcome, and
    whatever the site refuses.
    """
    survey, site, findings = _survey(campaign, tools)
    found = _locate(campaign, tools, survey, into)
    campaign = _with_pins(campaign, found, tools.clock.today())
    wishes = _wishes(campaign, site, tools.speaker, found)
    plan = _plan(wishes, campaign, found, tools.clock.today())
    _check_past(campaign, found, plan)
    preview = _preview(campaign, survey, site, found, plan, findings)
    if agree is not None and not agree(preview):
        return _outcome(preview, tools, Written({}, (), 0), written=False)
    if preview.writes and found.epic is not None and PAUSE in found.epic.labels:
        raise CampaignPaused(found.epic.key)
    plan = _reread(plan, wishes, campaign, tools, found)
    preview = _preview(campaign, survey, site, found, plan, findings)
    adoption.take(campaign, found, tools, survey)
    written = Writing(campaign, tools, survey, found, plan).run()
    outcome = _outcome(preview, tools, written, written=True)
    if plan.conflicts:
        problems = [Problem(conflict.why) for conflict in plan.conflicts]
        raise CampaignConflicts(problems, outcome)
    return outcome


def _survey(campaign: Campaign, tools: Tools) -> tuple[Survey, Site, tuple[Finding, ...]]:
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
    return survey, _by_person(campaign, site), tuple(preflight.warnings(site, campaign.schedule))


def _by_person(campaign: Campaign, site: Site) -> Site:
    """Let the lead's account be that of whoever answers for them."""
    responsible = campaign.workspace.team.responsible(campaign.lead.id)
    return replace(
        site, accounts={**site.accounts, campaign.lead.id: site.accounts[responsible.id]}
    )


def _locate(campaign: Campaign, tools: Tools, survey: Survey, into: Issue | None) -> Found:
    if into is not None:
        adoption.recall(campaign, into, tools)
    found = locate(tools, campaign, survey)
    if into is not None:
        adoption.join(found, into, campaign, survey)
    elif found.memory is not None:
        found.conflicts += another_order(campaign, found.memory, found.epic)
    if found.conflicts:
        raise CampaignStopped([Problem(conflict.why) for conflict in found.conflicts])
    return found


def _with_pins(campaign: Campaign, found: Found, today: date) -> Campaign:
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
        today=today,
    )
    return replace(campaign, schedule=pinned)


def _wishes(campaign: Campaign, site: Site, speaker: Speaker, found: Found) -> Sequence[Wish]:
    epic = epic_wish(campaign, site, speaker)
    if found.memory is not None:
        kept = found.memory
        memory = replace(
            epic.memory,
            floors=kept.floors,
            children=kept.children,
            complete=kept.complete,
            adopted=kept.adopted,
        )
        epic = adoption.their_own(replace(epic, memory=memory), kept)
    return [epic, *step_wishes(campaign, site, speaker)]


def _plan(wishes: Sequence[Wish], campaign: Campaign, found: Found, today: date) -> Plan:
    known = dict(found.known)
    if found.epic is not None:
        known[EPIC] = found.epic.key
    done = {key for key, issue in found.issues.items() if is_done(issue, campaign.workspace)}
    return reconcile(wishes, known, found.issues, done=done, today=today)


def _check_past(campaign: Campaign, found: Found, plan: Plan) -> None:
    """Create nothing silently in the past, but let a creation that was begun be completed."""
    begun = found.memory is not None and not found.memory.complete and not found.adopts
    new = {wish.ref for wish in plan.create}
    late: list[tuple[str, Finding]] = [
        (scheduled.step.title.in_(campaign.workspace.lang), finding)
        for scheduled in campaign.schedule.steps
        for finding in scheduled.findings
        if finding.code == "E-PAST" and scheduled.step.id in new
    ]
    if found.epic is None or found.adopts:
        late += [("", f) for f in campaign.schedule.findings if f.code == "E-PAST"]
    if late and not begun:
        raise PlanRefused(problems_of(late))


def _reread(
    plan: Plan, wishes: Sequence[Wish], campaign: Campaign, tools: Tools, found: Found
) -> Plan:
    """Look again just before writing: somebody may have edited while the preview was read.

    Jira edits carry no version precondition, so this narrows the window and does not close it.
    """
    if not plan.edits:
        return plan
    found.issues |= tools.tracker.read(edit.key for edit in plan.edits)
    again = _plan(wishes, campaign, found, tools.clock.today())
    agreed = {(change.key, change.field) for change in plan.changes}
    if all((change.key, change.field) in agreed for change in again.changes):
        return again
    raise CampaignMoved


def _preview(
    campaign: Campaign,
    survey: Survey,
    site: Site,
    found: Found,
    plan: Plan,
    findings: tuple[Finding, ...],
) -> Preview:
    names = {a.id: a.name for found_as in survey.accounts.values() for a in found_as}
    names |= {i.assignee.id: i.assignee.name for i in found.issues.values() if i.assignee}
    names |= {
        account: campaign.workspace.team.people[person].name
        for person, account in site.accounts.items()
        if person in campaign.workspace.team.people
    }
    keys = {**plan.keys, **{wish.ref: f"+{wish.ref}" for wish in plan.create}}
    created = {key for key in keys.values() if key.startswith("+")}
    shown = shown_by_step(campaign, site, plan, found.issues)
    return Preview(
        campaign=campaign,
        plan=plan,
        epic=found.epic.key if found.epic else None,
        links=len(missing_links(campaign, found, keys, created)),
        mails_at_most=_mails(plan, survey),
        shown=shown,
        names=names,
        requests=_requests(campaign, shown, found),
        findings=findings,
    )


def _requests(
    campaign: Campaign, shown: Mapping[str, Shown], found: Found
) -> tuple[NeededRequest, ...]:
    issues = ((step, found.issues.get(key)) for step, key in found.known.items())
    done = {step for step, issue in issues if issue and is_done(issue, campaign.workspace)}
    dues = {step: one.due for step, one in shown.items()}
    return tuple(to_come(campaign.schedule.steps, dues, done))


def _mails(plan: Plan, survey: Survey) -> int:
    """Return how many mails Jira sends at most: one per issue that somebody else gets or has changed."""
    created = sum(wish.fields.get("assignee") not in (None, survey.me.id) for wish in plan.create)
    edited = 0 if may_be_quiet(survey) else len({change.key for change in plan.changes})
    return created + edited


def _outcome(preview: Preview, tools: Tools, done: Written, *, written: bool) -> Outcome:
    epic = done.keys.get(EPIC) or preview.epic
    return Outcome(
        preview=preview,
        epic=epic,
        url=tools.tracker.url(epic) if epic else None,
        keys=done.keys,
        created=done.created,
        links=done.links,
        written=written,
    )
