"""Searching pages with a little CQL: space, title, label, ancestor, parent, id, text, creator, dates."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

_KEYWORDS = {"and", "or", "not", "in", "order", "by", "asc", "desc"}


class CqlError(ValueError):
    """A query that Confluence refuses."""


@dataclass(frozen=True)
class Subject:
    """A page as queries see it; every value in small letters, the text only when it is asked for."""

    values: dict[str, list[str]]
    text: Callable[[], str]


Test = Callable[[Subject], bool]
FIELDS = {
    "space": "space", "space.key": "space", "title": "title", "label": "label", "type": "type",
    "ancestor": "ancestor", "parent": "parent", "id": "id", "content": "id", "creator": "creator",
    "contributor": "creator", "created": "created", "lastmodified": "lastmodified", "text": "text",
    "sitesearch": "text",
}  # fmt: skip


@dataclass(frozen=True)
class CqlQuery:
    """A parsed query: a test for pages, and (field, descending) pairs to sort by."""

    test: Test
    order: list[tuple[str, bool]]


def parse_cql(text: str) -> CqlQuery:
    """Read a query.

    Raises:
        CqlError: it is not well formed, or names an unknown field.

    """
    try:
        query: CqlQuery = _Build().transform(_parser().parse(text))
    except UnexpectedInput as wrong:
        place = f"line {wrong.line}, character {wrong.column}"
        raise CqlError(f"Could not parse cql : {text} ({place})") from None
    except VisitError as failed:
        raise CqlError(str(failed.orig_exc)) from None
    return query


@functools.cache
def _parser() -> Lark:
    grammar = files("bridge.sandbox.confluence").joinpath("cql.lark").read_text("utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        lexer_callbacks={"WORD": _classified},
        maybe_placeholders=True,
    )


def _classified(token: Token) -> Token:
    word = token.lower()
    return Token.new_borrow_pos(word.upper(), token, token) if word in _KEYWORDS else token


class _Build(Transformer[Token, Any]):
    """Turns the tree into a test; methods are named for the grammar's rules."""

    def start(self, parts: list[Any]) -> CqlQuery:
        test, order = parts
        return CqlQuery(test or (lambda _: True), order or [])

    def disjunction(self, parts: list[Any]) -> Test:
        tests = [p for p in parts if not isinstance(p, Token)]
        return lambda subject: any(test(subject) for test in tests)

    def conjunction(self, parts: list[Any]) -> Test:
        tests = [p for p in parts if not isinstance(p, Token)]
        return lambda subject: all(test(subject) for test in tests)

    def negation(self, parts: list[Any]) -> Test:
        test: Test = parts[-1]
        return lambda subject: not test(subject)

    def value(self, parts: list[Token]) -> list[str]:
        raw = str(parts[0])
        body = re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw[0] in "\"'" else raw
        return [body.casefold()]

    def choices(self, parts: list[list[str]]) -> list[str]:
        return [value for part in parts for value in part]

    def operator(self, parts: list[Token]) -> str:
        return " ".join(part.lower() for part in parts)

    def comparison(self, parts: list[Any]) -> Test:
        name, operator, wanted = str(parts[0]).casefold(), parts[1], parts[2]
        if name not in FIELDS:
            raise CqlError(f"Could not parse cql : Unknown field '{parts[0]}'")
        return _comparison(FIELDS[name], operator, wanted)

    def order(self, parts: list[Any]) -> list[tuple[str, bool]]:
        return [part for part in parts if isinstance(part, tuple)]

    def sort(self, parts: list[Any]) -> tuple[str, bool]:
        name = str(parts[0]).casefold()
        if name not in FIELDS:
            raise CqlError(f"Could not parse cql : Unknown field '{parts[0]}'")
        return FIELDS[name], parts[1] is not None and parts[1].type == "DESC"


def _comparison(field: str, operator: str, wanted: list[str]) -> Test:
    def held(subject: Subject) -> list[str]:
        return subject.values.get(field, [])

    def contains(subject: Subject) -> bool:
        where = [subject.text()] if field == "text" else held(subject)
        return any(word.strip("*") in text for text in where for word in wanted)

    tests: dict[str, Test] = {
        "=": lambda s: any(w in held(s) for w in wanted),
        "in": lambda s: any(w in held(s) for w in wanted),
        "~": contains,
        ">": lambda s: any(h > wanted[0] for h in held(s)),
        "<": lambda s: any(h < wanted[0] for h in held(s)),
        ">=": lambda s: any(h >= wanted[0] for h in held(s)),
        "<=": lambda s: any(h <= wanted[0] for h in held(s)),
    }
    opposite = {"!=": "=", "not in": "in", "!~": "~"}
    if operator in opposite:
        return lambda subject: not tests[opposite[operator]](subject)
    return tests[operator]
