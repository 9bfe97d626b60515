"""How Jira says no: a status and ``{"errorMessages": [], "errors": {}}``."""

from collections.abc import Mapping

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


class JiraRefusalError(Exception):
    """A request that Jira refuses.

    Args:
        status: the HTTP status.
        messages: sentences that concern the whole request.
        errors: field id to sentence.

    """

    def __init__(
        self, status: int, *messages: str, errors: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, messages, errors)
        self.status = status
        self.messages = list(messages)
        self.errors = dict(errors or {})

    def body(self) -> dict[str, object]:
        """Return the error collection as it is sent."""
        return {"errorMessages": self.messages, "errors": self.errors}

    def __str__(self) -> str:
        return "; ".join(
            [*self.messages, *(f"{name}: {text}" for name, text in self.errors.items())]
        )


def no_issue() -> JiraRefusalError:
    """Return the issue does not exist, or may not be seen: Jira does not tell which."""
    return JiraRefusalError(404, NO_ISSUE)


def not_on_screen(field_id: str) -> str:
    """Return the text for a field that is unknown, not on the screen, or not this user's to set."""
    return f"Field '{field_id}' cannot be set. It is not on the appropriate screen, or unknown."
