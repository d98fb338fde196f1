"""Filters as a person types them: `metrics.auc >= 0.9 and tag = eu`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from git_registry.errors import UsageError
from git_registry.model.filters.document import parse
from git_registry.model.filters.expression import Filter, every
from git_registry.model.filters.fields import Fields

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
_SIGN = r"(?:==|!=|>=|<=|=|>|<|~)(?![=<>!~])|(?<=\s)in(?=[\s(\[\"'])"
_CLAUSE = re.compile(
    rf"""\s* ([^\s=!<>~"']+) \s* ({_SIGN}) \s* ((?: {_QUOTED} | (?!\s+and\s) [^"'] )*?) \s*
         (?: \Z | \s and \s+ (?=\S) )""",
    re.VERBOSE | re.DOTALL,
)
_OR = re.compile(rf"\sor\s+[^\s=!<>~]+\s*(?:{_SIGN})")
_ITEM = re.compile(rf"""\s*({_QUOTED}|[^,"']+?)\s*(?:,|\Z)""", re.DOTALL)
_WHOLE = re.compile(_QUOTED, re.DOTALL)
_SHAPE = "write field, sign, value, as in 'metrics.auc >= 0.9 and tag = eu'; signs: " + " ".join(SIGNS)


class _Clause(NamedTuple):
    field: str
    sign: str
    value: str
    text: str


def where(text: str, fields: Fields) -> Filter:
    """Read clauses that all shall hold, joined by `and`.

    In a field that holds numbers and under `metadata` and `metrics`, a value is what JSON would read there, a
    number, true, false or null; else it is text, so `tag = 2024` finds the tag. Quotes make it text, and let
    it hold anything. After `~` comes a pattern, taken as it stands, after `in` a list, `[v1, v2]`.

    Raises:
        UsageError: it can't be read; the hint shows what can.
    """
    return every([_filter(clause, fields) for clause in _clauses(text)])


def _clauses(text: str) -> Iterator[_Clause]:
    rest = text
    while rest or rest is text:
        found = _CLAUSE.match(rest)
        if not found or not found[3]:
            raise UsageError(f"can't read {rest.strip()!r}", where="where", hint=_SHAPE)
        if _OR.search(_WHOLE.sub("", found[3])):
            raise UsageError("clauses are joined by 'and'", where="where", hint="for 'or' give a filter, $or")
        yield _Clause(found[1], found[2], found[3], found[0].strip())
        rest = rest[found.end() :]


def _filter(clause: _Clause, fields: Fields) -> Filter:
    condition = {SIGNS[clause.sign]: _operand(clause, fields)}
    return parse({clause.field: condition}, fields, where="where")


def _operand(clause: _Clause, fields: Fields) -> object:
    if clause.sign == "~":
        return clause.value[1:-1] if _WHOLE.fullmatch(clause.value) else clause.value
    read = _plain if _holds_plain(clause.field, fields) else _text
    return _items(clause, read) if clause.sign == "in" else read(clause.value)


def _holds_plain(name: str, fields: Fields) -> bool:
    try:
        return fields.find(name).kind in ("number", "tree")
    except UsageError:
        return False  # `parse` says what is wrong with it


def _items(clause: _Clause, read: Callable[[str], object]) -> list[object]:
    inner = clause.value
    if (inner[0], inner[-1]) in (("[", "]"), ("(", ")")):
        inner = inner[1:-1]
    items: list[object] = []
    while inner.strip():
        found = _ITEM.match(inner)
        if not found:
            raise UsageError(f"can't read the list {clause.value!r}", where="where", hint="write [eu, us]")
        items.append(read(found[1]))
        inner = inner[found.end() :]
    return items


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
