"""Decisions about requests: by the right person, provable from Jira's history, and by nobody else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bridge.errors import ExceptionRefused, MayNotDecide, NothingToDecide, UnknownFindings
from bridge.operations.granting import Grant
from bridge.petition import ASKS, NO, OK
from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.requests import NEWSLETTER, TODAY, TOO_LONG, TOO_MUCH, Office, mail, start_clock
from tests.stories.requests import office as opened

pytestmark = BOTH_FLAVOURS
CAMPAIGN = "bridge-c-boutique-fr-noel-2027"
SOON = TODAY + timedelta(days=60)


@pytest.fixture
def office(shop: Shop) -> Office:
    return opened(shop)


def question(office: Office, key: str) -> str:
    """What an approval asks, as its label says."""
    (label,) = (label for label in office.labels(key) if label.startswith(ASKS))
    return label.removeprefix(ASKS)


# --- the way it is meant -------------------------------------------------------------------------


def test_when_each_role_accepts_the_request_is_released(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    dpo, security = done.approvals["dpo"], done.approvals["it-security"]
    first = office.approve(dpo, "jonathan")
    assert (first.finished, first.after.standing) == (True, "needs_review")
    assert office.submit(TOO_MUCH).standing == "needs_review"
    second = office.approve(security, "nadia")
    assert (second.finished, second.after.standing) == (True, "released")
    after = office.submit(TOO_MUCH)
    assert after.standing == "released"
    assert "bridge-approved" in office.labels(done.key)
    office.shop.box.forget_requests()
    assert office.submit(TOO_MUCH).standing == "released"
    assert office.writes() == []


def test_finding_by_finding(office: Office) -> None:
    twice = TOO_MUCH + "    - {name: mobile, label: Mobile, data: phone}\n"
    security = office.submit(twice).approvals["it-security"]
    ids = [f["id"] for f in office.record(security)["findings"]]
    assert len(ids) == 2
    one = office.approve(security, "nadia", ids[0])
    assert not one.finished
    assert office.show(security).ruling.undecided == (ids[1],)  # type: ignore[union-attr]  # there is one
    assert office.approve(security, "nadia", ids[1]).finished
    with pytest.raises(UnknownFindings):
        office.approve(office.submit(twice).approvals["dpo"], "jonathan", "abc")


def test_one_refusal_is_enough_and_its_reason_is_told(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    office.approve(done.approvals["dpo"], "jonathan")
    office.reject(
        done.approvals["it-security"], "nadia", "Pas de téléphone sans double consentement."
    )
    after = office.submit(TOO_MUCH)
    assert after.standing == "refused"
    assert "bridge-refused" in office.labels(done.key)
    (said,) = office.words(done.key)
    assert "double consentement" in said


@pytest.mark.parametrize(
    ("words", "standing"),
    [("Oui, c'est bon", "released"), ("Non.", "refused"), ("Peut-être", "needs_review")],
)
def test_a_reply_in_the_browser_counts_by_its_first_word(
    office: Office, words: str, standing: str
) -> None:
    done = office.submit(TOO_LONG)
    office.say(done.approvals["dpo"], words, "vanessa")
    assert office.submit(TOO_LONG).standing == standing


def test_the_queue_shows_what_is_open_and_ones_own_first(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    queue = office.queue("nadia")
    assert queue.items[0].issue.key == done.approvals["it-security"]
    assert [item.is_mine for item in queue.items] == [True, False]
    assert [len(item.ruling.findings) for item in queue.items if item.ruling] == [1, 1]
    office.approve(done.approvals["it-security"], "nadia")
    assert [item.issue.key for item in office.queue("nadia").items] == [done.approvals["dpo"]]


def test_changed_content_makes_an_earlier_yes_void(office: Office) -> None:
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    office.approve(dpo, "jonathan")
    assert office.submit(TOO_LONG).standing == "released"
    longer = office.submit(TOO_LONG.replace("48", "120"))
    assert longer.standing == "needs_review"
    assert longer.approvals["dpo"] != dpo  # that one was finished
    assert "bridge-approved" not in office.labels(done.key)
    assert office.submit(TOO_LONG).standing == "released"  # back to what was accepted


def test_a_yes_between_two_contents_is_about_the_first(office: Office) -> None:
    done = office.submit(TOO_LONG)
    office.say(done.approvals["dpo"], "Oui", "vanessa")
    after = office.submit(TOO_LONG.replace("48", "120"))
    assert after.standing == "needs_review"


# --- who may not ---------------------------------------------------------------------------------


def test_the_bridge_s_own_account_is_refused_with_the_reason(office: Office) -> None:
    dpo = office.submit(TOO_LONG).approvals["dpo"]
    office.shop.box.forget_requests()
    with pytest.raises(MayNotDecide, match="created this approval"):
        office.approve(dpo, None)
    with pytest.raises(MayNotDecide, match="asked for it"):
        office.approve(dpo, "camille")
    with pytest.raises(MayNotDecide, match="does not hold the role"):
        office.reject(dpo, "nadia", "Non")
    assert office.writes() == []


def test_a_deputy_decides_in_the_dates_and_not_after(office: Office) -> None:
    dpo = office.submit(TOO_LONG).approvals["dpo"]
    office.today = date(2027, 2, 8)
    start_clock(office.shop, office.today)
    with pytest.raises(MayNotDecide, match="was not the deputy"):
        office.approve(dpo, "jonathan")
    assert office.submit(TOO_LONG).approvals["dpo"] == dpo
    assert office.assignee(dpo) == "Vanessa"  # the deputy's dates are over
    assert office.approve(dpo, "vanessa").finished


def test_a_requester_who_holds_the_role_leaves_it_to_the_deputy(office: Office) -> None:
    asked = TOO_LONG.replace("camille", "vanessa")
    done = office.submit(asked)
    dpo = done.approvals["dpo"]
    assert office.assignee(dpo) == "Jonathan"
    with pytest.raises(MayNotDecide, match="asked for it"):
        office.approve(dpo, "vanessa")
    assert office.approve(dpo, "jonathan").after.standing == "released"


def test_whoever_wrote_the_issue_asked_for_it_whatever_it_says(office: Office) -> None:
    """Nadia writes a request in Camille's name and would approve it herself."""
    issue = office.jira.create(
        "MKT",
        "Task",
        "Téléphone",
        by=mail("nadia"),
        description="{code:yaml}\n" + TOO_MUCH + "{code}",
    )
    security = office.submit(issue.key).approvals["it-security"]
    assert office.assignee(security) == "Jonathan"  # the deputy, though not in the dates
    with pytest.raises(MayNotDecide):
        office.approve(security, "nadia")


