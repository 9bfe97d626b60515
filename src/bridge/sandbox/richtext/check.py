"""Is it valid Atlassian Document Format? Jira refuses what is not, so the sandbox does."""

from collections.abc import Mapping

from bridge.sandbox.richtext.grammar import CODE_MARKS, MARKS, NODES, TEXT_MARKS, Check, Rule


def problem(value: object) -> str | None:
    """Say what is wrong with a document, or None when it is valid.

    The place is given as a path such as ``doc/content[2]/paragraph``.
    """
    if not isinstance(value, dict) or value.get("type") != "doc":
        return "not a document"
    if value.get("version") != 1 or isinstance(value.get("version"), bool):
        return "doc: version must be 1"
    if not isinstance(value.get("content"), list):
        return "doc: content must be a list"
    unknown = set(value) - {"type", "version", "content"}
    if unknown:
        return f"doc: unknown property {min(unknown)}"
    return _content_problem(value, NODES["doc"], "doc")


def _content_problem(node: dict[str, object], rule: Rule, path: str) -> str | None:
    content = node.get("content", [])
    if rule.content is None:
        return f"{path}: takes no content" if "content" in node else None
    if not isinstance(content, list):
        return f"{path}: content must be a list"
    if len(content) < rule.least or (rule.most is not None and len(content) > rule.most):
        return f"{path}: has {len(content)} children"
    for position, child in enumerate(content):
        trouble = _node_problem(child, rule, f"{path}/content[{position}]")
        if trouble:
            return trouble
    return None


def _node_problem(node: object, parent: Rule, path: str) -> str | None:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return f"{path}: not a node"
    kind = node["type"]
    if kind not in (parent.content or ()) or kind not in NODES:
        return f"{path}: {kind} may not stand here"
    rule, path = NODES[kind], f"{path}/{kind}"
    if kind == "text":
        return _text_problem(node, parent, path)
    unknown = set(node) - {"type", "attrs", "content", "marks"}
    if unknown:
        return f"{path}: unknown property {min(unknown)}"
    return (
        _attrs_problem(node.get("attrs"), rule.attrs, path, needed=rule.needs_attrs)
        or _marks_problem(node.get("marks", []), rule.marks, path)
        or _content_problem(node, rule, path)
    )


def _text_problem(node: dict[str, object], parent: Rule, path: str) -> str | None:
    value = node.get("text")
    if not isinstance(value, str) or not value:
        return f"{path}: text must not be empty"
    if set(node) - {"type", "text", "marks"}:
        return f"{path}: unknown property"
    marks = node.get("marks", [])
    if parent.plain_text:
        return f"{path}: no marks here" if marks else None
    names = [m.get("type") for m in marks if isinstance(m, dict)] if isinstance(marks, list) else []
    return _marks_problem(marks, CODE_MARKS if "code" in names else TEXT_MARKS, path)


def _marks_problem(marks: object, allowed: frozenset[str], path: str) -> str | None:
    if not isinstance(marks, list):
        return f"{path}: marks must be a list"
    for item in marks:
        kind = item.get("type") if isinstance(item, dict) else None
        if not isinstance(kind, str) or kind not in allowed:
            return f"{path}: mark {kind} may not stand here"
        rules = MARKS[kind]
        if set(item) - {"type", "attrs"}:
            return f"{path}: mark {kind} has an unknown property"
        trouble = _attrs_problem(item.get("attrs"), rules, f"{path}/{kind}", needed=bool(rules))
        if trouble:
            return trouble
    return None


def _attrs_problem(
    attrs: object, rules: Mapping[str, Check], path: str, *, needed: bool
) -> str | None:
    if attrs is None:
        return f"{path}: attrs missing" if needed else None
    if not isinstance(attrs, dict):
        return f"{path}: attrs must be an object"
    for name, check in rules.items():
        bare = name.removesuffix("*")
        if bare not in attrs:
            if name != bare:
                return f"{path}: {bare} missing"
        elif not check(attrs[bare]):
            return f"{path}: {bare} has a wrong value"
    unknown = set(attrs) - {name.removesuffix("*") for name in rules}
    return f"{path}: unknown attribute {min(unknown)}" if unknown else None
