"""What Jira and Confluence refuse, and what the gateway refuses to send them."""

from collections.abc import Mapping, Sequence

from bridge.errors.families import Problem, SiteError, UnsafeError
from bridge.text import Text, text, texts

# What requests calls it, by the names of its exceptions.
_TROUBLES: Mapping[str, Text] = {
    "ConnectionError": text("no connection"),
    "ConnectTimeout": text("no connection in time"),
    "ReadTimeout": text("no answer in time"),
    "Timeout": text("no answer in time"),
    "ProxyError": text("the proxy does not let it pass"),
    "SSLError": text("no encrypted connection"),
    "ChunkedEncodingError": text("the answer broke off"),
    "ContentDecodingError": text("the answer cannot be decoded"),
}


class Unreachable(SiteError):
    """No answer arrived."""

    def __init__(self, product: str, url: str, detail: str) -> None:
        """Name the ``detail`` in the reader's language where it is one of requests' exceptions."""
        self.detail = detail
        super().__init__(
            text(
                "{product} at {url} cannot be reached ({detail}).",
                product=product,
                url=url,
                detail=_TROUBLES.get(detail, detail),
            ),
            text("Check the address and the network, then run the same command again."),
        )


class LostAnswer(SiteError):
    """The connection broke after a request that must not be repeated blindly."""

    def __init__(self, product: str, what: str) -> None:
        super().__init__(
            text(
                "The connection to {product} broke before the answer to “{what}” arrived.",
                product=product,
                what=what,
            ),
            text(
                "It may have been done. Run the same command again: it finds what exists "
                "and completes the rest."
            ),
        )


class BadAnswer(SiteError):
    """An answer that is not what the product sends: a login page, a proxy's HTML, cut JSON."""

    def __init__(self, product: str, what: str, found: Text) -> None:
        super().__init__(
            text(
                "{product} answered “{what}” with {found}.", product=product, what=what, found=found
            ),
            text("Check the address and whether a proxy or a login page stands in between."),
        )


class NotSignedIn(SiteError):
    """The site does not take this account as signed in; the reasons it tells are classes below."""


class TokenRefused(NotSignedIn):
    """401: wrong e-mail or token, or an expired one; a scoped token used on the site's own address."""

    def __init__(self, product: str) -> None:
        super().__init__(
            text("{product} does not accept the e-mail and token.", product=product),
            text(
                "Check BRIDGE_EMAIL and BRIDGE_TOKEN; a token ends after at most one year. "
                "A token with scopes works only through Atlassian's gateway: see `bridge doctor`."
            ),
        )


class ScopeMissing(NotSignedIn):
    """401 with Atlassian's sign that the token is good but lacks a scope for this request."""

    def __init__(self, product: str, what: str) -> None:
        super().__init__(
            text("The token lacks a scope for “{what}” in {product}.", what=what, product=product),
            text("Make a token with the scopes that docs/administrator.md lists."),
        )


class LockedByCaptcha(NotSignedIn):
    """After failed sign-ins Atlassian wants to see a person before it accepts the account again."""

    def __init__(self, product: str) -> None:
        super().__init__(
            text(
                "{product} has locked this account behind a CAPTCHA after failed sign-ins.",
                product=product,
            ),
            text(
                "Sign in once with a browser and solve it, then check BRIDGE_EMAIL and BRIDGE_TOKEN."
            ),
        )


class UntrustedCertificate(SiteError):
    """The site's certificate was issued by nobody this machine trusts: often a company's own CA."""

    def __init__(self, product: str, url: str) -> None:
        super().__init__(
            text(
                "The certificate of {product} at {url} is not trusted here.",
                product=product,
                url=url,
            ),
            text(
                "If your company has its own certificate authority, let REQUESTS_CA_BUNDLE name "
                "the file with its certificate."
            ),
        )


class Forbidden(SiteError):
    """403, or a 404 that hides a missing right."""

    def __init__(self, product: str, what: str, detail: str) -> None:
        self.detail = detail
        super().__init__(
            text("{product} refuses “{what}”: {detail}", product=product, what=what, detail=detail),
            text("Ask the administrator for the right, or check the names in bridge.yaml."),
        )


