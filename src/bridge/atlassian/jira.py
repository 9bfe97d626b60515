"""Jira Cloud behind the Tracker port."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from bridge.atlassian import jira_wire as wire
from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Answer, Request, refusal
from bridge.errors import BadAnswer
from bridge.memory import PROPERTY
from bridge.ports import Whom
from bridge.text import text
from bridge.tracker import Account, Created, Draft, Edit, Failure, Form, Issue, Kind, Survey

_T = TypeVar("_T")
_KINDS: tuple[Kind, ...] = ("epic", "task")
_GAP = 50  # keys in a row that must be missing before the end is believed
_MOST_SCANNED = 1000  # keys read in search of issues that the index does not show yet


class JiraCloud:
    """Implements :class:`bridge.ports.Tracker` with Jira Cloud's REST API v3."""

    def __init__(
        self,
        transport: Transport,
        *,
        link_type: str | None = None,
        epic_type: str | None = None,
        task_type: str | None = None,
        start_field: str | None = None,
    ) -> None:
        self._transport = transport
        self._link_type = link_type or "Blocks"
        self._types: Mapping[Kind, str | None] = {"epic": epic_type, "task": task_type}
        self._type_ids: dict[tuple[str, Kind], str] = {}
        self._start_field = start_field
        self._configured_start = start_field

    @property
    def site(self) -> str:
        """Return the site's address."""
        return self._transport.url

    @property
    def link_type(self) -> str:
        """Return the name of the link type for dependencies."""
        return self._link_type

    def url(self, key: str) -> str:
        """Return the address where people see an issue."""
        return f"{self._transport.url}/browse/{key}"

    # --- gathering before a creation -------------------------------------------------------------

    def survey(
        self, projects: Sequence[str], people: Sequence[tuple[Whom, str]], label: str
    ) -> Survey:
        """Ask everything a creation depends on, a few requests at a time."""
        me = wire.account(self._get("/myself"))  # first and alone: a wrong token must fail once
        known = [(whom, project) for whom, project in people if whom.account or whom.email]
        asked = [
            *(wire.rights_request(project) for project in projects),
            *(wire.types_request(project) for project in projects),
            *(wire.newest_request(project) for project in projects),
            *(wire.assignable_request(project, _query_for(whom)) for whom, project in known),
            wire.link_types_request(),
            wire.search_request(f"labels = {wire.quoted(label)}", ["project"], wire.PAGE, None),
        ]
        answers = iter(zip(asked, self._transport.try_all(asked), strict=True))
        rights = {project: self._rights(*next(answers)) for project in projects}
        seen = [project for project in projects if rights[project] is not None]
        types = {project: next(answers) for project in projects}
        newest = {project: next(answers) for project in projects}
        accounts = [next(answers) for _ in known]
        links, labelled = next(answers), next(answers)
        return Survey(
            me=me,
            rights=rights,
            forms=self._forms({project: self._good(*types[project]) for project in seen}),
            accounts={whom.id: () for whom, _ in people}
            | _accounts(
                (whom, self._good(*asked).body)
                for (whom, project), asked in zip(known, accounts, strict=True)
                if project in seen
            ),
            link_types=tuple(t["name"] for t in self._good(*links).body["issueLinkTypes"]),
            newest={p: wire.newest_of(self._good(*newest[p]).body) for p in seen},
            labelled=tuple(raw["key"] for raw in self._good(*labelled).body["issues"]),
        )

    @staticmethod
    def _rights(request: Request, answer: Answer) -> frozenset[str] | None:
        """Return what this account may do in a project, None where it cannot see the project."""
        if answer.status in (400, 404):
            return None
        return wire.granted(JiraCloud._good(request, answer).body)

    def _forms(self, types: Mapping[str, Answer]) -> dict[tuple[str, Kind], Form | None]:
        chosen = {
            (project, kind): wire.issue_type(answer.body["issueTypes"], kind, self._types[kind])
            for project, answer in types.items()
            for kind in _KINDS
        }
        found = [(at, issue_type) for at, issue_type in chosen.items() if issue_type is not None]
        screens = self._all(
            wire.screen_request(at[0], issue_type["id"]) for at, issue_type in found
        )
        forms: dict[tuple[str, Kind], Form | None] = dict.fromkeys(chosen)
        for ((project, kind), issue_type), answer in zip(found, screens, strict=True):
            self._type_ids[project, kind] = str(issue_type["id"])
            forms[project, kind] = wire.form(
                project,
                kind,
                str(issue_type["name"]),
                answer.body["fields"],
                self._configured_start,
            )
        self._note_start_field(form for form in forms.values() if form)
        return forms

    def _note_start_field(self, forms: Iterable[Form]) -> None:
        if self._configured_start is None:
            self._start_field = next(
                (form.start_fields[0][0] for form in forms if len(form.start_fields) == 1), None
            )

    # --- reading ---------------------------------------------------------------------------------

    def search(self, jql: str) -> Sequence[Issue]:
        """Return every issue a bounded JQL finds, page by page."""
        found: dict[str, Issue] = {}
        fields, page = wire.read_fields(self._start_field), None
        while True:
            body = self._send(wire.search_request(jql, fields, wire.PAGE, page)).body
            for raw in body["issues"]:
                issue = self._issue(raw)
                found[issue.key] = issue  # a page may repeat what moved while we read
            page = body.get("nextPageToken")
            if not page:
                return list(found.values())

    def read(self, keys: Iterable[str]) -> Mapping[str, Issue]:
        """Return issues from the store; what does not exist, or cannot be seen, is left out."""
        wanted = sorted(set(keys))
        found: dict[str, Issue] = {}
        for some in _chunks(wanted, wire.FETCHED_AT_ONCE):
            body = self._send(wire.fetch_request(some, wire.read_fields(self._start_field))).body
            for raw in body["issues"]:
                issue = self._issue(raw)
                found[issue.key] = issue
        return found

    def created_since(self, project: str, number: int) -> Sequence[Issue]:
        """Return what was created above ``number``: keys count up, so the store can be asked.

        Reads keys by the hundred until fifty in a row do not exist.
        """
        found: list[Issue] = []
        for first in range(number + 1, number + 1 + _MOST_SCANNED, wire.FETCHED_AT_ONCE):
            keys = [f"{project}-{n}" for n in range(first, first + wire.FETCHED_AT_ONCE)]
            some = self.read(keys)
            found.extend(some[key] for key in keys if key in some)
            if some.keys().isdisjoint(keys[-_GAP:]):
                break
        return found

    # --- writing ---------------------------------------------------------------------------------

    def create(self, drafts: Sequence[Draft]) -> Created:
        """Create issues, fifty at a time; what one call refuses does not stop the others."""
        keys: dict[str, str] = {}
        failures: list[Failure] = []
        for some in _chunks(drafts, wire.AT_ONCE):
            created = self._create_some(some)
            keys |= created.keys
            failures += created.failures
        return Created(keys, tuple(failures))

    def _create_some(self, drafts: Sequence[Draft]) -> Created:
        request = Request(
            method="POST",
            path=f"{wire.API}/issue/bulk",
            body={
                "issueUpdates": [
                    wire.create_body(d, self._type_ids[d.project, d.kind], self._start_field)
                    for d in drafts
                ]
            },
            writes=tuple(sorted({draft.project for draft in drafts})),
            repeatable=False,  # there is no idempotency key: a lost answer is looked up, not resent
        )
        answer = self._transport.try_send(request)
        if answer.status >= 400 and not _is_partial(answer.body):
            raise refusal("Jira", request, answer)
        return wire.created(drafts, answer.body)

    def edit(self, edit: Edit, *, quietly: bool) -> None:
        """Write some fields of one issue and its memory in one request."""
        self._send(wire.edit_request(edit, self._start_field, quietly=quietly))

    def remember(self, key: str, memory: Mapping[str, Any]) -> None:
        """Write an issue's memory alone; nobody gets a mail for that."""
        self._send(
            Request(
                method="PUT",
                path=f"{wire.API}/issue/{key}/properties/{PROPERTY}",
                body=dict(memory),
                writes=(wire.project_of(key),),
                expects="anything",
            )
        )

    def link(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Link each (blocker, blocked), a few at a time."""
        self._transport.send_all(
            [wire.link_request(self._link_type, blocker, blocked) for blocker, blocked in pairs]
        )

    # --- the wire --------------------------------------------------------------------------------

    def _issue(self, raw: Mapping[str, Any]) -> Issue:
        return wire.issue(raw, self._start_field, self._link_type)

    def _get(self, path: str) -> Any:
        return self._send(Request(method="GET", path=f"{wire.API}{path}")).body

    def _send(self, request: Request) -> Answer:
        return self._shaped(request, self._transport.send(request))

    def _all(self, requests: Iterable[Request]) -> list[Answer]:
        requests = list(requests)
        answers = self._transport.send_all(requests)
        return [self._shaped(r, a) for r, a in zip(requests, answers, strict=True)]

    @staticmethod
    def _good(request: Request, answer: Answer) -> Answer:
        """Return a good answer; raise for a refusal."""
        if answer.status >= 400:
            raise refusal("Jira", request, answer)
        return JiraCloud._shaped(request, answer)

    @staticmethod
    def _shaped(request: Request, answer: Answer) -> Answer:
        """Refuse a success whose body is JSON, but not Jira's (a proxy's, another product's)."""
        if request.expects == "json" and not wire.has_shape(request, answer.body):
            raise BadAnswer("Jira", request.what, text("data of another kind"))
        return answer


def _accounts(found: Iterable[tuple[Whom, Any]]) -> dict[str, tuple[Account, ...]]:
    """Return who each person may be; who works in two projects must be assignable in both."""
    accounts: dict[str, tuple[Account, ...]] = {}
    for whom, users in found:
        matching = wire.matching(users, whom.email)
        before = accounts.get(whom.id, matching)
        accounts[whom.id] = tuple(account for account in before if account in matching)
    return accounts


def _query_for(whom: Whom) -> dict[str, str]:
    if whom.account:
        return {"accountId": whom.account}
    return {"query": whom.email or ""}


def _is_partial(body: Any) -> bool:
    """Tell a bulk create's own account of failures from any other refusal."""
    return isinstance(body, dict) and isinstance(body.get("errors"), list)


def _chunks(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
