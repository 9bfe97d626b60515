"""Whether the names in bridge.yaml mean something: people, roles, statuses, the start date."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bridge.doctor.diagnosis import Diagnosis, in_file, of_problem, some
from bridge.errors import Problem, near_miss
from bridge.guardrails.policy import APPROVERS
from bridge.nearmiss import nearest
from bridge.team import Person, Team
from bridge.text import Text, Value, text, texts
from bridge.tracker import Account, FieldName, Form, Status

_OPTIONAL: dict[FieldName, Text] = {
    "description": text("description"),
    "start": text("start date"),
    "priority": text("priority"),
}
_MEANINGS: dict[str, tuple[str, Text]] = {
    "done": ("jira.statuses.done", text("An action in that status would not count as done.")),
    "blocked": (
        "jira.statuses.blocked",
        text("An action in that status would not be shown as blocked."),
    ),
}


def person(
    whom: Person, problem: Problem, known: Sequence[Account], projects: Iterable[str]
) -> Diagnosis:
    """Return why somebody cannot be assigned.

    ``known``: the accounts they may be, whether they can be assigned or not; ``projects``: where
    they cannot.
    """
    where = in_file(f"people.{whom.id}")
    if problem.code != "E-PERSON" or len(known) != 1:
        return of_problem(problem, where)
    why = text("Every action has one owner, and the owner is the assignee in Jira.")
    if not known[0].active:
        return Diagnosis(
            code="E-PERSON-INACTIVE",
            what=text("The account of {person} is inactive.", person=whom.name),
            why=why,
            remedy=text(
                "Let the administrator open it again, or give their roles to somebody else: the "
                "section “roles” of bridge.yaml."
            ),
            where=where,
        )
    return Diagnosis(
        code="E-PERSON-PROJECT",
        what=text(
            "{person} cannot be assigned in {projects}.", person=whom.name, projects=some(projects)
        ),
        why=why,
        remedy=text("Give them “Assignable User” and “Browse Projects” there."),
        where=where,
    )


def unidentified(whom: Person) -> Diagnosis:
    """Return what to say of somebody inside of whom nothing says who they are on the site."""
    return Diagnosis(
        code="E-PERSON-NOBODY",
        what=text("Nothing says who {person} is in Jira.", person=whom.name),
        why=text("Every action has one owner, and the owner is the assignee in Jira."),
        remedy=text("Write their account id or e-mail; or external: true with a referent."),
        where=in_file(f"people.{whom.id}"),
    )


def statuses(meaning: str, written: Sequence[str], known: Sequence[Status]) -> Iterator[Diagnosis]:
    """Give the statuses of bridge.yaml that no project has.

    A near miss is a warning. Others only where no name of the list exists: a list may well serve
    two languages.
    """
    names = [status.name for status in known]
    folded = {name.casefold() for name in names}
    unknown = [name for name in written if name.casefold() not in folded]
    key, why = _MEANINGS[meaning]
    taken = {name.casefold() for name in written}
    rest = [name for name in names if name.casefold() not in taken]
    for name in unknown:
        near = nearest(name, rest)
        if near is not None:
            yield _status("W-STATUS", name, text("Did you mean “{near}”?", near=near), key, why)
    if unknown and len(unknown) == len(written) and not any(nearest(n, names) for n in unknown):
        yield _no_status(unknown, names, key, why)


def _status(code: str, name: str, remedy: Text, key: str, why: Text) -> Diagnosis:
    return Diagnosis(
        code=code,
        what=text("No project has a status “{name}”.", name=name),
        why=why,
        remedy=remedy,
        where=in_file(key),
    )


def _no_status(unknown: Sequence[str], names: Sequence[str], key: str, why: Text) -> Diagnosis:
    return Diagnosis(
        code="W-STATUS",
        what=text("No project has any of the statuses {names}.", names=some(unknown)),
        why=why,
        remedy=text("Known: {names}.", names=some(names)),
        where=in_file(key),
    )


def optional_fields(form: Form, configured: str | None) -> Iterator[Diagnosis]:
    """Give what an issue can do without, but its screen lacks."""
    lacking = [name for name in _OPTIONAL if name not in form.settable]
    if len(form.start_fields) > 1:
        lacking.remove("start")  # said as an ambiguity
    if "start" in lacking and configured:
        lacking.remove("start")
        yield Diagnosis(
            code="W-START-FIELD",
            what=text(
                "{type} in {project} has no field {field} on its create screen.",
                type=form.type_name,
                project=form.project,
                field=configured,
            ),
            why=text("Issues are created without a start date."),
            remedy=text("Add it to that screen, or correct jira.fields.start_date."),
            where=in_file("jira.fields.start_date"),
        )
    if lacking:
        words: tuple[Value, ...] = tuple(_OPTIONAL[name] for name in lacking)
        yield Diagnosis(
            code="W-FIELD",
            what=text(
                "The create screen of {type} in {project} lacks: {fields}.",
                type=form.type_name,
                project=form.project,
                fields=words,
            ),
            why=text("Issues are created without it."),
            remedy=text("Ask the administrator to add them to that screen."),
            where=text(
                "Jira, project {project}, create screen of {type}",
                project=form.project,
                type=form.type_name,
            ),
        )


def roles(team: Team, needed: Mapping[str, Sequence[str]]) -> Iterator[Diagnosis]:
    """Give the roles that nobody holds, and those that neither a template nor a review knows.

    ``needed``: for each role, the ids of the templates that need it.
    """
    vacant = [role for role in needed if role not in team.roles]
    if vacant and not team.people:
        yield Diagnosis(
            code="I-TEAM",
            what=text("bridge.yaml names no people: this workspace is for the calendar only."),
            why=text("A campaign needs one person for each role of its template."),
            remedy=text("Nothing to do, or fill in “people” and “roles”."),
            where=in_file("people"),
        )
    elif vacant:
        yield _vacant(vacant, {one for role in vacant for one in needed[role]})
    for role in team.roles:
        if role not in needed and role not in APPROVERS:
            rest = [other for other in needed if other not in team.roles]
            yield Diagnosis(
                code="I-ROLE-UNUSED",
                what=text("No template needs the role “{role}”.", role=role),
                why=text("Whoever holds it gets no action through it."),
                remedy=near_miss(nearest(role, rest), ())
                or text("Nothing to do if a template of yours will need it."),
                where=in_file(f"roles.{role}"),
            )


def _vacant(roles: Sequence[str], templates: Collection[str]) -> Diagnosis:
    return Diagnosis(
        code="W-ROLE-VACANT",
        what=texts(
            "{n} role is held by nobody: {roles}.",
            "{n} roles are held by nobody: {roles}.",
            len(roles),
            roles=some(roles),
        ),
        why=texts(
            "A campaign from this template is refused: {names}.",
            "A campaign from these templates is refused: {names}.",
            len(templates),
            names=some(templates),
        ),
        remedy=text(
            "Give each to one person under “roles”, or name the person with --owner ROLE=PERSON."
        ),
        where=in_file("roles"),
    )


def start_dates(forms: Iterable[Form]) -> Iterator[Diagnosis]:
    """Give the fields that could all be the start date, each set of them once."""
    places: dict[tuple[tuple[str, str], ...], list[Value]] = {}
    for form in forms:
        if len(form.start_fields) > 1:
            place = text("{type} in {project}", type=form.type_name, project=form.project)
            places.setdefault(tuple(sorted(form.start_fields)), []).append(place)
    for candidates, where in places.items():
        names: tuple[Value, ...] = tuple(f"{name} ({key})" for key, name in candidates)
        yield of_problem(
            Problem(
                text("Several fields could be the start date: {fields}.", fields=names),
                text("Say which one: jira.fields.start_date in bridge.yaml."),
                code="E-START-DATE",
            ),
            text("Jira, create screens: {places}", places=tuple(where)),
        )
