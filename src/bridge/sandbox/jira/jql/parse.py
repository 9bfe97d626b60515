"""Parsing JQL, with the sentences of Jira where the text is wrong."""

import functools
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken, VisitError

from bridge.sandbox.jira.jql.tree import (
    Both,
    Call,
    Clause,
    Condition,
    Either,
    Empty,
    JqlError,
    Many,
    Operand,
    Operator,
    Past,
    Predicate,
    Query,
    Sort,
    Text,
    opposite,
)

_KEYWORDS = {
    "and", "or", "not", "in", "is", "empty", "null", "order", "by", "asc", "desc", "was", "changed", "cf",
    "after", "before", "on", "during", "from", "to",
}  # fmt: skip
_RESERVED_WORDS = """
    abort access add after alias all alter and any are as asc at audit avg before begin
    between boolean break by byte catch cf char character check checkpoint collate collation
    column commit connect continue count create current date decimal declare decrement
    default defaults define delete delimiter desc difference distinct divide do double drop
    else empty encoding end equals escape exclusive exec execute exists explain false fetch
    file field first float for from function go goto grant greater group having identified
    if immediate in increment index initial inner inout input insert int integer intersect
    intersection into is isempty isnull join last left less like limit lock long max min
    minus mode modify modulo more multiply next noaudit not notin nowait null number object
    of on option or order outer output power previous prior privileges public raise raw
    remainder rename resource return returns revoke right row rowid rownum rows select
    session set share size sqrt start strict string subtract sum synonym table then to trans
    transaction trigger true uid union unique update user validate values view was when
    whenever where while with changed
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
"""The words that must stand in quotation marks (support.atlassian.com, "JQL reserved words")."""

_OPERATORS = (
    "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN',"
    " 'IS', 'IS NOT', 'WAS', 'WAS NOT', 'WAS IN', 'WAS NOT IN' and 'CHANGED'."
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_TOO_LONG = 20_000


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        JqlError: it is not well formed, with line and character.

    """
    if len(text) > _TOO_LONG:
        raise JqlError("Error in the JQL Query: the query is too long.")
    try:
        tree = _parser().parse(text)
        query: Query = _Build().transform(tree)
    except UnexpectedToken as unexpected:
        raise JqlError(_sentence(unexpected)) from None
    except UnexpectedCharacters as unexpected:
        raise JqlError(_bad_character(unexpected, text)) from None
    except VisitError as failed:
        if isinstance(failed.orig_exc, JqlError):
            raise failed.orig_exc from None
        raise
    except RecursionError:
        raise JqlError("Error in the JQL Query: the query is nested too deeply.") from None
    return query


@functools.cache
def _parser() -> Lark:
    grammar = files("bridge.sandbox.jira.jql").joinpath("jql.lark").read_text("utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        lexer_callbacks={"WORD": _classified},
        maybe_placeholders=True,
    )


def _classified(token: Token) -> Token:
    word = token.lower()
    if word in _KEYWORDS:
        return Token.new_borrow_pos(word.upper(), token, token)
    if word in RESERVED:
        raise JqlError(
            f"Error in the JQL Query: '{token}' is a reserved JQL word."
            " You must surround it in quotation marks to use it in a query."
            f" {_place(token.line, token.column)}"
        )
    return token


def _place(line: int | None, column: int | None) -> str:
    return f"(line {line}, character {column})"


def _sentence(unexpected: UnexpectedToken) -> str:
    token, expected = unexpected.token, unexpected.accepts or unexpected.expected
    at_end = token.type == "$END"
    got = "before the end of the query." if at_end else f"but got '{token}'."
    if "BY" in expected:
        what = "Expecting 'by'"
    elif "ASC" in expected and "$END" in expected:
        what = "Expecting 'asc', 'desc' or ','"
    elif "OR" in expected or expected == {"$END", "ORDER"}:
        what = "Expecting either 'OR' or 'AND'"
    elif "EQUAL" in expected or "IS" in expected:
        what, got = "Expecting operator", f"{got} {_OPERATORS}"
    elif "EMPTY" in expected:
        hint = (
            ""
            if at_end
            else f" You must surround '{token}' in quotation marks to use it as a value."
        )
        what, got = "Expecting either a value, list or function", got + hint
    elif "RPAR" in expected:
        what = (
            "Expecting ')'" if at_end or "COMMA" not in expected else "Expecting either ',' or ')'"
        )
    elif "WORD" in expected:
        what = "Expecting a field name"
    else:
        what = "Expecting the end of the query"
    return f"Error in the JQL Query: {what} {got} {_where(token, at_end=at_end)}".strip()


