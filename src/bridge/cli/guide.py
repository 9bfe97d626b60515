"""Who decides while a workspace is made: the person at the terminal, or options and usual answers."""

from collections.abc import Mapping

import click

from bridge.cli import output
from bridge.cli.words import spoken
from bridge.errors import near_miss
from bridge.nearmiss import nearest
from bridge.proposal import Candidate, Question
from bridge.report import table
from bridge.text import Text, text

NONE = "-"
_SHOWN = 20


class Guide:
    """Answers questions; implements :class:`bridge.proposal.Choose`.

    ``given``: the answers that options gave, by the questions' keys.
    """

    def __init__(self, given: Mapping[str, str], *, asks: bool) -> None:
        self._given = given
        self._asks = asks
        self._listed: tuple[Candidate, ...] = ()

    def __call__(self, question: Question) -> str | None:
        """Take the option, else ask, else take the usual answer; raise a usage error without one."""
        given = self._given.get(question.key)
        if given is not None:
            return self._of_option(question, given)
        if self._asks:
            return self._ask(question)
        if question.default is None and not question.is_optional:
            raise click.UsageError(spoken().say(_undecided(question)))
        return (
            question.default
            if not question.key.startswith("role ") or self._sure(question)
            else None
        )

    @staticmethod
    def _sure(question: Question) -> bool:
        """Tell whether a role can have but one holder: nobody else is there."""
        return len(question.candidates) == 1

    def _of_option(self, question: Question, given: str) -> str | None:
        if given == NONE and question.is_optional:
            return None
        found = _found(question, given)
        if found is None:
            said = spoken().say(_unknown(question, given))
            raise click.BadParameter(said, param_hint=_option(question))
        return found

    def _ask(self, question: Question) -> str | None:
        """Ask until the answer is one; what was nearly right is named."""
        self._show(question)
        words = spoken().say(question.sentence)
        if question.is_optional:
            words = spoken().say(text("{question} ({none} for none)", question=words, none=NONE))
        usual = question.default or (NONE if question.is_optional else None)
        while True:
            answer = click.prompt(
                words, default=usual, err=True, type=str, prompt_suffix=_suffix(words)
            ).strip()
            if answer == NONE and question.is_optional:
                return None
            found = _found(question, answer)
            if found is not None:
                return found
            output.tell(_unknown(question, answer))

    def _show(self, question: Question) -> None:
        """List the candidates, unless the same list was just shown."""
        if not question.candidates or question.candidates == self._listed:
            return
        self._listed = question.candidates
        rows = [[one.value, one.label] for one in question.candidates[:_SHOWN]]
        output.tell_lines(["", *(f"  {line}" for line in table.columns(rows))])
        rest = len(question.candidates) - _SHOWN
        if rest > 0:
            output.tell(text("  … and {n} more", n=rest))


def _suffix(words: str) -> str:
    """Return what stands between a prompt and its answer: a question mark needs no colon after it."""
    return " " if words.endswith("?") else ": "


def _found(question: Question, answer: str) -> str | None:
    """Return the candidate meant: by what is written, else by the name of just one; any case will do."""
    if not question.candidates:
        return answer if answer and question.flaw(answer) is None else None
    folded = answer.casefold()
    by_value = [one.value for one in question.candidates if one.value.casefold() == folded]
    by_label = [one.value for one in question.candidates if one.label.casefold() == folded]
    for found in (by_value, by_label):
        if len(found) == 1:
            return found[0]
    return answer if question.is_open and answer and question.flaw(answer) is None else None


def _unknown(question: Question, answer: str) -> Text:
    flaw = question.flaw(answer)
    if flaw is not None:
        return flaw
    names = [name for one in question.candidates for name in (one.value, one.label) if name]
    hint = near_miss(nearest(answer, names), names[: 2 * _SHOWN])
    return text("There is no “{answer}”. {hint}", answer=answer, hint=hint or "")


def _undecided(question: Question) -> Text:
    return text(
        "{question} Say it with {option}. {known}",
        question=question.sentence,
        option=_option(question),
        known=near_miss(None, [one.value for one in question.candidates[:_SHOWN]]) or "",
    )


def _option(question: Question) -> str:
    kind, _, role = question.key.partition(" ")
    return f"--{kind} {role}=PERSON" if role else f"--{kind}"
