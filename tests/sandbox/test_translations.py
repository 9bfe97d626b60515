"""The French of the web face is well set. (That nothing is missing: tests/test_language.py.)"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import bridge.sandbox

PO = Path(bridge.sandbox.__file__).parent / "locale/fr/LC_MESSAGES/sandbox.po"
NARROW, WIDE = "\u202f", "\u00a0"


def translations() -> Iterator[Message]:
    with PO.open("rb") as file:
        yield from (message for message in read_po(file, locale="fr") if message.id)


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    text = text or []
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("message", list(translations()), ids=lambda m: forms(m.id)[0][:30])
def test_a_translation(message: Message) -> None:
    places = [
        sorted(re.findall(r"%\(\w+\)[sd]", text))
        for text in forms(message.id) + forms(message.string)
    ]
    assert all(p == places[0] for p in places), "the same places for values"
    for text in forms(message.string):
        assert text, "translated"
        assert "'" not in text, "apostrophes are curly"
        assert not re.search(rf"[^{NARROW}{WIDE}][;:?!](\s|$)", text), "no break before tall signs"
