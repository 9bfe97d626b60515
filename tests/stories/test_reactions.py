"""Nobody at a terminal: people write in Jira, and the bridge answers there, once."""

import pytest

from bridge.petition import APPROVED, REFUSED, REVIEW
from bridge.reactions import request
from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.requests import INCOMPLETE, NEWSLETTER, TOO_LONG, TOO_MUCH, Office, mail
from tests.stories.requests import office as opened
from tests.stories.rounds import Rounds


@pytest.fixture
def office(shop: Shop) -> Office:
    return opened(shop)


@pytest.fixture
def rounds(office: Office) -> Rounds:
    return Rounds(office.shop)


def block(source: str) -> str:
    return "Bonjour,\n\n{code:yaml}\n" + source + "{code}\n"


def asks(office: Office, source: str, **more: object) -> str:
    """Camille writes a request into an issue."""
    key: str = office.jira.create(
        "MKT", "Task", "Ma demande", by=mail("camille"), description=block(source), **more
    ).key
    return key


def edits(office: Office, key: str, description: str) -> None:
    office.jira.edit(key, by=mail("camille"), description=description)


# --- requests ------------------------------------------------------------------------------------


def test_a_request_gets_its_verdict_in_the_same_round_and_again_when_it_changes(
    office: Office, rounds: Rounds
) -> None:
    key = asks(office, TOO_LONG)
    rounds.once()
    assert REVIEW in office.labels(key)
    assert len(office.of_kind("approval")) == 1
    edits(office, key, block(NEWSLETTER.replace("title: Newsletter", "title: Lettre de janvier")))
    rounds.once()
    assert APPROVED in office.labels(key)
    edits(office, key, block(INCOMPLETE))
    rounds.once()
    assert APPROVED not in office.labels(key)
    (said,) = office.words(key)  # three verdicts and two titles, one comment
    assert "conservation" in said


@BOTH_FLAVOURS
def test_one_person_says_yes_and_another_is_told_why_it_does_not_count(
    office: Office, rounds: Rounds
) -> None:
    key = asks(office, TOO_LONG)
    rounds.settle()
    (dpo,) = office.of_kind("approval")
    office.say(dpo, "Oui", "nadia")
    rounds.settle()
    (said,) = office.words(key)
    assert dpo in said
    assert "Oui" in said
    assert REVIEW in office.labels(key)
    office.say(dpo, "oui, pour une fois", "vanessa")
    rounds.settle()
    assert APPROVED in office.labels(key)
    assert len(office.words(key)) == 1
    assert office.jira.issue(dpo).resolved


def test_a_no_refuses_and_a_changed_request_is_asked_anew(office: Office, rounds: Rounds) -> None:
    key = asks(office, TOO_LONG)
    rounds.settle()
    (dpo,) = office.of_kind("approval")
    office.say(dpo, "Non : trop long.", "vanessa")
    rounds.settle()
    assert REFUSED in office.labels(key)
    assert "trop long" in office.words(key)[0]
    edits(office, key, block(TOO_LONG.replace("48", "40")))
    rounds.settle()
    assert REVIEW in office.labels(key)
    edits(office, key, block(NEWSLETTER))
    rounds.settle()
    assert APPROVED in office.labels(key)


@pytest.mark.parametrize(
    ("description", "word"),
    [
        ("Voir avec Nadia.", "request.yaml"),
        (block(NEWSLETTER) + block(TOO_LONG), "2"),
        ("{code:yaml}\nformat: bridge/request/v1\nkind: [\n{code}", "3"),
        ("|kind|form|\n|title|a|\n|title|b|\n", "title"),
    ],
)
def test_what_cannot_be_judged_is_said_once_and_the_verdict_takes_its_place(
    office: Office, rounds: Rounds, description: str, word: str
) -> None:
    made = office.jira.create(
        "MKT", "Task", "Ma demande", by=mail("camille"), description=description,
        labels=["bridge-request"],
    )  # fmt: skip
    rounds.settle()
    (said,) = office.words(made.key)
    assert word in said
    office.say(made.key, "Ah bon ?", "camille")
    assert rounds.settle() == []  # looked at again; it says so already
    edits(office, made.key, block(NEWSLETTER))
    rounds.settle()
    assert APPROVED in office.labels(made.key)
    (now,) = [words for words in office.words(made.key) if words != "Ah bon ?"]
    assert now != said
    edits(office, made.key, description)
    rounds.settle()
    assert APPROVED not in office.labels(made.key)
    assert office.words(made.key) == [said, "Ah bon ?"]
    edits(office, made.key, block(NEWSLETTER))
    rounds.settle()  # the same verdict as before is said again: it no longer stood there
    assert office.words(made.key) == [now, "Ah bon ?"]


