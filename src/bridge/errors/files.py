"""Files, options and settings that cannot be used."""

from collections.abc import Iterable, Sequence

from bridge.errors.families import (
    ConfigurationError,
    Place,
    Problem,
    UnsafeError,
    near_miss,
)
from bridge.text import Text, text, texts


class ProblemsFound(ConfigurationError):
    """All problems of the files or options at hand, at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts("{n} problem to mend first.", "{n} problems to mend first.", len(self.problems))
        )

    def __str__(self) -> str:
        return "; ".join(
            f"{p.place or ''} {p.sentence.one.format(**p.sentence.values)}".strip()
            for p in self.problems
        )


class NoWorkspace(ConfigurationError):
    """There is no ``bridge.yaml`` here or in any folder above."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            text("There is no bridge.yaml in {folder} or in a folder above it.", folder=folder),
            text("Create one with `bridge init`, or name its folder with `-w DIR`."),
        )


class FileInTheWay(UnsafeError):
    """``init`` would overwrite a file."""

    def __init__(self, file: str) -> None:
        super().__init__(
            text("{file} exists already; nothing was written.", file=file),
            text("Choose another folder, or move that file away first."),
        )


class OtherFlavour(ConfigurationError):
    """A sandbox file of the other flavour."""

    def __init__(self, file: str, held: str) -> None:
        super().__init__(
            text("{file} holds a sandbox of the flavour {held}.", file=file, held=held),
            text("Start it with --flavour {held}, or choose another file.", held=held),
        )


class FileUnusable(ConfigurationError):
    """The system refuses to make, read or write a file or folder: ``why`` in its own words."""

    def __init__(self, path: str, why: str, hint: Text | None = None) -> None:
        super().__init__(
            text("{path} cannot be used: {why}.", path=path, why=why),
            hint or text("Check that its folder exists and that you may write there."),
        )


class JournalDamaged(UnsafeError):
    """Lines of the journal cannot be read; any of them may say that an epic was being created."""

    def __init__(self, file: str, lines: Sequence[int]) -> None:
        self.problems = tuple(
            Problem(text("This line is not what the bridge wrote."), place=Place(file, line, 1))
            for line in lines
        )
        super().__init__(
            texts(
                "The workspace's journal has {n} damaged line; nothing was written.",
                "The workspace's journal has {n} damaged lines; nothing was written.",
                len(self.problems),
            ),
            text(
                "It may have noted a campaign that was being created. Look in Jira for an epic that "
                "nobody knows of yet, restore the file from a copy or delete the line, then run the "
                "same command again."
            ),
        )


class UnknownName(ConfigurationError):
    """A name that nothing here has, with the near miss."""

    def __init__(self, kind: Text, name: str, near: str | None, known: Iterable[str]) -> None:
        super().__init__(
            text("There is no {kind} “{name}”.", kind=kind, name=name), near_miss(near, known)
        )


class MissingSetting(ConfigurationError):
    """An environment variable that a real site needs."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            texts(
                "The environment variable {names} is not set.",
                "The environment variables {names} are not set.",
                len(names),
                names=tuple(names),
            ),
            text(
                "Set them in the environment (never on the command line); `bridge demo` needs none."
            ),
        )
