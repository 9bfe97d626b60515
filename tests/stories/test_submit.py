"""Requests submitted to Jira: what is written, for whom, and what is left alone."""

import pytest

from bridge.errors import (
    CampaignPaused,
    NoRequestThere,
    NotForRequests,
    RecordDamaged,
    RequestConflict,
    RequestMoved,
    RequestRefused,
    RequestUnreadable,
    SeveralRequests,
)
from bridge.petition import APPROVED
from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.requests import INCOMPLETE, NEWSLETTER, TOO_LONG, TOO_MUCH, Office, mail
from tests.stories.requests import office as opened

pytestmark = BOTH_FLAVOURS
CAMPAIGN = "bridge-c-boutique-fr-noel-2027"


@pytest.fixture
def office(shop: Shop) -> Office:
    return opened(shop)


def test_inside_the_guardrails_nobody_of_it_hears_of_it(office: Office) -> None:
    done = office.submit(NEWSLETTER)
    assert done.standing == "approved"
    assert office.of_kind("approval") == []
    assert office.labels(done.key) == {"bridge", "bridge-request", "bridge-approved", CAMPAIGN}
    issue = office.jira.issue(done.key)
    assert (issue.duedate, office.assignee(str(done.key))) == ("2027-02-19", "Camille")
    (said,) = office.words(done.key)
    assert "form.lead@2.1.0" in said
    assert not {"Nadia", "Jonathan", "Vanessa"} & set(said.replace(".", " ").split())
    assert ("blocks", office.shop.by_step_of("page")) in office.jira.links_of(done.key)


def test_unchanged_nothing_is_written(office: Office) -> None:
    for what in (
        NEWSLETTER,
        TOO_MUCH.replace("Newsletter", "Rappel"),
        INCOMPLETE.replace("Newsletter", "Jeu"),
    ):
        first = office.submit(what)
        office.shop.box.forget_requests()
        again = office.submit(what)
        assert (again.key, again.standing) == (first.key, first.standing)
        assert office.writes() == []


