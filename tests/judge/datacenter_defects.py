"""Where the two Data Center files are wrong or silent about the real service.

They were generated from Java classes: where the class holds "any object" the file says object, where a
method returns a list the file describes one item, and what a serialiser adds is missing.
"""

from collections.abc import Mapping
from typing import Any

from tests.judge.defect import Defect, Document, nullable, status

JIRA = "jira-dc-10.3"
CONFLUENCE = "confluence-dc-10.0.3"
_SOURCES = "contracts/SOURCES.md, “Where the contracts are known to be wrong or silent”"
_CLOUD = "jira-cloud-v2, where both products share the operation"
_EARLIER = "confluence-cloud-v1-legacy-2024-10, where both products share the operation"

# --- one property at a time -----------------------------------------------------------------------


def _property(contract: str, place: str, says: str, schema: Mapping[str, Any], reason: str, source: str) -> Defect:  # fmt: skip
    """Describe ``Schema.property`` anew."""
    bean, name = place.split(".")

    def mend(document: Document) -> None:
        document["components"]["schemas"][bean]["properties"][name] = dict(schema)

    return Defect((contract,), f"{place} {says}", reason, source, mend)


def _anything(contract: str, place: str, reason: str, source: str) -> Defect:
    return _property(contract, place, "is any JSON", {}, reason, source)


def _object(place: str, reason: str, source: str) -> Defect:
    return _property(JIRA, place, "holds any JSON by name", {"type": "object"}, reason, source)


def _list(place: str, reason: str, source: str) -> Defect:
    return _property(CONFLUENCE, place, "is a list", {"type": "array"}, reason, source)


def _named(contract: str, bean: str, names: str, reason: str, source: str) -> list[Defect]:
    """Properties that are answered and that the file does not name."""
    return [
        _property(contract, f"{bean}.{name}", "is answered", {}, reason, source)
        for name in names.split()
    ]


def _expanded(place: str, schema: str) -> Defect:
    return _property(
        CONFLUENCE,
        place,
        "may be expanded",
        {"$ref": f"#/components/schemas/{schema}"},
        "expand replaces a reference by what it refers to",
        _EARLIER,
    )


# --- one operation at a time ----------------------------------------------------------------------


def _answer(document: Document, path: str) -> dict[str, Any]:
    answers = document["paths"][path]["get"]["responses"]
    found: dict[str, Any] = answers["200"]["content"]["application/json"]
    return found


def _listed(path: str) -> Defect:
    def mend(document: Document) -> None:
        content = _answer(document, path)
        content["schema"] = {"type": "array", "items": content["schema"]}

    reason = "the service answers a list; the file declares one item"
    source = f"{_SOURCES}; the operation's own description, in the plural"
    return Defect((JIRA,), f"GET {path} answers a list", reason, source, mend)


def _paged(path: str) -> Defect:
    def mend(document: Document) -> None:
        content = _answer(document, path)
        numbers = {name: {"type": "integer"} for name in ("startAt", "maxResults", "total")}
        content["schema"] = {
            "type": "object",
            "required": [*numbers, "isLast", "values"],
            "properties": {
                **numbers,
                "isLast": {"type": "boolean"},
                "values": {"type": "array", "items": content["schema"]},
            },
        }

    reason = "its own parameters startAt and maxResults page the answer; the file declares one item"
    source = "pycontribs’ client, which reads values and isLast there"
    return Defect((JIRA,), f"GET {path} answers a page", reason, source, mend)


def _attached_is_a_list(document: Document) -> None:
    answers = document["paths"]["/api/2/issue/{issueIdOrKey}/attachments"]["post"]["responses"]
    content = answers["200"]["content"]["application/json"]
    content["schema"] = {"type": "array", "items": content["schema"]}


def _body_is_any_json(document: Document) -> None:
    operation = document["paths"]["/api/2/issue/{issueIdOrKey}/properties/{propertyKey}"]["put"]
    operation["requestBody"]["content"]["application/json"]["schema"] = {}