class WebhooksForbidden(Forbidden):
    """403: webhooks of the whole site are for those who administer it."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        SiteError.__init__(  # a sentence and a remedy of its own
            self,
            text("This account may not administer Jira's webhooks: {detail}", detail=detail),
            text(
                "Run it once with the token of an administrator of Jira (the right “Administer "
                "Jira”), or let an administrator register the webhook by hand."
            ),
        )


class Refused(SiteError):
    """Any other refusal of the site, with its own words.

    ``retry_after``: the seconds the site asks to wait, None where it does not say.
    """

    def __init__(
        self, product: str, what: str, status: int, detail: str, retry_after: float | None = None
    ) -> None:
        self.status = status
        self.detail = detail
        self.is_temporary = status >= 500 or status == 429
        self.retry_after = retry_after
        super().__init__(
            text(
                "{product} refuses “{what}” ({status}): {detail}",
                product=product,
                what=what,
                status=status,
                detail=detail or "—",
            ),
            text("Trying again is safe and may help.") if self.is_temporary else None,
        )


class SiteRefusedSome(SiteError):
    """A bulk create made some issues and refused others; the next run creates what is missing."""

    def __init__(self, refused: Sequence[tuple[str, Sequence[str]]]) -> None:
        self.problems = tuple(
            Problem(text("Jira refused “{what}”: {why}", what=what, why="; ".join(reasons)))
            for what, reasons in refused
        )
        super().__init__(
            texts(
                "Jira refused {n} issue of the campaign.",
                "Jira refused {n} issues of the campaign.",
                len(self.problems),
            ),
            text(
                "Mend what it says, then run the same command again: it creates only what is missing."
            ),
        )


class RemovalIncomplete(SiteError):
    """Leaving took away all but what Jira or Confluence refused; the next run takes the rest."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "{n} thing was not taken away.", "{n} things were not taken away.", len(problems)
            ),
            text("Mend what it says, then run the same command again."),
        )


class AttachmentTooLarge(SiteError):
    """An attachment holds more than the bridge reads of one. Sizes are in bytes."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            text(
                "The attachment “{name}” is larger than {n} KB, the most that is read of one.",
                name=name,
                n=max(1, most // 1024),
            ),
            text("Attach a smaller file to the issue in its place."),
        )


class HistoryIncomplete(SiteError):
    """Jira says that there are more changes of an issue than it gives; nothing can be proved by them."""

    def __init__(self, key: str, given: int, total: int) -> None:
        super().__init__(
            text(
                "Jira gave {given} of the {total} changes in the history of {key}.",
                given=given,
                total=total,
                key=key,
            ),
            text("Run the same command again; if it stays so, ask the administrator of the site."),
        )


class TooManyNewIssues(SiteError):
    """So many issues were created since an interrupted run that the store cannot be looked through."""

    def __init__(self, project: str, most: int) -> None:
        super().__init__(
            text(
                "More than {n} issues of {project} would have to be read to see what an "
                "interrupted creation had made.",
                n=most,
                project=project,
            ),
            text("Choose another --id, and delete by hand what the interrupted run left."),
        )


class OutsideTheFence(UnsafeError):
    """A write outside the configured projects and space was stopped before it left."""

    def __init__(self, what: str, allowed: Sequence[str]) -> None:
        super().__init__(
            text(
                "{what} lies outside what bridge.yaml allows to write ({allowed}).",
                what=what,
                allowed=tuple(allowed),
            ),
            text("Add it to bridge.yaml if the bridge shall write there."),
        )


class ObserveOnly(UnsafeError):
    """``mode: observe``: the gateway reads only."""

    def __init__(self, what: str) -> None:
        super().__init__(
            text("This workspace only observes; it would have written: {what}.", what=what),
            text("Set `mode: write` in bridge.yaml when you want the bridge to write."),
        )


class MemoryDamaged(UnsafeError):
    """The bridge's own memory on an issue or page is not what the bridge wrote."""

    def __init__(self, where: str) -> None:
        super().__init__(
            text("The bridge's memory on {where} is damaged; nothing was written.", where=where),
            text(
                "It was edited by something else. Ask whoever did, or start a campaign "
                "with another --id."
            ),
        )


class StoreUnreachable(SiteError):
    """The database where the service keeps its work does not answer; its password is never shown."""

    def __init__(self, store: str) -> None:
        super().__init__(
            text("The service's store does not answer: {store}.", store=store),
            text(
                "Check BRIDGE_STATE and that the database runs, then start again; nothing was lost."
            ),
        )


class SignInHeld(SiteError):
    """The site refused this sign-in lately; asking again and again would lock the account."""

    def __init__(self, until: str) -> None:
        super().__init__(
            text("The site refused this sign-in; it is left alone until {until}.", until=until),
            text("Run `bridge doctor`. Another token is tried at once."),
        )