@pytest.mark.parametrize(
    "description",
    [
        "Le format bridge/request/v1 est décrit dans la documentation.",
        "|Genre|Féminin|\n|Taille|38|\n",
        "{code:yaml}\nkind: Deployment\napiVersion: apps/v1\n{code}",
    ],
)
def test_what_nobody_meant_as_a_request_hears_nothing(
    office: Office, rounds: Rounds, description: str
) -> None:
    made = office.jira.create(
        "IT", "Task", "Autre chose", by=mail("nadia"), description=description
    )
    assert [round_ for round_ in rounds.settle() if made.key in str(round_.writes)] == []
    assert office.words(made.key) == []


def test_a_table_and_an_attached_file_need_no_label(office: Office, rounds: Rounds) -> None:
    rows = "||Champ||Valeur||\n|Type de demande|form|\n|Titre|Jeu|\n|Campagne|noel-2027|\n|Demandeuse|camille|\n"
    table = office.jira.create("MKT", "Task", "En tableau", by=mail("camille"), description=rows)
    attached = office.jira.create("MKT", "Task", "En fichier", by=mail("camille"))
    office.attach(attached.key, "request.yaml", NEWSLETTER.encode(), "camille")
    rounds.settle()
    assert "bridge-incomplete" in office.labels(table.key)
    assert APPROVED in office.labels(attached.key)


@pytest.mark.parametrize("where", ["campaign", "request"])
def test_a_pause_stops_the_writes_within_one_round(
    office: Office, rounds: Rounds, where: str
) -> None:
    key = asks(office, TOO_LONG)
    rounds.settle()
    paused = office.shop.by_step_of("") if where == "campaign" else key
    office.label(paused, "bridge-pause", "vanessa")
    for changed in (block(NEWSLETTER), "{code:yaml}\nformat: bridge/request/v1\nkind: [\n{code}"):
        before = office.words(key)
        edits(office, key, changed)
        assert key not in str(rounds.once().writes)
        assert office.words(key) == before
    office.label(paused, "bridge-pause", "vanessa", off=True)
    edits(office, key, block(NEWSLETTER))
    rounds.settle()
    assert APPROVED in office.labels(key)


def test_closed_or_deleted_it_is_left_alone(office: Office, rounds: Rounds) -> None:
    key, gone = asks(office, TOO_LONG), asks(office, TOO_LONG.replace("Newsletter", "Jeu"))
    rounds.settle()
    before = office.words(key)
    office.jira.transition(key, "Done", by=mail("camille"))
    office.jira.delete(gone, by=mail("camille"))
    edits(office, key, block(NEWSLETTER))
    assert rounds.settle() == []
    assert office.words(key) == before


def test_observing_it_writes_nothing_and_says_so(
    office: Office, rounds: Rounds, capsys: pytest.CaptureFixture[str]
) -> None:
    office.shop.configure("lang: fr", "lang: fr\nmode: observe")
    key = asks(office, TOO_LONG)
    assert rounds.settle() == []
    assert key in capsys.readouterr().err


def test_the_issue_of_another_workspace_is_not_ours(office: Office, rounds: Rounds) -> None:
    key = asks(office, TOO_LONG)
    rounds.settle()
    record = dict(office.record(key))
    office.jira.set_property(key, "bridge", {**record, "workspace": "boutique-be"})
    edits(office, key, block(NEWSLETTER))
    assert all(job.kind != request.KIND for job in rounds.once().jobs)


# --- silence -------------------------------------------------------------------------------------


def test_the_bridge_s_own_writes_come_back_and_call_for_nothing(
    office: Office, rounds: Rounds
) -> None:
    """Whatever people did, it falls silent after at most two rounds that wrote."""
    key = asks(office, TOO_MUCH)
    assert len(rounds.settle()) <= 2
    dpo, security = sorted(office.of_kind("approval"), reverse=True)
    for one, who in ((dpo, "vanessa"), (security, "nadia")):
        office.say(one, "oui", who)
        assert len(rounds.settle()) <= 2
    assert APPROVED in office.labels(key)
    step = office.shop.by_step_of("brief")
    office.jira.edit(step, by=mail("vanessa"), duedate="2027-01-20", summary="Le brief")
    assert len(rounds.settle()) <= 2
    office.shop.create("--launch", "2027-03-05")
    assert len(rounds.settle()) <= 2
    edits(office, key, block(NEWSLETTER))
    assert len(rounds.settle()) <= 2
    assert rounds.once().writes == []
