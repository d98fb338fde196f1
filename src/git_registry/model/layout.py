"""Path ⇄ identity: which thing a path in the organization is, and the other way round.

One table, both ways (DESIGN §3). A path that is none of these is *outside the format*: a person's
README at the root, CI files, an image beside a card.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from git_registry.model.names import ALIAS, NAME, PLACE, VERSION_ID

SPREAD_FROM = 2_000
"""A directory of versions or runs with this many entries takes new ones in `versions/<first two>/`."""

ORGANIZATION = "organization.yaml"

PROJECTS = "projects/"
"""What a project's branch has before the project's name, and what a person writes before it."""

LARGEST_CARD = 1 << 20
"""Bytes of a card."""


class Kind(Enum):
    """What a path holds; the value is the word errors and tests use."""

    ORGANIZATION = "organization"
    REGISTRY = "registry"
    ACCESS = "access"
    REGISTRY_CARD = "registry card"
    COLLECTION = "collection"
    COLLECTION_CARD = "collection card"
    VERSION = "version"
    NOTES = "notes"
    UNLINKED = "unlinked version"
    UNLINKED_NOTES = "unlinked notes"
    ALIAS = "alias"
    AUTOMATION = "automation"
    PROJECT = "project"
    RUN = "run"
    OUTSIDE = "file"


class Identity(NamedTuple):
    """What a path is about.

    Attributes:
        kind: what it holds.
        registry: the registry, or the project on a project's branch; empty at the root.
        collection: the collection or artifact; empty above it.
        name: an id, alias, automation or run where the kind has one.
    """

    kind: Kind
    registry: str = ""
    collection: str = ""
    name: str = ""

    @property
    def subject(self) -> str:
        """Return the path a person would name it by: `model/churn`, `model`, or nothing."""
        return f"{self.registry}/{self.collection}" if self.collection else self.registry


_IN_REGISTRY = {
    "registry.yaml": Kind.REGISTRY,
    "access.yaml": Kind.ACCESS,
    "README.md": Kind.REGISTRY_CARD,
    "project.yaml": Kind.PROJECT,
}
_IN_COLLECTION = {"collection.yaml": Kind.COLLECTION, "README.md": Kind.COLLECTION_CARD}
_VERSIONED = {"versions": (Kind.VERSION, Kind.NOTES), "unlinked": (Kind.UNLINKED, Kind.UNLINKED_NOTES)}
_NAMED = {"aliases": (Kind.ALIAS, ALIAS), "automations": (Kind.AUTOMATION, NAME)}


@lru_cache(maxsize=1024)
def identify(path: str) -> Identity:
    """Return what `path` is about; `Kind.OUTSIDE` if the format doesn't know it."""
    match path.split("/"):
        case [file] if file == ORGANIZATION:
            return Identity(Kind.ORGANIZATION)
        case [registry, file] if file in _IN_REGISTRY and _is_place(registry):
            return Identity(_IN_REGISTRY[file], registry)
        case [registry, "automations", file] if _is_place(registry):
            return _named(Kind.AUTOMATION, registry, [], file)
        case [registry, "runs", *spread, file] if _is_place(registry):
            return _named(Kind.RUN, registry, spread, file)
        case [registry, collection, *rest] if _is_place(registry) and _is_place(collection):
            return _in_collection(registry, collection, rest)
    return Identity(Kind.OUTSIDE)


@lru_cache(maxsize=1 << 15)
def _is_place(name: str) -> bool:
    """May a registry or a collection be called so? Few names stand in the paths of many files."""
    return not PLACE.problem(name)


def _named(kind: Kind, registry: str, spread: list[str], file: str) -> Identity:
    name = file.removesuffix(".yaml")
    if name == file or NAME.problem(name) or spread not in ([], [spread_directory(name)]):
        return Identity(Kind.OUTSIDE)
    return Identity(kind, registry, name=name)


def _in_collection(registry: str, collection: str, rest: list[str]) -> Identity:
    outside = Identity(Kind.OUTSIDE)
    match rest:
        case [file] if file in _IN_COLLECTION:
            return Identity(_IN_COLLECTION[file], registry, collection)
        case [("aliases" | "automations") as directory, file] if file.endswith(".yaml"):
            kind, rule = _NAMED[directory]
            name = file.removesuffix(".yaml")
            return outside if rule.problem(name) else Identity(kind, registry, collection, name)
        case [("versions" | "unlinked") as directory, *spread, file] if file.endswith(".yaml"):
            version, notes = _VERSIONED[directory]
            name = file.removesuffix(".yaml")
            kind, name = (notes, name.removesuffix(".notes")) if name.endswith(".notes") else (version, name)
            if VERSION_ID.problem(name) or spread not in ([], [spread_directory(name)]):
                return outside
            return Identity(kind, registry, collection, name)
    return outside


def spread_directory(name: str) -> str:
    """Return which directory takes a version or run where there are many: the first two characters.

    A run's id may have capitals and dots. Two directories that differ in case alone, or one that ends in
    a dot, can't be checked out everywhere.
    """
    return name[:2].lower().rstrip(".")


def registry_path(registry: str) -> str:
    """Return where a registry's document is."""
    return f"{registry}/registry.yaml"


def project_path(project: str) -> str:
    """Return where a project's document is."""
    return f"{project}/project.yaml"


def access_path(registry: str) -> str:
    """Return where a registry's access document is."""
    return f"{registry}/access.yaml"


def collection_path(collection: str) -> str:
    """Return where the document of a collection, given as `model/churn`, is."""
    return f"{collection}/collection.yaml"


def card_path(subject: str) -> str:
    """Return where the card of a registry or collection is."""
    return f"{subject}/README.md"


def alias_path(collection: str, alias: str) -> str:
    """Return where an alias is."""
    return f"{collection}/aliases/{alias}.yaml"


def automation_path(place: str, name: str) -> str:
    """Return where an automation of a registry or collection is."""
    return f"{place}/automations/{name}.yaml"


def manifest_path(collection: str, version: str, *, spread: bool = False, unlinked: bool = False) -> str:
    """Return where a version's manifest is: linked or unlinked, in a flat or a spread directory."""
    directory = "unlinked" if unlinked else "versions"
    return _below(f"{collection}/{directory}", version, spread=spread)


def notes_path(manifest: str) -> str:
    """Return where the notes beside a manifest are."""
    return f"{manifest.removesuffix('.yaml')}.notes.yaml"


def manifest_places(collection: str, version: str, *, unlinked: bool = False) -> Iterator[str]:
    """Yield the places a version's manifest may be at, the usual one first."""
    yield manifest_path(collection, version, unlinked=unlinked)
    yield manifest_path(collection, version, spread=True, unlinked=unlinked)


def version_files(collection: str, version: str) -> list[str]:
    """Return every file that may hold a version or its notes: linked or unlinked, flat or spread."""
    manifests = [
        place
        for unlinked in (False, True)
        for place in manifest_places(collection, version, unlinked=unlinked)
    ]
    return [*manifests, *map(notes_path, manifests)]


def run_path(project: str, run: str, *, spread: bool = False) -> str:
    """Return where a run's document is, in a flat or a spread directory."""
    return _below(f"{project}/runs", run, spread=spread)


def run_places(project: str, run: str) -> Iterator[str]:
    """Yield the places a run's document may be at, the usual one first."""
    yield run_path(project, run)
    yield run_path(project, run, spread=True)


def _below(directory: str, name: str, *, spread: bool) -> str:
    middle = f"{spread_directory(name)}/" if spread else ""
    return f"{directory}/{middle}{name}.yaml"
