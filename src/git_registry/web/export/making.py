"""One page of an export: its file, and what it links to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.index.opening import ask
from git_registry.repository.still import Still
from git_registry.web.addresses import Address
from git_registry.web.answering import as_json, organization, told
from git_registry.web.export import paths
from git_registry.web.export.aliases import aliases
from git_registry.web.links import Static
from git_registry.web.page import Answer, Data, Moved, Page
from git_registry.web.pages import ROUTES
from git_registry.web.rendering import Chrome, render
from git_registry.web.routes import routed
from git_registry.web.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that was made.

    Attributes:
        path: where it lies in the export.
        links: what it links to, as it does for the first time.
        problem: why it says only that it can't be made; None if it is what it should be.
    """

    path: str
    body: bytes
    links: Sequence[Address]
    problem: RegistryError | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """Makes the pages of one commit.

    Attributes:
        catalog: the clone seen from its default branch, which only this process uses.
        now: the time that pages are made at. It is the commit's: made later, a page is no other one.
        name: what the organization is called.
    """

    catalog: Catalog
    now: datetime
    name: str

    def make(self, address: Address) -> Made:
        """Return the file of an address; one that can't be made says why."""
        notices: list[str] = []
        links: dict[Address, None] = {}
        site = self._site(address, notices, links)
        problem = None
        try:
            answer = routed(ROUTES, site)
            body = self._body(answer, site, notices)
        except RegistryError as found:
            # What the page would have linked to is not what the file links to.
            links.clear()
            problem, body = found, self._body(told(found, address), site, notices)
        return Made(path=paths.of(address), body=body, links=tuple(links), problem=problem)

    def _site(self, address: Address, notices: list[str], links: dict[Address, None]) -> Site:
        there = self.catalog.seen_from(self.catalog.branch, self.catalog.commit)
        there.notify, there.clock = notices.append, lambda: self.now
        found = Static(address, links.setdefault)
        return Site(catalog=there, here=address, links=found, now=self.now)

    def _body(self, made: Answer, site: Site, notices: Sequence[str]) -> bytes:
        match made:
            case Data(value):
                return as_json(value)
            case Moved(to):
                page = Page(template="moved.html", title=site.here.parts[-1], values={"to": to})
            case Page():
                page = made
                for address in aliases(page):
                    site.link(address)
        # No commit is named around a page: each of them would be another one with every commit.
        return render(page, site, Chrome(self.name, notices=tuple(notices))).encode()


def press(catalog: Catalog) -> Press:
    """Return what makes the pages of the commit that a catalog reads, which is its own from now on.

    Raises:
        NotFound: there are no commits yet.
    """
    catalog.now()
    catalog.repository = Still(catalog.repository)
    seconds = ask(catalog, lambda moment: moment.date())
    return Press(catalog, datetime.fromtimestamp(seconds, UTC), organization(catalog))
