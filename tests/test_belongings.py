"""Whose an issue is when a workspace leaves: by its memory, by its labels, or nobody's for certain."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.belongings import Belongings, mentioned, sort_out
from bridge.tracker import Issue
from bridge.workspace import Workspace

SHOP = Workspace(id="shop", projects={"marketing": "MKT"}, space="MKT", parent="Calendar")


def issue(number: int, *labels: str, memory: Any = None, **more: Any) -> Issue:
    key = f"MKT-{number}"
    return Issue(
        id=str(number), key=key, project="MKT", labels=frozenset(labels), memory=memory, **more
    )


def of(workspace: str, campaign: str = "noel", **more: Any) -> dict[str, Any]:
    return {"format": 1, "workspace": workspace, "campaign": campaign, **more}


def found(*issues: Issue, campaigns: tuple[str, ...] = ()) -> Belongings:
    return sort_out(issues, SHOP, campaigns)


def test_approvals_and_actions_go_before_requests_and_epics() -> None:
    asked = found(
        issue(1, "bridge", memory=of("shop"), kind="epic"),
        issue(2, "bridge-request", memory=of("shop", kind="request")),
        issue(3, memory=of("shop", step="brief")),
    )
    assert [(one.key, one.labels, one.remembers) for one in asked.own] == [
        ("MKT-3", (), True),
        ("MKT-2", ("bridge-request",), True),
        ("MKT-1", ("bridge",), True),
    ]


def test_people_s_labels_are_none_of_the_bridge_s() -> None:
    (one,) = found(issue(1, "bridge", "bridgehead", "bridge-club", "été", "bridge-d-it")).own
    assert one.labels == ("bridge", "bridge-d-it")


@pytest.mark.parametrize("memory", [None, "nonsense", {"workspace": 7}])
def test_a_label_alone_is_ours_where_nobody_else_is_or_the_campaign_is(memory: Any) -> None:
    lone = issue(1, "bridge", memory=memory)
    named = issue(2, "bridge-c-shop-noel", memory=memory)
    theirs = issue(3, "bridge", memory=of("shop-two"))
    assert [one.key for one in found(lone, named).own] == ["MKT-1", "MKT-2"]
    among = found(lone, named, theirs, campaigns=("noel",))
    assert [one.key for one in among.own] == ["MKT-2"]
    assert among.unclaimed == ("MKT-1",)


WORD = st.sampled_from(["bridge", "bridge-c-shop-noel", "bridge-c-shop-two-noel", "bridge-d-it", "été"])  # fmt: skip
OWNER = st.sampled_from([None, "shop", "shop-two"])


@given(st.lists(st.tuples(st.frozensets(WORD), OWNER), max_size=6))
def test_nothing_that_another_workspace_remembers_is_touched(
    drawn: list[tuple[frozenset[str], str | None]],
) -> None:
    issues = [
        issue(n, *labels, memory=of(owner) if owner else None)
        for n, (labels, owner) in enumerate(drawn, 1)
    ]
    theirs = {one.key for one in issues if one.memory and one.memory["workspace"] == "shop-two"}
    ours = {one.key for one in issues if one.memory and one.memory["workspace"] == "shop"}
    asked = found(*issues)
    assert not theirs & ({one.key for one in asked.own} | set(asked.unclaimed))
    assert ours <= {one.key for one in asked.own}
    assert all("été" not in one.labels for one in asked.own)


def test_a_memory_names_what_else_to_look_at_and_nonsense_in_it_names_nothing() -> None:
    epic = issue(1, memory=of("shop", children={"brief": "MKT-2", "go": ["MKT-3"]}, approvals="no"))
    assert list(mentioned(epic)) == ["MKT-2"]
    assert list(mentioned(issue(1, memory=["MKT-2"]))) == []
