"""The doctor's verb: look at the site through the account, and say what is wrong, missing or too much."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bridge.doctor import access, names, rights
from bridge.doctor.diagnosis import Diagnosis, in_file, in_project, of_problem
from bridge.errors import NotSignedIn, Problem, ScopeMissing, SiteError
from bridge.operations import diagnose_wiki, preflight
from bridge.operations.checkup import Checkup, Instruments, Seat
from bridge.ports import Inspector
from bridge.site import Server
from bridge.team import Person
from bridge.text import Text, text
from bridge.tracker import Account, Form, Kind, Survey
from bridge.workspace import Workspace

LABEL = "bridge"  # stands on everything the bridge creates


def examine(tools: Instruments, workspace: Workspace | None, placed: Sequence[Seat]) -> Checkup:
    """Ask Jira and Confluence everything that matters, and diagnose.

    One question that is refused is noted and does not stop the others. A token that is refused is
    not tried again: Atlassian locks accounts after some failures.
    """
    found = Checkup()
    try:
        found.server = tools.jira.server()
        found.diagnoses += access.line(found.server, tools.jira_url, tools.patience)
    except NotSignedIn as error:  # some sites refuse a bad token even what everybody may ask
        _refused(tools, found, error)
        return found
    except SiteError as error:
        found.is_reached = False
        found.diagnoses.append(access.unreachable("Jira", tools.jira_url, error))
        return found
    may_go_on = _sign_in(tools, found)
    accounts: Mapping[str, str] = {}
    if found.me is not None:
        accounts = _jira(tools, workspace, placed, found)
    if may_go_on:
        diagnose_wiki.examine(tools, workspace, accounts, found)
    return found


def _sign_in(tools: Instruments, found: Checkup) -> bool:
    """Sign in to Jira; tell whether the same token may be tried in Confluence."""
    try:
        found.me = tools.jira.me()
    except NotSignedIn as error:
        _refused(tools, found, error)
        return isinstance(error, ScopeMissing)  # the token itself is good
    except SiteError as error:
        found.is_reached = False
        found.diagnoses.append(access.unreachable("Jira", tools.jira_url, error))
    return True


def _refused(tools: Instruments, found: Checkup, error: NotSignedIn) -> None:
    cloud_id = _cloud_id(tools, found.server)
    caller = access.Caller("Jira", tools.jira_url, tools.has_email, found.server, cloud_id)
    found.diagnoses.append(access.refused_sign_in(caller, error))


def _cloud_id(tools: Instruments, server: Server | None) -> str | None:
    """Return the site's id at the gateway; only Cloud has one to tell."""
    if server is not None and (server.flavour != "cloud" or server.is_gateway):
        return None
    try:
        return tools.jira.cloud_id()
    except SiteError:  # it only makes an advice more exact; the refusal itself is reported anyway
        return None


# --- Jira ----------------------------------------------------------------------------------------


def _jira(
    tools: Instruments, workspace: Workspace | None, placed: Sequence[Seat], found: Checkup
) -> Mapping[str, str]:
    """Diagnose Jira; return the names of the team by their accounts."""
    held = found.asked(text("the global permissions"), "Jira", tools.jira.site_rights)
    found.diagnoses += rights.site_wide(held or frozenset(), confluence=None)
    if workspace is None or tools.tracker is None:
        return {}
    tracker = found.asked(text("the workspace's Jira"), "Jira", tools.tracker)
    if tracker is None:
        return {}
    projects = sorted(set(workspace.projects.values()))
    survey = found.asked(
        text("rights, screens and people"),
        "Jira",
        lambda: tracker.survey(projects, [(seat, seat.project) for seat in placed], LABEL),
    )
    if survey is not None:
        found.diagnoses += _surveyed(survey, workspace, tracker.link_type)
        found.diagnoses += _people(tools.jira, survey, placed, found)
        seen = [project for project in projects if survey.rights.get(project) is not None]
        _statuses(tools.jira, workspace, seen, found)
    _beyond(tools.jira, projects, found)
    return _accounts(survey, placed) if survey else {}


