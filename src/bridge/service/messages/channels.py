"""Where messages go: addresses of chats and mail boxes, from the environment alone. Never shown.

An address holds a password or a secret, so it never stands in ``bridge.yaml``, in a log or in a refusal.
"""

import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bridge.errors import ChannelUnusable
from bridge.settings import given

SETTING: Final = "BRIDGE_MESSAGES"
TEAM, OPERATORS = "team", "operators"
_LINE: Final = re.compile(
    r"(?:(?P<whom>[a-z0-9_,\s-]+)=)?(?P<address>[a-z][a-z0-9+.-]*://\S+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One chat or mail box. ``whom``: ``team``, ``operators``, ids of people whose digest goes there."""

    whom: frozenset[str]
    address: str = field(repr=False)

    @property
    def digest(self) -> str:
        """Return what stands for the address where it must not stand itself."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:16]


def of_environment(environment: Mapping[str, str] | None = None) -> tuple[Channel, ...]:
    """Return the channels of BRIDGE_MESSAGES, or of the file that BRIDGE_MESSAGES_FILE names.

    One for each line: ``[WHOM[,WHOM]=]ADDRESS``; without whom, it is the team's. Blank lines and
    those that begin with ``#`` say nothing. The same address twice is one channel. Raises
    ChannelUnusable with the number of the line, or as :func:`~bridge.settings.given` does.
    """
    whom: dict[str, frozenset[str]] = {}
    for number, line in enumerate(given(SETTING, environment).splitlines(), 1):
        plain = line.strip()
        if plain and not plain.startswith("#"):
            channel = _channel(plain, number)
            whom[channel.address] = whom.get(channel.address, frozenset()) | channel.whom
    return tuple(Channel(names, address) for address, names in whom.items())


def _channel(line: str, number: int) -> Channel:
    found = _LINE.fullmatch(line)
    if found is None or not _is_known(found["address"]):
        raise ChannelUnusable(number)
    names = frozenset(name.strip().lower() for name in (found["whom"] or TEAM).split(","))
    return Channel(names - {""} or frozenset({TEAM}), found["address"])


def _is_known(address: str) -> bool:
    from apprise import Apprise  # noqa: PLC0415  # 0.5 s that only messages pay

    _keep_addresses_out_of_the_log()
    return Apprise.instantiate(address, suppress_exceptions=True) is not None


def send(channel: Channel, title: str, body: str) -> bool:
    """Send plain words; tell whether the other side took them. Waits some seconds at most."""
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415  # as above

    _keep_addresses_out_of_the_log()
    service = Apprise()
    service.add(channel.address)
    return bool(service.notify(body=body, title=title, body_format=NotifyFormat.TEXT))


def _keep_addresses_out_of_the_log() -> None:
    """Silence the library: what it says of a failure may hold the address."""
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
