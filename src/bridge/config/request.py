"""Read a request file; only its being YAML and saying its format is checked here, all else is judged."""

from dataclasses import dataclass
from pathlib import Path

from bridge.config import yamlfile
from bridge.config.yamlfile import Document
from bridge.errors import Place, Problem, ProblemsFound
from bridge.guardrails.finding import Where
from bridge.guardrails.request import FORMAT, Request
from bridge.text import Text, text


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request and the file it was read from."""

    request: Request
    document: Document

    def place(self, where: Where) -> Place:
        """Return the line and column of a finding's place, or of the nearest thing around it.

        A place that ends in a key is that key's, where it stands in the file: so that a finding on an
        unknown parameter points at its name.
        """
        return self.document.place(where)


def read(path: Path, name: str | None = None) -> Request:
    """Read a request file; raise ProblemsFound where it is no request of ours. See :func:`open_file`."""
    return open_file(path, name).request


def open_file(path: Path, name: str | None = None) -> RequestFile:
    """Read a request file with the places in it; raise ProblemsFound. ``name``: what messages call it."""
    return _of(yamlfile.read(path, name))


def parse(content: str, name: str) -> Request:
    """Read a request from text, such as a code block of an issue; raise ProblemsFound."""
    return _of(yamlfile.parse(content, name)).request


def _of(document: Document) -> RequestFile:
    if document.data is None:
        raise _refusal(document, text("The file is empty."))
    if not isinstance(document.data, dict):
        raise _refusal(document, text("A request is a mapping of keys and values."))
    written = document.data.get("format")
    if written is None:
        sentence = text("The key “{key}” is missing.", key="format")
        raise _refusal(document, sentence, text("Begin with `format: {format}`.", format=FORMAT))
    if written != FORMAT:
        raise _wrong_format(document, str(written))
    return RequestFile(Request(document.data), document)


def _wrong_format(document: Document, written: str) -> ProblemsFound:
    is_newer = written.rpartition("/v")[0] == FORMAT.rpartition("/v")[0]
    return _refusal(
        document,
        text("The format is {found}, expected {expected}.", found=written, expected=FORMAT),
        text("This file is for a newer version of the bridge: upgrade it.") if is_newer else None,
        document.place(("format",)),
    )


def _refusal(
    document: Document, sentence: Text, hint: Text | None = None, place: Place | None = None
) -> ProblemsFound:
    return ProblemsFound([Problem(sentence, hint, place or document.place(()))])