# --- forgeries (G13) -------------------------------------------------------------------------------


def by_the_requester(office: Office, key: str) -> None:
    office.label(key, f"{OK}{question(office, key)}", "camille")


def by_the_bridge(office: Office, key: str) -> None:
    office.jira.edit(
        key,
        by="bridge@boutique.example",
        labels=[*office.labels(key), f"{OK}{question(office, key)}"],
    )


def by_another_role(office: Office, key: str) -> None:
    office.label(key, f"{OK}{question(office, key)}", "nadia")


def taken_off_and_put_on_again(office: Office, key: str) -> None:
    label = f"{OK}{question(office, key)}"
    office.label(key, label, "vanessa")
    office.label(key, label, "camille", off=True)
    office.label(key, label, "camille")


def for_another_content(office: Office, key: str) -> None:
    office.label(key, f"{OK}{'0' * 24}", "vanessa")


def taken_back(office: Office, key: str) -> None:
    office.label(key, f"{OK}{question(office, key)}", "vanessa")
    office.label(key, f"{OK}{question(office, key)}", "vanessa", off=True)


def property_forged(office: Office, key: str) -> None:
    record = dict(office.record(key))
    ids = [finding["id"] for finding in record["findings"]]
    office.jira.set_property(
        key, "bridge", {**record, "approved_by": "vanessa", "asks": [ids, []], "meant": {}}
    )


