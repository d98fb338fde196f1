"""The automations of an organization, where they stand at a commit."""

from __future__ import annotations

from collections.abc import Container

from git_registry.automation.happening import Placed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.tree import CommitTree
from git_registry.catalog.wellformed import MOST_AUTOMATIONS
from git_registry.codec.reading import decode
from git_registry.errors import InvalidDocument
from git_registry.model.documents.automation import Automation
from git_registry.model.layout import automation_path
from git_registry.model.snapshot import Snapshot


def automations_at(catalog: Catalog, commit: str) -> list[Placed]:
    """Return all automations at a commit, by place and name; one that can't be read is told and left out."""
    reading = Reading(catalog)
    return [one for place in Snapshot(catalog.tree(commit)).places() for one in reading.at(commit, place)]


def around(now: Snapshot, path: str) -> list[str]:
    """Return the places whose automations may start from what happens at a path: it, and its registry.

    The organization has no path, and no automations: what happens to it starts those of registries.
    """
    if not path:
        return list(now.registries())
    registry, _, collection = path.partition("/")
    return [registry, path] if collection else [registry]


def read(tree: CommitTree, place: str, name: str) -> Placed:
    """Return an automation of a registry or collection.

    It is read as strictly as what decides who may do what: it decides who is told what, and a field that
    nobody here knows may be one that keeps it from that.

    Raises:
        NotFound: there is none.
        InvalidDocument: it can't be read.
    """
    path = automation_path(place, name)
    document = decode(Automation, tree.content(path), where=path, strict=True)
    return Placed(path=path, place=place, name=name, document=document)


class Reading:
    """Those of one place at a time, at many commits. Each file is read, and told of, once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._read: dict[tuple[str, str], Placed | None] = {}
        self._full: set[str] = set()

    def at(self, commit: str, place: str, besides: Container[str] = ()) -> list[Placed]:
        """Return those of a registry or collection, by name; one that can't be read is told and left out.

        Args:
            commit: the step.
            place: the registry or collection.
            besides: the paths of those that are not asked for.
        """
        tree = self._catalog.tree(commit)
        names = [one for one in self._names(tree, place) if automation_path(place, one) not in besides]
        return [one for name in names if (one := self._known(tree, place, name))]

    def paths(self, commit: str, place: str) -> list[str]:
        """Return where those of a registry or collection are, unread."""
        return [automation_path(place, name) for name in self._names(self._catalog.tree(commit), place)]

    def _names(self, tree: CommitTree, place: str) -> list[str]:
        """Return the first ones, if there are more than any step may leave there, and tell that once."""
        names = Snapshot(tree).automation_names(place)
        if len(names) > MOST_AUTOMATIONS and place not in self._full:
            self._full.add(place)
            self._catalog.notify(
                f"{place}/automations/: there are {len(names):,} automations; those after the first "
                f"{MOST_AUTOMATIONS} start nothing"
            )
        return names[:MOST_AUTOMATIONS]

    def _known(self, tree: CommitTree, place: str, name: str) -> Placed | None:
        path = automation_path(place, name)
        entry = Snapshot(tree).entry(path)
        assert entry is not None, "it was listed"
        if (path, entry.id) not in self._read:
            self._read[path, entry.id] = self._readable(tree, place, name)
        return self._read[path, entry.id]

    def _readable(self, tree: CommitTree, place: str, name: str) -> Placed | None:
        try:
            return read(tree, place, name)
        except InvalidDocument as problem:
            self._catalog.notify(f"this automation can't be read, and starts nothing: {problem}")
            return None
