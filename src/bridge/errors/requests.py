"""Requests in Jira, and decisions about them, that are refused."""

from collections.abc import Sequence

from bridge.errors.families import ConfigurationError, DecisionNeeded, Problem, UnsafeError
from bridge.text import Text, text, texts


class NoRequestThere(ConfigurationError):
    """The issue exists, and holds no request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            text("{key} holds no request.", key=key),
            text(
                "Write it into the description as a {{code:yaml}} block or a table of two columns, "
                "or attach it as request.yaml."
            ),
        )


class SeveralRequests(ConfigurationError):
    """The issue holds a request in more than one place; which one counts is not guessed."""

    def __init__(self, key: str, sources: Sequence[Text]) -> None:
        super().__init__(
            text(
                "{key} holds {n} requests: {sources}.",
                key=key,
                n=len(sources),
                sources=tuple(sources),
            ),
            text("Keep exactly one of them."),
        )


class RequestUnreadable(ConfigurationError):
    """The request in an issue cannot be read."""

    def __init__(self, key: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            text("The request in {key} cannot be read; nothing was written.", key=key),
            text("Mend it in {key}, then submit {key} again.", key=key),
        )


class NoSuchIssue(ConfigurationError):
    """Jira shows no such issue to this account."""

    def __init__(self, key: str) -> None:
        super().__init__(
            text("Jira shows no issue {key} to this account.", key=key),
            text("Check the key, and the right “Browse Projects” in that project."),
        )


class NotForRequests(ConfigurationError):
    """The issue is something else that the bridge keeps, or of another workspace or project."""

    def __init__(self, key: str, why: Text) -> None:
        super().__init__(
            text("{key} cannot be submitted: {why}.", key=key, why=why),
            text("Write the request into an issue of its own, in a project of this workspace."),
        )


class RequestRefused(ConfigurationError):
    """What must be known before a request can be submitted at all; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "The request was not submitted: {n} problem. Nothing was written.",
                "The request was not submitted: {n} problems. Nothing was written.",
                len(self.problems),
            )
        )


class RequestConflict(DecisionNeeded):
    """Something stands in Jira that the bridge will not decide about; nothing was written."""

    def __init__(self, sentence: Text, hint: Text) -> None:
        super().__init__(sentence, hint)


class RequestMoved(DecisionNeeded):
    """The request was edited while it was judged; nothing was written."""

    def __init__(self, key: str) -> None:
        super().__init__(
            text("Somebody edited {key} just now; nothing was written.", key=key),
            text("Submit it again: it is judged anew."),
        )


class RecordDamaged(UnsafeError):
    """What the bridge recorded on a request or an approval is not what the bridge writes."""

    def __init__(self, key: str) -> None:
        super().__init__(
            text("The bridge's record on {key} is damaged; nothing was written.", key=key),
            text(
                "Somebody edited the property “bridge” of this issue. Ask who did; taking the "
                "property away lets the bridge begin anew."
            ),
        )


class NotAnApproval(ConfigurationError):
    """The issue asks nobody to decide about a request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            text("{key} is no approval issue of this workspace.", key=key),
            text("`bridge review list` shows what is to be decided."),
        )


class MayNotDecide(UnsafeError):
    """Whoever signs in does not decide here; nothing was written."""

    def __init__(self, key: str, why: Text) -> None:
        super().__init__(
            text("You cannot decide about {key}: {why}.", key=key, why=why),
            text(
                "The role's person or their deputy signs in with their own BRIDGE_TOKEN (and "
                "BRIDGE_EMAIL): only then does Jira's history show who decided."
            ),
        )


class NothingToDecide(ConfigurationError):
    """The approval no longer asks anything: its request changed, or its role is not concerned."""

    def __init__(self, key: str, request: str) -> None:
        super().__init__(
            text("{key} asks nothing any more about {request}.", key=key, request=request),
            text("Submit {request} again: its approvals are brought up to date.", request=request),
        )


class UnknownFindings(ConfigurationError):
    """Findings were named that are not asked about here."""

    def __init__(self, names: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(
            text("No finding is called {names} here.", names=tuple(names)),
            text("Known: {names}.", names=tuple(known)),
        )


class ExceptionRefused(ConfigurationError):
    """The terms of an exception cannot be granted."""

    def __init__(self, why: Text, hint: Text) -> None:
        super().__init__(why, hint)
