"""Make a first bridge.yaml from what the site shows: look around, let somebody choose, propose."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge import proposal
from bridge.errors import ConfigurationError
from bridge.operations.checkup import Instruments
from bridge.proposal import Choose, Member, Proposal, Question
from bridge.site import Flavour
from bridge.text import text
from bridge.tracker import Form, Kind, Survey
from bridge.workspace import Workspace

MOST_LISTED = 25  # people who are written into the file although nobody chose them


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known before the site is asked: its host, the reader's language, the usual answers.

    ``roles``: the roles that templates need. ``parent``: the title of the calendar's page.
    """

    host: str
    lang: str
    parent: str
    roles: Sequence[str]


def propose(
    tools: Instruments,
    survey: Callable[[Workspace], Survey],
    beginning: Beginning,
    choose: Choose,
) -> Proposal:
    """Ask the site, ask whoever chooses, and return what the file shall say.

    ``survey`` looks at the projects of a workspace as a campaign would. Raises a SiteError, or
    ConfigurationError where the account sees no project or space.
    """
    flavour, me = tools.jira.server().flavour, tools.jira.me()
    projects, space = _places(tools, flavour, choose)
    drafted = Proposal(
        id=_sure(
            choose, proposal.short_name(proposal.identity(beginning.host, projects["marketing"]))
        ),
        lang=beginning.lang,
        is_cloud=flavour == "cloud",
        projects=projects,
        space=space,
        parent=_sure(choose, proposal.parent(beginning.parent)),
        country=_sure(choose, proposal.country()),
    )
    drafted = _typed(tools, survey, drafted, choose)
    found = [one for key in projects.values() for one in tools.jira.assignable(key)]
    team = proposal.members(found, me)
    roles = _roles(beginning.roles, team, choose)
    chosen = set(roles.values())
    everybody = not chosen and len(team) <= MOST_LISTED
    return replace(
        drafted,
        team=tuple(member for member in team if everybody or member.id in chosen),
        roles=roles,
        blocked=proposal.blocked(
            status for key in projects.values() for status in tools.jira.statuses(key)
        ),
    )


def _places(tools: Instruments, flavour: Flavour, choose: Choose) -> tuple[Mapping[str, str], str]:
    seen = tools.jira.projects()
    if not seen:
        raise ConfigurationError(
            text("Jira shows no project to this account."),
            text("Give it the right “Browse Projects” in your projects first."),
        )
    marketing = _sure(choose, proposal.marketing(seen))
    other = choose(proposal.it(seen, marketing)) if len(seen) > 1 else None
    projects = {"marketing": marketing} | ({"it": other} if other else {})
    spaces = tools.confluence(flavour).spaces()
    if all(space.is_personal for space in spaces):
        raise ConfigurationError(
            text("Confluence shows no space to this account."),
            text("Give it the right to see the space of your calendar first."),
        )
    return projects, _sure(choose, proposal.space(spaces, marketing))


def _typed(
    tools: Instruments, survey: Callable[[Workspace], Survey], drafted: Proposal, choose: Choose
) -> Proposal:
    """Settle what the site calls its issue types, start date and links, where that is unusual."""
    seen = survey(_provisional(drafted))
    types: dict[Kind, str] = {}
    for project, kind in _wanted(drafted):
        if seen.rights.get(project) is not None and seen.forms.get((project, kind)) is None:
            question = proposal.issue_type(kind, project, tools.jira.issue_types(project))
            if question.candidates and kind not in types:
                types[kind] = _sure(choose, question)
    starts = {start for form in _forms(seen) for start in form.start_fields}
    ambiguous = any(len(form.start_fields) > 1 for form in _forms(seen))
    named = proposal.USUAL_LINK in seen.link_types or not seen.link_types
    return replace(
        drafted,
        issue_types=types,
        start_field=_sure(choose, proposal.start_field(starts)) if ambiguous else None,
        link_type=None if named else _sure(choose, proposal.link_type(seen.link_types)),
    )


def _forms(survey: Survey) -> Iterable[Form]:
    return (form for form in survey.forms.values() if form is not None)


def _wanted(drafted: Proposal) -> Iterable[tuple[str, Kind]]:
    yield drafted.projects["marketing"], "epic"
    for project in dict.fromkeys(drafted.projects.values()):
        yield project, "task"


def _provisional(drafted: Proposal) -> Workspace:
    return Workspace(
        id=drafted.id,
        mode="observe",
        projects=drafted.projects,
        space=drafted.space,
        parent=drafted.parent,
    )


def _roles(names: Sequence[str], team: Sequence[Member], choose: Choose) -> Mapping[str, str]:
    """Ask for each role; who was chosen for one is the likely answer for the next."""
    chosen: dict[str, str] = {}
    before: str | None = team[0].id if len(team) == 1 else None
    for name in names if team else ():
        person = choose(proposal.role(name, team, before))
        if person is not None:
            chosen[name] = before = person
    return chosen


def _sure(choose: Choose, question: Question) -> str:
    answer = choose(question)
    assert answer is not None, question.key  # noqa: S101  # only optional questions may go unanswered
    return answer
