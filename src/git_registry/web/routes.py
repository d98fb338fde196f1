"""Which function makes the page at an address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from git_registry.errors import NotFound
from git_registry.web.addresses import Address
from git_registry.web.page import Answer
from git_registry.web.site import Site

Making = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A pattern of addresses, `{registry}/{collection}/-/page/{number}`, and what makes such a page.

    It is called with the site, and with what stands in each pair of braces under that name.
    """

    pattern: str
    making: Making

    def match(self, address: Address) -> Mapping[str, str] | None:
        """Return what stands in its braces; None if it is not about this address."""
        *parts, file = f"{self.pattern}/".split("/") if not self._names_file else self.pattern.split("/")
        parts = [part for part in parts if part]
        if len(parts) != len(address.parts) or file != address.file:
            return None
        found = {}
        for wanted, part in zip(parts, address.parts, strict=True):
            if wanted.startswith("{"):
                # What begins with `-` is ours, so no name stands there; and `@` begins digits.
                if part.startswith("-") or not part:
                    return None
                found[wanted[1:-1]] = part
            elif wanted != part:
                return None
        return found

    @property
    def _names_file(self) -> bool:
        return self.pattern.endswith(".json")


def routed(routes: Iterator[Route] | tuple[Route, ...], site: Site) -> Answer:
    """Return the page, made by the first route that is about its address.

    Raises:
        NotFound: there is none.
    """
    for route in routes:
        found: Mapping[str, Any] | None = route.match(site.here)
        if found is not None:
            return route.making(site, **found)
    raise NotFound("there is no such page", where=site.here.path)
