"""A request as a file: as somebody answered it, or blank with a comment beside everything to fill in."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.expectations import expected
from bridge.guardrails.labels import label
from bridge.guardrails.parameters import choices, limits_on
from bridge.guardrails.policy import Bundle, Module
from bridge.guardrails.request import FORMAT, NEEDED, Request, form_module
from bridge.operations.pieces import is_block
from bridge.text import Either, Speaker, Text, Words, text

_WIDE = 1_000_000  # of a line: text is never folded
_COLUMN: Final = 34  # where comments begin
_EXAMPLES: Final[Mapping[str, str]] = {
    "fields": "- {name: email, label: E-mail, type: email, autocomplete: email, data: email, required: true}",
}


def as_yaml(content: Mapping[str, Any], speaker: Speaker) -> str:
    """Return a request's content as a file that the check reads back to the same content."""
    head = speaker.say(text("A request. `bridge request check` says whether it passes."))
    dumped: str = yaml.safe_dump(
        dict(content), allow_unicode=True, sort_keys=False, width=_WIDE, default_flow_style=False
    )
    return f"# {head}\n{dumped}"


def blank(
    kind: str,
    bundle: Bundle,
    circumstances: Circumstances,
    speaker: Speaker,
    known: Mapping[str, str] | None = None,
) -> str:
    """Return an empty request of a kind: every indispensable parameter, a comment beside each."""
    sheet = _Sheet(bundle, circumstances, speaker)
    head = text("Fill in what is empty; `bridge request check` says what is still missing.")
    lines = [f"# {speaker.say(head)}", f"format: {FORMAT}", f"kind: {kind}"]
    lines += [sheet.line("", key, (known or {}).get(key, ""), _OF_THE_HEAD[key]) for key in NEEDED]
    for key, module in _parts(kind, bundle):
        lines += [f"{key}:", *sheet.parameters(module, module.parameters, "  ", "")]
    if kind == "landing-page":
        lines += ["blocks:", *sheet.blocks()]
    return "\n".join(lines) + "\n"


_OF_THE_HEAD: Final[Mapping[str, Text]] = {
    "title": text("what the request is called"),
    "campaign": text("the campaign's id"),
    "requester": text("who asks: a name of bridge.yaml"),
    "needed_by": text("the day it is needed, such as 2027-03-31"),
}


def _parts(kind: str, bundle: Bundle) -> Iterable[tuple[str, Module]]:
    """Yield the parts of a kind with the modules they are checked against."""
    own = "page" if kind == "landing-page" else Request({"kind": kind}).own_part
    if own is None:
        return
    name = form_module({}) if own == "form" else kind if own != "page" else "page"
    if name in bundle.modules:
        yield own, bundle.modules[name]


class _Sheet:
    """Lines of a blank request."""

    def __init__(self, bundle: Bundle, circumstances: Circumstances, speaker: Speaker) -> None:
        self.bundle = bundle
        self.circumstances = circumstances
        self.speaker = speaker

    def line(self, indent: str, key: str, value: str, said: Words) -> str:
        """Return one key with the comment that says what belongs there."""
        written = f"{indent}{key}: {value}".rstrip()
        return f"{written:<{_COLUMN}} # {self.speaker.say(said)}"

    def parameters(
        self, module: Module, schema: Mapping[str, Any], indent: str, path: str
    ) -> Iterable[str]:
        """Yield a line for each indispensable parameter, those inside it below."""
        properties = schema.get("properties", {})
        for name in schema.get("required", ()):
            inner = properties.get(name, {})
            here = f"{path}.{name}" if path else name
            if inner.get("type") == "object":
                yield f"{indent}{name}:"
                yield from self.parameters(module, inner, indent + "  ", here)
                continue
            yield self.line(indent, name, "", self._meaning(module, inner, name, here))
            if name in _EXAMPLES:
                yield f"{indent}  # {_EXAMPLES[name]}"

    def blocks(self) -> Iterable[str]:
        """Yield the library's blocks, each as a comment to take away."""
        how = text("Take the # away from the blocks you want, and fill them in.")
        yield f"  # {self.speaker.say(how)}"
        for module in filter(is_block, self.bundle.modules.values()):
            yield f"  # - use: {module.id}@{module.major}    # {self.speaker.say(module.title)}"
            for line in self.parameters(module, module.parameters, "    ", ""):
                yield f"  # {line[2:]}" if line.startswith("  ") else f"  # {line}"

    def _meaning(self, module: Module, schema: Mapping[str, Any], name: str, path: str) -> Text:
        limits = tuple(limits_on(module, path))
        found = choices(schema, iter(limits), self.bundle, self.circumstances)
        said = label(name, schema)
        if found:
            return text("{parameter}: {options}", parameter=said, options=Either(found))
        allowed = tuple(expected(one) for one in limits if not one.when)
        if allowed:
            return text("{parameter}: {allowed}", parameter=said, allowed=allowed)
        return text("{parameter}", parameter=said)
