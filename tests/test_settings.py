"""What differs between machines: read with care, refused in one sentence, never shown in part."""

import pytest

from bridge.errors import ConfigurationError, MissingSetting
from bridge.settings import Settings

GOOD = {
    "BRIDGE_JIRA_URL": "https://boutique.atlassian.net/",
    "BRIDGE_EMAIL": "camille@boutique.example",
    "BRIDGE_TOKEN": "ATATT3xFfGF0",
}


def test_blanks_around_a_value_are_nobody_s_meaning() -> None:
    told = Settings.of_environment({name: f" {value}\r\n" for name, value in GOOD.items()})
    assert (told.jira, told.email, told.token) == (
        "https://boutique.atlassian.net",
        "camille@boutique.example",
        "ATATT3xFfGF0",
    )


def test_a_token_of_blanks_is_missing() -> None:
    with pytest.raises(MissingSetting, match="BRIDGE_TOKEN"):
        Settings.of_environment(GOOD | {"BRIDGE_TOKEN": " \n"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BRIDGE_TOKEN", "é€secret"),
        ("BRIDGE_TOKEN", "secret\nsecret"),
        ("BRIDGE_TOKEN", "secret secret"),
        ("BRIDGE_TOKEN", "secret\x7f"),
        ("BRIDGE_EMAIL", "secretЖ@boutique.example"),
    ],
)
def test_what_cannot_travel_in_a_header_is_refused_unshown(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.of_environment(GOOD | {name: value})
    assert name in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["BRIDGE_JIRA_URL", "BRIDGE_CONFLUENCE_URL"])
@pytest.mark.parametrize(
    "value",
    [
        "https://[bad",
        "http://127.0.0.1:abc",
        "https://shop.example:99999",
        "https://shop.example:0",
        "https://shop.example?a=b",
        "https://shop.example#c",
        "https://shop example",
        "shop.example",
        "ftp://shop.example",
        "https://",
        "https://me:secret@secret@shop.example",
        "ftp://me:secret@secret@shop.example",
        "https://me:secret@secret@[bad",
        "https://me:secret@secret@shop.example:abc",
        "me:secret@secret@shop.example",
    ],
)
def test_what_is_no_address_is_refused_without_what_may_be_a_password(
    name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.of_environment(GOOD | {name: value})
    assert name in str(refused.value)
    assert "secret" not in str(refused.value)
