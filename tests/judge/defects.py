"""Where a contract file is wrong or silent about the real service: each with its reason and source.

A defect mends the document before it judges. ``test_defects`` takes each away in turn: one whose
absence nobody notices must go.
"""

from tests.judge.datacenter_defects import CONFLUENCE as CONFLUENCE_DATA_CENTER
from tests.judge.datacenter_defects import DATA_CENTER
from tests.judge.datacenter_defects import JIRA as JIRA_DATA_CENTER
from tests.judge.defect import Defect, Document, everywhere, nullable, status

JIRA = ("jira-cloud-v3", "jira-cloud-v2")
EVERY = (
    *JIRA,
    "confluence-cloud-v2",
    "confluence-cloud-v1",
    JIRA_DATA_CENTER,
    CONFLUENCE_DATA_CENTER,
)
_SOURCES = "contracts/SOURCES.md, “Where the contracts are known to be wrong or silent”"


def _open_clause(document: Document) -> None:
    document["components"]["schemas"]["JqlQueryClause"].pop("additionalProperties")


def _null_kinds(document: Document) -> None:
    schema = document["components"]["schemas"]["ContentIdToContentTypeResponse"]
    schema["properties"]["results"]["additionalProperties"]["anyOf"].append({"enum": [None]})


def _zone_is_text(document: Document) -> None:
    described = document["components"]["schemas"]["ServerInformation"]["properties"]
    described["serverTimeZone"] = {"type": "string"}


def _remote_links_are_a_list(document: Document) -> None:
    operation = document["paths"]["/rest/api/2/issue/{issueIdOrKey}/remotelink"]["get"]
    content = operation["responses"]["200"]["content"]["application/json"]
    one = content["schema"]
    content["schema"] = {"oneOf": [one, {"type": "array", "items": one}]}


def _commas(document: Document) -> None:
    for parameter in document["paths"]["/pages"]["get"]["parameters"]:
        if parameter["name"] == "status":
            parameter["explode"] = False


def _bodies_of_either_kind(document: Document) -> None:
    for name in ("PageCreateRequest", "PageUpdateRequest"):
        content = document["components"]["requestBodies"][name]["content"]["application/json"]
        body = content["schema"]["properties"]["body"]
        body["anyOf"] = body.pop("oneOf")


_CONFLUENCE_CONFLICTS = (
    ("PUT /pages/{id}", "a version other than the next one is a conflict", _SOURCES),
    ("PUT /pages/{page-id}/properties/{property-id}", "the same rule for property versions", "the v1 contract's 409 on content properties"),
    ("PUT /spaces/{space-id}/properties/{property-id}", "the same rule for property versions", "the v1 contract's 409 on content properties"),
    ("POST /pages/{page-id}/properties", "the key is taken", "the v1 contract's 409 on content properties"),
    ("PUT /footer-comments/{comment-id}", "the same rule for comment versions", "the page's own 409"),
)  # fmt: skip

DEFECTS: tuple[Defect, ...] = (
    Defect(
        EVERY,
        "any operation answers 429",
        "rate limits meet every call; the file declares them on three user searches",
        _SOURCES,
        everywhere("429"),
    ),
    Defect(
        EVERY,
        "any operation answers 500, 503",
        "a busy or broken service answers so; no file describes it",
        "Atlassian, “Rate limiting”: some 503 carry Retry-After",
        everywhere("500", "503"),
    ),
    *(
        status("confluence-cloud-v2", operation, 409, reason, source)
        for operation, reason, source in _CONFLUENCE_CONFLICTS
    ),
    *(
        status(
            f"jira-cloud-v{version}",
            f"{method} /rest/api/{version}/search",
            410,
            "removed since August 2025, though still described",
            _SOURCES,
        )
        for version in (2, 3)
        for method in ("GET", "POST")
    ),
    nullable(
        ["ChangeDetails"],
        ["from", "fromString", "to", "toString"],
        JIRA,
        "a field that was empty, or becomes so",
        "every captured changelog in contracts/webhook-samples",
    ),
    nullable(
        ["PageBulk", "PageSingle"],
        ["parentId", "parentType"],
        ("confluence-cloud-v2",),
        "a page at the top of its space has no parent",
        "the properties' own description: “or null if there is no parent page”",
    ),
    Defect(
        JIRA,
        "JqlQueryClause has properties",
        "the schema forbids every property and then demands those of one of four kinds of clause",
        "the schema contradicts itself",
        _open_clause,
    ),
    Defect(
        ("confluence-cloud-v2",),
        "a content id may map to null",
        "content that cannot be seen or does not exist",
        "the operation's own description: “will map to null”",
        _null_kinds,
    ),
    Defect(
        ("jira-cloud-v2",),
        "serverTimeZone is a text",
        "the file of 2024 describes an object; treat v3 as the authority",
        "contracts/SOURCES.md, “The forward-port”",
        _zone_is_text,
    ),
    Defect(
        ("jira-cloud-v2",),
        "remote links are a list",
        "one only where a globalId is given; treat v3 as the authority",
        "contracts/SOURCES.md, “The forward-port”",
        _remote_links_are_a_list,
    ),
    Defect(
        ("confluence-cloud-v2",),
        "GET /pages takes several statuses with commas between",
        "the gateway sends status=current,archived; the file says one parameter per value",
        "to be settled in the gateway: repeat the parameter",
        _commas,
    ),
    Defect(
        ("confluence-cloud-v2",),
        "the body of a page written may be of either kind",
        "oneOf of two schemas that both accept {representation, value}: nothing is required in either",
        "the schema contradicts itself",
        _bodies_of_either_kind,
    ),
    *DATA_CENTER,
)
