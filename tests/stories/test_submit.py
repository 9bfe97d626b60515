"""Requests submitted to Jira: what is written, for whom, and what is left alone."""

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.requests import NEWSLETTER, TOO_MUCH, Office
from tests.stories.requests import office as opened

pytestmark = BOTH_FLAVOURS


@pytest.fixture
def office(shop: Shop) -> Office:
    return opened(shop)


def test_inside_the_guardrails_nobody_of_it_hears_of_it(office: Office) -> None:
    done = office.submit(NEWSLETTER)
    assert done.standing == "approved"
    assert office.of_kind("approval") == []
    assert office.labels(done.key) == {
        "bridge",
        "bridge-request",
        "bridge-approved",
        "bridge-c-boutique-fr-noel-2027",
    }
    office.shop.box.forget_requests()
    again = office.submit(NEWSLETTER)
    assert again.key == done.key
    assert office.writes() == []


def test_outside_each_role_gets_one_issue(office: Office) -> None:
    done = office.submit(TOO_MUCH)
    assert done.standing == "needs_review"
    assert len(office.of_kind("approval")) == 2
    office.shop.box.forget_requests()
    assert office.submit(TOO_MUCH).standing == "needs_review"
    assert office.writes() == []
