"""Where the Data Center contracts are wrong or silent about what the real service answers.

Each table gives its reason; the origin repository's list of defects is quoted in ``SOURCES.md``.
"""

from typing import Any

Json = dict[str, Any]

# GET of these declares one item, and the service answers a list (SOURCES.md).
LISTS = (
    "/api/2/project", "/api/2/field", "/api/2/issuetype", "/api/2/priority", "/api/2/status",
    "/api/2/statuscategory", "/api/2/project/{projectIdOrKey}/statuses",
    "/api/2/project/{projectIdOrKey}/components", "/api/2/project/{projectIdOrKey}/versions",
    "/api/2/user/search", "/api/2/user/assignable/search", "/api/2/user/assignable/multiProjectSearch",
)  # fmt: skip
# These declare one item too; the service answers a page of them (its own paging parameters say so).
PAGES = (
    "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes",
    "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
)
# Any JSON where the contract declares an object or a string.
ANYTHING = {
    ("IssueBean", "fields"): "SOURCES.md: values are strings, numbers and arrays too",
    ("IssueBean", "renderedFields"): "the same",
    ("IssueBean", "properties"): "key to value; the contract describes the Java class",
    ("EntityPropertyBean", "value"): "any JSON may be set; the contract says string",
    ("JsonContentProperty", "value"): "the same in Confluence",
    ("FieldMetaBean", "allowedValues"): "its own example is of strings, its type of objects",
    ("PermissionsJsonBean", "permissions"): "mypermissions adds havePermission and deprecatedKey",
    ("ValidationResult", "errors"): "a list; the contract says object",
}
_FOUND_IN_ALL = "answered by Jira Server on everything that can be expanded"
_LINKS = "links and what may be expanded stand on every bean of Confluence"
# Properties that the service answers and the contract does not name.
NAMED_TOO = {
    ("IssueBean", "expand"): _FOUND_IN_ALL,
    ("ProjectBean", "expand"): _FOUND_IN_ALL,
    ("TransitionsMetaBean", "expand"): _FOUND_IN_ALL,
    ("ProjectBean", "projectTypeKey"): "answered since Jira 7",
    **{
        ("ProjectBean", name): "answered for a single project"
        for name in ("lead", "components", "versions", "issueTypes", "assigneeType", "roles")
    },
    **{
        ("Person", name): "Person is what known and anonymous users share; these are of known users"
        for name in ("username", "userKey", "_links", "_expandable")
    },
    **{
        (bean, name): _LINKS
        for bean in ("Space", "Version", "History")
        for name in ("_links", "_expandable")
    },
    ("SearchResult", "content"): "entity is its newer name; both are answered",
    ("OperationRestriction", "_links"): "named get_links, after the Java getter",
    ("OperationRestriction", "_expandable"): "named get_expandable, after the Java getter",
    ("PageResponseObject", "_links"): _LINKS,
    ("SimpleListWrapperGroupJsonBean", "items"): "listed when expanded; the contract has getters",
    ("SimpleListWrapperApplicationRoleBean", "items"): "the same",
}
NULLABLE = {
    ("ChangeItemBean", side): "seen null in every captured changelog"
    for side in ("from", "fromString", "to", "toString")
}
# ``expand`` replaces a reference by what it refers to.
REFERENCES = {("Space", "homepage"): "Content", ("History", "lastUpdated"): "Version",
              ("History", "previousVersion"): "Version", ("History", "nextVersion"): "Version"}  # fmt: skip
# (method, path, status) that the contract does not declare.
UNDECLARED = {
    (
        "PUT",
        "/rest/api/content/{contentId}",
        409,
    ): "the answer to a wrong version, seen in the wild",
    ("PUT", "/rest/api/content/{contentId}", 403): "the right is missing",
    ("POST", "/rest/api/content", 400): "a bad title or body",
    ("POST", "/rest/api/content", 403): "the right is missing",
    ("GET", "/rest/api/content/search", 400): "a query that cannot be read",
    ("POST", "/rest/api/content/{id}/label", 400): "a character that labels may not have",
    ("POST", "/rest/api/content/{id}/label", 403): "the right is missing",
    ("GET", "/rest/api/content/{id}/child/attachment", 200): "declared as 201, for a GET",
    ("POST", "/api/2/issue", 401): "declared nowhere, answered everywhere",
    ("POST", "/api/2/issue", 403): "the right is missing",
    ("PUT", "/api/2/issue/{issueIdOrKey}", 404): "an issue that is not there",
    ("POST", "/api/2/issue/{issueIdOrKey}/comment", 404): "an issue that is not there",
}


def repair(schemas: dict[str, Any], paths: dict[str, Any]) -> None:
    """Undo what makes a Data Center contract refuse the truth."""
    made: dict[tuple[str, str], Json] = {key: {} for key in (*ANYTHING, *NAMED_TOO)}
    made |= {key: {"type": ["string", "null"]} for key in NULLABLE}
    made |= {key: {"$ref": f"#/components/schemas/{name}"} for key, name in REFERENCES.items()}
    for (schema, name), described in made.items():
        if schema in schemas:
            schemas[schema]["properties"][name] = described
    for path in (*LISTS, *PAGES):
        if path in paths:
            _wrap(paths[path]["get"], as_page=path in PAGES)
    if "/auth/1/session" in paths:
        # Without a globalId remote links are a list.
        content = _answered(paths["/api/2/issue/{issueIdOrKey}/remotelink"]["get"])
        content["schema"] = {"anyOf": [content["schema"], {"type": "array"}]}
    if "/rest/api/content/{id}/child" in paths:
        # Children by kind, each a page of results; the contract has such a page in their place.
        _answered(paths["/rest/api/content/{id}/child"]["get"])["schema"] = {"type": "object"}
    if "SearchResult" in schemas:
        _open_links(schemas)
        _open_links(paths)


def _answered(operation: Json) -> Json:
    described: Json = operation["responses"]["200"]["content"]["application/json"]
    return described


def _wrap(operation: Json, *, as_page: bool) -> None:
    content = _answered(operation)
    items = {"type": "array", "items": content["schema"]}
    if as_page:
        numbers = {name: {"type": "integer"} for name in ("startAt", "maxResults", "total")}
        items = {
            "type": "object",
            "required": [*numbers, "isLast", "values"],
            "properties": {**numbers, "isLast": {"type": "boolean"}, "values": items},
        }
    content["schema"] = items


def _open_links(value: Any) -> None:
    """``_links`` has more than base, context and self; ``_expandable`` is named by what can be expanded.

    Searches also answer totalSize, cqlQuery and searchDuration beside the page of results.
    """
    if isinstance(value, list):
        for item in value:
            _open_links(item)
    if not isinstance(value, dict):
        return
    named = value.get("properties")
    if isinstance(named, dict):
        for name in ("_links", "_expandable"):
            if name in named:
                named[name] = {"type": "object"}
        if {"results", "totalCount"} <= set(named):
            named |= {n: {} for n in ("totalSize", "cqlQuery", "searchDuration")}
    for item in value.values():
        _open_links(item)
