"""The blocks of a page and the fields of a form, asked for one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.fields import FieldType
from bridge.guardrails.policy import Bundle, Module
from bridge.operations import answers
from bridge.proposal import Candidate, Choose, Question
from bridge.text import Speaker, text

_MOST = 50  # blocks of a page, fields of a form
_NO_BLOCKS: Final = frozenset({"page", "tag", "redirect"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a dialogue stands on: the rules, the day, who answers, and in which language.

    ``known``: answers given beforehand, by key (``campaign``); ``people``: names by id.
    """

    bundle: Bundle
    circumstances: Circumstances
    choose: Choose
    speaker: Speaker
    known: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def agrees(self, question: Question) -> bool:
        """Ask a question of yes or no."""
        return answers.is_yes(self.choose(question))


def is_block(module: Module) -> bool:
    """Tell whether a module is a block of a page, rather than the page or what goes around it."""
    return "landing-page" in module.applies_to and not module.rules and module.id not in _NO_BLOCKS


def blocks(ground: Ground) -> list[dict[str, Any]]:
    """Ask which blocks of the library a page is made of, in order."""
    modules = {m.id: m for m in ground.bundle.modules.values() if is_block(m)}
    listed = tuple(Candidate(m.id, ground.speaker.say(m.title)) for m in modules.values())
    chosen: list[dict[str, Any]] = []
    while len(chosen) < _MOST:
        question = Question(
            key="block",
            sentence=text("Block {n} of the page?", n=len(chosen) + 1),
            candidates=listed,
            is_optional=bool(chosen),
        )
        answer = ground.choose(question)
        if answer is None:
            break
        chosen.append({"use": f"{answer}@{modules[answer].major}"})
    return chosen


def fields(ground: Ground, known: frozenset[str]) -> list[dict[str, Any]]:
    """Ask for the fields of a form; ``known`` are the keys that its module speaks of."""
    found: list[dict[str, Any]] = []
    while len(found) < _MOST:
        question = Question(
            key="field",
            sentence=text("Field {n}: what does the customer read there?", n=len(found) + 1),
            is_optional=bool(found),
        )
        called = ground.choose(question)
        if called is None:
            break
        kind = _kind(ground, called)
        entry = answers.form_field(called, kind)
        if not answers.is_box(kind):
            entry["required"] = _is_required(ground, called)
        found.append({key: value for key, value in entry.items() if key in known})
    return found


def _kind(ground: Ground, called: str) -> FieldType:
    """Ask which kind of data a field is; what its label suggests is the usual answer."""
    lexicon = ground.bundle.lexicon
    guess = answers.guessed(called, lexicon)
    question = Question(
        key="data",
        sentence=text("What does “{label}” ask for? A word or two will do.", label=called),
        default=ground.speaker.say(guess.title) if guess else None,
        flaw=lambda words: answers.flaw_of_type(words, lexicon),
    )
    return answers.types_like(ground.choose(question) or "", lexicon)[0]


def _is_required(ground: Ground, called: str) -> bool:
    return ground.agrees(
        Question(
            key="required",
            sentence=text("Must “{label}” be filled in (yes/no)?", label=called),
            default=ground.speaker.say(text("no")),
            flaw=answers.flaw_of_yes,
        )
    )