def property_lists_fewer_findings(office: Office, key: str) -> None:
    record = dict(office.record(key))
    office.jira.set_property(key, "bridge", {**record, "asks": [[]], "findings": []})
    office.label(key, f"{OK}{question(office, key)}", "camille")


def a_comment_in_her_name(office: Office, key: str) -> None:
    office.say(key, "Oui. Vanessa", "camille")


def a_quotation(office: Office, key: str) -> None:
    office.say(key, "Camille demande si c'est oui.", "vanessa")


def the_request_labelled_by_hand(office: Office, key: str) -> None:
    office.label(office.record(key)["request_key"], "bridge-approved", "camille")


def closed_by_hand(office: Office, key: str) -> None:
    office.jira.transition(key, "Done", by=mail("camille"))


def an_approval_in_disguise(office: Office, key: str) -> None:
    """Camille asks Vanessa to lunch, on an issue that looks like the approval to the bridge alone."""
    asks = f"{ASKS}{question(office, key)}"
    lunch = office.jira.create(
        "MKT", "Task", "On déjeune ?", by=mail("camille"), labels=["bridge", asks, CAMPAIGN]
    )
    office.jira.set_property(lunch.key, "bridge", dict(office.record(key)))
    office.say(lunch.key, "Oui, avec plaisir", "vanessa")


def another_question_put_in_the_bridge_s_place(office: Office, key: str) -> None:
    """Vanessa answers a harmless question, and Camille then changes the label of what was asked."""
    asks = f"{ASKS}{question(office, key)}"
    office.label(key, f"{ASKS}{'1' * 24}", "camille")
    office.label(key, asks, "camille", off=True)
    office.label(key, asks, "camille")
    office.jira.edit(
        key,
        by="bridge@boutique.example",
        labels=["bridge", "bridge-approval", CAMPAIGN, f"{ASKS}{'2' * 24}"],
    )
    office.say(key, "Oui", "vanessa")
    office.label(key, asks, "camille")


@pytest.mark.parametrize(
    "forge",
    [
        by_the_requester, by_the_bridge, by_another_role, taken_off_and_put_on_again, for_another_content,
        taken_back, property_forged, property_lists_fewer_findings, a_comment_in_her_name, a_quotation,
        the_request_labelled_by_hand, closed_by_hand,
        an_approval_in_disguise, another_question_put_in_the_bridge_s_place,
    ],
)  # fmt: skip
def test_a_forgery_changes_nothing(office: Office, forge: Callable[[Office, str], None]) -> None:
    done = office.submit(TOO_LONG)
    forge(office, done.approvals["dpo"])
    after = office.submit(TOO_LONG)
    assert after.standing == "needs_review"
    assert after.approvals == done.approvals
    assert {"bridge-review"} == office.labels(done.key) & {"bridge-review", "bridge-approved"}


def test_what_does_not_count_is_explained(office: Office) -> None:
    done = office.submit(TOO_LONG)
    by_the_requester(office, done.approvals["dpo"])
    after = office.submit(TOO_LONG)
    (ignored,) = after.plan.judgement.ignored
    assert "asked for it" in ignored.why.one
    (said,) = office.words(done.key)
    assert f"{OK}{question(office, done.approvals['dpo'])}" in said


def test_an_approval_made_by_hand_with_its_labels_proves_nothing(office: Office) -> None:
    """Labels set at creation are in no history, whoever created the issue."""
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    label = f"{OK}{question(office, dpo)}"
    copy = office.jira.create(
        "MKT", "Task", "Décider", by=mail("vanessa"), labels=["bridge", "bridge-approval", label]
    )
    office.jira.set_property(copy.key, "bridge", dict(office.record(dpo)))
    office.jira.delete(dpo, by="bridge@boutique.example")
    assert office.submit(TOO_LONG).standing == "needs_review"


