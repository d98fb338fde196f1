"""Tables that a server sorts: what the links of their columns ask for, and by what their cells are sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.wording.amounts import amount

if TYPE_CHECKING:
    from git_registry.model.documents.record import Number


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


@dataclass(frozen=True, slots=True)
class Cell:
    """A number: how it reads, and all of it, by which it is sorted."""

    text: str = ""
    sort: str = ""


def column(name: str, field: str, order: str, *, is_number: bool = False) -> Column:
    """Return a column of a table that is sorted as it is: the largest comes first at first.

    Args:
        name: its head.
        field: what it is sorted by; empty for nothing.
        order: what the table is sorted by, `-size`.
        is_number: does it hold numbers?
    """
    is_by_it = bool(field) and order.lstrip("+-") == field
    is_down = is_by_it and order.startswith("-")
    sort = field if is_down else f"-{field}" if field else ""
    state = ("descending" if is_down else "ascending") if is_by_it else ""
    return Column(name=name, sort=sort, state=state, is_number=is_number)


def cell(value: Number | None) -> Cell:
    """Return what was measured; an empty cell where nothing was."""
    return Cell() if value is None else Cell(text=brief(value), sort=amount(value))


def brief(value: Number) -> str:
    """Return a number with the digits that tell it from its neighbours; its own page has all of them."""
    return amount(float(f"{value:.6g}")) if isinstance(value, float) else amount(value)
