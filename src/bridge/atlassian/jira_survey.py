"""What a creation depends on, asked of Jira a few requests at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.atlassian import jira_answers
from bridge.atlassian import jira_wire as wire
from bridge.atlassian.dialect import FieldIds, Raw
from bridge.atlassian.jira_forms import form, issue_type
from bridge.atlassian.line import Line
from bridge.atlassian.wire import Answer, Request
from bridge.ports import Whom
from bridge.tracker import Account, Form, Kind, Survey

KINDS: tuple[Kind, ...] = ("epic", "task")
_Asked = tuple[Request, Answer]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The survey, and the ids by which later requests name issue types and the start date."""

    survey: Survey
    type_ids: Mapping[tuple[str, Kind], str]
    start: str | None


def survey(
    line: Line,
    ids: FieldIds,
    types: Mapping[Kind, str | None],
    projects: Sequence[str],
    people: Sequence[tuple[Whom, str]],
    label: str,
) -> Surveyed:
    """Gather a :class:`Survey`.

    ``types``: the configured names of the issue types. ``people``: with the project in which each
    must be assignable. Raises a SiteError.
    """
    dialect = line.dialect
    # First and alone: a wrong token must fail once.
    me = dialect.account(line.send(Request(method="GET", path=f"{dialect.api}/myself")).body)
    known = [(w, project, query) for w, project in people if (query := dialect.whom(w))]
    asked = [
        *(dialect.rights_request(project) for project in projects),
        *(wire.types_request(project, dialect) for project in projects),
        *(wire.newest_request(project, dialect) for project in projects),
        *(wire.assignable_request(project, query, dialect) for _, project, query in known),
    ]
    answers = iter(zip(asked, line.transport.try_all(asked), strict=True))
    rights = {project: _rights(line, *next(answers)) for project in projects}
    seen = [project for project in projects if rights[project] is not None]
    typed = {project: next(answers) for project in projects}
    newest = {project: next(answers) for project in projects}
    found = [(whom, project, next(answers)) for whom, project, _ in known]
    # Without the right to create, Jira answers for create metadata as if there were no project.
    may_create = [project for project in seen if "CREATE_ISSUES" in (rights[project] or ())]
    chosen = _chosen(line, types, {p: typed[p] for p in may_create})
    there = [(at, t) for at, t in chosen.items() if t is not None]
    asked = [
        *(wire.screen_request(at[0], t["id"], dialect) for at, t in there),
        wire.link_types_request(dialect),
        dialect.search_request(_labelled_jql(label), ["project"], wire.PAGE, None),
    ]
    *screens, links, labelled = zip(asked, line.transport.try_all(asked), strict=True)
    forms = _forms(line, ids, chosen, screens)
    result = Survey(
        me=me,
        rights=rights,
        forms=forms,
        accounts={whom.id: () for whom, _ in people} | _accounts(line, seen, found),
        link_types=tuple(t["name"] for t in line.good(*links).body["issueLinkTypes"]),
        newest={p: wire.newest_of(line.good(*newest[p]).body) for p in seen},
        labelled=tuple(_labelled(line, label, line.good(*labelled).body)),
    )
    type_ids = {at: str(t["id"]) for at, t in there}
    return Surveyed(result, type_ids, ids.start or _start(form for form in forms.values() if form))


def _labelled_jql(label: str) -> str:
    return f"labels = {wire.quoted(label)} ORDER BY key ASC"


def _labelled(line: Line, label: str, body: Raw) -> Iterator[str]:
    """Return the keys under a label, the first page of them already there."""
    while True:
        yield from (str(raw["key"]) for raw in body["issues"])
        page = line.dialect.next_page(body)
        if not page:
            return
        request = line.dialect.search_request(_labelled_jql(label), ["project"], wire.PAGE, page)
        body = line.send(request).body


def _rights(line: Line, request: Request, answer: Answer) -> frozenset[str] | None:
    """Return what this account may do in a project, None where it cannot see the project."""
    if answer.status in (400, 404):
        return None
    return jira_answers.granted(line.good(request, answer).body)


def _chosen(
    line: Line, types: Mapping[Kind, str | None], typed: Mapping[str, _Asked]
) -> dict[tuple[str, Kind], Raw | None]:
    """Return the issue type to be used for each project and kind, None where there is none."""
    dialect = line.dialect
    listed = {p: dialect.listed(line.good(*a).body, "issueTypes") for p, a in typed.items()}
    return {
        (project, kind): issue_type(found, kind, types[kind], dialect)
        for project, found in listed.items()
        for kind in KINDS
    }


def _forms(
    line: Line,
    ids: FieldIds,
    chosen: Mapping[tuple[str, Kind], Raw | None],
    screens: Iterable[_Asked],
) -> dict[tuple[str, Kind], Form | None]:
    """Return the create screens of the issue types to be used; ``screens`` of those that exist."""
    answers = iter(screens)
    forms: dict[tuple[str, Kind], Form | None] = dict.fromkeys(chosen)
    for (project, kind), used in chosen.items():
        if used is not None:
            fields = line.dialect.listed(line.good(*next(answers)).body, "fields")
            forms[project, kind] = form(project, kind, str(used["name"]), fields, line.dialect, ids)
    return forms


def _start(forms: Iterable[Form]) -> str | None:
    """Return the start-date field that was found by name and type on some screen."""
    return next((form.start_fields[0][0] for form in forms if len(form.start_fields) == 1), None)


def _accounts(
    line: Line, seen: Sequence[str], found: Sequence[tuple[Whom, str, _Asked]]
) -> dict[str, tuple[Account, ...]]:
    """Return who each person may be; who works in two projects must be assignable in both."""
    accounts: dict[str, tuple[Account, ...]] = {}
    for whom, project, asked in found:
        if project not in seen:
            continue
        users: Any = line.good(*asked).body
        matching = jira_answers.matching(users, whom, line.dialect)
        before = accounts.get(whom.id, matching)
        accounts[whom.id] = tuple(account for account in before if account in matching)
    return accounts
