"""What is found while somebody types: asked of the server, or looked up in the index that an export has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from git_registry.errors import NotFound, UsageError
from git_registry.index.search.row import Row, Thing
from git_registry.model.selector import of_version
from git_registry.sdk import listing, projecting, searching
from git_registry.sdk.projecting import projects
from git_registry.sdk.searching import Search, read_filter
from git_registry.sdk.views import CollectionView
from git_registry.web.addresses import Address, of
from git_registry.web.page import Data
from git_registry.web.search import naming
from git_registry.web.search.clauses import clause, kinds
from git_registry.web.search.hits import Hit, hits, project_hit
from git_registry.web.search.nearness import OCCURS, SHORTEST, called, nearness
from git_registry.web.shortening import shortened
from git_registry.web.site import Site

MOST = 20
"""Rows that are answered, of each kind no more than `_SHARES`."""

_SHARES = {"registry": 4, "collection": 8, "version": 5}
_ALIASES, _PROJECTS, _RUNS = 6, 4, 4
_LONGEST = 120

LARGEST = 20_000
"""Rows of the index: with names as people give them some five megabytes, a tenth of that on the wire."""

_WORDS, _LARGEST_ROW = 300, 1_000
"""Letters of a description, and of all that a row is found by: of ten thousand tags some are left out."""


def found(site: Site) -> Data:
    """Return what mentions some words, has an alias that begins so, is named so, or passes a clause.

    See `index` for a row. A clause that can't be read, as none can that is half typed, is told as `problem`.
    """
    text = site.query.get("q", "").strip()
    try:
        there = list(_found(site, text)) if text else []
    except UsageError as problem:
        return Data({"rows": [], "problem": problem.message})
    rows = {row["href"]: row for row in there}
    return Data({"rows": list(rows.values())[:MOST]})


def _found(site: Site, text: str) -> Iterable[Mapping[str, str]]:
    where = clause(text)
    if where:
        return (row for kind in kinds(where) for row in _passing(site, where, kind))
    return [*_named(site, text), *sorted(_mentioning(site, text), key=lambda row: _distance(row, text))]


def _named(site: Site, text: str) -> Iterator[Mapping[str, str]]:
    named = naming.named(site.catalog, text)
    if named:
        yield _row(site, "version", named, of(named))


def _distance(row: Mapping[str, str], text: str) -> int:
    """Return how far from what is typed a row is: a version comes after all that are called so themselves."""
    near = nearness(row["name"].partition(":")[0], text)
    return near if row["kind"] != "version" else max(near, OCCURS)


def _passing(site: Site, where: str, kind: Thing) -> Iterator[Mapping[str, str]]:
    wanted = Search(kind=kind, filter=read_filter(kind, clauses=[where]), limit=_SHARES[kind])
    return _rows(site, searching.search(site.catalog, wanted).rows)


def _mentioning(site: Site, text: str) -> Iterator[Mapping[str, str]]:
    """Yield what is found, of what is equally near what kind is looked for first."""
    yield from _rows(site, called(site.catalog, text, _SHARES["collection"]))
    yield from _aliases(site, text)
    yield from _hits(site, text, "registry")
    yield from _hits(site, text, "collection")
    yield from _logged(site, text)
    yield from _hits(site, text, "version")


def _hits(site: Site, text: str, kind: Thing) -> Iterator[Mapping[str, str]]:
    wanted = Search(kind=kind, words=text, limit=_SHARES[kind])
    return _rows(site, searching.search(site.catalog, wanted).rows)


def _rows(site: Site, found: Sequence[Row]) -> Iterator[Mapping[str, str]]:
    for hit in hits(found):
        if hit.there:
            yield _row(site, hit.kind, hit.name, hit.there, _about(hit))


def _logged(site: Site, text: str) -> Iterator[Mapping[str, str]]:
    """Yield projects and runs that are called so; of runs only the ids are looked at."""
    for view in islice(projecting.called(site.catalog, text), _PROJECTS):
        hit = project_hit(view)
        yield _row(site, hit.kind, hit.name, of(hit.name), hit.text)
    if len(text) >= SHORTEST:
        for run in islice(projecting.runs_called(site.catalog, text), _RUNS):
            yield _row(site, "run", run, of(run))


def _about(hit: Hit) -> str:
    return " · ".join(filter(None, (", ".join(hit.aliases), hit.title, hit.text)))


def _aliases(site: Site, text: str) -> Iterator[Mapping[str, str]]:
    """Yield the aliases that begin with what is typed, each as a person would name it."""
    begin = [name for name in searching.aliases(site.catalog) if name.startswith(text)]
    if not begin:
        return
    one_of = {"alias": {"$in": begin[:_ALIASES]}}
    wanted = Search(kind="collection", filter=read_filter("collection", document=one_of), limit=_ALIASES)
    for row, hit in _beside(searching.search(site.catalog, wanted)):
        for alias in row.aliases:
            if alias.startswith(text) and hit.there:
                yield _row(site, "alias", f"{hit.name}:{alias}", hit.there.below(alias), hit.title)


def _beside(answer: searching.Found) -> Iterable[tuple[Row, Hit]]:
    return zip(answer.rows, hits(answer.rows), strict=True)


def _row(site: Site, kind: str, name: str, there: Address, text: str = "") -> dict[str, str]:
    return {"kind": kind, "name": name, "href": site.link(there), "text": shortened(text, _LONGEST)}


def index(site: Site) -> Data:
    """Return what an export is searched in, since no server answers there.

    A row is a registry, collection, project, or a version that has an alias: what it is called, a link from
    where this lies, and what a script looks for words in: its name, title, tags, aliases, and the start of
    its description. There are `LARGEST` at most; `left_out` says how many more there would be.

    Raises:
        NotFound: a server answers; it is asked for what is found.
    """
    if site.links.is_live:
        raise NotFound("only an export has an index", where=site.here.path, hint="ask for found.json")
    rows = _index(site)
    kept = list(islice(rows, LARGEST))
    return Data({"rows": kept, "left_out": sum(1 for _ in rows)})


def _index(site: Site) -> Iterator[Mapping[str, str]]:
    """Yield the versions last: they are what is left out first."""
    registries = searching.search(site.catalog, Search(kind="registry")).rows
    yield from (_indexed(site, hit) for hit in hits(registries))
    yield from (_indexed(site, project_hit(one)) for one in projects(site.catalog))
    views = [view for row in registries for view in listing.collections(site.catalog, row.path)]
    yield from (_indexed(site, _collection(view)) for view in views)
    yield from (_indexed(site, hit) for view in views for hit in _pointed_at(view))


def _collection(view: CollectionView) -> Hit:
    document = view.document
    return Hit(
        kind="collection",
        name=view.path,
        there=of(view.path),
        title=(document and document.title) or "",
        text=(document and document.description) or "",
        tags=document.tags if document else (),
        aliases=tuple(view.aliases),
    )


def _pointed_at(view: CollectionView) -> Iterator[Hit]:
    """Yield the versions that have an alias."""
    for version in dict.fromkeys(view.aliases.values()):
        name = of_version(view.path, version)
        aliases = tuple(alias for alias, pointed in view.aliases.items() if pointed == version)
        yield Hit(kind="version", name=name, there=of(name), aliases=aliases)


def _indexed(site: Site, hit: Hit) -> Mapping[str, str]:
    assert hit.there
    told = filter(None, (hit.name, hit.title, *hit.tags, *hit.aliases, hit.text[:_WORDS]))
    about = shortened(_about(hit), _LONGEST)
    return _row(site, hit.kind, hit.name, hit.there, about) | {
        "words": " ".join(told)[:_LARGEST_ROW].casefold()
    }
