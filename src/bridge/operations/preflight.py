"""Before the first write: everything about the site that would make a creation fail, at once. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bridge.campaign import Site
from bridge.errors import Problem, near_miss
from bridge.findings import Finding
from bridge.nearmiss import nearest
from bridge.retroplan.schedule import Schedule
from bridge.team import Person
from bridge.text import Bilingual, Text, Value, text
from bridge.tracker import Account, Form, Kind, Survey

# What the bridge needs in each project, with the words Jira's administration uses for it: the English
# ones beside the French, since an administrator may read either.
NEEDED = {
    "BROWSE_PROJECTS": Bilingual("Parcourir les projets (Browse Projects)", "Browse Projects"),
    "CREATE_ISSUES": Bilingual("Créer des tickets (Create Issues)", "Create Issues"),
    "EDIT_ISSUES": Bilingual("Modifier des tickets (Edit Issues)", "Edit Issues"),
    "ASSIGN_ISSUES": Bilingual("Assigner des tickets (Assign Issues)", "Assign Issues"),
    "LINK_ISSUES": Bilingual("Lier des tickets (Link Issues)", "Link Issues"),
}


_FIELDS = {
    "summary": text("summary"),
    "labels": text("labels"),
    "assignee": text("assignee"),
    "duedate": text("due date"),
    "parent": text("parent"),
}


def check(
    survey: Survey,
    kinds: Iterable[tuple[str, Kind]],
    people: Iterable[tuple[Person, str]],
    link_type: str | None,
) -> tuple[Site, Sequence[Problem]]:
    """Return account ids and forms for a campaign, and every reason why it cannot be created.

    ``kinds``: the projects and kinds of issues needed. ``people``: who must be assignable, with the
    project. ``link_type``: the link type needed, None where the campaign has no dependencies.
    """
    problems: list[Problem] = []
    forms: dict[tuple[str, Kind], Form] = {}
    for project in sorted({project for project, _ in kinds}):
        problems += lacking(project, survey.rights.get(project))
    for at in sorted(set(kinds)):
        rights = survey.rights.get(at[0])
        if rights is not None and "CREATE_ISSUES" in rights:  # else Jira shows no screens at all
            form = survey.forms.get(at)
            problems += unfit(*at, form, rights)
            forms |= {at: form} if form else {}
    accounts: dict[str, str] = {}
    # Who may not assign is shown nobody to assign: that was said already.
    seen = [one for one in people if "ASSIGN_ISSUES" in (survey.rights.get(one[1]) or ())]
    for person in _distinct(seen):
        found = account_of(person, survey.accounts)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            accounts[person.id] = found.id
    if link_type is not None and link_type not in survey.link_types:
        problems.append(no_link_type(link_type, survey.link_types))
    return Site(accounts, forms), problems


def warnings(site: Site, plan: Schedule) -> Iterator[Finding]:
    """Return what will be missing from the issues without stopping a creation."""
    if all(scheduled.start == scheduled.due for scheduled in plan.steps):
        return
    without: tuple[Value, ...] = tuple(
        sorted({form.project for form in site.forms.values() if "start" not in form.settable})
    )
    if without:
        yield Finding(
            "W-START-FIELD",
            text(
                "{projects} has no start date on its create screens: starts are left out.",
                projects=without,
            ),
        )


def lacking(project: str, rights: frozenset[str] | None) -> Iterator[Problem]:
    """Give what this account must be granted in a project; ``rights`` None: it cannot even see it."""
    if rights is None:
        yield Problem(
            text("Jira shows no project {project} to this account.", project=project),
            text("Check jira.projects in bridge.yaml, and the right “Browse Projects” there."),
            code="E-PROJECT",
        )
        return
    missing: tuple[Value, ...] = tuple(n for right, n in NEEDED.items() if right not in rights)
    if missing:
        yield Problem(
            text(
                "This account lacks rights in {project}: {rights}.", project=project, rights=missing
            ),
            text("Ask the administrator of the project for them."),
            code="E-RIGHTS",
        )


def unfit(project: str, kind: Kind, form: Form | None, rights: frozenset[str]) -> Iterator[Problem]:
    """Give what keeps an epic or a task from being created with all that the bridge writes.

    ``form`` None: the project has no such issue type.
    """
    if form is not None:
        yield from _screen(form, rights)
        return
    yield Problem(
        text(
            "The project {project} has no issue type for {kind}.",
            project=project,
            kind=text("an epic") if kind == "epic" else text("a task"),
        ),
        text("Add one to the project, or name yours under jira.issue_types in bridge.yaml."),
        code="E-ISSUE-TYPE",
    )


def _screen(form: Form, rights: frozenset[str]) -> Iterator[Problem]:
    where = {"project": form.project, "type": form.type_name}
    # Without the right to assign, the field is on no screen: that was said already.
    absent = [f for f in form.absent if f != "assignee" or "ASSIGN_ISSUES" in rights]
    if absent:
        yield Problem(
            text(
                "The create screen of {type} in {project} lacks: {fields}.",
                fields=tuple(_words(key) for key in absent),
                **where,
            ),
            text("Ask the administrator to add them to that screen."),
            code="E-SCREEN",
        )
    if form.unfilled:
        yield Problem(
            text(
                "{type} in {project} requires fields that the bridge does not fill: {fields}.",
                fields=tuple(form.unfilled),
                **where,
            ),
            text(
                "Give them a default value, or make them optional for {type}.", type=form.type_name
            ),
            code="E-REQUIRED-FIELD",
        )
    if len(form.start_fields) > 1:
        yield Problem(
            text(
                "{type} in {project} has several start date fields: {fields}.",
                fields=tuple(f"{name} ({key})" for key, name in form.start_fields),
                **where,
            ),
            text("Say which one: jira.fields.start_date in bridge.yaml."),
            code="E-START-DATE",
        )


def _words(field: str) -> Value:
    """Return a field as people know it, with its id, which Jira's own messages use."""
    known = _FIELDS.get(field)
    return text("{name} ({id})", name=known, id=field) if known else field


def account_of(person: Person, accounts: Mapping[str, tuple[Account, ...]]) -> Account | Problem:
    """Return the one account that a person can be assigned as, or why there is none."""
    known = accounts.get(person.id, ())
    if len(known) > 1:
        candidates: tuple[Value, ...] = tuple(f"{a.name} ({a.id})" for a in known)
        return Problem(
            text(
                "Jira knows several people as “{person}”: {candidates}.",
                person=person.name,
                candidates=candidates,
            ),
            text(
                "Write the right one's account id: people.{id}.account in bridge.yaml.",
                id=person.id,
            ),
            code="E-PERSON-AMBIGUOUS",
        )
    if not known or not known[0].active:
        return Problem(
            _unassignable(person),
            text(
                "Check that their account is active, their e-mail in bridge.yaml and their "
                "access to the project, or write their account id."
            ),
            code="E-PERSON",
        )
    return known[0]


def _unassignable(person: Person) -> Text:
    return text(
        "Nobody in Jira can be assigned as “{person}” ({who}).",
        person=person.name,
        who=person.account or person.email or person.dc_user or person.id,
    )


def no_link_type(link_type: str, known: Sequence[str]) -> Problem:
    """Return what to say where the site lacks the link type for dependencies."""
    return Problem(
        text("Jira has no link type “{name}”.", name=link_type),
        near_miss(nearest(link_type, known), known)
        or text("Ask the administrator to switch issue linking on."),
        code="E-LINK-TYPE",
    )


def _distinct(people: Iterable[tuple[Person, str]]) -> Iterable[Person]:
    return {person.id: person for person, _ in people}.values()
