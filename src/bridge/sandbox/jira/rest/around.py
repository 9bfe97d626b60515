"""What hangs on issues, read for a whole page of them at once: a search of fifty asks five times, not 250."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from bridge.sandbox.jira.attached import Comment
from bridge.sandbox.jira.files import Attached
from bridge.sandbox.jira.links import Link
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.tracker import Jira


class Around:
    """The surroundings of some issues; each kind is read when it is first asked for."""

    def __init__(self, jira: Jira, issues: Sequence[Issue]) -> None:
        self._jira = jira
        self._issues = issues
        self._ids = [issue.id for issue in issues]

    def __contains__(self, issue: Issue) -> bool:
        return issue.id in self._ids

    @cached_property
    def comments(self) -> Mapping[int, list[Comment]]:
        """Comments by issue, oldest first."""
        return self._jira.comments.of_each(self._ids)

    @cached_property
    def files(self) -> Mapping[int, list[Attached]]:
        """Attachments by issue, oldest first."""
        return self._jira.files.of_each(self._ids)

    @cached_property
    def watchers(self) -> Mapping[int, list[str]]:
        """The account ids of those who watch, by issue."""
        return self._jira.watchers.of_each(self._ids)

    @cached_property
    def links(self) -> Mapping[int, list[Link]]:
        """Links by issue, oldest first."""
        return self._jira.links.of_each(self._ids)

    @cached_property
    def linked(self) -> Mapping[int, Issue]:
        """The issues at the far ends of the links, by id."""
        far = {link.other(at) for at, links in self.links.items() for link in links}
        return self._jira.book.several(sorted(far)) if far else {}

    @cached_property
    def parents(self) -> Mapping[int, Issue]:
        """The issues directly above, by id."""
        above = {issue.parent for issue in self._issues if issue.parent is not None}
        return self._jira.book.several(sorted(above)) if above else {}

    @cached_property
    def children(self) -> Mapping[int, list[Issue]]:
        """The issues directly below, by the one above."""
        return self._jira.book.children_of_each(self._ids)
