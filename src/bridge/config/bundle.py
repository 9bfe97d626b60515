"""Build a bundle from rule files: every module, register and field type read, every test run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bridge.config import levels, modules, registers, shape
from bridge.config.rulefiles import GLOSSARY, LEVELS, Parsed, content_of, identity
from bridge.config.values import Notes
from bridge.config.yamlfile import Document
from bridge.errors import Place, Problem, ProblemsFound, near_miss
from bridge.guardrails import trials
from bridge.guardrails.fields import Lexicon
from bridge.guardrails.policy import Bundle, Module, Register
from bridge.nearmiss import nearest
from bridge.text import text


@dataclass
class Built:
    """What rule files amount to: values by file name, and everything that is wrong."""

    modules: dict[str, Module] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    problems: list[Problem] = field(default_factory=list)

    def bundle(self, identity: str) -> Bundle:
        """Return everything as one bundle."""
        return Bundle(
            id=identity,
            modules={module.id: module for module in self.modules.values()},
            registers={register.id: register for register in self.registers.values()},
            lexicon=self.lexicon,
        )


def build(parsed: Parsed) -> Built:
    """Read every document; whatever is wrong is noted with its place."""
    built = Built(problems=list(parsed.problems))
    known = _register_ids(parsed)
    for name, document in parsed.documents.items():
        folder = name.partition("/")[0]
        if folder == "modules":
            module, problems = modules.read(document, known)
            built.problems += problems or _misnamed(name, document)
            if module:
                built.modules[name] = module
        elif folder == "registers":
            register, problems = registers.read(document)
            built.problems += problems or _misnamed(name, document)
            if register:
                built.registers[name] = register
    _read_lexicon(parsed, built)
    _check_personal(parsed, built)
    return built


def _register_ids(parsed: Parsed) -> frozenset[str]:
    """Return the registers' ids as far as they can be told, also of files with other problems."""
    ids = set(parsed.named("registers"))
    unread = [p.place.file for p in parsed.problems if p.place]
    return frozenset(ids | {PurePosixPath(file).stem for file in unread})


def _misnamed(name: str, document: Document) -> Sequence[Problem]:
    """Return the problem of a file that is not called what it holds: files replace others by name."""
    stem = PurePosixPath(name).name.removesuffix(".yaml")
    if document.data["id"] == stem:
        return ()
    sentence = text(
        "The id is “{id}”, the file is called “{file}”: they must be the same.",
        id=document.data["id"],
        file=f"{stem}.yaml",
    )
    return (Problem(sentence, place=document.place(("id",))),)


def _read_lexicon(parsed: Parsed, built: Built) -> None:
    glossary, labels = parsed.documents.get(GLOSSARY), {}
    if glossary is not None:
        found = shape.check(glossary, "glossary")
        built.problems += found.problems
        if not found.problems:
            labels = {entry["label"]: entry["type"] for entry in glossary.data["labels"]}
    document = parsed.documents.get(LEVELS)
    if document is None:
        return
    try:
        built.lexicon = levels.lexicon(document, labels)
    except ProblemsFound as broken:
        built.problems += broken.problems
        return
    if glossary is not None and labels:
        _check_glossary(glossary, built)


def _check_glossary(document: Document, built: Built) -> None:
    notes, types = Notes(document), built.lexicon.types
    for number, entry in enumerate(document.data["labels"]):
        notes.date(("labels", number, "on"), entry["on"])
        if entry["type"] not in types:
            notes.add(
                ("labels", number, "type"),
                text("There is no field type “{name}”.", name=entry["type"]),
                near_miss(nearest(entry["type"], types), types),
            )
    built.problems += notes.problems


def _check_personal(parsed: Parsed, built: Built) -> None:
    """Note a second module of rules on personal data: one alone is asked about every form."""
    holders = [name for name, module in built.modules.items() if module.rules]
    for name in holders[1:]:
        sentence = text(
            "Rules on personal data stand in {file} already.", file=PurePosixPath(holders[0]).name
        )
        place = parsed.documents[name].place(("rules",), of_key=True)
        built.problems.append(Problem(sentence, place=place))


def failed_tests(name: str, built: Built, among: Built) -> Sequence[Problem]:
    """Run the tests of the module of a file, among other files; return those that do not hold."""
    module = built.modules[name]
    return [
        Problem(failure.sentence, place=Place(module.source_file, failure.trial.line, 1))
        for failure in trials.run(module, among.bundle(""))
    ]


def identity_of(parsed: Parsed) -> str:
    """Return the id of what the documents say."""
    return identity(content_of(parsed.documents))
