"""The columns of a table that a server sorts: what their links ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_VERSIONS = (
    ("Version", "number", False),
    ("Aliases", "", False),
    ("Tags", "", False),
    ("Size", "size", True),
    ("Created", "created_at", False),
    ("Linked", "linked_at", False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        sort: what its link asks for, `-size`; empty where rows are not sorted by it.
        state: `ascending`, `descending`, or empty.
    """

    name: str
    sort: str
    state: str
    is_number: bool = False


def columns(metrics: Sequence[str], order: str) -> Iterator[Column]:
    """Yield the columns of a table of versions, sorted as it is: the largest comes first at first."""
    for name, field, is_number in (*_VERSIONS, *((one, f"metrics.{one}", True) for one in metrics)):
        is_by_it = bool(field) and order.lstrip("+-") == field
        is_down = is_by_it and order.startswith("-")
        sort = field if is_down else f"-{field}" if field else ""
        state = ("descending" if is_down else "ascending") if is_by_it else ""
        yield Column(name=name, sort=sort, state=state, is_number=is_number)
