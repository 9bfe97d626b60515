"""How Confluence says no, in the shape of either version of its REST interface."""

_CODES = {
    400: "INVALID_REQUEST_PARAMETER",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
}
_EXCEPTIONS = "com.atlassian.confluence.api.service.exceptions"
DUPLICATE_TITLE = (
    "A page with this title already exists: A page already exists with the same TITLE in this space"
)


class ConfluenceRefusalError(Exception):
    """A request that Confluence refuses.

    Args:
        status: the HTTP status.
        title: the sentence.
        code: the word of version 2; follows from the status where left out.
        detail: more, where there is more.
        legacy: the sentence of version 1, where it is another.

    """

    def __init__(
        self,
        status: int,
        title: str,
        *,
        code: str | None = None,
        detail: str | None = None,
        legacy: str | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.code = code or _CODES.get(status, "ERROR")
        self.detail = detail
        self.legacy = legacy or title

    def body(self) -> dict[str, object]:
        """Return the error as version 2 sends it."""
        error = {
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
        }
        return {"errors": [error]}

    def legacy_body(self) -> dict[str, object]:
        """Return the error as version 1 sends it."""
        data = {
            "authorized": self.status not in (401, 403),
            "valid": self.status != 400,
            "errors": [],
            "successful": False,
        }
        return {"statusCode": self.status, "data": data, "message": self.legacy}


def not_found(what: str = "Not Found") -> ConfluenceRefusalError:
    """Return the content does not exist, or may not be seen: Confluence does not tell which."""
    return ConfluenceRefusalError(404, what)


def version_conflict(current: int, provided: object) -> ConfluenceRefusalError:
    """Return a page update with another version than the current one plus one (community t/98344)."""
    title = (
        "Version must be incremented when updating a page."
        f" Current Version: [{current}]. Provided version: [{provided}]"
    )
    legacy = (
        f"{_EXCEPTIONS}.ConflictException: Version must be incremented on update."
        f" Current version is: {current}"
    )
    return ConfluenceRefusalError(409, title, legacy=legacy)


def title_taken(title: str, space_key: str) -> ConfluenceRefusalError:
    """Return a page under a title that another page of the space has."""
    legacy = (
        f"{_EXCEPTIONS}.BadRequestException: A page with this title already exists:"
        f" A page already exists with the title {title} in the space with key {space_key}"
    )
    return ConfluenceRefusalError(400, DUPLICATE_TITLE, legacy=legacy)
