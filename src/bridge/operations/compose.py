"""Write a request by answering questions: only what is still missing is asked, as the check itself says.

The verdict on the draft names what is missing; each answer goes in at that place and is judged at once.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from bridge.guardrails.finding import Finding, Verdict, Where
from bridge.guardrails.labels import label
from bridge.guardrails.parameters import choices, limits_on, module_at, schema_at
from bridge.guardrails.request import A_DAY, FORMAT, SOMETHING, Request, is_day
from bridge.guardrails.roles import role_name
from bridge.guardrails.verdict import judge
from bridge.operations import answers, pieces
from bridge.operations.pieces import Ground
from bridge.proposal import Candidate, Question
from bridge.text import Text, Words, text

_MOST_TURNS = 500  # places that one dialogue asks for


def compose(kind: str, ground: Ground) -> Mapping[str, Any]:
    """Return a request's content in which nothing is missing that an answer could give."""
    dialogue = _Dialogue({"format": FORMAT, "kind": kind}, ground)
    dialogue.run()
    return dialogue.draft


class _Dialogue:
    """One draft and the questions about it; no place is asked for twice, so it always ends."""

    def __init__(self, draft: dict[str, Any], ground: Ground) -> None:
        self.draft = draft
        self.ground = ground
        self.asked: set[Where] = set()

    def run(self) -> None:
        """Ask for what is missing, in the order of the request, until nothing more can be asked."""
        for _ in range(_MOST_TURNS):
            missing = self._next()
            if missing is None:
                return
            self.asked.add(missing.where)
            self._fill(missing)

    def _next(self) -> Finding | None:
        open_ones = (m for m in self._judged().missing if m.is_missing)
        return next((m for m in open_ones if m.where and m.where not in self.asked), None)

    def _judged(self, draft: Mapping[str, Any] | None = None) -> Verdict:
        request = Request(self.draft if draft is None else draft)
        return judge(request, self.ground.bundle, self.ground.circumstances)

    def _fill(self, missing: Finding) -> None:
        where = missing.where
        name = str(where[-1])
        schema = schema_at(Request(self.draft), where, self.ground.bundle)
        items = schema.get("items")
        if where == ("blocks",):
            self._put(where, pieces.blocks(self.ground))
        elif name == "fields" and isinstance(items, Mapping):
            known = frozenset(items.get("properties", {})) or answers.OF_A_FIELD
            self._put(where, pieces.fields(self.ground, known))
        elif schema.get("type") == "object" or (len(where) == 1 and answers.is_part(name)):
            self._put(where, {})
        elif isinstance(items, Mapping) and items.get("type") == "object":
            self._put(where, [{} for _ in range(self._count(where, schema))])
        elif name in self.ground.known:
            self._put(where, self.ground.known[name])
        else:
            self._put(where, self._answer(where, schema, missing))

    # --- one value -----------------------------------------------------------------------------------

    def _answer(self, where: Where, schema: Mapping[str, Any], missing: Finding) -> Any:
        """Ask for a value until it is one, and until whoever answers stands by it."""
        while True:
            question = self._question(where, schema, missing)
            answer = self.ground.choose(question)
            if answer is None:
                return None
            value = answers.parsed(answer, schema)
            outside = self._outside(where, value)
            if outside is None or self._stands_by(outside):
                return value

    def _question(self, where: Where, schema: Mapping[str, Any], missing: Finding) -> Question:
        name = str(where[-1])
        candidates = self._candidates(where, schema)
        return Question(
            key=name.replace("_", "-"),
            sentence=self._asking(where, schema, missing),
            candidates=candidates,
            default=None,
            # Only who is in bridge.yaml can be asked back; other lists may be left, for a role to decide.
            is_open=bool(candidates) and "enum" not in schema and where != ("requester",),
            flaw=lambda answer: self._flaw(where, schema, answer),
        )

    def _asking(self, where: Where, schema: Mapping[str, Any], missing: Finding) -> Text:
        """Return the question, with the kind of answer where that is more than some words."""
        place = self._called(where, schema)
        wanted = A_DAY if where == ("needed_by",) else answers.kind(schema, missing.expected)
        if wanted == SOMETHING:
            return text("{place}?", place=place)
        return text("{place} ({expected})?", place=place, expected=wanted)

    def _called(self, where: Where, schema: Mapping[str, Any]) -> Text:
        """Name a place by the block or field it stands in, and by the parameter's own words."""
        numbers = [step for step in where if isinstance(step, int)]
        own = label(str(where[-1]), schema)
        said: Words = own
        if len(where) > 1 and isinstance(where[-2], str) and where[-2] not in answers.PARTS:
            said = text("{outer} › {inner}", outer=label(where[-2]), inner=own)
        if numbers:
            return text("{inner}, no. {number}", inner=said, number=numbers[0] + 1)
        return text("{place}", place=said)

    def _candidates(self, where: Where, schema: Mapping[str, Any]) -> tuple[Candidate, ...]:
        if where == ("requester",):
            return tuple(Candidate(one, name) for one, name in self.ground.people.items())
        module = module_at(Request(self.draft), where, self.ground.bundle)
        if module is None:
            return ()
        path = ".".join(str(step) for step in where if isinstance(step, str))
        limits = limits_on(module, answers.inside(path))
        found = choices(schema, limits, self.ground.bundle, self.ground.circumstances)
        return tuple(Candidate(one, self.ground.speaker.say(said)) for one, said in found.items())

    def _flaw(self, where: Where, schema: Mapping[str, Any], answer: str) -> Text | None:
        """Say why an answer is none: of another kind, or still missing what the schema wants."""
        try:
            value = answers.parsed(answer, schema)
        except ValueError:
            return answers.refused(answer, schema)
        if where == ("needed_by",) and not is_day(answer):
            return text("“{value}” is no date: write it such as 2027-03-31.", value=answer)
        for one in self._judged(self._with(where, value)).missing:
            if one.where[: len(where)] == where and one.is_missing:
                return text("Expected: {expected}.", expected=one.expected)
        return None

    def _outside(self, where: Where, value: Any) -> Finding | None:
        """Return what the answer itself takes out of the guardrails, if anything."""
        before = {(one.rule, one.where) for one in self._judged().findings}
        found = self._judged(self._with(where, value)).findings
        return next(
            (
                one
                for one in found
                if one.counts and one.where == where and (one.rule, one.where) not in before
            ),
            None,
        )

    def _stands_by(self, finding: Finding) -> bool:
        question = Question(
            key="keep",
            sentence=text(
                "Expected: {expected}. {why} Keep your answer, to be decided by {role} (yes/no)?",
                expected=finding.expected,
                why=finding.why,
                role=role_name(finding.approver),
            ),
            default=self.ground.speaker.say(text("no")),
            flaw=answers.flaw_of_yes,
        )
        return self.ground.agrees(question)

    def _count(self, where: Where, schema: Mapping[str, Any]) -> int:
        question = Question(
            key=str(where[-1]).replace("_", "-"),
            sentence=text("{place}: how many?", place=label(str(where[-1]), schema)),
            default="1",
            flaw=answers.flaw_of_count,
        )
        return int(self.ground.choose(question) or 1)

    def _with(self, where: Where, value: Any) -> Mapping[str, Any]:
        draft = deepcopy(self.draft)
        answers.put(draft, where, value)
        return draft

    def _put(self, where: Where, value: Any) -> None:
        answers.put(self.draft, where, value)
