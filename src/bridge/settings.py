"""What differs between machines: the addresses of the sites, and who signs in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bridge.errors import ConfigurationError, MissingSetting, Unusable
from bridge.text import text

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LARGEST = 64 * 1024  # bytes of a file that holds one setting


def given(name: str, environment: Mapping[str, str] | None = None) -> str:
    """Return a setting: from the variable NAME, or from the file that NAME_FILE names; "" for none.

    Containers and systemd hand secrets over as files. Blanks around a value are never meant.
    Raises ConfigurationError where both are set, Unusable where the file cannot be read.
    """
    environment = os.environ if environment is None else environment
    value = environment.get(name, "").strip()
    file = environment.get(f"{name}_FILE", "").strip()
    if value and file:
        raise ConfigurationError(
            text("{name} and {name}_FILE are both set.", name=name),
            text("Keep one of the two."),
        )
    return _content(file) if file else value


def _content(file: str) -> str:
    """Return what a file holds; what it holds is never shown."""
    try:
        with Path(file).open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8").strip()
    except OSError as failed:
        raise Unusable(file, failed.errno) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            text("{file} is no text in UTF-8.", file=file),
            text("Write the value into it, alone, as text."),
        ) from None


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

        Each may stand in a file instead: ``BRIDGE_TOKEN_FILE`` (see :func:`given`).
        """
        site, token = given("BRIDGE_JIRA_URL", environment), given("BRIDGE_TOKEN", environment)
        required = {"BRIDGE_JIRA_URL": site, "BRIDGE_TOKEN": token}
        missing = [name for name, value in required.items() if not value]
        if missing:
            raise MissingSetting(missing)
        jira = _address("BRIDGE_JIRA_URL", site)
        # Through the gateway only the product's name differs; on a site Confluence is below Jira.
        wiki = given("BRIDGE_CONFLUENCE_URL", environment) or jira.replace(
            "/ex/jira/", "/ex/confluence/"
        )
        return cls(
            jira=jira,
            confluence=_address("BRIDGE_CONFLUENCE_URL", wiki),
            email=_signed("BRIDGE_EMAIL", given("BRIDGE_EMAIL", environment)) or None,
            token=_signed("BRIDGE_TOKEN", token),
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


def public_url(written: str | None = None) -> str:
    """Return the address at which the outside reaches the service: as written, else BRIDGE_PUBLIC_URL.

    Without a trailing slash. Raises MissingSetting, or ConfigurationError for what cannot be used.
    """
    address = (written or given("BRIDGE_PUBLIC_URL")).strip()
    if not address:
        raise MissingSetting(["BRIDGE_PUBLIC_URL"])
    return _address("BRIDGE_PUBLIC_URL", address)
