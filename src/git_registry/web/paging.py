"""One page of many rows, and where the others are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from git_registry.errors import NotFound
from git_registry.web.addresses import Address

PAGE = "page"
"""What stands between a subject's address and a page's number: `model/churn/-/page/2/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """Some of many rows.

    Attributes:
        subject: what they are of; its own page shows the first.
        number: which page it is, from 1 on.
        size: how many rows a page has.
        total: how many rows there are.
        query: what the links to other pages ask besides.
    """

    subject: Address
    number: int
    size: int
    total: int
    query: Mapping[str, object] = field(default_factory=dict)

    @property
    def offset(self) -> int:
        """Return how many rows stand on the pages before."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """Return which row is the first here, counted from 1."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """Return which row is the last here."""
        return min(self.offset + self.size, self.total)

    @property
    def before(self) -> Address | None:
        """Return where the rows before these are; None if there are none."""
        return self._page(self.number - 1) if self.number > 1 else None

    @property
    def after(self) -> Address | None:
        """Return where the rows after these are; None if there are none."""
        return self._page(self.number + 1) if self.last < self.total else None

    def _page(self, number: int) -> Address:
        return self.subject if number == 1 else self.subject.below("-", PAGE, str(number))


def paged(subject: Address, number: str, *, size: int, total: int, **query: object) -> Paged:
    """Return the page of that number.

    Raises:
        NotFound: there are not so many rows, or it is no number from 1 on.
    """
    whole = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    found = Paged(subject=subject, number=whole, size=size, total=total, query=query)
    if whole < 1 or (whole > 1 and found.offset >= total):
        raise NotFound(f"there is no page {number[:20]}", where=subject.path)
    return found
