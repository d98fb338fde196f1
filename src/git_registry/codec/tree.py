"""What a YAML text says before anybody asks what it means: scalars, lists and mappings with their lines.

Nothing is resolved here. `no`, `010` and `1.10` are the texts somebody typed; the field they stand in
decides what they are (`codec.decoding`).

These are named tuples, as the shapes of `codec.table` are: to make a dataclass takes seven times as long, and
there is one here for each thing that may stand in a document, in whatever command reads any.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

FORMAT = 1
"""The version of the format this package reads and writes."""

MAX_BYTES = 256 * 1024
"""A longer document is refused before anything looks at it (DESIGN §3.1)."""

MAX_DEPTH = 16
"""Mappings and lists inside each other, the document itself counted."""

MAX_NODES = 20_000
"""Scalars, keys, lists and mappings of one document. Its bytes allow some 100,000."""


class Scalar(NamedTuple):
    """One text; `plain` if it stands there without quotes, so that it may be a number."""

    text: str
    plain: bool
    line: int

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "text"


class Literal(Scalar):
    """A JSON number, true, false or null: like a plain scalar, but never text, whatever field it is in."""

    __slots__ = ()


class Listing(NamedTuple):
    """A list."""

    items: list[Node]
    line: int

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "a list"


class Mapping(NamedTuple):
    """A mapping, in the order written, every key once."""

    pairs: dict[str, tuple[Scalar, Node]]
    line: int

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "a mapping"


class Refused(NamedTuple):
    """Where something stood that strict YAML does not have; already reported as a mistake."""

    line: int

    @property
    def what(self) -> str:
        """Return what it is, as an error says it."""
        return "nothing readable"


Node: TypeAlias = Scalar | Listing | Mapping | Refused


class Mistake(NamedTuple):
    """Something wrong in a text: where, what, and the way out."""

    line: int
    message: str
    hint: str = ""


class Tree(NamedTuple):
    """A parsed text and what is wrong with it already."""

    root: Node
    mistakes: tuple[Mistake, ...] = ()
