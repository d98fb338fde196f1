"""Where pages are: an address is a selector with slashes, so that a person can type it.

`model/churn:v3` is at `model/churn/v3/`, `model/churn@3fa94c1b` at `model/churn/@3fa94c1b/`, and
`projects/churn/runs/k3j2h1` where it says. What is no selector begins with `-`, as no name does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from git_registry.model.selector import of_version

_BEFORE_VERSION = re.compile(r"[:@]")


@dataclass(frozen=True, slots=True)
class Address:
    """A page, or data that belongs to one.

    Attributes:
        parts: what stands between the slashes, unquoted; none for the home page.
        file: what the data beside the page is called, `lineage.json`; empty for the page itself.
    """

    parts: tuple[str, ...] = ()
    file: str = ""

    @property
    def path(self) -> str:
        """Return it as it stands in a URL, without a leading slash: `model/churn/v3/`."""
        return "".join(f"{quote(part, safe='@')}/" for part in self.parts) + self.file

    def beside(self, file: str) -> Address:
        """Return where data that belongs to this page is."""
        return Address(self.parts, file)

    def below(self, *parts: str) -> Address:
        """Return a page below this one."""
        return Address((*self.parts, *parts))

    def relative_to(self, here: Address) -> str:
        """Return what a page has to write to link to this one, wherever both are served: `../v4/`."""
        same = 0
        for ours, theirs in zip(self.parts, here.parts, strict=False):
            if ours != theirs:
                break
            same += 1
        up = "../" * (len(here.parts) - same)
        return f"{up or './'}{Address(self.parts[same:], self.file).path}"


HOME = Address()
SEARCH = Address(("-", "search"))
COMPARE = Address(("-", "compare"))
PROPOSALS = Address(("-", "proposals"))
AUDIT = Address(("-", "audit"))
PROJECTS = Address(("projects",))
ASSETS = Address(("-", "static"))
"""Below it are the files of `static/`."""


def parse(path: str) -> Address:
    """Read the path of a URL, with or without its slashes at the ends; what follows the last is a file."""
    *parts, file = path.removeprefix("/").split("/")
    return Address(tuple(unquote(part) for part in parts), unquote(file))


def of(selector: str) -> Address:
    """Return the page of a registry, collection, version, project or run, as a person names it.

    `model/churn:v3?` has the page of `v3`: it is published one day.
    """
    found = _BEFORE_VERSION.search(selector)
    if found is None:
        return Address(tuple(selector.split("/")))
    place, name = selector[: found.start()], selector[found.start() :]
    return Address((*place.split("/"), name.removeprefix(":").removesuffix("?")))


def selector(parts: tuple[str, ...]) -> str:
    """Return what a person would type for the version at these parts."""
    *place, name = parts
    return of_version("/".join(place), name)
