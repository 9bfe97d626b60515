"""The look through the store for what the index does not show yet: how far it goes, and when it gives up."""

from collections.abc import Iterable, Mapping

import pytest

from bridge.atlassian.dialect import Dialect
from bridge.atlassian.jira import Jira
from bridge.atlassian.jira_cloud import Cloud
from bridge.atlassian.jira_datacenter import DataCenter
from bridge.atlassian.transport import Credentials, Fence, Transport
from bridge.errors import TooManyNewIssues
from bridge.tracker import Issue

DIALECTS = pytest.mark.parametrize("dialect", [Cloud(), DataCenter()], ids=["cloud", "datacenter"])


class Store(Jira):
    """A Jira whose store is a set of numbers, without a network."""

    def __init__(self, dialect: Dialect, numbers: Iterable[int]) -> None:
        fence = Fence(observe=True, allowed=frozenset())
        super().__init__(Transport("Jira", "https://x.example", Credentials("t"), fence), dialect)
        self.numbers = set(numbers)

    def read(self, keys: Iterable[str]) -> Mapping[str, Issue]:
        there = (key for key in keys if int(key.rpartition("-")[2]) in self.numbers)
        return {key: Issue(id=key, key=key, project="MKT") for key in there}


@DIALECTS
def test_a_gap_of_deleted_issues_does_not_end_the_look_before_the_newest_known(
    dialect: Dialect,
) -> None:
    store = Store(dialect, [1, 400])
    assert [i.key for i in store.created_since("MKT", 0)] == ["MKT-1"]
    assert [i.key for i in store.created_since("MKT", 0, 400)] == ["MKT-1", "MKT-400"]


@DIALECTS
def test_only_what_lies_above_the_floor_is_read(dialect: Dialect) -> None:
    found = Store(dialect, range(1, 31)).created_since("MKT", 10)
    assert [i.key for i in found] == [f"MKT-{n}" for n in range(11, 31)]


@DIALECTS
def test_a_look_without_end_is_refused_and_never_taken_for_whole(dialect: Dialect) -> None:
    with pytest.raises(TooManyNewIssues):
        Store(dialect, range(1, 20_000)).created_since("MKT", 0)
