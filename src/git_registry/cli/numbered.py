"""Version numbers for what is printed: never a reason to fetch anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from git_registry.catalog.numbering import Numbers, numbers

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog


def at_hand(catalog: Catalog, collections: Iterable[str]) -> Numbers:
    """Return the numbers of these collections; none in a shallow clone, which can't count."""
    wanted = sorted(set(collections))
    if not wanted or catalog.repository.is_shallow:
        return Numbers(catalog, {})
    return numbers(catalog, wanted)
