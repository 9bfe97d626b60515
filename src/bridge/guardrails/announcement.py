"""The first words about a verdict: what came out, and what happens now. The same wherever it is read."""

from bridge.guardrails.finding import Verdict
from bridge.guardrails.request import Request
from bridge.prose import one_line
from bridge.text import Text, text, texts


def headline(request: Request, verdict: Verdict) -> Text:
    """Say what came out, in one sentence that names the request."""
    named = _named(request)
    if verdict.outcome == "approved":
        return text("{request} stays inside the guardrails: approved.", request=named)
    if verdict.outcome == "incomplete":
        return texts(
            "{request} is incomplete: {n} thing is missing.",
            "{request} is incomplete: {n} things are missing.",
            len({one.where for one in verdict.missing if one.is_missing}),
            request=named,
        )
    return texts(
        "{request} leaves the guardrails: {n} approval is needed.",
        "{request} leaves the guardrails: {n} approvals are needed.",
        len(verdict.approvers),
        request=named,
    )


def consequence(verdict: Verdict) -> Text:
    """Say who has to act now."""
    if verdict.outcome == "approved":
        return text("It can go ahead; nobody in IT has to look at it.")
    if verdict.outcome == "incomplete":
        return text("Fill in what is missing, then check again: nobody else has to act.")
    return text("Each role decides only about what stands under its name.")


def _named(request: Request) -> Text:
    title = one_line(request.title, 120)
    return text("“{title}”", title=title) if title else text("This request")
