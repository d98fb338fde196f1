"""How a page writes links: to be served at any address, now or as of a date, or to lie in files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from git_registry.web.addresses import Address


class Links(Protocol):
    """What templates write links by."""

    @property
    def is_live(self) -> bool:
        """Does a server answer, which can sort, filter and look back?"""
        ...

    def to(self, there: Address, query: Mapping[str, object]) -> str:
        """Return the link to a page; a query only where a server answers, a tuple in it as several values."""
        ...


@dataclass(frozen=True, slots=True)
class Live:
    """Links on a page that a server answers: they keep the date that is looked back to."""

    here: Address
    at: str = ""

    is_live = True

    def to(self, there: Address, query: Mapping[str, object]) -> str:
        """Return a relative link, so that the server may be mounted anywhere."""
        several = ((name, value if isinstance(value, tuple) else (value,)) for name, value in query.items())
        asked = [(name, str(one)) for name, values in several for one in values if one not in (None, "")]
        asked += [("at", self.at)] if self.at and "at" not in query else []
        return there.relative_to(self.here) + (f"?{urlencode(asked)}" if asked else "")


@dataclass(frozen=True, slots=True)
class Static:
    """Links between files; whatever is linked to is told, and so comes to be written."""

    here: Address
    found: Callable[[Address], object]

    is_live = False

    def to(self, there: Address, query: Mapping[str, object]) -> str:  # noqa: ARG002 - nobody reads it
        """Return a relative link to a file."""
        self.found(there)
        return there.relative_to(self.here) + ("" if there.file else "index.html")
