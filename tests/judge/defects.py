"""Where a contract file is wrong or silent about the real service: each with its reason and source.

A defect mends the document before it judges. ``test_defects`` takes each away in turn: one whose
absence nobody notices must go.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
EVERY = ("jira-cloud-v3", "jira-cloud-v2", "confluence-cloud-v2", "confluence-cloud-v1")
JIRA = ("jira-cloud-v3", "jira-cloud-v2")
_SOURCES = "contracts/SOURCES.md, “Where the contracts are known to be wrong or silent”"


@dataclass(frozen=True)
class Defect:
    """One place where the truth and the file differ, and how the file is mended."""

    contracts: tuple[str, ...]
    what: str
    reason: str
    source: str
    mend: Callable[[Document], None]

    def concerns(self, contract: str) -> bool:
        """Whether it is a defect of this file."""
        return contract in self.contracts


def _status(contracts: str | tuple[str, ...], operation: str, status: int, reason: str, source: str) -> Defect:  # fmt: skip
    method, path = operation.split(" ")

    def mend(document: Document) -> None:
        document["paths"][path][method.lower()]["responses"][str(status)] = {}

    names = (contracts,) if isinstance(contracts, str) else contracts
    return Defect(names, f"{operation} answers {status}", reason, source, mend)


def _nullable(schemas: Iterable[str], names: Iterable[str], contracts: tuple[str, ...], reason: str, source: str) -> Defect:  # fmt: skip
    schemas, names = tuple(schemas), tuple(names)

    def mend(document: Document) -> None:
        for schema in schemas:
            described = document["components"]["schemas"][schema]["properties"]
            for name in names:
                described[name] = {"anyOf": [described[name], {"enum": [None]}]}

    what = f"{', '.join(names)} of {', '.join(schemas)} may be null"
    return Defect(contracts, what, reason, source, mend)


def _everywhere(*statuses: str) -> Callable[[Document], None]:
    def mend(document: Document) -> None:
        for item in document["paths"].values():
            for method, operation in item.items():
                for status in statuses if method != "parameters" else ():
                    operation["responses"].setdefault(status, {})

    return mend


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
        _everywhere("429"),
    ),
    Defect(
        EVERY,
        "any operation answers 500, 503",
        "a busy or broken service answers so; no file describes it",
        "Atlassian, “Rate limiting”: some 503 carry Retry-After",
        _everywhere("500", "503"),
    ),
    *(
        _status("confluence-cloud-v2", operation, 409, reason, source)
        for operation, reason, source in _CONFLUENCE_CONFLICTS
    ),
    *(
        _status(
            f"jira-cloud-v{version}",
            f"{method} /rest/api/{version}/search",
            410,
            "removed since August 2025, though still described",
            _SOURCES,
        )
        for version in (2, 3)
        for method in ("GET", "POST")
    ),
    _nullable(
        ["ChangeDetails"],
        ["from", "fromString", "to", "toString"],
        JIRA,
        "a field that was empty, or becomes so",
        "every captured changelog in contracts/webhook-samples",
    ),
    _nullable(
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
)
