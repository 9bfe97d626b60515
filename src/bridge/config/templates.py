"""The retroplan templates at hand: the shipped ones, and a workspace's own laid over them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bridge import library
from bridge.config import template as template_file
from bridge.errors import Place, Problem, ProblemsFound, UnknownName
from bridge.nearmiss import nearest
from bridge.retroplan.template import Template
from bridge.text import text


class Templates:
    """Templates by id, each read when asked for. ``workspace`` is the folder of ``bridge.yaml``."""

    def __init__(self, workspace: Path | None = None) -> None:
        self._shipped = _files(library.folder("templates") / "retroplans")
        own = workspace / "templates" / "retroplans" if workspace else None
        # In this repository one folder serves as both; a file then counts once, as shipped.
        same = (
            own is not None
            and own.resolve() == (library.folder("templates") / "retroplans").resolve()
        )
        self._own = {} if own is None or same else _files(own)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the ids of all templates, in alphabetical order."""
        return tuple(sorted({*self._shipped, *self._own}))

    def is_own(self, name: str) -> bool:
        """Tell whether the workspace brings the template itself."""
        return name in self._own

    def get(self, name: str) -> Template:
        """Read a template; raise UnknownName with the near miss, or ProblemsFound."""
        path = self._own.get(name) or self._shipped.get(name)
        if path is None:
            raise UnknownName(text("template"), name, nearest(name, self.names), self.names)
        return self.read(path, _shown(path))

    def requests_of(self, name: str) -> Mapping[str, str]:
        """Return the kind of request that each step of a template waits for; none where it is gone."""
        try:
            steps = self.get(name).steps
        except UnknownName:
            return {}
        return {step.id: step.request for step in steps if step.request}

    def read(self, path: Path, name: str | None = None) -> Template:
        """Read a file as the workspace's own; raise ProblemsFound also where its name cannot be used."""
        template = template_file.load(path, name)
        self._check_name(path, template)
        return template

    def _check_name(self, path: Path, template: Template) -> None:
        shipped = self._shipped.get(path.stem)
        is_shipped = shipped is not None and shipped.resolve() == path.resolve()
        problem = None
        if template.id != path.stem:
            problem = Problem(
                text(
                    "The id is “{id}”, the file is called “{file}”: they must be the same.",
                    id=template.id,
                    file=path.name,
                )
            )
        elif shipped is not None and not is_shipped and not template.replaces:
            problem = Problem(
                text("A shipped template has the id “{id}” already.", id=template.id),
                text("Choose another id, or say `replaces: true` to use yours in its place."),
            )
        elif template.replaces and shipped is None:
            problem = Problem(
                text("`replaces: true`, but no shipped template is called “{id}”.", id=template.id),
                text("Drop `replaces`, or use the id of a shipped template."),
            )
        if problem:
            place = Place(template.source, 1, 1)
            raise ProblemsFound([Problem(problem.sentence, problem.hint, place)])

    def all(self) -> tuple[Sequence[Template], Sequence[Problem]]:
        """Read every template in alphabetical order; a broken file does not hide the others."""
        found: list[Template] = []
        problems: list[Problem] = []
        for name in self.names:
            try:
                found.append(self.get(name))
            except ProblemsFound as broken:
                problems += broken.problems
        return found, problems


def _files(folder: Path) -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _shown(path: Path) -> str:
    """Return the path as people would type it: relative to where they stand, where it lies below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
