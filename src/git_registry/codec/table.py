"""The field table: what each document class says about its file, derived from its type hints.

One table serves the reader (`codec.decoding`), the writer (`codec.canonical`) and the JSON Schemas
(`codec.schema`), so the three cannot disagree. A class is asked once; its answer is kept.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Annotated, Any, NamedTuple, TypeAlias, Union, get_args, get_origin, get_type_hints

from git_registry.model.digest import Digest
from git_registry.model.documents.record import Record
from git_registry.model.names import Rule


class Text(NamedTuple):
    """Text that follows a rule: `Annotated[str, rule]`. A plain scalar is taken exactly as written."""

    rule: Rule

    @property
    def what(self) -> str:
        """Return what is expected, as an error says it."""
        return self.rule.what


class Hash:
    """A `Digest`."""

    __slots__ = ()
    what = "a digest such as sha256:9b1e…"


class Count:
    """An `int` from 0 to 2⁶³ - 1: every integer field of the format is a size, a count or a time."""

    __slots__ = ()
    what = "a whole number, 0 or more"


class Flag:
    """A `bool`."""

    __slots__ = ()
    what = "true or false"


class Measure:
    """A `Number`: a metric's value."""

    __slots__ = ()
    what = "a number"


class Free:
    """A `Value`: whatever a person writes."""

    __slots__ = ()
    what = "a value"


class ListOf(NamedTuple):
    """A `tuple[item, ...]`."""

    item: Shape

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "a list"


class MapOf(NamedTuple):
    """A `Mapping[key, item]`; without a rule for them its keys are free."""

    key: Text | None
    item: Shape

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "a mapping"


class RecordOf(NamedTuple):
    """A `Record`, field by field."""

    record: type[Record]

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "a mapping"


Shape: TypeAlias = Text | Hash | Count | Flag | Measure | Free | ListOf | MapOf | RecordOf


class Field(NamedTuple):
    """One known field.

    Attributes:
        required: it has no default, so it must be written.
        default: what it is if it is not written.
        omitted: is it left out when it equals its default? So where that is None or empty; a default
            that decides something (`dirty: false`, `count: 1`) is written, for a reader to see.
        block: is its mapping or list written in block style, one entry a line?
    """

    name: str
    shape: Shape
    required: bool
    default: object
    omitted: bool
    block: bool


_tables: dict[type[Record], Mapping[str, Field]] = {}


def fields_of(record: type[Record]) -> Mapping[str, Field]:
    """Return the known fields of a record, in the order they are written."""
    if record not in _tables:
        _tables[record] = _table(record)
    return _tables[record]


def _table(record: type[Record]) -> Mapping[str, Field]:
    hints = get_type_hints(record, include_extras=True)
    table = {}
    for known in fields(record):
        if known.name == "extra":
            continue
        default: object = known.default
        if known.default_factory is not MISSING:
            default = known.default_factory()
        required = default is MISSING
        table[known.name] = Field(
            name=known.name,
            shape=_shape(hints[known.name]),
            required=required,
            default=None if required else default,
            omitted=not required and (default is None or default in ((), {})),
            block=known.name in record.block,
        )
    return table


_SIMPLE: dict[object, Shape] = {Digest: Hash(), int: Count(), bool: Flag()}


def _shape(hint: Any) -> Shape:  # noqa: ANN401
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return Text(next(a for a in arguments[1:] if isinstance(a, Rule)))
    if origin in (Union, types.UnionType):
        return _union(set(arguments))
    if origin is tuple:
        return ListOf(_shape(arguments[0]))
    if origin is Mapping:
        key, item = arguments
        return MapOf(None if key is str else _text(key), _shape(item))
    if isinstance(hint, type) and issubclass(hint, Record):
        return RecordOf(hint)
    raise TypeError(f"the field table has no shape for {hint}")


def _text(hint: Any) -> Text:  # noqa: ANN401
    shape = _shape(hint)
    assert isinstance(shape, Text)
    return shape


def _union(members: set[Any]) -> Shape:
    if members == {int, float}:
        return Measure()
    if {int, float, str} <= members:  # Value, one level of its recursion written out
        return Free()
    (only,) = members - {type(None)}
    return _shape(only)
