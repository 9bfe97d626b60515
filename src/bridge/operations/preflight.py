"""Before the first write: everything about the site that would make a creation fail, at once. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bridge.campaign import Site
from bridge.errors import Problem, near_miss
from bridge.nearmiss import nearest
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
        problems += _rights(project, survey.rights.get(project))
    for at in sorted(set(kinds)):
        if survey.rights.get(at[0]) is not None:
            form, wrong = _form(*at, survey.forms.get(at))
            problems += wrong
            forms |= {at: form} if form else {}
    accounts: dict[str, str] = {}
    seen = [one for one in people if survey.rights.get(one[1]) is not None]  # else said already
    for person in _distinct(seen):
        found = _account(person, survey.accounts)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            accounts[person.id] = found.id
    if link_type is not None and link_type not in survey.link_types:
        problems.append(_no_link_type(link_type, survey.link_types))
    return Site(accounts, forms), problems


def _rights(project: str, rights: frozenset[str] | None) -> Iterator[Problem]:
    if rights is None:
        yield Problem(
            text("Jira shows no project {project} to this account.", project=project),
            text("Check jira.projects in bridge.yaml, and the right “Browse Projects” there."),
        )
        return
    missing: tuple[Value, ...] = tuple(n for right, n in NEEDED.items() if right not in rights)
    if missing:
        yield Problem(
            text(
                "This account lacks rights in {project}: {rights}.", project=project, rights=missing
            ),
            text("Ask the administrator of the project for them."),
        )


def _form(project: str, kind: Kind, form: Form | None) -> tuple[Form | None, list[Problem]]:
    if form is None:
        what = text("an epic") if kind == "epic" else text("a task")
        return None, [
            Problem(
                text(
                    "The project {project} has no issue type for {kind}.",
                    project=project,
                    kind=what,
                ),
                text(
                    "Add one to the project, or name yours under jira.issue_types in bridge.yaml."
                ),
            )
        ]
    return form, list(_screen(form))


def _screen(form: Form) -> Iterator[Problem]:
    where = {"project": form.project, "type": form.type_name}
    if form.absent:
        yield Problem(
            text(
                "The create screen of {type} in {project} lacks: {fields}.",
                fields=tuple(form.absent),
                **where,
            ),
            text("Ask the administrator to add them to that screen."),
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
        )
    if len(form.start_fields) > 1:
        yield Problem(
            text(
                "{type} in {project} has several start date fields: {fields}.",
                fields=tuple(f"{name} ({key})" for key, name in form.start_fields),
                **where,
            ),
            text("Say which one: jira.fields.start_date in bridge.yaml."),
        )


def _account(person: Person, accounts: Mapping[str, tuple[Account, ...]]) -> Account | Problem:
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
        )
    if not known or not known[0].active:
        return Problem(
            _unassignable(person),
            text(
                "Check their e-mail in bridge.yaml and their "
                "access to the project, or write their account id."
            ),
        )
    return known[0]


def _unassignable(person: Person) -> Text:
    return text(
        "Nobody in Jira can be assigned as “{person}” ({who}).",
        person=person.name,
        who=person.account or person.email or person.id,
    )


def _no_link_type(link_type: str, known: Sequence[str]) -> Problem:
    return Problem(
        text("Jira has no link type “{name}”.", name=link_type),
        near_miss(nearest(link_type, known), known)
        or text("Ask the administrator to switch issue linking on."),
    )


def _distinct(people: Iterable[tuple[Person, str]]) -> Iterable[Person]:
    return {person.id: person for person, _ in people}.values()
