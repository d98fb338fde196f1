"""Search: what mentions some words, passes a filter, has an alias or a tag; and what a selector names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from git_registry.errors import UsageError
from git_registry.index.search.row import THINGS
from git_registry.model.layout import PROJECTS
from git_registry.sdk import projecting, searching
from git_registry.sdk.searching import Found, Search, read_filter
from git_registry.web.addresses import HOME, SEARCH, Address, of
from git_registry.web.page import Answer, Crumb, Moved, Page
from git_registry.web.search import naming
from git_registry.web.search.clauses import clause, kinds
from git_registry.web.search.hits import Hit, hits, project_hit
from git_registry.web.search.nearness import ELSEWHERE, EXACT, SHORTEST, called, nearness
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
    def typed(self) -> str:
        """Return what a person would type for it into one field."""
        return self.words or self.where

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
    asked = _by_clause(_asked(site))
    named = "" if asked.narrows or asked.kind else naming.named(site.catalog, asked.words)
    if named and not naming.is_word(asked.words):
        return Moved(of(named))
    groups: Sequence[Group] = ()
    doubts: Sequence[str] = ()
    problem: UsageError | None = None
    try:
        groups, doubts = _found(site, asked)
    except UsageError as unread:
        problem = unread
    return Page(
        template="search.html",
        title=f"Search: {asked.typed}" if asked.typed else "Search",
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


def _by_clause(asked: Asked) -> Asked:
    """Return what is asked, a clause that stands among the words as one."""
    found = "" if asked.where else clause(asked.words)
    return replace(asked, words="", where=found) if found else asked


def _query(asked: Asked, **other: object) -> dict[str, object]:
    """Return what the link to a page asks."""
    told = {name: getattr(asked, name) for name in ("kind", "where", "tag", "alias", "project", "order")}
    return {"q": asked.words, **told, **other}


def _found(site: Site, asked: Asked) -> tuple[Sequence[Group], Sequence[str]]:
    if not asked.narrows and not asked.kind:
        return _all(site, asked), ()
    several = () if asked.kind or asked.order else _having(asked)
    if len(several) > 1:
        return _several(site, asked, several)
    return _one_kind(site, replace(asked, kind=several[0]) if several else asked)


def _having(asked: Asked) -> Sequence[Thing]:
    """Return the kinds of things that can have what is asked for."""
    having = kinds(asked.where) if asked.where else list(THINGS)
    is_noted = bool(asked.tag or asked.alias or asked.project)
    return [kind for kind in having if kind != "registry" or not is_noted]


def _several(site: Site, asked: Asked, several: Sequence[Thing]) -> tuple[Sequence[Group], Sequence[str]]:
    groups = [_few(site, replace(asked, kind=kind), _TITLES[kind]) for kind in several]
    is_vain = not any(group.hits for group in groups)
    nothing = Found(rows=(), total=0)
    doubts = searching.doubts(site.catalog, asked.search(), nothing) if is_vain else ()
    return groups, doubts


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
    groups = [] if asked.is_empty else list(_of_all_kinds(site, asked))
    return sorted(groups, key=lambda group: _distance(group, asked.words))


def _distance(group: Group, words: str) -> int:
    """Return how far from what is typed a group is: registries that only mention it are not meant."""
    nearest = min((nearness(hit.name, words) for hit in group.hits), default=ELSEWHERE)
    return -1 if words and nearest == EXACT else int(group.kind == "registry" and nearest == ELSEWHERE)


def _of_all_kinds(site: Site, asked: Asked) -> Iterator[Group]:
    """Yield what has the words as an alias or a tag, and what mentions them."""
    if not asked.project:
        yield _few(site, replace(asked, kind="registry"), "Registries")
    if asked.words:
        if asked.project or asked.words in ("latest", *searching.aliases(site.catalog)):
            yield _with_alias(site, replace(asked, kind="collection", words="", alias=asked.words))
        # Whoever has the tag mentions it, and what mentions a word is soon found.
        yield _few(site, replace(asked, kind="collection", tag=asked.words), "Collections with this tag")
    yield _collections(site, replace(asked, kind="collection"))
    if asked.words and not asked.project:
        yield from _logged(site, asked.words)
    if asked.words:
        yield _few(site, replace(asked, kind="version", tag=asked.words), "Versions with this tag")
    yield _few(site, replace(asked, kind="version"), "Versions")


def _collections(site: Site, asked: Asked) -> Group:
    """Return collections, those first that are called so."""
    group = _few(site, asked, _TITLES["collection"])
    first = [] if asked.project else list(hits(called(site.catalog, asked.words, _FEW)))
    names = {hit.name for hit in first}
    return replace(group, hits=[*first, *(hit for hit in group.hits if hit.name not in names)][:_FEW])


def _logged(site: Site, text: str) -> Iterator[Group]:
    """Yield the projects and the runs that are called so."""
    views = islice(projecting.called(site.catalog, text), _FEW)
    yield Group(title="Projects", kind="project", hits=[project_hit(view) for view in views])
    if len(text) >= SHORTEST:
        runs = islice(projecting.runs_called(site.catalog, text), _FEW)
        yield Group(title="Runs", kind="run", hits=[Hit(kind="run", name=run, there=of(run)) for run in runs])


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
