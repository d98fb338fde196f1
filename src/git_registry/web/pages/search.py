"""Search: what mentions some words, passes a filter, has an alias or a tag; and what a selector names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from git_registry.errors import UsageError
from git_registry.index.search.row import THINGS
from git_registry.model.layout import PROJECTS
from git_registry.sdk import searching
from git_registry.sdk.searching import Search, read_filter
from git_registry.web.addresses import HOME, SEARCH, Address, of
from git_registry.web.page import Answer, Crumb, Moved, Page
from git_registry.web.search import naming
from git_registry.web.search.hits import Hit, hits
from git_registry.wording.metrics import metric_columns

if TYPE_CHECKING:
    from git_registry.index.search.row import Thing
    from git_registry.web.site import Site

SIZE = 50
"""Rows on a page that shows things of one kind."""

_FEW = 10
"""Rows of each kind on a page that shows things of all kinds."""

_TITLES = {"registry": "Registries", "collection": "Collections", "version": "Versions"}
_COLUMNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person typed into the form."""

    words: str = ""
    kind: Thing | None = None
    where: str = ""
    tag: str = ""
    alias: str = ""
    project: str = ""
    order: str = ""
    offset: int = 0

    @property
    def narrows(self) -> bool:
        """Is more asked than words?"""
        return bool(self.where or self.tag or self.alias or self.order)

    @property
    def is_empty(self) -> bool:
        """Is nothing asked?"""
        return not (self.words or self.kind or self.project or self.narrows)

    def search(self) -> Search:
        """Return what is looked for among things of one kind; versions, if none is said.

        Raises:
            UsageError: the clause or the order can't be read.
        """
        kind = self.kind or "version"
        equal = {name: [value] for name, value in (("tag", self.tag), ("alias", self.alias)) if value}
        return Search(
            kind=kind,
            filter=read_filter(kind, clauses=[self.where] if self.where else [], equal=equal),
            words=self.words,
            order=self.order,
            project=self.project.removeprefix(PROJECTS),
            offset=self.offset,
            limit=SIZE + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some of what was found, of one kind.

    Attributes:
        metrics: those that have a column.
        more: what the page that shows the rest asks; None if all of it is here.
        is_page: is nothing else on the page, which goes on where this ends?
    """

    title: str
    kind: str
    hits: Sequence[Hit]
    metrics: Sequence[str] = ()
    more: dict[str, object] | None = None
    is_page: bool = False


def page(site: Site) -> Answer:
    """Return what was found; a selector leads to what it names."""
    asked = _asked(site)
    named = "" if asked.narrows or asked.kind else naming.named(site.catalog, asked.words)
    if named and not naming.is_word(asked.words):
        return Moved(of(named))
    groups: list[Group] = []
    doubts: Sequence[str] = ()
    problem: UsageError | None = None
    try:
        groups, doubts = _one_kind(site, asked) if asked.kind or asked.narrows else (_all(site, asked), [])
    except UsageError as unread:
        problem = unread
    return Page(
        template="search.html",
        title=f"Search: {asked.words}" if asked.words else "Search",
        crumbs=(Crumb("Registries", HOME), Crumb("Search", SEARCH)),
        values={
            "asked": asked,
            "named": named,
            "groups": [group for group in groups if group.hits],
            "doubts": doubts,
            "problem": problem,
            "kinds": THINGS,
            "earlier": _query(asked, offset=max(0, asked.offset - SIZE) or None) if asked.offset else None,
        },
    )


def _asked(site: Site) -> Asked:
    query = {name: value.strip() for name, value in site.query.items()}
    offset = query.get("offset", "")
    return Asked(
        words=query.get("q", ""),
        kind=next((kind for kind in THINGS if kind == query.get("kind")), None),
        where=" and ".join(filter(None, (one.strip() for one in site.several.get("where", ())))),
        tag=query.get("tag", ""),
        alias=query.get("alias", ""),
        project=query.get("project", ""),
        order=query.get("order", ""),
        offset=int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 10 else 0,
    )


def _query(asked: Asked, **other: object) -> dict[str, object]:
    """Return what the link to a page asks."""
    told = {name: getattr(asked, name) for name in ("kind", "where", "tag", "alias", "project", "order")}
    return {"q": asked.words, **told, **other}


def _one_kind(site: Site, asked: Asked) -> tuple[list[Group], Sequence[str]]:
    wanted = asked.search()
    found = searching.search(site.catalog, wanted)
    rows = found.rows[:SIZE]
    more = _query(asked, offset=asked.offset + SIZE) if len(found.rows) > SIZE else None
    there = list(hits(rows, found.words))
    group = Group(
        title=_TITLES[wanted.kind or "version"],
        kind=wanted.kind or "version",
        hits=there,
        metrics=_metrics(there, wanted),
        more=more,
        is_page=True,
    )
    return [group], searching.doubts(site.catalog, wanted, found)


def _metrics(there: Sequence[Hit], wanted: Search) -> list[str]:
    """Return the metrics that are asked for, and others that these versions have."""
    asked = [name.partition(".")[2] for name in searching.measures(wanted)]
    others = metric_columns([hit.metrics for hit in there])
    return list(dict.fromkeys([*asked, *others]))[:_COLUMNS]


def _all(site: Site, asked: Asked) -> list[Group]:
    return [] if asked.is_empty else list(_of_all_kinds(site, asked))


def _of_all_kinds(site: Site, asked: Asked) -> Iterator[Group]:
    """Yield what has the words as an alias or a tag, and what mentions them."""
    if not asked.project:
        yield _few(site, replace(asked, kind="registry"), "Registries")
    if asked.words:
        yield _with_alias(site, replace(asked, kind="collection", words="", alias=asked.words))
        # Whoever has the tag mentions it, and what mentions a word is soon found.
        yield _few(site, replace(asked, kind="collection", tag=asked.words), "Collections with this tag")
    yield _few(site, replace(asked, kind="collection"), "Collections")
    if asked.words:
        yield _few(site, replace(asked, kind="version", tag=asked.words), "Versions with this tag")
    yield _few(site, replace(asked, kind="version"), "Versions")


def _few(site: Site, asked: Asked, title: str) -> Group:
    found = searching.search(site.catalog, replace(asked.search(), limit=_FEW + 1))
    there = list(hits(found.rows[:_FEW], found.words))
    return Group(
        title=title,
        kind=asked.kind or "",
        hits=there,
        metrics=metric_columns([hit.metrics for hit in there])[:_COLUMNS],
        more=_query(asked) if len(found.rows) > _FEW else None,
    )


def _with_alias(site: Site, asked: Asked) -> Group:
    """Return the collections that have an alias, each by it: that is where a person wants to go."""
    group = _few(site, asked, "Collections with this alias")
    by_alias = [
        replace(hit, kind="alias", name=f"{hit.name}:{asked.alias}", there=_alias(hit, asked.alias))
        for hit in group.hits
    ]
    return replace(group, hits=by_alias)


def _alias(hit: Hit, alias: str) -> Address | None:
    return hit.there.below(alias) if hit.there else None
