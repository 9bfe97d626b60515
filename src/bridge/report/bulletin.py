"""A morning's message as plain words for a chat or a mail."""

from collections.abc import Iterator

from bridge.bulletin import Bulletin, Part
from bridge.prose import printable
from bridge.text import Speaker, texts


def subject(bulletin: Bulletin, speaker: Speaker) -> str:
    """Return the title of a message."""
    return printable(speaker.say(bulletin.title))


def body(bulletin: Bulletin, speaker: Speaker) -> str:
    """Return the parts of a message, one line for each thing told."""
    return "\n\n".join("\n".join(_part(part, speaker)) for part in bulletin.parts)


def _part(part: Part, speaker: Speaker) -> Iterator[str]:
    yield printable(speaker.say(part.heading))
    for said, url in part.lines:
        yield f"- {printable(speaker.say(said))}"
        if url:
            yield f"  {url}"
    if part.more:
        yield speaker.say(texts("… and {n} more.", "… and {n} more.", part.more))
