"""What a person or a script gets to see of a version, a collection, a registry: one value each.

Paths are those that a person names things by: an artifact of a project is `projects/churn/xgb`, though on the
project's branch it stands at `churn/xgb`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument
from git_registry.index.numbers import Numbers
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.registry import Registry
from git_registry.model.layout import PROJECTS
from git_registry.model.numbers import Numbered
from git_registry.model.snapshot import Snapshot


def named(catalog: Catalog, path: str) -> str:
    """Return what a person calls what is at a path of the branch that is read."""
    name = PROJECTS + path if catalog.project else path
    return f"{catalog.mount}/{name}" if catalog.mount else name


def place_of(name: str) -> str:
    """Return the path, on its branch, of the collection that a person calls this."""
    return "/".join(name.split("/")[-2:])


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A linked version.

    Attributes:
        collection: its path, `model/churn`, or `projects/churn/xgb`.
        id: 32 hex digits.
        number: counted from 0; None where history is not at hand.
        provisional: may the number still change, because its step is not published yet?
        manifest: None if it can't be read; `problem` says why.
        notes: what was added later.
        aliases: the names that point at it, sorted.
    """

    collection: str
    id: str
    number: int | None
    provisional: bool
    manifest: Manifest | None
    notes: Notes
    aliases: tuple[str, ...]
    problem: str = ""

    @property
    def version(self) -> str | None:
        """Return `v3`, `v3?` while provisional, or None where the number is unknown."""
        return None if self.number is None else f"v{self.number}{'?' if self.provisional else ''}"

    @property
    def path(self) -> str:
        """Return a selector for it: `model/churn:v3`, by digits where the number is unknown."""
        return (
            f"{self.collection}@{self.id[:8]}" if self.number is None else f"{self.collection}:v{self.number}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionView:
    """A collection: its document, its aliases by version, how many versions, and the latest."""

    path: str
    document: Collection | None
    aliases: Mapping[str, str]
    versions: int
    latest: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryView:
    """A registry: its document and how many collections it has."""

    path: str
    document: Registry | None
    collections: int
    problem: str = ""


def version_view(now: Snapshot, collection: str, identifier: str, known: Numbers) -> VersionView:
    """Return one linked version; the numbers are those of its branch."""
    return _version_view(now, (collection, identifier), known, _aliases(now, collection)[0])


def _version_view(
    now: Snapshot, version: tuple[str, str], known: Numbers, aliases: Mapping[str, str]
) -> VersionView:
    collection, identifier = version
    path = now.find(collection, identifier)
    assert path is not None
    manifest, notes, problem = None, Notes(), ""
    try:
        manifest = now.manifest(path)
        notes = now.notes(path)
    except InvalidDocument as unreadable:
        problem = str(unreadable)
    numbered = known.get(collection, identifier)
    return VersionView(
        collection=named(known.catalog, collection),
        id=identifier,
        number=numbered.number if numbered else None,
        provisional=bool(numbered and not known.is_published(numbered)),
        manifest=manifest,
        notes=notes,
        aliases=tuple(alias for alias, pointed in aliases.items() if pointed == identifier),
        problem=problem,
    )


def _aliases(now: Snapshot, collection: str) -> tuple[Mapping[str, str], str]:
    """Return alias → id, and what is wrong with those that can't be read: a list never ends at one."""
    found, problems = {}, []
    for alias in now.alias_names(collection):
        try:
            pointed = now.alias(collection, alias)
        except InvalidDocument as unreadable:
            problems.append(str(unreadable))
        else:
            found[alias] = pointed or ""
    return found, "; ".join(problems)


def version_views(now: Snapshot, collection: str, known: Numbers) -> Iterator[VersionView]:
    """Yield a collection's linked versions, newest first."""
    taken, (aliases, _) = known.of(collection), _aliases(now, collection)
    for identifier in sorted(now.versions(collection), key=lambda one: _order(taken, one), reverse=True):
        yield _version_view(now, (collection, identifier), known, aliases)


def _order(taken: Mapping[str, Numbered], identifier: str) -> int:
    return taken[identifier].number if identifier in taken else -1


def collection_view(now: Snapshot, path: str, known: Numbers) -> CollectionView:
    """Return one collection."""
    return collection_views(now, [path], known)[0]


def collection_views(now: Snapshot, paths: Sequence[str], known: Numbers) -> list[CollectionView]:
    """Return some collections, in this order."""
    aliases = {path: _aliases(now, path) for path in paths}
    pointed = ((path, version) for path in paths for version in aliases[path][0].values())
    known.learn(pointed, latest=paths)
    return [_collection_view(now, path, known, *aliases[path]) for path in paths]


def _collection_view(
    now: Snapshot, path: str, known: Numbers, aliases: Mapping[str, str], unread: str
) -> CollectionView:
    document, problem = None, ""
    try:
        document = now.collection(path)
    except InvalidDocument as unreadable:
        problem = str(unreadable)
    newest, count = known.latest(path), known.tally(path)
    return CollectionView(
        path=named(known.catalog, path),
        document=document,
        aliases={alias: shown(known, path, pointed) for alias, pointed in aliases.items()},
        versions=len(now.versions(path)) if count is None else count,
        latest=shown(known, path, newest) if newest else None,
        problem="; ".join(filter(None, (problem, unread))),
    )


def shown(known: Numbers, collection: str, identifier: str) -> str:
    """Return how a version is shown: `v3`, `v3?`, or `@3fa94c1b` where it has no number."""
    numbered = known.get(collection, identifier)
    if numbered is None:
        return f"@{identifier[:8]}"
    return f"v{numbered.number}" + ("" if known.is_published(numbered) else "?")


def with_numbers(text: str, collection: str, versions: Sequence[str], known: Numbers) -> str:
    """Return a text in which a policy names versions by their first digits, with their numbers instead."""
    for one in versions:
        text = text.replace(one[:8], shown(known, collection, one))
    return text


def registry_view(catalog: Catalog, name: str) -> RegistryView:
    """Return one registry of those that the catalog shows."""
    now, document, problem = catalog.now(), None, ""
    try:
        document = now.registry(name)
    except InvalidDocument as unreadable:
        problem = str(unreadable)
    return RegistryView(
        path=named(catalog, name),
        document=document,
        collections=sum(1 for _ in now.collections(name)),
        problem=problem,
    )
