"""What a script changed in what it read some time ago, put together with what others did since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.merging import Disagreement, merged
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import Conflict
from git_registry.model import layout
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.record import Document
from git_registry.model.documents.registry import Registry
from git_registry.model.edits import access, collection, renaming
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.equality import same
from git_registry.model.names import TAG, TYPE
from git_registry.model.snapshot import Snapshot

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
    new = f"{path.partition('/')[0]}/{name}"
    steps: list[Edit] = []
    if not same(before, after):
        steps.append(_putting(layout.collection_path(path), before, after))
    if new != path:
        steps.append(partial(renaming.rename, old=path, new=new))
    subject = f"Rename {path} to {new}" if new != path else f"Describe {path}"
    return commit(catalog, Transaction(edits=steps, message=subject))


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
    steps: list[Edit] = []
    if not same(before, after):
        steps.append(_putting(layout.registry_path(name), before, after))
    if visibility is not None:
        steps.append(partial(access.set_visibility, registry=name, wanted=visibility))
    return commit(catalog, Transaction(edits=steps, message=f"Describe {name}"))


def _putting(path: str, before: D, after: D) -> Edit:
    def put(now: Snapshot) -> Changes:
        there = now.tree.document(path, type(before))
        try:
            together = merged(before, after, there)
        except Disagreement as both:
            raise Conflict(
                f"somebody changed its {both} meanwhile",
                where=path,
                hint="load() reads it again; then change it",
            ) from both
        return {} if same(there, together) else {path: together}

    return put


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

    def empty(now: Snapshot) -> Changes:
        now.registry(name)  # or say that there is none
        return {
            path: change
            for one in now.collections(name)
            for path, change in collection.delete_collection(now, one).items()
        }

    steps: list[Edit] = [empty, partial(collection.delete_registry, name=name)]
    return commit(catalog, Transaction(edits=steps, message=f"Delete {name}"))
