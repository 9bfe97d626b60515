"""Collect every sentence of the code and the page templates into the French catalogues.

`make catalogues` merges new sentences into the ``.po`` files, drops what nobody says any more, and
lists what waits for a translation. The sandbox has a catalogue of its own: it shares nothing with the
rest. ``click.po`` holds click's own words, as far as a reader of ours meets them.
"""

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from hatch_build import compile_catalogue
from jinja2.ext import babel_extract

from bridge import __version__

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "bridge"
# text("one"), texts("one", "many"), msg("help") in Python; _("one") in page templates.
KEYWORDS: Mapping[str, Any] = {"text": None, "texts": (1, 2), "msg": None}
SANDBOX_KEYWORDS: Mapping[str, Any] = {
    "_": None, "gettext": None, "ngettext": (1, 2), "_n": (1, 2), "msg": None,
}  # fmt: skip
CLICK_KEYWORDS: Mapping[str, Any] = {"_": None, "ngettext": (1, 2)}


@dataclass(frozen=True)
class Domain:
    """One catalogue: where its sentences stand, and where its translation lies."""

    name: str
    po: Path
    sources: Callable[[], Iterator[tuple[Path, str, Mapping[str, Any]]]]


def _bridge() -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "sandbox" not in path.relative_to(PACKAGE).parts[:1]:
            yield path, "python", KEYWORDS
    for path in sorted((ROOT / "templates").rglob("*.j2")):
        yield path, "jinja", {"_": None, "_n": (1, 2)}


def _sandbox() -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    for path in sorted((PACKAGE / "sandbox").rglob("*.py")):
        yield path, "python", SANDBOX_KEYWORDS
    for pattern in ("*.html", "*.j2"):
        for path in sorted((PACKAGE / "sandbox").rglob(pattern)):
            yield path, "jinja", SANDBOX_KEYWORDS


def _click() -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        yield path, "python", CLICK_KEYWORDS


DOMAINS = (
    Domain("bridge", PACKAGE / "locale/fr/LC_MESSAGES/bridge.po", _bridge),
    Domain("click", PACKAGE / "locale/fr/LC_MESSAGES/click.po", _click),
    Domain("sandbox", PACKAGE / "sandbox/locale/fr/LC_MESSAGES/sandbox.po", _sandbox),
)


def collected(domain: Domain) -> Catalog:
    """Return every sentence that the domain's sources say now, untranslated."""
    catalogue = Catalog(project="bridge", version=__version__, locale="fr")
    for path, kind, keywords in domain.sources():
        method: Any = "python" if kind == "python" else babel_extract
        # silent: a template with a syntax error must fail here, not lose its sentences.
        options = {"trimmed": "true", "silent": "false"} if kind == "jinja" else {}
        with io.BytesIO(path.read_bytes()) as source:
            for _line, message, _comments, _context in extract(
                method, source, keywords=keywords, options=options
            ):
                catalogue.add(message)
    return catalogue


def translated(domain: Domain) -> Catalog:
    """Return the French catalogue as it stands."""
    if not domain.po.exists():
        return Catalog(locale="fr")
    with domain.po.open("rb") as source:
        return read_po(source, locale="fr")


def update(domain: Domain) -> list[str]:
    """Merge new sentences, drop old ones, write the file; return what waits for a translation."""
    template, catalogue = collected(domain), translated(domain)
    if domain.name == "click":
        # Only what is translated already counts: click has many words that nobody meets here.
        known = {message.id for message in catalogue if message.id}
        for message in list(template):
            if message.id and message.id not in known:
                template.delete(message.id)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    _settle_header(catalogue)
    domain.po.parent.mkdir(parents=True, exist_ok=True)
    with domain.po.open("wb") as target:
        write_po(
            target, catalogue, width=100, no_location=True, omit_header=False, sort_output=True
        )
    return [str(message.id) for message in catalogue if message.id and not _is_complete(message)]


def _settle_header(catalogue: Catalog) -> None:
    """Keep the header free of dates and names, so that a file changes only when its words do."""
    catalogue.header_comment = "# French. Collected by `make catalogues`; translate what is empty."
    catalogue.project, catalogue.version = "bridge", "1"
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalogue.last_translator = catalogue.language_team = ""
    catalogue.msgid_bugs_address = ""
    catalogue.fuzzy = False


def _is_complete(message: Any) -> bool:
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy


def main() -> int:
    """Update every catalogue and say what is missing."""
    waiting = [(domain.name, one) for domain in DOMAINS for one in update(domain)]
    for name, one in waiting:
        sys.stdout.write(f"{name}: {one}\n")
    for domain in DOMAINS:
        compile_catalogue(domain.po)
    sys.stdout.write(f"{len(waiting)} sentences wait for their French.\n")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