def _remote_links_are_a_list(document: Document) -> None:
    content = _answer(document, "/api/2/issue/{issueIdOrKey}/remotelink")
    one = content["schema"]
    content["schema"] = {"anyOf": [one, {"type": "array", "items": one}]}


def _operations_by_name(document: Document) -> None:
    document["components"]["schemas"]["FieldOperation"] = {"type": "object"}


def _steps_are_expanded(document: Document) -> None:
    operation = document["paths"]["/api/2/issue/{issueIdOrKey}/transitions"]["get"]
    operation["parameters"].append({"name": "expand", "in": "query", "schema": {"type": "string"}})


def _uploading_answers_a_list(document: Document) -> None:
    answers = document["paths"]["/rest/api/content/{id}/child/attachment"]["post"]["responses"]
    content = answers["200"]["content"]["application/json"]
    held = {"type": "array", "items": content["schema"]}
    counted = {name: {"type": "integer"} for name in ("start", "limit", "size")}
    named = {"results": held, **counted, "_links": {"type": "object"}}
    content["schema"] = {"type": "object", "required": ["results"], "properties": named}


def _children_by_kind(document: Document) -> None:
    _answer(document, "/rest/api/content/{id}/child")["schema"] = {"type": "object"}


# --- everywhere in Confluence ---------------------------------------------------------------------


def _described(value: Any) -> list[dict[str, Any]]:
    """Every set of properties that the file describes anywhere."""
    found = []
    if isinstance(value, dict):
        named = value.get("properties")
        if isinstance(named, dict):
            found.append(named)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            found += _described(item)
    return found


def _open(name: str, reason: str) -> Defect:
    def mend(document: Document) -> None:
        for named in _described(document):
            if name in named:
                named[name] = {"type": "object"}

    return Defect((CONFLUENCE,), f"{name} is open", reason, _EARLIER, mend)


def _search_tells_more(name: str) -> Defect:
    def mend(document: Document) -> None:
        for named in _described(document):
            if {"results", "totalCount"} <= set(named):
                named[name] = {}

    reason = "searches answer it beside the page of results"
    return Defect((CONFLUENCE,), f"{name} is answered", reason, _EARLIER, mend)


_LISTS = (
    "project", "field", "issuetype", "priority", "status", "statuscategory", "project/{projectIdOrKey}/statuses",
    "project/{projectIdOrKey}/components", "project/{projectIdOrKey}/versions",
    "user/search", "user/assignable/search", "user/assignable/multiProjectSearch",
)  # fmt: skip
_META = "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"
_NOT_THERE = "an issue that is not there"
_REFUSES = "the service's own 4xx; the file leaves it out though its neighbours declare it"
_EXPANDS = "told by Jira of everything that can be expanded"
_ONE_PROJECT = "answered for a single project"
_LINKS = "links and what may be expanded stand on every bean"
_GETTER = "the file names it get…, after the Java getter"

