"""What a page function is given: the organization as of a moment, and what was asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from git_registry.catalog.catalog import Catalog
from git_registry.web.addresses import Address
from git_registry.web.links import Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The organization, seen from one page.

    Attributes:
        catalog: the default branch, at the commit that is read.
        here: the page.
        links: how it writes links.
        query: what stands behind the `?` of its URL, without `at`; the last of several.
        several: the same, all of several.
        at: the date or commit that is looked back to, as it was typed; empty for now.
        now: the time.
    """

    catalog: Catalog
    here: Address
    links: Links
    now: datetime
    query: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: str = ""

    def link(self, there: Address, /, **query: object) -> str:
        """Return how this page links to another; a value of None is left out."""
        return self.links.to(there, query)
