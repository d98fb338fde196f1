"""Filters as a person types them: `metrics.auc >= 0.9 and tag = eu`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from git_registry.errors import UsageError
from git_registry.model.filters.document import parse
from git_registry.model.filters.expression import Filter, every
from git_registry.model.filters.fields import Field, Fields
from git_registry.model.filters.numeric import is_like_a_number, no_number, number

SIGNS: Mapping[str, str] = {
    "=": "$eq",
    "==": "$eq",
    "!=": "$ne",
    ">=": "$gte",
    ">": "$gt",
    "<=": "$lte",
    "<": "$lt",
    "~": "$regex",
    "in": "$in",
}

_QUOTED = r""""(?:\\.|[^"\\])*"|'[^']*'"""
_SIGN = r"(?:==|!=|>=|<=|=|>|<|~)(?![=<>!~])|(?<=\s)(?i:in)(?=[\s(\[\"'])"
_CLAUSE = re.compile(
    rf"""\s* ([^\s=!<>~"']+) \s* ({_SIGN}) \s* ((?: {_QUOTED} | (?!\s+(?i:and)\s) [^"'] )*?) \s*
         (?: \Z | \s (?i:and) \s+ (?=\S) )""",
    re.VERBOSE | re.DOTALL,
)
_ANOTHER = rf"[^\W\d][^\s=!<>~,&|()\[\]]*\s*(?:{_SIGN})"
_JOINED = re.compile(rf"\sOR\s|&&|\|\||\sor\s+(?={_ANOTHER})|,\s*(?={_ANOTHER})")
_UNJOINED = re.compile(rf"\s({_ANOTHER})")
_ITEM = re.compile(rf"""\s*({_QUOTED}|[^,"']+?)\s*(?:,|\Z)""", re.DOTALL)
_WHOLE = re.compile(_QUOTED, re.DOTALL)
_BRACKETS = {"[": "]", "(": ")"}
_SHAPE = "write field, sign, value, as in 'metrics.auc >= 0.9 and tag = eu'; signs: " + " ".join(SIGNS)
_JOINING = "give several --where, join with 'and', or say $or in --filter; quotes make it a text"


class _Clause(NamedTuple):
    field: str
    sign: str
    value: str


def where(text: str, fields: Fields) -> Filter:
    """Read clauses that all shall hold, joined by `and`.

    In a field that holds numbers, as all below `metrics`, a value is a number or null. Below `metadata` it is
    what JSON would read there, a number, true, false or null; else it is text, so `tag = 2024` finds the tag.
    Quotes make it text, and let it hold anything. After `~` comes a pattern, taken as it stands, after `in` a
    list, `[v1, v2]`.

    Raises:
        UsageError: it can't be read; the hint shows what can.
    """
    return every([parse(one, fields, where="where") for one in _documents(text, fields)])


def conditions(text: str, fields: Fields) -> dict[str, object]:
    """Return clauses as a document in MongoDB's words, as a gate keeps them; they are read as by `where`.

    Raises:
        UsageError: they can't be read, or a field has the same sign twice.
    """
    found: dict[str, dict[str, object]] = {}
    for one in _documents(text, fields):
        parse(one, fields, where="where")
        for name, condition in one.items():
            known = found.setdefault(name, {})
            twice = next((sign for sign in condition if sign in known), None)
            if twice:
                raise UsageError(f"{name} has {twice} twice", where="where", hint="give one of them")
            known |= condition
    return {name: one["$eq"] if [*one] == ["$eq"] else one for name, one in found.items()}


def _clauses(text: str) -> Iterator[_Clause]:
    rest = text
    while rest or rest is text:
        found = _CLAUSE.match(rest)
        if not found or not found[3]:
            raise UsageError(f"can't read {rest.strip()!r}", where="where", hint=_SHAPE)
        clause = _Clause(found[1], found[2].lower(), found[3])
        _check_joining(clause)
        yield clause
        rest = rest[found.end() :]


def _check_joining(clause: _Clause) -> None:
    """Refuse a value that another clause seems to be a part of."""
    unquoted = _WHOLE.sub("''", clause.value)
    joined = _JOINED.search(unquoted)
    if joined:
        raise _wrongly_joined(repr(joined[0].strip()))
    # A pattern may well have something like a clause in it.
    following = None if clause.sign == "~" else _UNJOINED.search(unquoted)
    if following:
        raise _wrongly_joined(f"none before {following[1]!r}")


def _wrongly_joined(found: str) -> UsageError:
    return UsageError(f"clauses are joined by 'and', found {found}", where="where", hint=_JOINING)


def _documents(text: str, fields: Fields) -> Iterator[dict[str, dict[str, object]]]:
    for clause in _clauses(text):
        yield {clause.field: {SIGNS[clause.sign]: _operand(clause, _field(clause.field, fields))}}


def _field(name: str, fields: Fields) -> Field:
    try:
        return fields.find(name)
    except UsageError:
        return Field(name, "text")  # `parse` says what is wrong with it


def _operand(clause: _Clause, field: Field) -> object:
    if clause.sign == "~":
        return _pattern(clause, field)
    read = _reader(clause, field)
    return _items(clause, read) if clause.sign == "in" else read(clause.value)


def _pattern(clause: _Clause, field: Field) -> str:
    if field.kind == "number":
        problem = no_number(field, clause.value, "")
        message = f"{field.name} is a number, and ~ looks through texts"
        raise UsageError(message, where=f"where: {clause.field}", hint=problem.hint)
    return clause.value[1:-1] if _WHOLE.fullmatch(clause.value) else clause.value


def _reader(clause: _Clause, field: Field) -> Callable[[str], object]:
    at = f"where: {clause.field}"
    if field.kind == "number":
        return lambda value: number(field, value, at)
    if field.kind == "tree":
        is_order = clause.sign[0] in "<>"
        return lambda value: _plain(_unmistakable(value, at) if is_order else value)
    return _text


def _unmistakable(value: str, at: str) -> str:
    """Refuse `.95`, which JSON and YAML take for a text, but the person who typed it for a number."""
    if is_like_a_number(value) and isinstance(_plain(value), str):
        plainly = str(float(value.replace("_", "").replace(",", ""))).removesuffix(".0")
        raise UsageError(
            f"{value!r} is neither plainly a number nor a text",
            where=at,
            hint=f"write {plainly} for the number, {value!r} in quotes for the text",
        )
    return value


def _items(clause: _Clause, read: Callable[[str], object]) -> list[object]:
    inner = _inside_brackets(clause.value)
    items: list[object] = []
    while inner.strip():
        found = _ITEM.match(inner)
        if not found:
            raise UsageError(f"can't read the list {clause.value!r}", where="where", hint="write [eu, us]")
        items.append(read(found[1]))
        inner = inner[found.end() :]
    return items


def _inside_brackets(text: str) -> str:
    closing = _BRACKETS.get(text[0], "")
    if closing and len(text) > 1 and text[-1] == closing:
        return text[1:-1]
    if closing or text[-1] in _BRACKETS.values():
        missing = "closing" if closing else "opening"
        raise UsageError(f"the list {text!r} has no {missing} bracket", where="where", hint="write [eu, us]")
    return text


def _plain(value: str) -> object:
    if value[0] in "[{\"'":
        return _text(value)
    import json  # late: it costs more than all of this

    try:
        return json.loads(value, parse_constant=str)
    except ValueError:
        return value


def _text(value: str) -> str:
    if not _WHOLE.fullmatch(value):
        return value
    import json

    try:
        return str(json.loads(value))
    except ValueError:
        return value[1:-1]
