"""What a script changed in what it read some time ago, put together with what others did since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.model import layout
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.record import Document
from git_registry.model.documents.registry import Registry
from git_registry.model.edits import access, collection
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.equality import same
from git_registry.model.names import TAG, TYPE
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import renaming
from git_registry.sdk.revising import revised
from git_registry.sdk.views import named

D = TypeVar("D", bound=Document)


def save_collection(
    catalog: Catalog, path: str, *, before: Collection, after: Collection, name: str
) -> Outcome:
    """Write what was changed of a collection or artifact, and call it `name`, in one commit.

    Args:
        catalog: the clone, seen from the branch it is on.
        path: where it is, `model/churn`.
        before: what it said when it was read.
        after: what it shall say.
        name: what it shall be called; its versions keep their numbers.

    Raises:
        Conflict: somebody changed the same meanwhile, or the name is taken.
        NotFound: it isn't there any more.
        UsageError: a name or tag is not allowed.
    """
    for tag in after.tags:
        TAG.check(tag)
    steps = _changed(layout.collection_path(path), before, after)
    if name != path.partition("/")[2]:
        return renaming.rename(catalog, named(catalog, path), name, first=steps)
    return commit(catalog, Transaction(edits=steps, message=f"Describe {path}"))


def save_registry(
    catalog: Catalog, name: str, *, before: Registry, after: Registry, visibility: str | None = None
) -> Outcome:
    """Write what was changed of a registry, in one commit.

    Args:
        catalog: the clone.
        name: the registry.
        before: what it said when it was read.
        after: what it shall say.
        visibility: who shall see it; None leaves that as it is.

    Raises:
        Conflict: somebody changed the same meanwhile.
        InvalidDocument: a type it accepted is gone.
        NotFound: it isn't there any more.
        Refused: it is restricted, and shall be so no longer.
        UsageError: it is no type or visibility.
    """
    for artifact_type in after.types:
        TYPE.check(artifact_type)
    steps = _changed(layout.registry_path(name), before, after)
    if visibility is not None:
        steps.append(partial(access.set_visibility, registry=name, wanted=visibility))
    return commit(catalog, Transaction(edits=steps, message=f"Describe {name}"))


def _changed(path: str, before: D, after: D) -> list[Edit]:
    def change(now: Snapshot) -> Changes:
        return revised(path, now.tree.document(path, type(before)), before=before, after=after)

    return [] if same(before, after) else [change]


def create_registry(
    catalog: Catalog, name: str, registry: Registry, *, visibility: str, admins: Sequence[str] = ()
) -> Outcome:
    """Create a registry, seen by the whole organization or by few, in one commit.

    Args:
        catalog: the clone.
        name: of its directory.
        registry: what it says of itself.
        visibility: `organization` or `restricted`.
        admins: principals who are its admins from the start.

    Raises:
        Conflict: there is one of that name.
        UsageError: it may not be called that.
    """
    steps: list[Edit] = [partial(collection.create_registry, name=name, registry=registry)]
    steps.append(partial(access.set_visibility, registry=name, wanted=visibility))
    steps += [partial(access.grant, registry=name, principal=one, role="admin") for one in admins]
    return commit(catalog, Transaction(edits=steps, message=f"Create the registry {name}"))


def delete_registry(catalog: Catalog, name: str) -> Outcome:
    """Delete a registry with all its collections, in one commit. What was linked there stays in `unlinked/`.

    Raises:
        NotFound: it isn't there.
    """
    step = partial(collection.delete_registry, name=name, with_collections=True)
    return commit(catalog, Transaction(edits=[step], message=f"Delete {name}"))
