"""Which Jira stands at an address: Cloud or Data Center, its version, where people see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Request
from bridge.errors import BadAnswer
from bridge.site import Flavour
from bridge.text import text

_CLOUD_SITES = (".atlassian.net", ".jira.com")


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What a Jira says of itself. ``base_url`` is the address for people, without a slash at its end."""

    flavour: Flavour
    version: str
    base_url: str


def is_gateway(url: str) -> bool:
    """Tell whether requests go through Atlassian's gateway, by its path: tests have their own host."""
    return "/ex/jira/" in urlsplit(url).path or "/ex/confluence/" in urlsplit(url).path


def is_surely_cloud(url: str) -> bool:
    """Tell whether an address alone says that it is Cloud."""
    host = urlsplit(url).hostname or ""
    return is_gateway(url) or host.endswith(_CLOUD_SITES)


def ask(transport: Transport) -> SiteInfo:
    """Ask a Jira what it is; raise a SiteError."""
    request = Request(method="GET", path="/rest/api/2/serverInfo")
    body = transport.send(request).body
    if not isinstance(body, dict) or not isinstance(body.get("baseUrl"), str):
        raise BadAnswer("Jira", request.what, text("data of another kind"))
    return SiteInfo(
        flavour=named(body),
        version=str(body.get("version", "")),
        base_url=body["baseUrl"].rstrip("/"),
    )


def named(server: Mapping[str, Any]) -> Flavour:
    """Return which kind of Jira answers: ``deploymentType`` is ``Cloud``, or ``Server`` on Data Center."""
    return "cloud" if server.get("deploymentType") == "Cloud" else "datacenter"
