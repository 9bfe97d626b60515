"""A first bridge.yaml made from the site: guided on a terminal, by options and usual answers elsewhere."""

import io
from pathlib import Path

import pytest

from bridge.cli import output
from bridge.config import workspace as workspace_file
from bridge.workspace import Workspace
from tests.stories.conftest import Result, Shop

ROLES = 12  # that the shipped templates need
BOT = "bridge@boutique.example"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new"


def init(shop: Shop, folder: Path, *more: str, lang: str = "en") -> Result:
    return shop.bridge("init", "--site", shop.box.ready["jira"], *more, str(folder), lang=lang)


def made(shop: Shop, folder: Path, *more: str) -> Workspace:
    result = init(shop, folder, *more)
    assert result.code == 0, result.err
    return workspace_file.load(folder)


def at_a_terminal(shop: Shop, *answers: str) -> None:
    shop.patch.setattr(output, "is_terminal", lambda: True)
    shop.patch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))


# --- without a terminal --------------------------------------------------------------------------------


def test_where_all_is_clear_nothing_need_be_said(shop: Shop, new: Path) -> None:
    result = init(shop, new)
    assert result.code == 0, result.err
    assert result.out.strip() == str(new / "bridge.yaml")
    assert f"bridge -w {new} doctor" in result.err
    workspace = workspace_file.load(new)
    assert workspace.mode == "observe"
    assert workspace.projects == {"marketing": "MKT", "it": "IT"}
    assert workspace.space == "MKT"
    assert workspace.blocked_statuses == ("Blocked",)
    assert {person.name for person in workspace.team.people.values()} == {
        "Camille", "Claire", "Hugo", "Inès (Studio Lumen)", "Jonathan", "Nadia", "Sophie", "Vanessa",
    }  # fmt: skip
    assert all(person.account for person in workspace.team.people.values())
    assert workspace.team.roles == {}
    assert shop.written() == []


def test_the_doctor_finds_no_error_in_what_was_made(shop: Shop, new: Path) -> None:
    made(shop, new, "--role", "marketing=Camille", "--role", "it=nadia")
    (shop.folder / "bridge.yaml").write_bytes((new / "bridge.yaml").read_bytes())
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 0, result.out
    assert {f["code"] for f in result.json["findings"] if f["severity"] == "warning"} == {"W-ROLE-VACANT"}  # fmt: skip


def test_what_is_not_clear_is_refused_with_the_option_to_give(shop: Shop, new: Path) -> None:
    shop.box.site.jira.setup.add_project("MARKETING", "Marketing", lead="Camille")
    result = init(shop, new)
    assert result.code == 2
    assert "--marketing" in result.err
    assert "IT, MARKETING, and MKT" in result.err
    assert not new.exists()
    workspace = made(shop, new, "--marketing", "marketing", "--it", "-", "--id", "boutique")
    assert (workspace.id, workspace.projects) == ("boutique", {"marketing": "MARKETING"})
    assert workspace.departments == {}


@pytest.mark.parametrize(
    ("options", "near"),
    [
        (("--marketing", "MTK"), "Did you mean “MKT”"),
        (("--space", "MKTG"), "Did you mean “MKT”"),
        (("--role", "it=Nadja"), "Did you mean “Nadia”"),
        (("--id", "Ma Boutique"), "such as mkt"),
        (("--country", "FR-99"), "no calendar “FR-99”"),
        (("--parent", "x" * 201), "too long"),
    ],
)
def test_a_wrong_option_names_the_near_miss(
    shop: Shop, new: Path, options: tuple[str, ...], near: str
) -> None:
    result = init(shop, new, *options)
    assert result.code == 2
    assert near in result.err
    assert not new.exists()


