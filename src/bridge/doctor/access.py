"""Whether the site answers, lets the account in, and goes on doing so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bridge.doctor.diagnosis import Diagnosis, in_file
from bridge.errors import (
    BadAnswer,
    LockedByCaptcha,
    NotSignedIn,
    ScopeMissing,
    SiteError,
    Unreachable,
    UntrustedCertificate,
)
from bridge.site import Server
from bridge.text import Text, text, texts

MOST_AHEAD = 60  # seconds between two clocks that still count as the same time
SLOW = 2.0  # seconds for the smallest of answers
NOTICE = 30  # days before its end that a token is spoken of
GATEWAY = "https://api.atlassian.com/ex/{product}/{cloud_id}"
OLDEST_WITH_TOKENS = (8, 14)  # Jira Data Center: personal access tokens

# What the bridge asks of a token with scopes: the operations' x-atlassian-oauth2-scopes.
SCOPES: Mapping[str, tuple[str, ...]] = {
    "Jira": ("read:jira-work", "write:jira-work", "read:jira-user"),
    "Confluence": (
        "read:space:confluence",
        "read:page:confluence",
        "write:page:confluence",
        "read:content.metadata:confluence",
        "read:confluence-content.all",
        "write:confluence-content",
        "read:confluence-user",
        "search:confluence",
    ),
}


def unreachable(product: str, url: str, error: SiteError) -> Diagnosis:
    """Return what to say where no answer of use arrived."""
    code, remedy = _remedy(error)
    return Diagnosis(
        code=code,
        what=error.sentence,
        why=text("Without {product} nothing else can be checked there.", product=product),
        remedy=remedy,
        where=f"{product}, {url}",
    )


def _remedy(error: SiteError) -> tuple[str, Text]:
    if isinstance(error, BadAnswer):
        return "E-ANSWER", text(
            "Open the address in a browser on this machine. A proxy or a sign-in page in between, "
            "or an address without the right path, answers like this."
        )
    if isinstance(error, UntrustedCertificate):
        return "E-CERTIFICATE", text(
            "If your company has a certificate authority of its own, name its file in "
            "REQUESTS_CA_BUNDLE."
        )
    if not isinstance(error, Unreachable):
        return "E-REFUSED", error.hint or text("Ask the administrator of the site.")
    if error.detail == "ProxyError":
        return "E-PROXY", text("Check HTTPS_PROXY and NO_PROXY.")
    return "E-UNREACHABLE", text(
        "Check the address, the network, and whether this machine needs a proxy (HTTPS_PROXY)."
    )


def unchecked(what: Text, error: SiteError, where: str) -> Diagnosis:
    """Return what to say where one question was refused while others were answered."""
    return Diagnosis(
        code="W-UNCHECKED",
        what=text("Could not be checked: {what}. {error}", what=what, error=error.sentence),
        why=text("What is wrong there, if anything, will only show when the bridge needs it."),
        remedy=error.hint or text("Run `bridge doctor` again later."),
        where=where,
    )


@dataclass(frozen=True, slots=True)
class Caller:
    """How somebody tried to sign in: at which address, with an e-mail or without.

    ``server`` and ``cloud_id``: what the site told before the sign-in, None where it did not.
    """

    product: str
    url: str
    has_email: bool
    server: Server | None = None
    cloud_id: str | None = None


def refused_sign_in(caller: Caller, error: NotSignedIn) -> Diagnosis:
    """Return why a site does not let the account in, as far as it gives itself away."""
    code, why, remedy = _reason(caller, error)
    return Diagnosis(
        code=code,
        what=error.sentence,
        why=why,
        remedy=remedy,
        where=f"{caller.product}, {caller.url}",
    )


def _reason(caller: Caller, error: NotSignedIn) -> tuple[str, Text, Text]:
    server = caller.server
    if isinstance(error, LockedByCaptcha):
        return (
            "E-CAPTCHA",
            text("After several failures Jira accepts no token until a person has signed in."),
            text(
                "Sign in to {url} with this account in a browser and solve the captcha there; then "
                "check BRIDGE_EMAIL and BRIDGE_TOKEN before the next try.",
                url=caller.url,
            ),
        )
    if isinstance(error, ScopeMissing):
        return (
            "E-SCOPE",
            text("The token is good, but it was made without a scope that the bridge needs."),
            text("Make a new token with these scopes: {scopes}.", scopes=SCOPES[caller.product]),
        )
    if server is not None and server.flavour == "cloud" and not caller.has_email:
        return (
            "E-EMAIL",
            text("On Atlassian Cloud a token signs in together with the e-mail of its account."),
            text("Set BRIDGE_EMAIL."),
        )
    return "E-TOKEN", _why_refused(server), _new_token(server, caller.cloud_id)


def _why_refused(server: Server | None) -> Text:
    if server is not None and server.flavour == "datacenter":
        return text("The token is wrong, has ended, or was withdrawn.")
    return text(
        "The e-mail or the token is wrong, the token has ended, or it is a token with scopes or of "
        "a service account, which the site's own address never accepts."
    )


def _new_token(server: Server | None, cloud_id: str | None) -> Text:
    if cloud_id is None or (server is not None and server.is_gateway):
        return text("Check BRIDGE_EMAIL and BRIDGE_TOKEN; make a new token if in doubt.")
    return text(
        "Check BRIDGE_EMAIL and BRIDGE_TOKEN. For a token with scopes set BRIDGE_JIRA_URL={jira} "
        "and BRIDGE_CONFLUENCE_URL={confluence}",
        jira=GATEWAY.format(product="jira", cloud_id=cloud_id),
        confluence=GATEWAY.format(product="confluence", cloud_id=cloud_id),
    )


def line(server: Server, url: str, patience: int) -> Iterator[Diagnosis]:
    """Give what is wrong with the line to Jira: its clock, its speed, its age, its scopes.

    ``patience``: the seconds after which the bridge gives up on an answer.
    """
    where = f"Jira, {url}"
    if server.ahead is not None and abs(server.ahead) > MOST_AHEAD:
        yield _clock(server.ahead)
    if server.seconds > SLOW:
        yield Diagnosis(
            code="W-SLOW",
            what=text(
                "Jira took {seconds} s for its smallest answer; the bridge gives up after "
                "{patience} s.",
                seconds=round(server.seconds, 1),
                patience=patience,
            ),
            why=text("Larger answers take longer: a campaign may stop half-way, to be run again."),
            remedy=text("Look at the proxy or the line between this machine and the site."),
            where=where,
        )
    if server.flavour == "datacenter" and _number(server.version) < OLDEST_WITH_TOKENS:
        yield Diagnosis(
            code="W-VERSION",
            what=text("Jira {version} knows no personal access tokens.", version=server.version),
            why=text("The bridge signs in with one; it is checked against Jira 10.3."),
            remedy=text("Update Jira, or sign in with a user name in BRIDGE_EMAIL and a password."),
            where=where,
        )
    if server.is_gateway:
        yield _gateway(where)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())


def _clock(ahead: float) -> Diagnosis:
    minutes = max(1, round(abs(ahead) / 60))
    return Diagnosis(
        code="W-CLOCK",
        what=texts(
            "This machine's clock is {n} minute ahead of Jira's.",
            "This machine's clock is {n} minutes ahead of Jira's.",
            minutes,
        )
        if ahead > 0
        else texts(
            "This machine's clock is {n} minute behind Jira's.",
            "This machine's clock is {n} minutes behind Jira's.",
            minutes,
        ),
        why=text("“Today”, lateness and what changed since the last look would be wrong."),
        remedy=text("Let this machine set its clock from the network (NTP)."),
        where=text("this machine"),
    )


def _gateway(where: str) -> Diagnosis:
    return Diagnosis(
        code="I-SCOPES",
        what=text("The gateway is used: the token has scopes, or belongs to a service account."),
        why=text("Scopes for writing show only when something is written; they cannot be checked."),
        remedy=text(
            "Make sure that the token has {jira}, and for Confluence {confluence}.",
            jira=SCOPES["Jira"],
            confluence=SCOPES["Confluence"],
        ),
        where=where,
    )


def token_end(expires: date | None, today: date) -> Iterator[Diagnosis]:
    """Give what to know about the token's last day, thirty days ahead."""
    where = in_file("token.expires")
    why = text("On that day every command and the service stop with “not signed in”.")
    if expires is None:
        yield Diagnosis(
            code="I-TOKEN-END",
            what=text("When the token ends is not written down."),
            why=text("Atlassian does not tell it through its API; on Cloud it is at most a year."),
            remedy=text(
                "Write its last day: token: {{expires: 2027-10-31}}; then this warns ahead."
            ),
            where=where,
        )
    elif expires < today:
        yield Diagnosis(
            code="E-TOKEN-ENDED",
            what=text("The token ended on {day}.", day=expires),
            why=why,
            remedy=_renew(),
            where=where,
        )
    elif (expires - today).days <= NOTICE:
        yield Diagnosis(
            code="W-TOKEN-ENDS",
            what=texts(
                "The token ends on {day}, in {n} day.",
                "The token ends on {day}, in {n} days.",
                (expires - today).days,
                day=expires,
            ),
            why=why,
            remedy=_renew(),
            where=where,
        )


def _renew() -> Text:
    return text("Make a new token, put it into BRIDGE_TOKEN, and write its last day here.")
