"""Storage format as HTML for people; macros are shown as what they mean."""

from bridge.sandbox.confluence.elements import HEADINGS, Rendering
from bridge.sandbox.confluence.macros import macro
from bridge.sandbox.confluence.passages import editable
from bridge.sandbox.confluence.storage import name, parse
from bridge.sandbox.confluence.surroundings import Surroundings


def render(body: str, around: Surroundings, *, in_place: bool = False) -> str:
    """Render a body.

    With ``in_place`` elements of plain text carry their number as ``data-edit``, tables have a button
    for another row, and tasks one for their tick.

    Raises:
        StorageFormatError: the body is not well formed.

    """
    root = parse(body)
    elements = list(root.iter())
    headings = [e for e in elements if name(e) in HEADINGS]
    rendering = Rendering(
        around, macro, {e: f"h-{number}" for number, e in enumerate(headings, start=1)}
    )
    if in_place:
        rendering.numbers = {e: number for number, e in enumerate(editable(root))}
        tables = [e for e in elements if name(e) == "table"]
        rendering.tables = {e: number for number, e in enumerate(tables)}
    return rendering.inside(root)
