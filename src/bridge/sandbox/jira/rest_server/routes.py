"""Where Data Center's operations are registered: below ``/jira/rest``."""

from typing import Any

from flask import Blueprint

api = Blueprint("jira-server", __name__, url_prefix="/jira/rest/api/<any('2', 'latest'):_version>")
agile = Blueprint(
    "jira-agile", __name__, url_prefix="/jira/rest/agile/<any('1.0', 'latest'):_version>"
)
auth = Blueprint("jira-auth", __name__, url_prefix="/jira/rest/auth/<any('1', 'latest'):_version>")


@agile.url_value_preprocessor
@api.url_value_preprocessor
@auth.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.pop("_version", None)
