"""A line to Jira: requests go out, answers come back judged by the shape that Jira's have."""

from collections.abc import Iterable

from bridge.atlassian import jira_answers
from bridge.atlassian.dialect import Dialect
from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Answer, Request, refusal
from bridge.errors import BadAnswer
from bridge.text import text


class Line:
    """A transport together with the dialect spoken on it."""

    def __init__(self, transport: Transport, dialect: Dialect) -> None:
        self.transport = transport
        self.dialect = dialect

    def send(self, request: Request) -> Answer:
        """Return a good answer; raise a SiteError."""
        return self._shaped(request, self.transport.send(request))

    def send_all(self, requests: Iterable[Request]) -> list[Answer]:
        """Send independent requests a few at a time; raise the first trouble, if any."""
        requests = list(requests)
        answers = self.transport.send_all(requests)
        return [self._shaped(r, a) for r, a in zip(requests, answers, strict=True)]

    def good(self, request: Request, answer: Answer) -> Answer:
        """Return a good answer; raise for a refusal."""
        if answer.status >= 400:
            raise refusal("Jira", request, answer)
        return self._shaped(request, answer)

    def _shaped(self, request: Request, answer: Answer) -> Answer:
        """Refuse a success whose body is JSON, but not Jira's (a proxy's, another product's)."""
        if request.expects == "json" and not jira_answers.has_shape(
            request, answer.body, self.dialect
        ):
            raise BadAnswer("Jira", request.what, text("data of another kind"))
        return answer