def test_outside_each_role_gets_one_issue_with_its_findings_alone(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    assert done.standing == "needs_review"
    assert done.plan.mails_at_most == 1 + 2 + 1  # the request, two approvals, one comment
    assert set(done.approvals) == {"dpo", "it-security"}
    dpo, security = done.approvals["dpo"], done.approvals["it-security"]
    assert (dpo.split("-")[0], security.split("-")[0]) == ("MKT", "IT")
    # Vanessa's deputy decides for the DPO in January; Nadia holds IT security.
    assert (office.assignee(dpo), office.assignee(security)) == ("Jonathan", "Nadia")
    page = office.shop.by_step_of("page")
    with office.tools() as tools:
        issues = tools.tracker.read([dpo, security])
    for key in (dpo, security):
        assert {("blocks", done.key), ("blocks", page)} <= set(office.jira.links_of(key))
        # The page takes two days and is due on the 19th: it begins on the 18th, where Jira can say so.
        has_start = office.shop.box.flavour == "cloud"
        assert office.jira.issue(key).duedate == ("2027-02-17" if has_start else "2027-02-18")
    assert "conservation" in issues[dpo].words
    assert "Téléphone" not in issues[dpo].words
    assert "Téléphone" in issues[security].words
    assert "conservation" not in issues[security].words
    assert office.labels(done.key) >= {"bridge-review"}


def test_incomplete_goes_back_to_who_asked(office: Office) -> None:
    done = office.submit(INCOMPLETE)
    assert done.standing == "incomplete"
    assert office.of_kind("approval") == []
    assert "bridge-incomplete" in office.labels(done.key)
    (said,) = office.words(done.key)
    assert "conservation" in said


def test_a_changed_file_is_judged_anew_in_the_same_comment(office: Office) -> None:
    first = office.submit(TOO_MUCH)
    security = first.approvals["it-security"]
    second = office.submit(TOO_LONG)  # the telephone is gone: IT security is concerned no more
    assert second.key == first.key
    assert second.approvals == {"dpo": first.approvals["dpo"]}
    assert office.jira.issue(security).status != office.jira.issue(first.approvals["dpo"]).status
    assert len(office.words(security)) == 1
    third = office.submit(NEWSLETTER)
    assert third.standing == "approved"
    labels = office.labels(first.key)
    assert {"bridge-approved"} == labels & {"bridge-approved", "bridge-review", "bridge-incomplete"}
    assert len(office.words(first.key)) == 1
    assert len(office.of_kind("approval")) == 2


def test_the_same_request_in_four_places_has_one_verdict(office: Office) -> None:
    jira, by = office.jira, mail("camille")
    block = jira.create(
        "MKT",
        "Task",
        "En bloc",
        by=by,
        description="Bonjour\n\n{code:yaml}\n" + TOO_LONG + "{code}\n",
    )
    rows = "||Champ||Valeur||\n|Type de demande|form|\n|Titre|Newsletter|\n|Campagne|noel-2027|\n|Demandeuse|camille|\n|Pour le|2027-02-19|\n"
    rows += "|formulaire.module|form.lead@2|\n|formulaire.finalité|newsletter|\n|formulaire.conservation (mois)|48|\n"
    rows += "|formulaire.champ 1.nom|email|\n|formulaire.champ 1.libellé|E-mail|\n|formulaire.champ 1.donnée|email|\n"
    table = jira.create("MKT", "Task", "En tableau", by=by, description=rows)
    attached = jira.create("MKT", "Task", "En fichier", by=by, description="Voir la pièce jointe.")
    office.attach(attached.key, "request.yaml", TOO_LONG.encode(), "camille")
    plain = office.submit(TOO_LONG, agree=lambda _: False)
    for issue in (block, table, attached):
        done = office.submit(issue.key)
        assert done.standing == "needs_review"
        assert done.plan.case.request.fingerprint == plain.plan.case.request.fingerprint
        assert [f.rule for f in done.plan.case.verdict.findings] == [
            f.rule for f in plain.plan.case.verdict.findings
        ]


def test_the_text_of_an_issue_is_never_changed(office: Office) -> None:
    text = "Bonjour *tout le monde*\n\n{code:yaml}\n" + TOO_LONG + "{code}\n"
    issue = office.jira.create("MKT", "Task", "Ma demande", by=mail("camille"), description=text)
    before = {k: v for k, v in office.jira.issue(issue.key).values.items() if k != "labels"}
    office.submit(issue.key)
    after = office.jira.issue(issue.key).values
    assert {k: v for k, v in after.items() if k != "labels"} == before
    office.shop.box.forget_requests()
    office.submit(issue.key)
    assert office.writes() == []


@pytest.mark.parametrize(
    ("description", "refusal"),
    [
        ("Rien.", NoRequestThere),
        (
            "{code:yaml}\n" + NEWSLETTER + "{code}\n\n{code:yaml}\n" + TOO_LONG + "{code}",
            SeveralRequests,
        ),
        ("{code:yaml}\nformat: bridge/request/v1\nkind: [\n{code}", RequestUnreadable),
        ("|kind|form|\n|title|a|\n|title|b|\n", RequestUnreadable),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_written(
    office: Office, description: str, refusal: type[Exception]
) -> None:
    issue = office.jira.create(
        "MKT", "Task", "Ma demande", by=mail("camille"), description=description
    )
    office.shop.box.forget_requests()
    with pytest.raises(refusal, match=issue.key):
        office.submit(issue.key)
    assert office.writes() == []


def test_a_step_of_a_campaign_is_no_place_for_a_request(office: Office) -> None:
    with pytest.raises(NotForRequests):
        office.submit(office.shop.by_step_of("page"))


def test_a_file_without_its_head_is_refused_before_anything(office: Office) -> None:
    with pytest.raises(RequestRefused) as refused:
        office.submit("format: bridge/request/v1\nkind: form\nrequester: nobody\n")
    assert len(refused.value.problems) == 3


def test_a_role_held_by_nobody_stops_the_whole_submission(office: Office) -> None:
    office.shop.configure("it-security: nadia, ", "")
    office.shop.configure(
        "  it-security: {person: jonathan, from: 2027-06-01, to: 2027-06-30}\n", ""
    )
    office.shop.box.forget_requests()
    with pytest.raises(RequestRefused) as refused:
        office.submit(TOO_MUCH)
    assert "it-security" in str(refused.value.problems[0].sentence.values)
    assert office.writes() == []


def test_what_people_changed_stays(office: Office) -> None:
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    office.jira.edit(
        dpo, by=mail("jonathan"), description="J'en parle avec Camille.", assignee="Vanessa"
    )
    office.submit(TOO_LONG.replace("48", "60"))
    assert office.assignee(dpo) == "Vanessa"
    assert "parle" in str(office.jira.issue(dpo).values["description"])
    assert any(
        "text of" in note.one for note in office.submit(TOO_LONG.replace("48", "60")).plan.notes
    )


def test_a_request_edited_in_jira_is_not_overwritten_by_its_file(office: Office) -> None:
    done = office.submit(TOO_LONG)
    office.jira.edit(
        str(done.key), by=mail("camille"), description="{code:yaml}\n" + NEWSLETTER + "{code}"
    )
    office.shop.box.forget_requests()
    with pytest.raises(RequestConflict):
        office.submit(TOO_LONG)
    assert office.writes() == []
    assert office.submit(str(done.key)).standing == "approved"
    assert office.submit(NEWSLETTER).standing == "approved"


def test_an_edit_while_it_is_judged_stops_the_submission(office: Office) -> None:
    issue = office.jira.create(
        "MKT",
        "Task",
        "Ma demande",
        by=mail("camille"),
        description="{code:yaml}\n" + NEWSLETTER + "{code}",
    )

    def meanwhile(_: object) -> bool:
        office.jira.edit(
            issue.key, by=mail("camille"), description="{code:yaml}\n" + TOO_MUCH + "{code}"
        )
        office.shop.box.forget_requests()
        return True

    with pytest.raises(RequestMoved):
        office.submit(issue.key, agree=meanwhile)
    assert office.writes() == []


def test_a_paused_campaign_gets_nothing(office: Office) -> None:
    epic = office.shop.by_step_of("")
    office.jira.edit(epic, by=mail("vanessa"), labels=[*office.labels(epic), "bridge-pause"])
    office.shop.box.forget_requests()
    with pytest.raises(CampaignPaused):
        office.submit(NEWSLETTER)
    assert office.writes() == []


def test_a_damaged_record_is_refused_by_its_key(office: Office) -> None:
    done = office.submit(TOO_LONG)
    office.jira.set_property(done.approvals["dpo"], "bridge", {"format": 1, "kind": "approval"})
    with pytest.raises(RecordDamaged, match=done.approvals["dpo"]):
        office.submit(TOO_LONG)


def test_a_deleted_request_is_not_created_again(office: Office) -> None:
    done = office.submit(NEWSLETTER)
    office.jira.delete(str(done.key), by="bridge@boutique.example")
    with pytest.raises(RequestConflict, match=str(done.key)):
        office.submit(NEWSLETTER)


def test_another_machine_finds_it(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    (office.shop.folder / ".bridge" / "journal.jsonl").unlink()
    office.shop.box.lag.requests = 1000
    office.shop.box.forget_requests()
    assert office.submit(TOO_MUCH).key == done.key
    assert office.writes() == []


def test_without_a_campaign_in_jira_the_report_says_that_nothing_is_linked(office: Office) -> None:
    done = office.submit(NEWSLETTER.replace("noel-2027", "soldes-2027"))
    assert done.standing == "approved"
    assert office.jira.links_of(str(done.key)) == []
    assert any("nothing is linked" in note.one for note in done.plan.notes)


def test_a_question_that_was_taken_back_is_asked_anew(office: Office) -> None:
    """Outside, inside, outside again: the first approval was closed by the bridge and stays closed."""
    first = office.submit(TOO_LONG).approvals["dpo"]
    assert office.submit(NEWSLETTER).standing == "approved"
    again = office.submit(TOO_LONG)
    assert again.standing == "needs_review"
    assert again.approvals["dpo"] != first
    office.shop.box.forget_requests()
    assert office.submit(TOO_LONG).approvals["dpo"] == again.approvals["dpo"]
    assert office.writes() == []


def test_an_approved_request_that_cannot_be_read_any_more_is_not_approved_any_more(
    office: Office,
) -> None:
    key = office.submit(NEWSLETTER).key
    assert key is not None
    assert APPROVED in office.labels(key)
    office.jira.edit(key, by=mail("camille"), description="Voir avec Nadia.")
    with pytest.raises(NoRequestThere):
        office.submit(key, agree=lambda _: False)
    assert APPROVED in office.labels(key), "a look writes nothing"
    with pytest.raises(NoRequestThere):
        office.submit(key)
    assert APPROVED not in office.labels(key)
