"""Draw a campaign from an order: its dates and people, or everything that is wrong with the order."""

from datetime import date

from bridge.campaign import Campaign, Order
from bridge.errors import CampaignRefused, Problem, problems_of
from bridge.retroplan.schedule import calendars_for, schedule
from bridge.team import Person, owners_by_step
from bridge.text import text
from bridge.workspace import Workspace


def draw(order: Order, workspace: Workspace, today: date) -> Campaign:
    """Return the campaign with its dates and people; raise with every problem of the order itself.

    Needs no network. Raises CampaignRefused. Steps in the past are findings of the schedule: whether
    they matter depends on what exists already.
    """
    plan = order.template.choose(order.values)
    holders, problems = workspace.team.staffing(plan, order.owners)
    lead = _lead(order, workspace)
    dated = schedule(
        plan,
        order.launch,
        calendars_for(order.launch, workspace.calendar),
        owners=owners_by_step(plan, holders),
        today=today,
    )
    found = problems_of(dated.named_findings(workspace.lang))
    wrong = [*problems, *(problem for problem in found if problem.code != "E-PAST")]
    if isinstance(lead, Problem):
        raise CampaignRefused([*wrong, lead])
    if wrong:
        raise CampaignRefused(wrong)
    return Campaign(order=order, workspace=workspace, schedule=dated, lead=lead, holders=holders)


def _lead(order: Order, workspace: Workspace) -> Person | Problem:
    """Return who leads: the named person, else whoever holds the role lead, else marketing."""
    team = workspace.team
    named = order.lead or team.roles.get("lead") or team.roles.get("marketing")
    if named is None:
        return Problem(text("The campaign has no lead."), text("Name one person: --lead PERSON."))
    return team.find(named)
