"""The scopes that the doctor and the documentation name are those of the calls the bridge really makes."""

from pathlib import Path
from urllib.parse import unquote

from bridge.doctor.access import SCOPES
from tests.judge.contracts import contract, folder
from tests.judge.exchanges import place_in
from tests.stories.conftest import Shop

# Served and used, but in no contract file: who may read a space (Atlassian's reference: read:space).
BESIDE = ("/permissions", "/_edge/tenant_info")
ROOT = Path(__file__).parents[2]


def scopes_used(shop: Shop) -> dict[str, set[str]]:
    """The current scopes of every call so far, by product."""
    used: dict[str, set[str]] = {"Jira": set(), "Confluence": set()}
    for request in shop.box.requests:
        if request.path.endswith(BESIDE):
            continue
        name, path = place_in(request.path)
        found = contract(name).operation(request.method, unquote(path))
        assert found is not None, request
        product = "Confluence" if request.path.startswith("/wiki/") else "Jira"
        for entry in found.described.get("x-atlassian-oauth2-scopes", ()):
            if entry["state"] == "Current":
                used[product].update(entry["scopes"])
    return used


def test_every_call_is_covered_and_no_scope_is_asked_in_vain(shop: Shop) -> None:
    folder()
    shop.create_json()
    shop.publish("2027-02")
    shop.publish("2027-02")
    assert shop.bridge("doctor", "--format", "json").code == 0
    assert scopes_used(shop) == {product: set(scopes) for product, scopes in SCOPES.items()}


def test_the_documentation_names_them_all() -> None:
    page = (ROOT / "docs" / "administrator.md").read_text("utf-8")
    assert all(f"`{scope}`" in page for scopes in SCOPES.values() for scope in scopes)
