"""The audit: what happened, to whatever is asked for, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from shlex import join

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound
from git_registry.index.events.history import Wanted
from git_registry.model.dates import first_moment, last_moment
from git_registry.model.events import KINDS
from git_registry.sdk import auditing, mounts
from git_registry.web import happenings
from git_registry.web.addresses import AUDIT
from git_registry.web.page import Crumb, Page
from git_registry.web.paging import paged
from git_registry.web.site import Site

SIZE, EXPORTED = 50, 500
"""Events on a page, and those that lie in files where no server answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which events, as they were asked for; what is empty asks for all.

    Attributes:
        path: a selector.
        event: kinds, as `git registry history --event` takes them.
        by: a part of a name or address.
        since, until: dates.
    """

    path: str = ""
    event: str = ""
    by: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Return what a form asked for."""
        return cls(**{name: query.get(name, "").strip() for name in cls.__slots__})

    @property
    def wanted(self) -> Wanted:
        """Return which events these are.

        Raises:
            UsageError: there is no such kind, or a date is none.
        """
        return Wanted(
            kinds=auditing.kinds(self.event) if self.event else frozenset(),
            by=self.by,
            since=first_moment(self.since) if self.since else None,
            until=last_moment(self.until) if self.until else None,
        )

    @property
    def command(self) -> str:
        """Return the command that tells the same, an event a line."""
        options = {name: getattr(self, name) for name in ("event", "by", "since", "until")}
        given = [word for name, value in options.items() if value for word in (f"--{name}", value)]
        return join(["git", "registry", "history", *filter(None, [self.path]), *given, "--json"])

    @property
    def query(self) -> Mapping[str, object]:
        """Return what links to other pages keep."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


def page(site: Site, number: str = "1") -> Page:
    """Return one page of what happened, the newest first.

    Raises:
        NotFound: there never was what is asked for, or there are not so many events.
        UsageError: what is asked for can't be understood.
    """
    asked = Asked.of(site.query)
    _require_here(site.catalog, asked.path)
    wanted, path = asked.wanted, asked.path or None
    every = auditing.counted(site.catalog, path, wanted)
    total = every if site.links.is_live else min(every, EXPORTED)
    pages = paged(AUDIT, number, size=SIZE, total=total, **asked.query)
    room = min(SIZE, total - pages.offset)
    found = auditing.history(site.catalog, path, replace(wanted, offset=pages.offset, limit=room))
    return Page(
        template="audit.html",
        title="Audit",
        crumbs=(Crumb("Audit", AUDIT),),
        values={
            "asked": asked,
            "events": happenings.rows(found, found.numbers.catalog.now()),
            "every": every,
            "pages": pages,
            "groups": _groups(),
        },
        section="audit",
    )


def _groups() -> Mapping[str, Sequence[str]]:
    """Return the kinds of events, by what they are about."""
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        found.setdefault(kind.rpartition("-")[0], []).append(kind)
    return found


def _require_here(catalog: Catalog, path: str) -> None:
    """Check that nobody far away would be asked: what is in a mounted repository is told by its own pages.

    Raises:
        NotFound: it is in one.
    """
    parts = path.split("/")
    names = {one.name for one in mounts.mounts(catalog)}
    if parts[0] not in catalog.now().registries() and names.intersection(parts[:2]):
        raise NotFound("it is in a mounted repository, whose history is not told here", where=path)
