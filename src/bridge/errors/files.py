"""Files, options and settings that cannot be used."""

import errno
from collections.abc import Iterable, Mapping, Sequence

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


class CannotAddTo(UnsafeError):
    """A list in a file is written in a way that lines cannot be added to without changing it."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        super().__init__(
            text(
                "Nothing can be added to {file} without changing what is written there.", file=file
            ),
            text("Add by hand: {lines}", lines=" ".join(line.strip() for line in lines)),
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


class NotAPreview(UnsafeError):
    """``month preview`` would write over a file that no preview wrote."""

    def __init__(self, file: str) -> None:
        super().__init__(
            text("{file} exists already and is no preview; nothing was written.", file=file),
            text("Give another name with --out, or move that file away first."),
        )


class ChannelUnusable(ConfigurationError):
    """A line of BRIDGE_MESSAGES is no address for messages; the line itself holds a secret."""

    def __init__(self, line: int) -> None:
        super().__init__(
            text("Line {line} of BRIDGE_MESSAGES is no address for messages.", line=line),
            text(
                "One address a line, such as team=mailtos://user:password@mail.example?to=team@shop.example; "
                "the kinds there are: github.com/caronc/apprise."
            ),
        )


class NotACalendar(UnsafeError):
    """``month ics`` would write over a file that it did not write."""

    def __init__(self, file: str) -> None:
        super().__init__(
            text(
                "{file} exists already and is no calendar of ours; nothing was written.", file=file
            ),
            text("Give another name with --out, or move that file away first."),
        )


_REASONS: Mapping[int, Text] = {
    errno.EACCES: text("permission denied"),
    errno.EPERM: text("this is not permitted"),
    errno.EROFS: text("the disk can only be read"),
    errno.ENOENT: text("it does not exist"),
    errno.ENOTDIR: text("a part of the path is not a folder"),
    errno.EISDIR: text("it is a folder"),
    errno.EEXIST: text("it exists already"),
    errno.ENOTEMPTY: text("the folder is not empty"),
    errno.ENAMETOOLONG: text("the name is too long"),
    errno.ELOOP: text("its links lead in a circle"),
    errno.ENOSPC: text("no space left"),
    errno.EDQUOT: text("no space left for this user"),
    errno.EFBIG: text("the file would be too large"),
    errno.EBUSY: text("something else is using it"),
    errno.EMFILE: text("too many files are open"),
    errno.EIO: text("the disk does not answer as it should"),
    errno.EADDRINUSE: text("something else is using this port"),
    errno.EADDRNOTAVAIL: text("this machine has no such address"),
}


def reason_of(number: int | None) -> Text:
    """Say in the reader's language what an error number of the system means (``OSError.errno``)."""
    return _REASONS.get(number or 0) or text("error {number} of the system", number=number or 0)


class Unusable(ConfigurationError):
    """The system refuses a file, a folder or a port; ``number`` is its error number."""

    def __init__(self, what: str, number: int | None, hint: Text | None = None) -> None:
        why = reason_of(number)
        super().__init__(
            text("{what} cannot be used: {why}.", what=what, why=why)
            if what
            else text("The system refuses: {why}.", why=why),
            hint
            or (
                text("Check that its folder exists and that you may write there.") if what else None
            ),
        )


class StateUnusable(ConfigurationError):
    """A setting that is to say where the service keeps its work says nothing usable; never shown."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            text("{variable} names no store that the service can use.", variable=variable),
            text(
                "Write sqlite:///state.db for a file, or postgresql://user:password@host/database; "
                "left out, a file in the workspace folder is used."
            ),
        )


class ExtraMissing(ConfigurationError):
    """A command needs an extra that is not installed."""

    def __init__(self, extra: str) -> None:
        super().__init__(
            text("This command needs the extra “{extra}”, which is not installed.", extra=extra),
            text("Install it: pip install 'campaign-bridge[{extra}]'.", extra=extra),
        )


class OutputFailed(ConfigurationError):
    """Standard output took the result no further: what was done before is done."""

    def __init__(self, number: int) -> None:
        super().__init__(text("The output cannot be written: {why}.", why=reason_of(number)))


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
            texts(
                "Set it in the environment (never on the command line); `bridge demo` needs none.",
                "Set them in the environment (never on the command line); `bridge demo` needs none.",
                len(names),
            ),
        )
