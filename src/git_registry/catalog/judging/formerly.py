"""What an alias pointed at before it last moved, wherever its collection was by then."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.model import layout
from git_registry.model.diff import examine
from git_registry.model.events import CollectionRenamed
from git_registry.model.snapshot import Snapshot
from git_registry.repository import history
from git_registry.repository.history import Step


def before_its_last_move(catalog: Catalog, commit: str, collection: str, alias: str) -> str | None:
    """Return the id that an alias pointed at just before the one that it points at in a commit.

    None if that was nothing, or if it never moved. A step that renamed the collection is no move: what came
    before it is read at the path that the collection had by then.
    """
    now = _pointed(catalog, commit, collection, alias)
    tip: str | None = commit
    while tip is not None:
        step = _last_touched(catalog, tip, collection, alias, now)
        if step is None or not step.parents:
            return None
        tip, path = step.parents[0], collection
        if _pointed(catalog, tip, path, alias) is None:
            collection = _renamed_from(catalog, step, path)
        before = _pointed(catalog, tip, collection, alias)
        if before != now or collection == path:
            return before
    return None


def _last_touched(catalog: Catalog, tip: str, collection: str, alias: str, now: str | None) -> Step | None:
    """Return the last step in which an alias came to point where it points now; None if there is none."""
    path = layout.alias_path(collection, alias)
    for step in history.steps(catalog.repository, tip, paths=(path,), oldest_first=False, with_changes=False):
        # Not each of these moved it: some only spelled it otherwise.
        if not step.parents or _pointed(catalog, step.parents[0], collection, alias) != now:
            return step
    return None


def _renamed_from(catalog: Catalog, step: Step, collection: str) -> str:
    """Return the path that a collection had before a step; the same if that did not rename it."""
    events = examine(Snapshot(catalog.tree(step.parents[0])), Snapshot(catalog.tree(step.commit))).events
    renames = (one for one in events if isinstance(one, CollectionRenamed) and one.path == collection)
    return next((one.before for one in renames if one.before is not None), collection)


def _pointed(catalog: Catalog, commit: str, collection: str, alias: str) -> str | None:
    try:
        return Snapshot(catalog.tree(commit)).alias(collection, alias)
    except RegistryError:
        return None
