"""What a YAML text says before anybody asks what it means: scalars, lists and mappings with their lines.

Nothing is resolved here. `no`, `010` and `1.10` are the texts somebody typed; the field they stand in
decides what they are (`codec.decoding`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

FORMAT = 1
"""The version of the format this package reads and writes."""

MAX_BYTES = 256 * 1024
"""A longer document is refused before anything looks at it (DESIGN §3.1)."""

MAX_DEPTH = 16
"""Mappings and lists inside each other, the document itself counted."""

MAX_NODES = 20_000
"""Scalars, keys, lists and mappings of one document. Its bytes allow some 100,000."""


@dataclass(slots=True)
class Scalar:
    """One text; `plain` if it stands there without quotes, so that it may be a number."""

    text: str
    plain: bool
    line: int

    what = "text"


@dataclass(slots=True)
class Literal(Scalar):
    """A JSON number, true, false or null: like a plain scalar, but never text, whatever field it is in."""


@dataclass(slots=True)
class Listing:
    """A list."""

    items: list[Node]
    line: int

    what = "a list"


@dataclass(slots=True)
class Mapping:
    """A mapping, in the order written, every key once."""

    pairs: dict[str, tuple[Scalar, Node]]
    line: int

    what = "a mapping"


@dataclass(slots=True)
class Refused:
    """Where something stood that strict YAML does not have; already reported as a mistake."""

    line: int

    what = "nothing readable"


Node: TypeAlias = Scalar | Listing | Mapping | Refused


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a text: where, what, and the way out."""

    line: int
    message: str
    hint: str = ""


@dataclass(slots=True)
class Tree:
    """A parsed text and what is wrong with it already."""

    root: Node
    mistakes: list[Mistake] = field(default_factory=list)
