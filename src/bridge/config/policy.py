"""The rules in force in a workspace; where the files are wrong, the last good ones stay in force."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bridge.config import bundle as bundles
from bridge.config import kept, parameters, rulefiles
from bridge.config.bundle import Built
from bridge.config.rulefiles import Parsed, RuleFiles
from bridge.config.values import Notes
from bridge.errors import Problem, ProblemsFound
from bridge.guardrails import lint as lints
from bridge.guardrails import trials
from bridge.guardrails.mutants import Tried, survivors
from bridge.guardrails.policy import Bundle


@dataclass(frozen=True, slots=True)
class Loaded:
    """The bundle that judges, and what is wrong with the files on disk.

    ``is_previous``: the files are wrong (``problems`` says how), so the last good bundle judges.
    ``warning``: the bundle could not be kept for such a day.
    """

    bundle: Bundle
    problems: tuple[Problem, ...] = ()
    is_previous: bool = False
    warning: Problem | None = None


def load(workspace: Path | None, shipped: Path | None = None) -> Loaded:
    """Read the shipped rules, and those of a workspace (the folder of ``bridge.yaml``) laid over them.

    A good bundle is kept in the workspace's ``.bridge``. Where a file is wrong, the one kept last is
    returned with the problems; raise ProblemsFound with all of them where there is none. ``shipped``:
    the folder of the shipped rules, the package's own by default.
    """
    files = rulefiles.found(workspace, shipped)
    copy = kept.read(workspace) if workspace else None
    previous = _rebuilt(copy) if copy else None
    if copy and previous and copy.is_of(files):
        return Loaded(previous)
    try:
        parsed, bundle = read(files)
    except ProblemsFound as broken:
        if previous is None:
            raise
        return Loaded(previous, broken.problems, is_previous=True)
    warning = kept.write(workspace, files, parsed, bundle.id) if workspace else None
    return Loaded(bundle, warning=warning)


def read(files: RuleFiles) -> tuple[Parsed, Bundle]:
    """Read rule files and run their tests; raise ProblemsFound with everything that is wrong."""
    parsed, built, among = _assembled(files)
    failed = [
        problem
        for name in built.modules
        for problem in bundles.failed_tests(name, built, among(name))
    ]
    if failed:
        raise ProblemsFound(failed)
    return parsed, built.bundle(bundles.identity_of(parsed))


def tried(
    files: RuleFiles, names: Collection[str] = (), *, with_mutants: bool = False
) -> Mapping[str, Tried]:
    """Run the tests inside the module files (of all, where none is named); return them by id.

    Raise ProblemsFound where the files cannot be read at all.
    """
    _, built, among = _assembled(files)
    found = {}
    for file, module in sorted(built.modules.items()):
        is_wanted = not names or module.id in names
        bundle = among(file).bundle("")
        failures = trials.run(module, bundle) if is_wanted else ()
        kept = survivors(module, bundle) if with_mutants and is_wanted and not failures else ()
        found[module.id] = Tried(module, failures, kept)
    return found


def _assembled(files: RuleFiles) -> tuple[Parsed, Built, Callable[[str], Built]]:
    """Return what the files amount to, and among which files the module of a file is to be tested.

    A shipped module is tested among the shipped files: a shop's own registers do not make it fail.
    """
    shipped, own = rulefiles.parse(files.shipped), rulefiles.parse(files.own)
    parsed = Parsed({**shipped.documents, **own.documents}, [*shipped.problems, *own.problems])
    built = bundles.build(parsed)
    if built.problems:
        raise ProblemsFound(built.problems)
    alone = bundles.build(shipped) if own.documents else built
    return parsed, built, lambda name: built if name in own.documents else alone


def _rebuilt(copy: kept.Copy) -> Bundle | None:
    """Return the bundle of a kept copy, whose tests held when it was kept; None where it is not sound."""
    built = bundles.build(copy.parsed)
    is_sound = not built.problems and bundles.identity_of(copy.parsed) == copy.id
    return built.bundle(copy.id) if is_sound else None


def lint(files: RuleFiles, today: date) -> tuple[Problem, ...]:
    """Return what is weak in rule files that are sound; raise ProblemsFound where they are not."""
    parsed, bundle = read(files)
    return (*lints.warnings(bundle, today), *_open_parameters(parsed))


def _open_parameters(parsed: Parsed) -> Iterator[Problem]:
    """Yield a warning for each parameter that takes anything at all."""
    for document in parsed.named("modules").values():
        notes = Notes(document)
        if "parameters" in document.data:
            parameters.note_untyped(notes, ("parameters",), document.data["parameters"])
        yield from notes.problems
