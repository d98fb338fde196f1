"""Search: registries, collections and versions by filter, by words, over the whole organization."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.past import contents_of
from git_registry.codec.reading import decode
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.index.numbers import numbers
from git_registry.index.opening import ask
from git_registry.index.search import vocabulary
from git_registry.index.search.finding import Question, find
from git_registry.index.search.row import THINGS, Row, Thing
from git_registry.model import filters
from git_registry.model.digest import ID_LENGTH
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.filters import COLLECTION, REGISTRY, VERSION, All, Fields, Filter, Order
from git_registry.model.layout import PROJECTS, manifest_path, notes_path
from git_registry.sdk import doubting, selecting
from git_registry.sdk.views import (
    CollectionView,
    RegistryView,
    VersionView,
    collection_views,
    place_of,
    registry_view,
)
from git_registry.sdk.views import named as by_name

View: TypeAlias = RegistryView | CollectionView | VersionView

FIELDS: Mapping[Thing, Fields] = {"registry": REGISTRY, "collection": COLLECTION, "version": VERSION}
"""What a filter may ask of each kind of thing."""

_ORDERS: Mapping[Thing, tuple[str, ...]] = {
    "registry": ("name", "title", "created_at", "updated_at"),
    "collection": ("name", "path", "title", "created_at", "updated_at"),
    "version": (
        *("linked_at", "created_at", "updated_at", "number", "size", "artifact_size", "artifact"),
        *("metrics.<key>", "metadata.<key>"),
    ),
}
_TREES = ("metrics.", "metadata.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for.

    Attributes:
        kind: registries, collections or versions; None for all three, which takes words only.
        filter: what they shall pass; see `read_filter`.
        words: what they shall mention, all of it, in any case; a phrase stands in double quotes.
        order: a field, `-` in front for descending; see `index.search.finding.Question` for the default.
        within: patterns of the paths to look at, such as `model` or `model/ch*`; one of them shall fit.
        project: look at what was logged in this project, instead of the registries.
        offset: how many to leave out from the beginning.
        limit: how many at most; None for all.
    """

    kind: Thing | None = "version"
    filter: Filter | None = None
    words: str = ""
    order: str = ""
    within: tuple[str, ...] = ()
    project: str = ""
    offset: int = 0
    limit: int | None = None

    def seen(self, catalog: Catalog) -> Catalog:
        """Return the clone seen from the branch that is looked at."""
        return selecting.on_project(catalog, self.project) if self.project else selecting.registries(catalog)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found.

    Attributes:
        rows: registries, collections, versions, each in order, as the index knows them.
        total: how many there are without offset and limit; None if nobody counted to the end.
        words: what each of them mentions, without its case.
    """

    rows: tuple[Row, ...]
    total: int | None
    words: tuple[str, ...] = ()


def read_filter(
    kind: Thing,
    *,
    document: Mapping[str, object] | str | None = None,
    clauses: Sequence[str] = (),
    equal: Mapping[str, Sequence[str]] | None = None,
) -> Filter:
    """Return the filter that asks for all of what is given.

    Args:
        kind: of the things that shall pass.
        document: in MongoDB's words, `{"tag": "eu", "metrics.auc": {"$gte": 0.9}}`, or JSON that says it.
        clauses: as people type them, `metrics.auc >= 0.9 and tag = eu`.
        equal: field → the values it shall have, all of them.

    Raises:
        UsageError: one of them can't be read; the hint says what could.
    """
    fields = FIELDS[kind]
    parts = [filters.where(clause, fields) for clause in clauses]
    if isinstance(document, str):
        parts.append(filters.parse_json(document, fields))
    elif document is not None:
        parts.append(filters.parse(document, fields))
    for field, values in (equal or {}).items():
        parts += (filters.parse({field: value}, fields) for value in values)
    return filters.every(parts)


def search(catalog: Catalog, wanted: Search) -> Found:
    """Return what passes the filter and mentions the words.

    Raises:
        NotFound: there is no such project; or the clone lacks history and may not fetch it.
        UsageError: things of all kinds are looked for by more than words, or sorted by what none of them has.
    """
    words = filters.words(wanted.words)
    if wanted.kind is None:
        return _of_all_kinds(catalog, wanted, words)
    there, question = wanted.seen(catalog), _question(wanted, wanted.kind, words)
    if question.order:
        doubting.check_order(there, question.order.field)
    answer = ask(there, lambda moment: find(moment, question), contents=True)
    for row in answer.rows:
        row.path = by_name(there, row.path)
    return Found(rows=tuple(answer.rows), total=answer.total, words=words)


def doubts(catalog: Catalog, wanted: Search, answered: Found) -> list[str]:
    """Return what may be mistyped, a sentence each: a metric, tag or alias that nothing has."""
    if wanted.kind is None or wanted.filter is None:
        return []
    return doubting.doubts(wanted.seen(catalog), wanted.kind, wanted.filter, vain=not answered.rows)


@dataclass(slots=True)
class _Known:
    """The names of all aliases at one commit: whoever types asks for them at each letter."""

    commit: str | None = None
    names: tuple[str, ...] = ()


def aliases(catalog: Catalog) -> tuple[str, ...]:
    """Return the names that aliases have in the registries, each once, sorted; `latest` is none."""
    there = selecting.registries(catalog)
    known = there.remembered(_Known)
    if known.commit is None or known.commit != there.tip():
        known.commit, known.names = there.tip(), tuple(sorted(ask(there, vocabulary.aliases)))
    return known.names


_DIGITS = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")


def named(catalog: Catalog, text: str) -> str:
    """Return the selector of the version that a text names by a selector or its digits, or an empty text."""
    digits = _DIGITS.fullmatch(text)
    if not digits:
        return text if _is_version(catalog, text) else ""
    pattern = {"id": {"$regex": f"^{digits[1][:ID_LENGTH]}"}}
    rows = search(catalog, Search(filter=read_filter("version", document=pattern), limit=1)).rows
    return f"{rows[0].path}@{rows[0].id[:8]}" if rows else ""


def _is_version(catalog: Catalog, text: str) -> bool:
    try:
        there, selector = selecting.place(catalog, text)
        return selector.names_version and bool(selecting.version(there, selector))
    except (UsageError, NotFound):
        return False


def measures(wanted: Search) -> tuple[str, ...]:
    """Return the metrics, `metrics.auc`, that a filter or the order names."""
    named = tuple(filters.fields_of(wanted.filter)) if wanted.filter else ()
    field = wanted.order.lstrip("+-")
    return tuple(name for name in dict.fromkeys((*named, field)) if name.startswith("metrics."))


def _question(wanted: Search, kind: Thing, words: Sequence[str]) -> Question:
    if wanted.offset < 0 or (wanted.limit is not None and wanted.limit < 0):
        raise UsageError("an offset and a limit are counts", hint="0 or more")
    return Question(
        kind=kind,
        filter=wanted.filter or All(()),
        words=words,
        order=read_order(wanted.order, kind) if wanted.order else None,
        within=wanted.within,
        offset=wanted.offset,
        limit=wanted.limit,
    )


def read_order(text: str, kind: Thing) -> Order:
    """Return the order in which things of a kind shall stand.

    Raises:
        UsageError: they can't be sorted by that; the hint lists what they can be sorted by.
    """
    name = text.lstrip("+-")
    free = (name,) if kind == "version" and name.startswith(_TREES) else ()
    order = filters.order(text, (*_ORDERS[kind], *free))
    return order._replace(field=FIELDS[kind].find(order.field).name)


def _of_all_kinds(catalog: Catalog, wanted: Search, words: Sequence[str]) -> Found:
    if wanted.filter is not None or wanted.order:
        raise UsageError(
            "a filter or an order is for one kind of thing", hint="--kind registry, collection or version"
        )
    rows: list[Row] = []
    total: int | None = 0
    skipped, room = wanted.offset, wanted.limit
    for kind in THINGS:
        one = replace(wanted, offset=0, limit=None if room is None else skipped + room)
        found = search(catalog, replace(one, kind=kind))
        taken = found.rows[skipped:]
        rows += taken
        total = None if total is None or found.total is None else total + found.total
        skipped = max(0, skipped - len(found.rows))
        room = None if room is None else room - len(taken)
    return Found(rows=tuple(rows), total=total, words=tuple(words))


def views(catalog: Catalog, rows: Sequence[Row]) -> list[View]:
    """Return what was found with its documents as they stand in Git."""
    grouped = groupby(rows, key=lambda row: (row.kind, _project(row)))
    return [view for (kind, project), some in grouped for view in _seen(catalog, kind, project, list(some))]


def _project(row: Row) -> str:
    return row.path.removeprefix(PROJECTS).partition("/")[0] if row.path.startswith(PROJECTS) else ""


def _seen(catalog: Catalog, kind: Thing, project: str, rows: Sequence[Row]) -> Iterator[View]:
    return _VIEWS[kind](Search(project=project).seen(catalog), rows)


def _registries(catalog: Catalog, rows: Sequence[Row]) -> Iterator[View]:
    return (registry_view(catalog, row.path) for row in rows)


def _collections(catalog: Catalog, rows: Sequence[Row]) -> Iterator[View]:
    now, known = catalog.now(), numbers(catalog)
    return iter(collection_views(now, [place_of(row.path) for row in rows], known))


def _versions(catalog: Catalog, rows: Sequence[Row]) -> Iterator[View]:
    # By their blobs, all in one go: the trees of large collections take longer to read than the documents.
    wanted = dict.fromkeys(blob for row in rows for blob in (row.blob, row.notes) if blob)
    there = dict(contents_of(catalog)(list(wanted)))
    return (_version(row, there) for row in rows)


def _version(row: Row, there: Mapping[str, bytes | None]) -> VersionView:
    path = manifest_path(place_of(row.path), row.id, spread=row.spread)
    manifest, notes, problem = None, Notes(), row.problem
    try:
        if "digest" in row.facts:
            manifest = decode(Manifest, there[row.blob] or b"", where=path)
        if row.notes:
            notes = decode(Notes, there[row.notes] or b"", where=notes_path(path))
    except InvalidDocument as unreadable:
        problem = str(unreadable)
    return VersionView(
        collection=row.path,
        id=row.id,
        number=row.number,
        provisional=row.provisional,
        manifest=manifest,
        notes=notes,
        aliases=row.aliases,
        problem=problem,
    )


_VIEWS: Mapping[Thing, Callable[[Catalog, Sequence[Row]], Iterator[View]]] = {
    "registry": _registries,
    "collection": _collections,
    "version": _versions,
}
