"""A requester who may edit any issue of the projects, against the roles whose decision they would forge."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bridge.operations.granting import Grant
from bridge.petition import ASKS, NO, OK
from bridge.prose import Paragraph
from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.requests import TODAY, TOO_LONG, TOO_MUCH, Office, mail, start_clock
from tests.stories.requests import office as opened

pytestmark = BOTH_FLAVOURS
PHONE = TOO_MUCH.replace("48", "24")
SOON = TODAY + timedelta(days=60)


@pytest.fixture
def office(shop: Shop) -> Office:
    return opened(shop)


def question(office: Office, key: str) -> str:
    """What an approval asks, as its label says."""
    (label,) = (label for label in office.labels(key) if label.startswith(ASKS))
    return label.removeprefix(ASKS)


def test_an_exception_for_one_kind_of_data_lets_no_other_through(office: Office) -> None:
    done = office.submit(PHONE)
    office.approve(
        done.approvals["it-security"], "nadia", grant=Grant(until=SOON, reason="Rappels")
    )
    assert office.submit(PHONE).standing == "approved"
    worse = office.submit(PHONE.replace("data: phone", "data: national_id"))
    assert worse.standing == "needs_review"
    assert office.submit(PHONE).standing == "approved"


def test_a_refusal_that_somebody_else_took_off_still_stands(office: Office) -> None:
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    office.label(dpo, f"{OK}{question(office, dpo)}", "vanessa")
    office.label(dpo, f"{NO}{question(office, dpo)}", "vanessa")
    office.label(dpo, f"{NO}{question(office, dpo)}", "camille", off=True)
    assert office.submit(TOO_LONG).standing == "refused"


def test_a_yes_to_a_text_that_the_requester_rewrote_counts_for_nothing(office: Office) -> None:
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    office.jira.edit(dpo, by=mail("camille"), description="Garder les adresses douze mois ?")
    office.say(dpo, "Oui", "vanessa")
    after = office.submit(TOO_LONG)
    assert after.standing == "needs_review"
    assert after.plan.judgement.ignored
    office.label(dpo, f"{OK}{question(office, dpo)}", "vanessa")
    assert office.submit(TOO_LONG).standing == "needs_review"
    assert office.approve(dpo, "vanessa").finished  # she was shown what is really asked
    assert office.submit(TOO_LONG).standing == "released"


def test_a_deputy_s_comment_edited_into_a_yes_after_the_dates_is_late(office: Office) -> None:
    dpo = office.submit(TOO_LONG).approvals["dpo"]
    office.say(dpo, "Je regarde.", "jonathan")
    start_clock(office.shop, date(2027, 2, 8))
    office.today = date(2027, 2, 8)
    with office.tools("jonathan") as tools:
        (comment,) = tools.tracker.comments(dpo)
        tools.tracker.recomment(dpo, comment.id, (Paragraph("Oui"),))
    assert office.submit(TOO_LONG).standing == "needs_review"


@pytest.mark.parametrize("approvals", [{"dpo": "not a key"}, {"dpo": "../../user"}, {"dpo": "A-0"}])
def test_keys_in_a_forged_record_lead_nowhere(office: Office, approvals: dict[str, str]) -> None:
    done = office.submit(TOO_LONG)
    office.jira.set_property(
        str(done.key), "bridge", {**office.record(done.key), "approvals": approvals}
    )
    assert office.submit(TOO_LONG).standing == "needs_review"


@pytest.mark.parametrize("key", ["not a key", "../../user", ""])
def test_an_approval_that_points_nowhere_spoils_no_queue(office: Office, key: str) -> None:
    dpo = office.submit(TOO_LONG).approvals["dpo"]
    office.jira.set_property(dpo, "bridge", {**office.record(dpo), "request_key": key})
    (item,) = office.queue("vanessa").items
    assert item.trouble is not None


@pytest.mark.parametrize("identity", ["deux  blancs", "trop " * 19 + "trop"])
def test_an_odd_id_has_one_comment_all_the_same(office: Office, identity: str) -> None:
    odd = TOO_LONG.replace("title:", f'id: "{identity}"\ntitle:')
    done = office.submit(odd)
    office.submit(odd.replace("48", "60"))
    assert len(office.words(done.key)) == 1
    office.approve(
        office.submit(odd).approvals["dpo"], "vanessa", grant=Grant(until=SOON, reason="Une fois")
    )
    assert office.submit(odd).standing == "approved"


def test_mails_are_counted_with_both_changes_of_labels(office: Office) -> None:
    office.submit(TOO_LONG.replace("48", "24"))
    quiet = office.submit(TOO_LONG).plan
    survey = replace(quiet.gathered.survey, rights=dict.fromkeys(("MKT", "IT"), frozenset()))
    loud = replace(quiet, gathered=replace(quiet.gathered, survey=survey))
    assert quiet.remove == ("bridge-approved",)
    # The text; the label that lets through, taken off at once; the new label, put on last.
    assert loud.mails_at_most - quiet.mails_at_most == 3
