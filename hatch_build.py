"""Compile the message catalogues (.po to .mo) before a wheel or an editable install is made."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own builders are generic without a bound
    """Turn every ``locale/*/LC_MESSAGES/*.po`` below ``src`` into the ``.mo`` that gettext reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue; hatchling calls this before it collects the files."""
        for po in sorted(Path(self.root, "src").rglob("*.po")):
            compile_catalogue(po)


def compile_catalogue(po: Path) -> None:
    """Write the compiled twin beside ``po``; fuzzy entries are left out, as gettext does."""
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name)
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)
