"""Through Atlassian's gateway with a token that has just the documented scopes; and the other flavour's doctor."""

import pytest

from bridge.config import workspace as configuration
from bridge.doctor.access import SCOPES
from tests.stories.conftest import BOTH_FLAVOURS, Shop

BOT = "bridge@boutique.example"


def through_gateway(shop: Shop) -> None:
    """Go through the gateway with a token of all the documented scopes, which opens nothing else."""
    cloud_id = shop.box.site.cloud_id
    scopes = [scope for product in SCOPES.values() for scope in product]
    shop.patch.setenv("BRIDGE_TOKEN", shop.box.site.people.issue_token(BOT, scopes=scopes))
    shop.patch.setenv("BRIDGE_JIRA_URL", f"{shop.box.ready['jira']}/ex/jira/{cloud_id}")
    shop.patch.delenv("BRIDGE_CONFLUENCE_URL")  # follows from the other


def test_the_main_job_with_no_more_than_the_documented_scopes(shop: Shop) -> None:
    through_gateway(shop)
    told = shop.create_json()
    assert len(shop.by_step()) == 5
    assert told["url"] == f"{shop.box.ready['jira']}/browse/{told['epic']}"  # where people see it
    month = shop.publish("2027-02")
    assert month["url"].startswith(f"{shop.box.ready['confluence']}/spaces/MKT/pages/")
    assert shop.publish("2027-02")["written"] is False
    asked = [request.path for request in shop.box.requests]
    assert all(path.startswith("/ex/") for path in asked)


def test_a_scoped_token_at_the_site_s_own_address_is_told_about_the_gateway(shop: Shop) -> None:
    address = shop.box.ready["jira"]
    through_gateway(shop)
    shop.patch.setenv("BRIDGE_JIRA_URL", address)
    refused = shop.create()
    assert refused.code == 6
    assert "gateway" in refused.err
    shop.patch.setenv("BRIDGE_CONFLUENCE_URL", shop.box.ready["confluence"])
    findings = shop.bridge("doctor", "--format", "json").json["findings"]
    (remedy,) = [f["remedy"] for f in findings if f["code"] == "E-TOKEN"]
    assert f"/ex/jira/{shop.box.site.cloud_id}" in remedy


def test_a_scope_that_is_missing_is_named_as_such(shop: Shop) -> None:
    through_gateway(shop)
    reading = shop.box.site.people.issue_token(BOT, scopes=["read:jira-work", "read:jira-user"])
    shop.patch.setenv("BRIDGE_TOKEN", reading)
    refused = shop.create()
    assert refused.code == 6
    assert "scope" in refused.err
    assert not shop.issues()


@BOTH_FLAVOURS
def test_the_doctor_finds_no_error_in_a_healthy_shop_of_either_flavour(shop: Shop) -> None:
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 0, result.out
    assert result.json["flavour"] == shop.box.flavour
    assert "error" not in {finding["severity"] for finding in result.json["findings"]}
    assert shop.written() == []


@BOTH_FLAVOURS
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_init_writes_from_either_flavour_is_read_again(shop: Shop, lang: str) -> None:
    folder = shop.folder / "new"
    options = ["--marketing", "MKT", "--it", "IT", "--space", "MKT"]
    made = shop.bridge("init", "--site", shop.box.ready["jira"], str(folder), *options, lang=lang)
    assert made.code == 0, made.err
    workspace = configuration.load(folder)
    assert (workspace.mode, workspace.lang) == ("observe", lang)
    nadia = workspace.team.people["nadia"]
    assert bool(nadia.dc_user) == (shop.box.flavour == "datacenter")
    assert bool(nadia.account) == (shop.box.flavour == "cloud")
