"""What a form's field asks for: what it declares, and what its words suggest (guardrails.md section 3.4).

Every sign counts: autocomplete, label, kind of input, name, each option of a choice. The most
sensitive one wins, whatever the others say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeAlias

from bridge.guardrails.fieldtypes import (
    Channel,
    Consent,
    FieldType,
    Level,
    Others,
    Reading,
    Vocabulary,
)
from bridge.guardrails.phrases import BREAK, Phrases, Span, is_legible, words_of
from bridge.guardrails.words import folded

__all__ = [
    "Channel", "Consent", "FieldType", "Level", "Lexicon", "Others", "Reading", "Vocabulary",
]  # fmt: skip

_LONGEST: Final = 4_000  # characters of a label, of a name; what is longer is not read whole
_LONGEST_OPTIONS: Final = 60_000  # characters of all options together
_LABELS: Final = ("label", "placeholder", "help")
_Spans: TypeAlias = list[Span[FieldType | None]]
# Where two signs are equally sensitive: autocomplete before label before input type before name.
_AUTOCOMPLETE, _LABEL, _TYPE, _NAME, _OPTION = range(5, 0, -1)
_SIGNALS: Final = {
    _AUTOCOMPLETE: "autocomplete", _LABEL: "label", _TYPE: "type", _NAME: "name", _OPTION: "option",
}  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """All field types by id, the words that betray them, and the labels that the DPO classified.

    ``glossary``: a label, however written, to the id of its type; it speaks for the label alone, the
    field's other signs still count.
    """

    types: Mapping[str, FieldType] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    glossary: Mapping[str, str] = field(default_factory=dict)
    _index: "_Index" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _Index(self.types, self.vocabulary, self.glossary))

    def group(self, name: str) -> frozenset[str]:
        """Return the type ids of a group; a group that does not exist is a KeyError."""
        return self.vocabulary.groups[name]

    def token(self, autocomplete: str) -> str:
        """Return the token that says of what data an autocomplete value speaks: the last of its kind."""
        return self._index.token(autocomplete)

    def refuses(self, label: Any) -> bool:
        """Tell whether a label says that one ticks its box in order to refuse."""
        return isinstance(label, str) and bool(
            self._index.refusals.find(words_of(label[:_LONGEST]))
        )

    def read(self, form_field: Mapping[str, Any]) -> Reading:
        """Read one field of a form; whatever is wrong with its shape is ignored here."""
        declared = form_field.get("data")
        known = self.types.get(declared) if isinstance(declared, str) else None
        return _Reading(self._index, form_field, known).reading()


class _Index:
    """A lexicon made ready to read with."""

    def __init__(
        self, types: Mapping[str, FieldType], vocabulary: Vocabulary, glossary: Mapping[str, str]
    ) -> None:
        self.types = types
        self.vocabulary = vocabulary
        # The most sensitive first: it keeps a phrase that several types name.
        ordered = sorted(types.values(), key=lambda t: -t.level)
        self.phrases: Phrases[FieldType | None] = Phrases()
        for type_ in ordered:
            self.phrases.add(type_.words, type_)
        self.phrases.add(vocabulary.innocent, None)
        self.autocomplete = {token: t for t in reversed(ordered) for token in t.autocomplete}
        self.inputs = {k: types[t] for k, t in vocabulary.input_types.items() if t in types}
        self.glossary = {folded(k): types[t] for k, t in glossary.items() if t in types}
        self.verbs: Phrases[bool] = Phrases()
        self.verbs.add(vocabulary.consent.verbs, True)
        self.refusals: Phrases[bool] = Phrases()
        self.refusals.add(vocabulary.consent.refusals, True)
        self.channels: Phrases[str] = Phrases()
        for channel in vocabulary.consent.channels:
            self.channels.add(channel.words, channel.type)
        self.order = [channel.type for channel in vocabulary.consent.channels]
        self.otherwise: Phrases[str] = Phrases()
        if vocabulary.consent.otherwise:
            self.otherwise.add(
                vocabulary.consent.otherwise.words, vocabulary.consent.otherwise.type
            )
        self.other_words = _words(tuple(word for o in vocabulary.others for word in o.of))
        self.others = [(_words(o.of), o.silence, types.get(o.means)) for o in vocabulary.others]
        self.conjunctions = _words(vocabulary.conjunctions)
        self.links = _words(vocabulary.links) | self.conjunctions
        self.statements = vocabulary.groups.get("statements", frozenset())

    def token(self, autocomplete: str) -> str:
        if autocomplete in self.autocomplete:
            return autocomplete
        ignored = self.vocabulary.autocomplete_prefixes
        tokens = autocomplete[:_LONGEST].lower().split()
        return next((token for token in reversed(tokens) if token not in ignored), "")

    def spans_in(self, words: list[str]) -> _Spans:
        """Return the phrases of a text, those said of a dog or a car replaced."""
        spans = self.phrases.find(words)
        if spans and not self.other_words.isdisjoint(words):
            return self._without_others(words, spans)
        return spans

    def _without_others(self, words: list[str], spans: _Spans) -> _Spans:
        """Return the phrases, those said of something that is no person replaced."""
        covered = {place for start, end, _ in spans for place in range(start, end)}
        kept = []
        for start, end, type_ in spans:
            found = type_
            for of, silence, means in self.others:
                if (
                    type_
                    and type_.id in silence
                    and self._is_said_of(of, words, start, end, covered)
                ):
                    found = means
            kept.append((start, end, found))
        return kept

    def _is_said_of(
        self, of: frozenset[str], words: list[str], start: int, end: int, covered: set[int]
    ) -> bool:
        """Tell whether a phrase is said of what stands in ``of``: only links and phrases between."""
        for place in range(end, len(words)):
            if words[place] in of:
                return words[place - 1] not in self.conjunctions
            if words[place] not in self.links and place not in covered:
                break
        before = words[max(start - 2, 0) : start]  # the dog's age
        between = self.links - self.conjunctions
        return not of.isdisjoint(before) and all(w in of or w in between for w in before)

    def channels_in(self, words: list[str]) -> tuple[str, ...]:
        """Return the types of consent that words speak of, in their order of precedence."""
        heard = {channel for _, _, channel in self.channels.find(words)}
        if not heard:
            heard = {channel for _, _, channel in self.otherwise.find(words)}
        return tuple(sorted(heard, key=self._rank))

    def _rank(self, channel: str) -> int:
        return self.order.index(channel) if channel in self.order else len(self.order)


def _words(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in words_of(phrase))


class _Reading:
    """One field being read: the most sensitive sign so far."""

    __slots__ = (
        "best",
        "channels",
        "declared",
        "field",
        "index",
        "is_whole",
        "kind",
        "level",
        "rank",
    )

    def __init__(
        self, index: _Index, form_field: Mapping[str, Any], declared: FieldType | None
    ) -> None:
        self.index = index
        self.field = form_field
        self.declared = declared
        self.best: FieldType | None = None
        self.level = -1
        self.rank = 0
        self.is_whole = True
        kind = form_field.get("type")
        self.kind = kind.strip().lower() if isinstance(kind, str) and len(kind) < 100 else ""
        self.channels: tuple[str, ...] = ()

    def reading(self) -> Reading:
        """Return what the field was read as."""
        self._autocomplete()
        labelled = self._words()
        if self.kind in self.index.inputs:
            self._sign(self.index.inputs[self.kind], _TYPE)
        if "options" in self.field:
            self._options(labelled)
        if self.kind in self.index.vocabulary.inputs_that_say_more:
            self._more()
        signal = _SIGNALS[self.rank] if self.rank else ""
        return Reading(self.declared, self.best, signal, self.channels, None, self.is_whole)

    def _more(self) -> None:
        """Note what the input asks for beyond the words: a whole date for a birthday."""
        more = self.index.vocabulary.inputs_that_say_more[self.kind]
        for said in (self.best, self.declared):
            if said is not None and said.id in more:
                self._sign(self.index.types[more[said.id]], _TYPE)

    def _sign(self, found: FieldType, rank: int) -> None:
        """Keep the more sensitive sign; of two alike the one of the higher rank."""
        if found.level > self.level or (found.level == self.level and rank > self.rank):
            self.best, self.level, self.rank = found, found.level, rank

    def _autocomplete(self) -> None:
        written = self.field.get("autocomplete")
        if not isinstance(written, str):
            return
        tokens = {self.index.token(written), *written[:_LONGEST].lower().split()}
        for token in tokens & self.index.autocomplete.keys():
            self._sign(self.index.autocomplete[token], _AUTOCOMPLETE)

    def _words(self) -> list[FieldType]:
        """Read label and name in one go; return the types that the label speaks of."""
        classified = self._classified() if self.index.glossary else None
        label = "" if classified else self._label()
        if "label" in self.field and not classified and not is_legible(label):
            self.is_whole = False
        words = words_of(f"{label}{BREAK}{self._text(self.field.get('name'), _LONGEST)}")
        border = len(words) - 1 - words[::-1].index("|")
        spans = self.index.spans_in(words)
        labelled = [t for start, _, t in spans if t is not None and start < border]
        named = [t for start, _, t in spans if t is not None and start > border]
        if self.kind == "checkbox" or (
            self.declared is not None and self.declared.id in self.index.statements
        ):
            labelled, named = self._as_consent(words[:border], labelled, named)
        if classified is not None:
            labelled = [classified]
        for type_ in labelled:
            self._sign(type_, _LABEL)
        for type_ in named:
            self._sign(type_, _NAME)
        return labelled

    def _label(self) -> str:
        texts = [self._text(self.field[key], _LONGEST) for key in _LABELS if key in self.field]
        return texts[0] if len(texts) == 1 else BREAK.join(texts)

    def _classified(self) -> FieldType | None:
        label = self.field.get("label")
        if not isinstance(label, str) or len(label) >= _LONGEST:
            return None
        return self.index.glossary.get(folded(label))

    def _as_consent(
        self, words: list[str], labelled: list[FieldType], named: list[FieldType]
    ) -> tuple[list[FieldType], list[FieldType]]:
        """Return what a box says: its consent, and whatever it speaks of beyond that."""
        is_asked = bool(self.index.verbs.find(words))
        if is_asked or self.kind != "checkbox":
            self.channels = self.index.channels_in(words)
        if not is_asked and not self.channels:
            return labelled, named
        silence = self.index.vocabulary.consent.silence
        consent = self.index.types.get(self.channels[0]) if self.channels else None
        spoken = [t for t in labelled if t.id not in silence]
        return [consent, *spoken] if consent else spoken, [t for t in named if t.id not in silence]

    def _options(self, labelled: list[FieldType]) -> None:
        """Read every option: a sensitive word in one of them makes the field sensitive (C6)."""
        silence: set[str] = set()
        for type_ in labelled:
            silence |= self.index.vocabulary.choices.get(type_.id, frozenset())
        written = self._text(self.field["options"], _LONGEST_OPTIONS)
        for _, _, found in self.index.spans_in(words_of(written)):
            if found is not None and found.id not in silence:
                self._sign(found, _OPTION)

    def _text(self, value: Any, longest: int) -> str:
        """Return the texts in a value as one, no phrase across two of them; bounded."""
        if isinstance(value, str):
            if len(value) < longest:
                return value
            written = value
        elif isinstance(value, list | Mapping):
            written = BREAK.join(_strings(value, longest))
        else:
            return ""
        if len(written) >= longest:
            self.is_whole = False
        return written[:longest]


def _strings(value: Any, longest: int) -> Iterator[str]:
    """Yield the texts inside a value, whatever its shape, until they are longer than ``longest``.

    Whatever else stands there counts as one character, so that it all comes to an end.
    """
    waiting, size = [value], 0
    while waiting and size <= longest:
        item = waiting.pop()
        if isinstance(item, list | Mapping):
            inside = item.values() if isinstance(item, Mapping) else item
            waiting.extend(reversed(list(islice(inside, longest + 1))))
        written = item if isinstance(item, str) else ""
        size += len(written) + 1
        yield written
