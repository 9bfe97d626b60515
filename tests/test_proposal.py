"""What is proposed for a first bridge.yaml, and when only a person can tell."""

import pytest

from bridge import proposal
from bridge.site import Project, Space
from bridge.tracker import Account, Status

MKT, IT, HR = Project("MKT", "Marketing"), Project("DSI", "Informatique"), Project("HR", "People")


@pytest.mark.parametrize(
    ("projects", "default"),
    [
        ([HR], "HR"),
        ([HR, MKT], "MKT"),
        ([HR, IT], None),
        ([MKT, Project("MARKETING", "x")], None),
        ([HR, Project("ABC", "marketing")], "ABC"),
    ],
)
def test_marketing_s_project(projects: list[Project], default: str | None) -> None:
    question = proposal.marketing(projects)
    assert question.default == default
    assert not question.is_optional


def test_it_s_project_is_another_one_or_none() -> None:
    question = proposal.it([MKT, IT, HR], "MKT")
    assert (question.default, question.is_optional) == ("DSI", True)
    assert [candidate.value for candidate in question.candidates] == ["DSI", "HR"]
    assert proposal.it([MKT, HR], "MKT").default is None


def test_the_space_is_nobody_s_own() -> None:
    mine = Space("1", "~me", "Marketing", is_personal=True)
    assert proposal.space([mine, Space("2", "HR", "HR")], "MKT").default == "HR"
    both = [Space("2", "HR", "HR"), Space("3", "MKT", "M")]
    assert proposal.space(both, "MKT").default == "MKT"
    assert proposal.space(both, "ABC").default == "MKT"
    assert proposal.space([Space("2", "HR", "HR"), Space("3", "LAW", "L")], "ABC").default is None


@pytest.mark.parametrize(
    ("host", "project", "expected"),
    [
        ("boutique.atlassian.net", "MKT", "boutique"),
        ("127.0.0.1", "MKT", "mkt"),
        ("localhost", "A_B", "a-b"),
        ("", "", "shop"),
    ],
)
def test_the_workspace_is_called_like_its_site(host: str, project: str, expected: str) -> None:
    assert proposal.identity(host, project) == expected
    assert proposal.short_name("x").flaw(expected) is None


def test_link_and_issue_types_that_are_called_otherwise() -> None:
    assert proposal.link_type(["Relates", "Blocage"]).default == "Blocage"
    assert proposal.link_type(["Relates", "Stops"]).default is None
    types = [("Initiative", "epic"), ("Chore", "task"), ("Story", "task")]
    assert proposal.issue_type("epic", "MKT", types).default == "Initiative"  # type: ignore[arg-type]  # kinds by name
    assert proposal.issue_type("task", "MKT", types).default is None  # type: ignore[arg-type]  # as above


def test_only_statuses_that_say_so_mean_blocked() -> None:
    statuses = [Status("Bloqué", "doing"), Status("blocked by IT", "todo"), Status("Blockbuster", "done"), Status("Open", "todo")]  # fmt: skip
    assert proposal.blocked([*statuses, *statuses]) == ("Bloqué", "blocked by IT")


def test_people_get_keys_of_their_names_each_another() -> None:
    me = Account("0", "Bridge")
    accounts = [Account("1", "Zoé"), Account("2", "Zoe"), Account("3", "李"), Account("4", "Old", active=False), me, Account("1", "Zoé")]  # fmt: skip
    team = proposal.members(accounts, me)
    assert {member.id: member.account.id for member in team} == {"zoe": "2", "zoe-2": "1", "person": "3"}  # fmt: skip
    assert proposal.members([Account("1", " ")], me)[0].name == "person"


def test_a_role_is_a_guess_where_several_people_could_hold_it() -> None:
    one = proposal.members([Account("1", "Zoé")], Account("0", ""))
    two = proposal.members([Account("1", "Zoé"), Account("2", "Ada")], Account("0", ""))
    assert not proposal.role("it", one, "zoe").is_guess
    assert proposal.role("it", two, "zoe").is_guess
