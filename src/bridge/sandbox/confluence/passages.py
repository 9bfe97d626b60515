"""Small changes inside a body: marking a passage, setting the text of one element."""

from lxml import etree

from bridge.sandbox.confluence.storage import Element, name, parse, qualified, serialize

EDITABLE = {"p", "td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
"""The elements whose text a person changes in place."""
_CLOSED = {
    "ac:parameter",
    "ac:plain-text-body",
    "ac:plain-text-link-body",
    "ac:task-id",
    "ac:task-uuid",
}


def editable(root: Element) -> list[Element]:
    """Return the elements that hold only text, in reading order; their place is their number."""
    return [e for e in root.iter() if name(e) in EDITABLE and len(e) == 0 and not _inside_closed(e)]


def _inside_closed(element: Element) -> bool:
    return any(name(above) in _CLOSED for above in element.iterancestors())


def with_text(body: str, number: int, text: str) -> str:
    """Return the body after somebody has written another text into one editable element.

    Raises:
        LookupError: there is no such element.

    """
    root = parse(body)
    elements = editable(root)
    if not 0 <= number < len(elements):
        raise LookupError(f"no editable element {number}")
    elements[number].text = text.strip() or None
    return serialize(root)


def with_row(body: str, table_number: int) -> str:
    """Return the body with one more row at the end of a table, with as many empty cells as the last row has.

    Raises:
        LookupError: there is no such table.

    """
    root = parse(body)
    tables = [e for e in root.iter() if name(e) == "table"]
    rows = list(tables[table_number].iter("tr")) if 0 <= table_number < len(tables) else []
    if not rows:
        raise LookupError(f"no table {table_number} with rows")
    made = etree.Element("tr")
    for _ in rows[-1]:
        etree.SubElement(made, "td")
    parent = rows[-1].getparent()
    assert parent is not None  # noqa: S101  # a row stands in a table
    parent.insert(parent.index(rows[-1]) + 1, made)
    return serialize(root)


def marked(body: str, passage: str, ref: str) -> str:
    """Return the body with an inline-comment marker around the first occurrence of a passage.

    Raises:
        LookupError: no single text of the body contains it.

    """
    root = parse(body)
    for element in root.iter():
        if name(element) in _CLOSED:
            continue
        if element is not root and element.text and passage in element.text:
            before, _, after = element.text.partition(passage)
            element.text = before or None
            element.insert(0, _marker(passage, ref, after))
            return serialize(root)
        parent = element.getparent()
        if parent is not None and element.tail and passage in element.tail and parent is not root:
            before, _, after = element.tail.partition(passage)
            element.tail = before or None
            parent.insert(parent.index(element) + 1, _marker(passage, ref, after))
            return serialize(root)
    raise LookupError(f"the passage {passage!r} is not in the page")


def _marker(passage: str, ref: str, tail: str) -> Element:
    made = etree.Element(qualified("ac:inline-comment-marker"))
    made.set(qualified("ac:ref"), ref)
    made.text = passage
    made.tail = tail or None
    return made
