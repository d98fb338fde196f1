"""The organization at one commit, read lazily: what is in it, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from git_registry.errors import NotFound
from git_registry.model import layout
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.organization import Organization
from git_registry.model.documents.record import Document
from git_registry.model.layout import Kind
from git_registry.model.names import VERSION_ID

if TYPE_CHECKING:
    # A dataclass costs 0.4 ms to make: what resolving an alias never reads is imported where it is read.
    from git_registry.model.documents.access import Access
    from git_registry.model.documents.collection import Collection
    from git_registry.model.documents.notes import Notes
    from git_registry.model.documents.registry import Registry

D = TypeVar("D", bound=Document)

REGULAR = 0o100644
"""The only mode a managed path may have: a plain file."""
DIRECTORY = 0o040000
_SPREAD_NAME_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path: its Git file mode and the id of its content."""

    mode: int
    id: str

    @property
    def is_directory(self) -> bool:
        """Is it a directory?"""
        return self.mode == DIRECTORY


class Tree(Protocol):
    """Files and directories at one commit; the catalog reads them from Git, tests keep them in memory."""

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory (the root is the empty path) by name; empty if it isn't there."""
        ...

    def document(self, path: str, kind: type[D]) -> D:
        """Return the document at `path`.

        Raises:
            NotFound: nothing is there.
            InvalidDocument: it can't be read as one.
        """
        ...


class Snapshot:
    """What a tree says about the organization. Nothing is read before it is asked for."""

    __slots__ = ("tree",)

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def entry(self, path: str) -> Entry | None:
        """Return what stands at `path`, or None."""
        directory, _, name = path.rpartition("/")
        return self.tree.entries(directory).get(name)

    def organization(self) -> Organization:
        """Return who we are.

        Raises:
            NotFound: the commit holds no organization.
        """
        if self.entry(layout.ORGANIZATION) is None:
            raise NotFound(
                "there is no organization here",
                where=layout.ORGANIZATION,
                hint="`git registry init` creates one",
            )
        return self.tree.document(layout.ORGANIZATION, Organization)

    def registries(self) -> Iterator[str]:
        """Yield the names of all registries, sorted."""
        for name, entry in sorted(self.tree.entries("").items()):
            if entry.is_directory and self._stands(layout.registry_path(name), Kind.REGISTRY):
                yield name

    def registry(self, name: str) -> Registry:
        """Return a registry's document."""
        from git_registry.model.documents.registry import Registry

        return self.tree.document(layout.registry_path(name), Registry)

    def access(self, registry: str) -> Access:
        """Return a registry's access document; the empty one if it has none."""
        from git_registry.model.documents.access import Access

        path = layout.access_path(registry)
        return self.tree.document(path, Access) if self.entry(path) else Access()

    def collections(self, registry: str) -> Iterator[str]:
        """Yield the paths (`model/churn`) of a registry's collections, sorted."""
        for name, entry in sorted(self.tree.entries(registry).items()):
            path = f"{registry}/{name}"
            if entry.is_directory and self._stands(layout.collection_path(path), Kind.COLLECTION):
                yield path

    def places(self) -> Iterator[str]:
        """Yield each registry, and after it its collections, sorted: where automations may stand."""
        for registry in self.registries():
            yield registry
            yield from self.collections(registry)

    def _stands(self, path: str, kind: Kind) -> bool:
        entry = self.entry(path)
        return entry is not None and not entry.is_directory and layout.identify(path).kind is kind

    def collection(self, path: str) -> Collection:
        """Return a collection's document."""
        from git_registry.model.documents.collection import Collection

        return self.tree.document(layout.collection_path(path), Collection)

    def has_collection(self, path: str) -> bool:
        """Is there such a collection?"""
        return self._stands(layout.collection_path(path), Kind.COLLECTION)

    def versions(self, collection: str, *, unlinked: bool = False) -> Mapping[str, str]:
        """Return id → manifest path of all versions linked in a collection, or of the unlinked ones."""
        directory = f"{collection}/{'unlinked' if unlinked else 'versions'}"
        found = dict(self._manifests(directory))
        for name, entry in self.tree.entries(directory).items():
            if entry.is_directory and len(name) == _SPREAD_NAME_LENGTH:
                found.update(self._manifests(f"{directory}/{name}", begins=name))
        return found

    def _manifests(self, directory: str, *, begins: str = "") -> Iterator[tuple[str, str]]:
        for name, entry in self.tree.entries(directory).items():
            version = name.removesuffix(".yaml")
            if version == name or entry.is_directory or VERSION_ID.problem(version):
                continue  # a file of some other kind: notes, or one the format doesn't know
            if version.startswith(begins):
                yield version, f"{directory}/{name}"

    def find(self, collection: str, version: str, *, unlinked: bool = False) -> str | None:
        """Return where a version's manifest is, or None if it is not linked (or not unlinked)."""
        places = layout.manifest_places(collection, version, unlinked=unlinked)
        return next((path for path in places if self.entry(path)), None)

    def manifest(self, path: str) -> Manifest:
        """Return the manifest at a path that `versions` or `find` gave."""
        return self.tree.document(path, Manifest)

    def notes(self, manifest_path: str) -> Notes:
        """Return the notes beside a manifest; the empty ones if there are none."""
        from git_registry.model.documents.notes import Notes

        path = layout.notes_path(manifest_path)
        return self.tree.document(path, Notes) if self.entry(path) else Notes()

    def aliases(self, collection: str) -> Mapping[str, str]:
        """Return alias → id of the version it points at, sorted by alias."""
        paths = {name: layout.alias_path(collection, name) for name in self.alias_names(collection)}
        return {name: self.tree.document(path, Alias).version for name, path in paths.items()}

    def alias_names(self, collection: str) -> list[str]:
        """Return a collection's aliases, sorted, those too whose document can't be read."""
        names = sorted(name.removesuffix(".yaml") for name in self.tree.entries(f"{collection}/aliases"))
        return [name for name in names if self._stands(layout.alias_path(collection, name), Kind.ALIAS)]

    def alias(self, collection: str, alias: str) -> str | None:
        """Return the id of the version an alias points at, or None if there is no such alias."""
        path = layout.alias_path(collection, alias)
        return self.tree.document(path, Alias).version if self.entry(path) else None

    def automation_names(self, place: str) -> list[str]:
        """Return the automations of a registry or collection, sorted, those too that can't be read."""
        names = sorted(name.removesuffix(".yaml") for name in self.tree.entries(f"{place}/automations"))
        return [name for name in names if self._stands(layout.automation_path(place, name), Kind.AUTOMATION)]
