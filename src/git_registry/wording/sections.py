"""A title with rows below it: what whoever decides reads, wherever it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title and a table. All but the header may be somebody else's words.

    Attributes:
        remark: what to know about the table; empty if it says all.
        is_detail: does it make way for those that are not, where there is no room for all?
        is_decisive: does somebody decide by what stands in its cells, so that they may be long?
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    remark: str = ""
    is_detail: bool = False
    is_decisive: bool = False