_JIRA_DEFECTS = (
    *(_listed(f"/api/2/{path}") for path in _LISTS),
    *(_paged(path) for path in (_META, f"{_META}/{{issueTypeId}}")),
    _object("IssueBean.fields", "values are texts, numbers and lists too", _SOURCES),
    _object("IssueBean.renderedFields", "the same as fields", _SOURCES),
    _object("IssueBean.properties", "key to value; the file describes the Java class", _CLOUD),
    _object("IssueUpdateBean.fields", "texts, lists and null are sent as well as they are read", _SOURCES),
    _anything(JIRA, "EntityPropertyBean.value", "any JSON may be set; the file says a text", _CLOUD),
    *_named(JIRA, "PermissionJsonBean", "havePermission deprecatedKey", "told by mypermissions", _CLOUD),
    Defect((JIRA,), "the body of PUT …/properties/{propertyKey} is any JSON", "the file says a text of format json", _CLOUD, _body_is_any_json),
    Defect((JIRA,), "POST …/attachments answers a list", "several files may be sent; the file has one", _CLOUD, _attached_is_a_list),
    Defect((JIRA,), "remote links are a list", "one only where a globalId is given", _CLOUD, _remote_links_are_a_list),
    *(d for bean in ("IssueBean", "ProjectBean", "TransitionsMetaBean") for d in _named(JIRA, bean, "expand", _EXPANDS, _CLOUD)),
    *_named(JIRA, "ProjectBean", "projectTypeKey", "answered since Jira 7", _CLOUD),
    *_named(JIRA, "ProjectBean", "lead components versions issueTypes assigneeType roles", _ONE_PROJECT, _CLOUD),
    *_named(JIRA, "SimpleListWrapperGroupJsonBean", "items", "listed when expanded; the file has getters", _CLOUD),
    *_named(JIRA, "SimpleListWrapperApplicationRoleBean", "items", "the same", _CLOUD),
    nullable(["ChangeItemBean"], ["from", "fromString", "to", "toString"], (JIRA,), "a field that was empty, or becomes so", "every captured changelog in contracts/webhook-samples"),
    status(JIRA, "PUT /api/2/issue/{issueIdOrKey}", 404, _NOT_THERE, _REFUSES),
    status(JIRA, "POST /api/2/issue/{issueIdOrKey}/comment", 404, _NOT_THERE, _REFUSES),
    status(JIRA, "PUT /api/2/issue/{issueIdOrKey}/comment/{id}", 404, "a comment that is not there", _REFUSES),
    Defect((JIRA,), "an operation of IssueUpdateBean.update stands by its name", "the file describes the Java class; its own example has {add: …}", "the schema contradicts its example", _operations_by_name),
    Defect((JIRA,), "GET …/transitions takes expand", "its parameters leave out what its text explains", "the operation's own description: “only be returned if expand=transitions.fields”", _steps_are_expanded),
)  # fmt: skip
_CONFLUENCE_DEFECTS = (
    _anything(CONFLUENCE, "JsonContentProperty.value", "any JSON may be set; the file says an object of its own", _EARLIER),
    _list("ValidationResult.errors", "a list; the file says an object", "atlassian.md 1.7: the captured 409"),
    _open("_links", "there are more than base, context and self: webui, edit, tinyui, download"),
    _open("_expandable", "named by what can be expanded"),
    *(_search_tells_more(name) for name in ("totalSize", "cqlQuery", "searchDuration")),
    *(d for bean in ("Space", "Version", "History") for d in _named(CONFLUENCE, bean, "_links _expandable", _LINKS, _EARLIER)),
    *_named(CONFLUENCE, "OperationRestriction", "_links _expandable", _GETTER, _EARLIER),
    *_named(CONFLUENCE, "PageResponseObject", "_links", _LINKS, _EARLIER),
    *_named(CONFLUENCE, "Person", "username userKey _links _expandable", "Person is what known and anonymous users share; these are of known ones", _EARLIER),
    *_named(CONFLUENCE, "SearchResult", "content", "entity is its newer name; both are answered", _EARLIER),
    _expanded("Space.homepage", "Content"),
    _expanded("History.lastUpdated", "Version"),
    _expanded("History.previousVersion", "Version"),
    Defect((CONFLUENCE,), "GET /rest/api/content/{id}/child answers children by kind", "each kind a page of results; the file has one such page in their place", _EARLIER, _children_by_kind),
    Defect((CONFLUENCE,), "POST /rest/api/content/{id}/child/attachment answers a list", "several files may be sent; the file has one content", _EARLIER, _uploading_answers_a_list),
    status(CONFLUENCE, "PUT /rest/api/content/{contentId}", 409, "a version other than the next one is a conflict", "atlassian.md 1.7: the captured 409"),
    status(CONFLUENCE, "POST /rest/api/content", 400, "a bad title or body", _REFUSES),
    status(CONFLUENCE, "GET /rest/api/content/search", 400, "a query that cannot be read", _REFUSES),
    status(CONFLUENCE, "POST /rest/api/content/{id}/label", 400, "a character that labels may not have", _REFUSES),
    status(CONFLUENCE, "GET /rest/api/content/{id}/child/attachment", 200, "declared as 201, for a GET", "the file contradicts itself"),
)  # fmt: skip
DATA_CENTER: tuple[Defect, ...] = (*_JIRA_DEFECTS, *_CONFLUENCE_DEFECTS)
