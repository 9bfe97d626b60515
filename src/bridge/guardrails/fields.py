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
from bridge.guardrails.phrases import BREAK, Phrases, Span, words_of
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
        self.links = _words(vocabulary.links)
        self.statements = vocabulary.groups.get("statements", frozenset())

    def token(self, autocomplete: str) -> str:
        ignored = self.vocabulary.autocomplete_prefixes
        tokens = autocomplete[:_LONGEST].lower().split()
        return next((token for token in reversed(tokens) if token not in ignored), "")

    def types_in(self, words: list[str]) -> list[FieldType]:
        """Return the types that words speak of, those said of a dog or a car replaced."""
        spans = self.phrases.find(words)
        if not spans:
            return []
        if not self.other_words.isdisjoint(words):
            spans = self._without_others(words, spans)
        return [type_ for _, _, type_ in spans if type_ is not None]

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
        after = range(end, len(words))
        before = range(start - 1, max(start - 3, -1), -1)  # the dog's age
        return _reaches(words, after, of, self.links, covered) or _reaches(
            words, before, of, self.links, set()
        )

    def channels_in(self, words: list[str]) -> tuple[str, ...]:
        """Return the types of consent that words speak of, in their order of precedence."""
        heard = {channel for _, _, channel in self.channels.find(words)}
        if not heard:
            heard = {channel for _, _, channel in self.otherwise.find(words)}
        return tuple(sorted(heard, key=self._rank))

    def _rank(self, channel: str) -> int:
        return self.order.index(channel) if channel in self.order else len(self.order)


def _reaches(
    words: list[str], way: range, of: frozenset[str], links: frozenset[str], covered: set[int]
) -> bool:
    for place in way:
        if words[place] in of:
            return True
        if words[place] not in links and place not in covered:
            return False
    return False


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
        labelled = self._label()
        self._sign(self.index.inputs.get(self.kind), _TYPE)
        self._name()
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
                self._sign(self.index.types.get(more[said.id]), _TYPE)

    def _sign(self, found: FieldType | None, rank: int) -> None:
        """Keep the more sensitive sign; of two alike the one of the higher rank."""
        if found is None:
            return
        if found.level > self.level or (found.level == self.level and rank > self.rank):
            self.best, self.level, self.rank = found, found.level, rank

    def _autocomplete(self) -> None:
        written = self.field.get("autocomplete")
        if isinstance(written, str):
            self._sign(self.index.autocomplete.get(self.index.token(written)), _AUTOCOMPLETE)

    def _label(self) -> list[FieldType]:
        label = self.field.get("label")
        if self.index.glossary and isinstance(label, str) and len(label) <= _LONGEST:
            classified = self.index.glossary.get(folded(label))
            if classified is not None:
                self._sign(classified, _LABEL)
                return [classified]
        return [
            found
            for key in _LABELS
            if key in self.field
            for found in self._heard(self._text(self.field[key], _LONGEST), _LABEL)
        ]

    def _name(self) -> None:
        name = self.field.get("name")
        if name is not None:
            self._heard(self._text(name, _LONGEST), _NAME)

    def _heard(self, written: str, rank: int) -> list[FieldType]:
        """Note what a text says; return the types it speaks of."""
        words = words_of(written) if written else []
        found = self.index.types_in(words)
        if self.kind == "checkbox" or (
            self.declared is not None and self.declared.id in self.index.statements
        ):
            found = self._as_consent(words, found, rank)
        for type_ in found:
            self._sign(type_, rank)
        return found

    def _as_consent(self, words: list[str], found: list[FieldType], rank: int) -> list[FieldType]:
        """Return what a box says: its consent, and whatever it speaks of beyond that."""
        is_asked = bool(self.index.verbs.find(words))
        if rank == _LABEL and (is_asked or self.kind != "checkbox"):
            self.channels = tuple(dict.fromkeys((*self.channels, *self.index.channels_in(words))))
        if not is_asked and not self.channels:
            return found
        silence = self.index.vocabulary.consent.silence
        spoken = [t for t in found if t.id not in silence]
        consent = self.index.types.get(self.channels[0]) if self.channels else None
        return [consent, *spoken] if consent else spoken

    def _options(self, labelled: list[FieldType]) -> None:
        """Read every option: a sensitive word in one of them makes the field sensitive (C6)."""
        silence: set[str] = set()
        for type_ in labelled:
            silence |= self.index.vocabulary.choices.get(type_.id, frozenset())
        written = self._text(self.field["options"], _LONGEST_OPTIONS)
        for found in self.index.types_in(words_of(written)):
            if found.id not in silence:
                self._sign(found, _OPTION)

    def _text(self, value: Any, longest: int) -> str:
        """Return the texts in a value as one, no phrase across two of them; bounded."""
        if isinstance(value, str):
            written = value
        elif isinstance(value, list | Mapping):
            written = BREAK.join(_strings(value, longest))
        else:
            return ""
        if len(written) > longest:
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