def test_nothing_is_decided_on_a_question_that_is_gone(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    security = done.approvals["it-security"]
    office.submit(TOO_LONG)
    with pytest.raises(NothingToDecide):
        office.approve(security, "nadia")


def test_a_no_stands_until_it_is_taken_off(office: Office) -> None:
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    office.label(dpo, f"{NO}{question(office, dpo)}", "vanessa")
    office.label(dpo, f"{OK}{question(office, dpo)}", "jonathan")
    assert office.submit(TOO_LONG).standing == "refused"
    office.label(dpo, f"{NO}{question(office, dpo)}", "vanessa", off=True)
    assert office.submit(TOO_LONG).standing == "released"


# --- exceptions ------------------------------------------------------------------------------------


def test_an_exception_lifts_one_limit_up_to_a_value(office: Office) -> None:
    done = office.submit(TOO_LONG)
    granted = office.approve(
        done.approvals["dpo"],
        "vanessa",
        grant=Grant(until=SOON, reason="Jeu sur trois ans", scope="campaign"),
    )
    assert (granted.finished, granted.after.standing) == (True, "approved")
    after = office.submit(TOO_LONG)
    assert after.standing == "approved"
    (finding,) = after.plan.case.verdict.findings
    assert str(finding.covered_by).startswith(done.approvals["dpo"])
    other = TOO_LONG.replace("title: Newsletter", "title: Rappel")
    assert office.submit(other).standing == "approved"  # the same campaign, within the bound
    assert office.submit(other.replace("48", "49")).standing == "needs_review"  # above the bound
    office.today = SOON + timedelta(days=1)
    assert office.submit(TOO_LONG).standing == "needs_review"  # its end has passed


def test_an_exception_for_the_page_is_no_other_page_s(office: Office) -> None:
    done = office.submit(TOO_LONG)
    office.approve(done.approvals["dpo"], "vanessa", grant=Grant(until=SOON, reason="Une fois"))
    assert office.submit(TOO_LONG).standing == "approved"
    assert (
        office.submit(TOO_LONG.replace("title: Newsletter", "title: Rappel")).standing
        == "needs_review"
    )


def test_edited_terms_grant_nothing(office: Office) -> None:
    done = office.submit(TOO_LONG)
    dpo = done.approvals["dpo"]
    office.approve(dpo, "vanessa", grant=Grant(until=SOON, reason="Une fois"))
    (label,) = (label for label in office.labels(dpo) if label.startswith("bridge-exception-"))
    with office.tools("vanessa") as tools:
        (comment,) = [c for c in tools.tracker.comments(dpo) if "exception:" in c.words]
        from bridge.prose import Code  # noqa: PLC0415  # only here

        tools.tracker.recomment(
            dpo, comment.id, (Code(comment.words.replace("max: 48", "max: 480"), "yaml"),)
        )
    after = office.submit(TOO_LONG)
    assert after.standing == "needs_review"
    assert any(ignored.what == label for ignored in after.plan.judgement.ignored)


def test_who_asked_cannot_use_an_exception_of_their_own(office: Office) -> None:
    done = office.submit(TOO_LONG)
    office.approve(
        done.approvals["dpo"], "vanessa", grant=Grant(until=SOON, reason="Jeu", scope="campaign")
    )
    own = TOO_LONG.replace("title: Newsletter", "title: Rappel").replace(
        "requester: camille", "requester: vanessa"
    )
    assert office.submit(own).standing == "needs_review"


@pytest.mark.parametrize(
    "grant",
    [
        Grant(until=TODAY + timedelta(days=91), reason="x"),
        Grant(until=TODAY - timedelta(days=1), reason="x"),
    ],
)
def test_an_exception_has_an_end_within_ninety_days(office: Office, grant: Grant) -> None:
    dpo = office.submit(TOO_LONG).approvals["dpo"]
    with pytest.raises(ExceptionRefused):
        office.approve(dpo, "vanessa", grant=grant)


def test_an_approved_request_has_no_approval_at_all(office: Office) -> None:
    office.submit(NEWSLETTER)
    assert office.queue("nadia").items == ()
