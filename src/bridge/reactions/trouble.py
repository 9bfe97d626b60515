"""Why a request cannot be judged, said on its issue: one comment, the verdict's own, edited in place."""

from dataclasses import replace
from typing import Final

from bridge.correspondence import SIGN
from bridge.errors import BridgeError, Problem
from bridge.operations.once import comment_once, own_comment, says
from bridge.petition import Damaged, Petition, petition_of
from bridge.ports import Tools
from bridge.prose import Block, Bullets, Paragraph, Prose, fitted
from bridge.text import Speaker, Text, text
from bridge.tracker import Issue

LONGEST: Final = 20_000  # characters; Jira refuses texts of more than 32,767, markup included
CAUSE: Final = "request submit"  # in the journal


def tell(refused: BridgeError, issue: Issue, tools: Tools) -> None:
    """Write a refusal as the bridge's one comment on an issue; said already, nothing is written.

    It takes the place of a verdict that stood there, and the next verdict takes its place.
    """
    prose, me = trouble_prose(refused, issue.key, tools.speaker), tools.tracker.me()
    record = record_if_sound(issue)
    mine = own_comment(
        tools.tracker.comments(issue.key), me, SIGN, record.comment if record else ""
    )
    if mine is not None and says(mine, prose):
        return
    if record is not None and record.said:
        # Before the verdict's words go: whoever judges next must know that they no longer stand.
        tools.tracker.remember(issue.key, replace(record, said="").as_json())
    if mine is None:
        comment_once(issue.key, prose, me, tools)
    else:
        tools.tracker.recomment(issue.key, mine.id, prose)
    tools.journal.wrote("issue", issue.key, "comment", "", "", CAUSE)


def record_if_sound(issue: Issue) -> Petition | None:
    """Return the record of a request's issue; None where there is none, or a damaged one."""
    try:
        return petition_of(issue)
    except Damaged:
        return None


def trouble_prose(refused: BridgeError, key: str, speaker: Speaker) -> Prose:
    """Return a refusal as people read it in Jira: what is wrong, every problem with its place, what to do."""
    problems: tuple[Problem, ...] = getattr(refused, "problems", ())
    blocks: list[Block] = [Paragraph(speaker.say(refused.sentence))]
    if problems:
        blocks.append(Bullets(tuple(speaker.say(_line(problem)) for problem in problems)))
    elif refused.hint is not None:
        blocks.append(Paragraph(speaker.say(refused.hint)))
    again = text("Once this issue is changed, the bridge looks at it again by itself.")
    more = text("There is more than a text in Jira holds; mend these first.")
    return (
        *fitted(blocks, LONGEST, speaker.say(more)),
        Paragraph(speaker.say(again)),
        Paragraph(f"{SIGN} {key}"),
    )


def _line(problem: Problem) -> Text:
    """Return a problem in one line: its place, what is wrong, what would pass."""
    said = problem.sentence
    if problem.hint is not None:
        said = text("{sentence} {hint}", sentence=said, hint=problem.hint)
    if problem.place is None:
        return said
    if not problem.place.line:
        return text("{place}: {sentence}", place=problem.place.file, sentence=said)
    return text(
        "{place}, line {line}, column {column}: {sentence}",
        place=problem.place.file,
        line=problem.place.line,
        column=problem.place.column,
        sentence=said,
    )