def _surveyed(survey: Survey, workspace: Workspace, link_type: str) -> Iterable[Diagnosis]:
    projects = sorted(set(workspace.projects.values()))
    for project in projects:
        held = survey.rights.get(project)
        where = in_project(project) if held is not None else in_file("jira.projects")
        for problem in preflight.lacking(project, held):
            yield of_problem(problem, where)
        if held is not None:
            yield from rights.conversation(project, held, is_main=project == workspace.main_project)
    forms = {at: survey.forms.get(at) for at in _wanted(survey, workspace)}
    for project, kind in forms:
        yield from _form(project, kind, survey, workspace.start_date_field)
    yield from names.start_dates(form for form in forms.values() if form is not None)
    if link_type not in survey.link_types:
        yield of_problem(
            preflight.no_link_type(link_type, survey.link_types), in_file("jira.link_type")
        )
    if any(survey.rights.get(project) for project in projects):
        yield rights.silence(projects, survey.rights)


def _wanted(survey: Survey, workspace: Workspace) -> Iterable[tuple[str, Kind]]:
    """Give the kinds of issues that campaigns need, in the projects that can be seen."""
    for project in sorted(set(workspace.projects.values())):
        if survey.rights.get(project) is not None:
            if project == workspace.main_project:
                yield project, "epic"
            yield project, "task"


def _form(project: str, kind: Kind, survey: Survey, start_field: str | None) -> Iterable[Diagnosis]:
    form, rights = survey.forms.get((project, kind)), survey.rights.get(project)
    if rights is None or "CREATE_ISSUES" not in rights:
        return  # Jira shows no screens without that right, whose lack is said already
    for problem in preflight.unfit(project, kind, form, rights):
        if problem.code != "E-START-DATE":  # said once for all screens
            yield of_problem(problem, _screen(project, form))
    if form is not None:
        yield from names.optional_fields(form, start_field)


def _screen(project: str, form: Form | None) -> Text:
    if form is None:
        return in_project(project)
    return text(
        "Jira, project {project}, create screen of {type}", project=project, type=form.type_name
    )


def _people(
    jira: Inspector, survey: Survey, placed: Sequence[Seat], found: Checkup
) -> list[Diagnosis]:
    refused: dict[str, tuple[Person, Problem, list[str]]] = {}
    for seat in placed:
        if survey.rights.get(seat.project) is None:
            continue  # said already: the project cannot be seen
        problem = preflight.account_of(
            seat.person, {seat.person.id: survey.accounts.get(seat.id, ())}
        )
        if isinstance(problem, Problem):
            refused.setdefault(seat.person.id, (seat.person, problem, []))[2].append(seat.project)
    said: list[Diagnosis] = []
    for whom, problem, projects in refused.values():
        if not (whom.account or whom.email or whom.dc_user):
            said.append(names.unidentified(whom))
            continue
        known = found.asked(text("who {person} is", person=whom.name), "Jira", _looking(jira, whom))
        said.append(names.person(whom, problem, known or (), projects))
    return said


def _looking(jira: Inspector, whom: Person) -> Callable[[], Sequence[Account]]:
    return lambda: jira.known(whom)


def _statuses(
    jira: Inspector, workspace: Workspace, projects: Sequence[str], found: Checkup
) -> None:
    known = found.asked(
        text("the statuses"),
        "Jira",
        lambda: [status for project in projects for status in jira.statuses(project)],
    )
    if known is None or not projects:
        return
    for meaning, written in (
        ("done", workspace.done_statuses),
        ("blocked", workspace.blocked_statuses),
    ):
        found.diagnoses += names.statuses(meaning, written, known)


def _beyond(jira: Inspector, own: Sequence[str], found: Checkup) -> None:
    seen = found.asked(text("the other projects"), "Jira", jira.projects)
    others = sorted(project.key for project in seen or () if project.key not in own)
    asked = others[: rights.LOOKED_AT]
    beyond = found.asked(text("the other projects"), "Jira", lambda: jira.rights(asked))
    unasked = len(others) - len(beyond or {})
    found.diagnoses += rights.other_projects(beyond or {}, unasked)


def _accounts(survey: Survey, placed: Sequence[Seat]) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for seat in placed:
        matching = survey.accounts.get(seat.id, ())
        if len(matching) == 1:
            known[matching[0].id] = seat.person.name
    return known
