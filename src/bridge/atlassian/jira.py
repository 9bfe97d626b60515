"""Jira behind the Tracker port, Cloud or Data Center by its dialect."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bridge.atlassian import jira_answers, jira_issue, jira_issue_wire, jira_search
from bridge.atlassian import jira_wire as wire
from bridge.atlassian.dialect import Dialect, FieldIds, Raw
from bridge.atlassian.jira_forms import issue_type
from bridge.atlassian.jira_survey import survey
from bridge.atlassian.line import Line
from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Request, judged, refusal
from bridge.campaign import LABEL
from bridge.errors import TooManyNewIssues
from bridge.ports import Whom
from bridge.prose import Prose
from bridge.tracker import (
    Account,
    Attached,
    Comment,
    Content,
    Created,
    Draft,
    Edit,
    Failure,
    Happening,
    Issue,
    Kind,
    Stamp,
    Survey,
)

_T = TypeVar("_T")
_MOST_SCANNED = 10_000  # keys read in search of issues that the index does not show yet


@judged("Jira")
class Jira:
    """Implements :class:`bridge.ports.Tracker`.

    ``public_url`` is where people see the site; requests may go elsewhere (Atlassian's gateway).
    ``start_field`` is the configured start-date field's id, None to look for it.
    """

    def __init__(
        self,
        transport: Transport,
        dialect: Dialect,
        *,
        public_url: Callable[[], str] | None = None,
        link_type: str | None = None,
        epic_type: str | None = None,
        task_type: str | None = None,
        start_field: str | None = None,
    ) -> None:
        self._transport = transport
        self._dialect = dialect
        self._line = Line(transport, dialect)
        self._public_url = public_url or (lambda: transport.url)
        self._link_type = link_type or "Blocks"
        self._types: Mapping[Kind, str | None] = {"epic": epic_type, "task": task_type}
        self._type_ids: dict[tuple[str, Kind], str] = {}
        self._epic_ids: dict[str, str | None] = {}
        self._configured_start = start_field
        self._known_ids: FieldIds | None = None

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
        return f"{self._public_url()}/browse/{key}"

    # --- gathering before a creation -------------------------------------------------------------

    def me(self) -> Account:
        """Return who signs in."""
        request = Request(method="GET", path=f"{self._dialect.api}/myself")
        return self._dialect.account(self._line.send(request).body)

    def survey(
        self, projects: Sequence[str], people: Sequence[tuple[Whom, str]], label: str
    ) -> Survey:
        """Ask everything a creation depends on, a few requests at a time."""
        ids = replace(self._ids, start=self._configured_start)
        surveyed = survey(self._line, ids, self._types, projects, people, label)
        self._type_ids |= surveyed.type_ids
        self._known_ids = replace(ids, start=surveyed.start)
        return surveyed.survey

    @property
    def _ids(self) -> FieldIds:
        """Return the ids of the site's own fields; Data Center is asked for them once."""
        if self._known_ids is None:
            request = self._dialect.fields_request()
            fields = self._line.send(request).body if request else ()
            self._known_ids = self._dialect.field_ids(fields, self._configured_start)
        return self._known_ids

    # --- reading ---------------------------------------------------------------------------------

    def search(self, jql: str) -> Sequence[Issue]:
        """Return every issue a bounded JQL finds, page by page."""
        fields = wire.read_fields(self._dialect, self._ids)
        raws = jira_search.issues(self._line, jql, fields)
        found = {raw["key"]: self._issue(raw) for raw in raws}
        if not self._dialect.searches_with_memory:
            found |= self.read(issue.key for issue in found.values() if LABEL in issue.labels)
        return list(found.values())

    def stamps(self, jql: str) -> Sequence[Stamp]:
        """Return when every issue that a bounded JQL finds changed last, in large pages."""
        return jira_search.stamps(self._line, jql)

    def epics(self, project: str, condition: str) -> Sequence[Issue]:
        """Return the epics of a project that fulfil a JQL condition."""
        epic_type = self._epic_type_id(project)
        if epic_type is None:
            return []
        jql = f"project = {wire.quoted(project)} AND issuetype = {epic_type} AND {condition}"
        return self.search(f"{jql} ORDER BY key")

    def children(self, epics: Collection[str], condition: str) -> Sequence[Issue]:
        """Return the issues below epics that fulfil a JQL condition, by due date."""
        if not epics:
            return []
        below = self._dialect.children_clause(
            [wire.quoted(key) for key in sorted(epics)], self._ids
        )
        return self.search(f"{below} AND {condition} ORDER BY duedate, key")

    def _epic_type_id(self, project: str) -> str | None:
        """Return the id by which JQL names epics: type names are translated."""
        if project not in self._epic_ids:
            path = f"{self._dialect.api}/project/{project}"
            types = self._line.send(Request(method="GET", path=path)).body.get("issueTypes") or ()
            epic = issue_type(types, "epic", self._types["epic"], self._dialect)
            self._epic_ids[project] = str(epic["id"]) if epic else None
        return self._epic_ids[project]

    def read(self, keys: Iterable[str]) -> Mapping[str, Issue]:
        """Return issues from the store; what does not exist, or cannot be seen, is left out."""
        fields = wire.read_fields(self._dialect, self._ids)
        found: dict[str, Issue] = {}
        for some in _chunks(sorted(set(keys)), wire.FETCHED_AT_ONCE):
            requests = self._dialect.fetch_requests(some, fields)
            answers = self._transport.try_all(requests)
            good = [
                self._line.good(request, answer)
                for request, answer in zip(requests, answers, strict=True)
                if answer.status != 404
            ]
            issues = (self._issue(raw) for raw in self._dialect.fetched(good))
            found |= {issue.key: issue for issue in issues}
        return found

    def created_since(self, project: str, number: int, newest: int = 0) -> Sequence[Issue]:
        """Return what was created above ``number``: keys count up, so the store can be asked.

        Reads keys until many in a row do not exist, and at least up to ``newest``. Raises
        TooManyNewIssues where that does not end.
        """
        found: list[Issue] = []
        size, gap = self._dialect.scanned_at_once, self._dialect.believed_gap
        for first in range(number + 1, number + 1 + _MOST_SCANNED, size):
            keys = [f"{project}-{n}" for n in range(first, first + size)]
            some = self.read(keys)
            found.extend(some[key] for key in keys if key in some)
            if first + size > newest and some.keys().isdisjoint(keys[-gap:]):
                return found
        raise TooManyNewIssues(project, _MOST_SCANNED)

    def content(self, key: str) -> Content:
        """Return the code and the tables of a description."""
        return jira_issue.content(self._line, key)

    def lines(self, key: str) -> Sequence[str]:
        """Return the lines of a description as bare words."""
        return jira_issue.lines(self._line, key)

    def attachment(self, attached: Attached, most: int) -> bytes:
        """Return what an attachment holds."""
        return jira_issue.attachment(self._line, attached, most)

    def comments(self, key: str) -> Sequence[Comment]:
        """Return every comment of an issue, page by page."""
        return jira_issue.comments(self._line, key)

    def history(self, key: str) -> Sequence[Happening]:
        """Return every change of an issue, page by page."""
        return jira_issue.history(self._line, key)

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
        request = wire.create_request(drafts, self._type_ids, self._dialect, self._ids)
        answer = self._transport.try_send(request)
        if answer.status >= 400 and not _is_partial(answer.body):
            raise refusal("Jira", request, answer)
        return jira_answers.created(drafts, answer.body)

    def edit(self, edit: Edit, *, quietly: bool) -> None:
        """Write some fields of one issue and its memory in one request."""
        self._line.send(wire.edit_request(edit, self._dialect, self._ids, quietly=quietly))

    def remember(self, key: str, memory: Mapping[str, Any]) -> None:
        """Write an issue's memory alone; nobody gets a mail for that."""
        self._line.send(wire.remember_request(key, memory, self._dialect))

    def forget(self, key: str) -> None:
        """Take the memory off an issue; nobody gets a mail for that."""
        jira_issue.forget(self._line, key)

    def add_to_description(self, key: str, prose: Prose, *, quietly: bool) -> None:
        """Write blocks below what a description holds; nothing to add is nothing sent."""
        jira_issue.add_to_description(self._line, key, prose, quietly=quietly)

    def link(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Link each (blocker, blocked), a few at a time."""
        self._transport.send_all(
            [
                wire.link_request(self._link_type, blocker, blocked, self._dialect)
                for blocker, blocked in pairs
            ]
        )

    def comment(self, key: str, prose: Prose) -> str:
        """Write a new comment; return its id."""
        request = jira_issue_wire.comment_request(key, prose, self._dialect)
        return str(self._line.send(request).body["id"])

    def recomment(self, key: str, comment_id: str, prose: Prose) -> None:
        """Write a comment anew."""
        self._line.send(jira_issue_wire.recomment_request(key, comment_id, prose, self._dialect))

    def relabel(
        self, key: str, add: Collection[str], remove: Collection[str], *, quietly: bool
    ) -> None:
        """Change labels one by one; nothing to change is nothing sent."""
        if add or remove:
            self._line.send(
                jira_issue_wire.relabel_request(key, add, remove, self._dialect, quietly=quietly)
            )

    def finish(self, key: str) -> bool:
        """Move an issue to a status of category done; False where no such step is offered."""
        return jira_issue.finish(self._line, key)

    def _issue(self, raw: Raw) -> Issue:
        return jira_answers.issue(
            raw, self._dialect, self._ids, self._link_type, self._types["epic"]
        )


def _is_partial(body: Any) -> bool:
    """Tell a bulk create's own account of failures from any other refusal."""
    return isinstance(body, dict) and isinstance(body.get("errors"), list)


def _chunks(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