def test_what_the_site_calls_otherwise_is_written_down(shop: Shop, new: Path) -> None:
    setup = shop.box.site.jira.setup
    setup.rename_link_type("Blocks", name="Stops")
    other = setup.add_field("Start date", "date")
    result = init(shop, new)
    assert result.code == 2
    assert "--start-date" in result.err
    result = init(shop, new, "--start-date", other.id)
    assert "--link-type" in result.err
    workspace = made(shop, new, "--start-date", other.id, "--link-type", "Stops")
    assert (workspace.start_date_field, workspace.link_type) == (other.id, "Stops")


def test_names_from_the_site_cannot_change_the_file(shop: Shop, new: Path) -> None:
    people = shop.box.site.people
    odd = ["-", 'a": {b: c}\n#', "\x7f\u0085\u2028", "🦊", "x" * 150, "Camille"]
    for number, name in enumerate(odd):
        people.add(name, f"p{number}@boutique.example")
    names = [person.name for person in made(shop, new).team.people.values()]
    assert "🦊" in names
    assert "x" * 100 in names
    assert names.count("Camille") == 2


def test_nothing_is_overwritten_and_nobody_asked(shop: Shop, new: Path) -> None:
    new.mkdir()
    (new / "bridge.yaml").write_text("mine", "utf-8")
    assert init(shop, new).code == 5
    assert (new / "bridge.yaml").read_text("utf-8") == "mine"
    assert not shop.box.requests


def test_options_about_a_site_need_the_site(shop: Shop, new: Path) -> None:
    result = shop.bridge("init", "--marketing", "MKT", "--role", "it=nadia", str(new))
    assert result.code == 2
    assert "--marketing and --role" in result.err
    assert not new.exists()


def test_a_refused_sign_in_and_a_blind_account_write_nothing(shop: Shop, new: Path) -> None:
    shop.box.site.jira.setup.revoke(BOT, "BROWSE_PROJECTS")
    result = init(shop, new)
    assert result.code == 3
    assert "Jira shows no project" in result.err
    shop.patch.setenv("BRIDGE_TOKEN", "wrong")
    assert init(shop, new).code == 6
    shop.patch.delenv("BRIDGE_TOKEN")
    assert init(shop, new).code == 3
    assert not new.exists()


# --- at a terminal -------------------------------------------------------------------------------------


def test_a_person_is_asked_and_asked_again_with_the_near_miss(shop: Shop, new: Path) -> None:
    at_a_terminal(
        shop,
        "MTK", "mkt",               # marketing's project, wrong and right
        "",                         # IT's: the usual answer
        "Marketing",                # the space, by its name
        "Ma Boutique", "boutique",  # the id
        "", "",                     # the page's title, the holidays
        "Camile", "Camille",        # the first role
        *[""] * 5,                  # more roles of hers
        "nadia", "-",               # another person, nobody
        *[""] * (ROLES - 8),
    )  # fmt: skip
    result = init(shop, new)
    assert result.code == 0, result.err
    assert "There is no “MTK”. Did you mean “MKT”?" in result.err
    assert "Did you mean “Camille”?" in result.err
    assert "such as mkt" in result.err
    workspace = workspace_file.load(new)
    assert workspace.id == "boutique"
    assert set(workspace.team.people) == {"camille", "nadia"}  # who was chosen, nobody else
    assert len(workspace.team.roles) == ROLES - 1
    assert set(list(workspace.team.roles.values())[:6]) == {"camille"}


def test_who_leaves_in_the_middle_leaves_nothing_behind(shop: Shop, new: Path) -> None:
    at_a_terminal(shop, "MKT")
    result = init(shop, new)
    assert result.code == 130
    assert not new.exists()


def test_in_french_the_questions_and_the_file_are_french(shop: Shop, new: Path) -> None:
    at_a_terminal(shop, *[""] * 6, "Camille", *[""] * (ROLES - 1))
    result = init(shop, new, lang="fr")
    assert result.code == 0, result.err
    assert "Quel est le projet du marketing" in result.err
    content = (new / "bridge.yaml").read_text("utf-8")
    assert 'parent: "Calendrier marketing"' in content
    assert "lang: fr" in content
    assert "Une seule personne par rôle" in content