def _where(token: Token, *, at_end: bool) -> str:
    return "" if at_end else _place(token.line, token.column)


def _bad_character(unexpected: UnexpectedCharacters, text: str) -> str:
    line = text.split("\n")[unexpected.line - 1]
    character = line[unexpected.column - 1]
    place = _place(unexpected.line, unexpected.column)
    if character in "\"'":
        rest = line[unexpected.column :]
        return f"Error in the JQL Query: The quoted string '{rest}' has not been completed. {place}"
    if character == "\\":
        return f"Error in the JQL Query: '\\' is an illegal JQL escape sequence. {place}"
    return (
        f"Error in the JQL Query: The character '{character}' is a reserved JQL character."
        f" You must enclose it in a string or use the escape '\\u{ord(character):04x}' instead. {place}"
    )


def unescaped(raw: str) -> str:
    """Return a word or string without its quotation marks and escapes.

    Raises:
        JqlError: an escape that JQL does not know.

    """
    body = raw[1:-1] if raw[:1] in ("'", '"') else raw
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _unescape, body, flags=re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if len(code) == 5:
        return chr(int(code[1:], 16))
    if code in _ESCAPES:
        return _ESCAPES[code]
    if code.isalnum():
        valid = "\\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX"
        raise JqlError(
            f"Error in the JQL Query: '\\{code}' is an illegal JQL escape sequence."
            f" The valid escape sequences are {valid}."
        )
    return code


class _Build(Transformer[Token, Any]):
    """Turns lark's tree into ours; methods are named for the grammar's rules."""

    def start(self, parts: list[Any]) -> Query:
        where, order = parts
        return Query(where, tuple(order or ()))

    def disjunction(self, parts: list[Any]) -> Condition:
        return Either(tuple(p for p in parts if not isinstance(p, Token)))

    def conjunction(self, parts: list[Any]) -> Condition:
        return Both(tuple(p for p in parts if not isinstance(p, Token)))

    def negation(self, parts: list[Any]) -> Condition:
        return opposite(parts[-1])

    def clause(self, parts: list[Any]) -> Clause:
        return Clause(*parts)

    def was(self, parts: list[Any]) -> Past:
        name, *rest = (p for p in parts if not isinstance(p, Token))
        return Past(name, "was", rest[0], tuple(rest[1:]))

    def was_not(self, parts: list[Any]) -> Past:
        return replace(self.was(parts), negative=True)

    def changed(self, parts: list[Any]) -> Past:
        return Past(parts[0], "changed", None, tuple(parts[2:]))

    def predicate(self, parts: list[Any]) -> Predicate:
        return str(parts[0]).lower(), parts[1]

    def operator(self, parts: list[Token]) -> Operator:
        return " ".join(part.lower() for part in parts)  # type: ignore[return-value]  # the grammar allows no others

    def named_field(self, parts: list[Token]) -> str:
        return unescaped(parts[0])

    def custom_field(self, parts: list[Token]) -> str:
        return f"cf[{parts[1]}]"

    def value(self, parts: list[Token]) -> Operand:
        return Text(unescaped(parts[0]))

    def empty(self, _: list[Token]) -> Operand:
        return Empty()

    def argument(self, parts: list[Token]) -> str:
        return unescaped(parts[0])

    def call(self, parts: list[Any]) -> Operand:
        return Call(unescaped(parts[0]), tuple(p for p in parts[1:] if p is not None))

    def choices(self, parts: list[Operand]) -> Operand:
        return Many(tuple(parts))

    def order(self, parts: list[Any]) -> list[Sort]:
        return [part for part in parts if isinstance(part, Sort)]

    def sort(self, parts: list[Any]) -> Sort:
        name, direction = parts
        return Sort(name, None if direction is None else direction.type == "DESC")
