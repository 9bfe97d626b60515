"""What differs between machines: the addresses of the sites, and who signs in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bridge.errors import ConfigurationError, MissingSetting
from bridge.text import text

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Settings:
    """What differs between machines: addresses and who signs in. Never printed."""

    jira: str
    confluence: str
    email: str | None
    token: str

    def __repr__(self) -> str:
        return f"Settings(jira={self.jira!r}, confluence={self.confluence!r})"

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; raise MissingSetting, or ConfigurationError for what cannot be used.

        Blanks around a value are a shell's or an editor's (``BRIDGE_TOKEN=$(cat file)``), never meant.
        """
        environment = os.environ if environment is None else environment
        given = {name: value.strip() for name, value in environment.items()}
        missing = [name for name in ("BRIDGE_JIRA_URL", "BRIDGE_TOKEN") if not given.get(name)]
        if missing:
            raise MissingSetting(missing)
        jira = _address("BRIDGE_JIRA_URL", given["BRIDGE_JIRA_URL"])
        # Through the gateway only the product's name differs; on a site Confluence is below Jira.
        wiki = given.get("BRIDGE_CONFLUENCE_URL") or jira.replace("/ex/jira/", "/ex/confluence/")
        return cls(
            jira=jira,
            confluence=_address("BRIDGE_CONFLUENCE_URL", wiki),
            email=_signed("BRIDGE_EMAIL", given.get("BRIDGE_EMAIL", "")) or None,
            token=_signed("BRIDGE_TOKEN", given["BRIDGE_TOKEN"]),
        )


def _signed(name: str, written: str) -> str:
    """Return what signs us in, if it can travel in a header: printable ASCII. Never shown."""
    if not (written.isascii() and written.isprintable()) or " " in written:
        raise ConfigurationError(
            text("{name} holds a character that cannot belong there.", name=name),
            text("Copy it again, alone: letters, digits and signs, no accents, no blanks."),
        )
    return written


def _address(name: str, written: str) -> str:
    """Return an address without its trailing slash; a token must not travel in clear text."""
    try:
        parts = urlsplit(written)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no closing bracket, or a port that is no number
        raise _no_address(name, written) from None
    if parts.username or parts.password:
        raise ConfigurationError(
            text("{name} contains a user name or password.", name=name),
            text("Put the e-mail into BRIDGE_EMAIL and the token into BRIDGE_TOKEN."),
        )
    if not is_address or parts.query or parts.fragment or any(map(str.isspace, written)):
        raise _no_address(name, written)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ConfigurationError(
            text("{name} would send the token without encryption.", name=name),
            text("Use https; http is for this machine only."),
        )
    return written.rstrip("/")


def _no_address(name: str, written: str) -> ConfigurationError:
    """Return the refusal; nothing before the last @ is shown, it may be a password."""
    return ConfigurationError(
        text("{name} is no web address: {value}", name=name, value=written.rpartition("@")[2]),
        text("Write it such as https://boutique.atlassian.net."),
    )
