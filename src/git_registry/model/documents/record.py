"""What every document and every part of one has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

Value: TypeAlias = bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"] | None
"""What people may write freely: under `metadata`, in gates, in unknown fields."""

Number: TypeAlias = int | float
"""A metric's value: an integer within 64 bits or a double, NaN and the infinities included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A mapping with known fields.

    Attributes:
        extra: the fields this version of the format does not know, in the order read. They are kept
            and written back after the known ones, so a newer writer's facts survive an older reader.
    """

    extra: Mapping[str, Value] = field(default_factory=dict)

    block: ClassVar[frozenset[str]] = frozenset()
    """The fields whose mapping or list is written in block style, one entry a line."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (field, problem) for what no single field can tell."""
        return iter(())


class Document(Record):
    """A whole file. Its `format` stands first in it and is 1."""

    __slots__ = ()

    kind: ClassVar[str]
    """Its name in schemas and errors: `manifest`, `alias`, …"""
