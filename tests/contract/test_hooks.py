"""The webhooks of a site: registered, seen, taken away, and for administrators only."""

import pytest

from bridge.errors import SiteError, WebhooksForbidden
from bridge.site import Webhook
from tests.contract.sites import Site

URL = "http://127.0.0.1:9/webhooks/jira"
SECRET = "It's a Secret to Everybody é"
EVENTS = ("jira:issue_created", "jira:issue_updated", "comment_created")
JQL = 'project in ("MKT", "IT")'


def register(site: Site, name: str = "bridge noël", url: str = URL) -> Webhook:
    return site.hooks.register(name, url, SECRET, EVENTS, JQL)


def test_a_webhook_is_registered_seen_and_taken_away(site: Site) -> None:
    site.allow_webhooks()
    assert site.hooks.registered() == []
    made, other = register(site), register(site, "other", f"{URL}2")
    assert made == Webhook(made.id, "bridge noël", URL, enabled=True, events=EVENTS, jql=JQL)
    assert list(site.hooks.registered()) == [made, other]
    for _ in range(2):
        site.hooks.unregister(made.id)
    assert list(site.hooks.registered()) == [other]


def test_who_does_not_administer_the_site_is_told_what_to_do(site: Site) -> None:
    for ask in (
        site.hooks.registered,
        lambda: register(site),
        lambda: site.hooks.unregister("1"),
    ):
        with pytest.raises(WebhooksForbidden) as refused:
            ask()
        assert refused.value.hint is not None
        assert "administrator" in refused.value.hint.one
    site.allow_webhooks()
    assert site.hooks.registered() == []


def test_what_the_site_refuses_is_not_registered_and_tells_no_secret(site: Site) -> None:
    site.allow_webhooks()
    with pytest.raises(SiteError) as refused:
        register(site, url="ftp://elsewhere.example")
    assert SECRET not in str(refused.value)
    assert site.hooks.registered() == []


def test_what_is_no_id_leads_nowhere_else(site: Site) -> None:
    site.allow_webhooks()
    made = register(site)
    with pytest.raises(SiteError):
        site.hooks.unregister(f"9/../{made.id}")
    assert list(site.hooks.registered()) == [made]
