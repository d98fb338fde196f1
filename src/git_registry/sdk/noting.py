"""What is added to versions and collections later: tags, metrics, metadata, a description."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.edits import collection as collections
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Edit
from git_registry.model.edits.version import Addition
from git_registry.model.names import TAG
from git_registry.sdk import selecting, targeting


def annotate(catalog: Catalog, selected: Sequence[str], addition: Addition) -> Outcome:
    """Add metrics, metadata, tags or a description to versions' notes, in one commit."""
    there, selectors = targeting.together(catalog, selected)
    found = [selecting.version(there, one) for one in selectors]
    steps: list[Edit] = [
        partial(versions.annotate, collection=one.collection, version=one.id, addition=addition)
        for one in found
    ]
    message = f"Annotate {' and '.join(f'{one.collection}@{one.id[:8]}' for one in found)}"
    return commit(there, Transaction(edits=steps, message=message))


def tag(
    catalog: Catalog,
    selected: str,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> Outcome:
    """Add and remove tags of a version or a collection.

    Raises:
        UsageError: a tag is not one, or the selector names a registry or a project.
    """
    for one in add:
        TAG.check(one)
    there, parsed = selecting.place(catalog, selected)
    edit: Edit
    if parsed.names_version:
        found = selecting.version(there, parsed)
        edit = partial(versions.retag, collection=found.collection, version=found.id, add=add, remove=remove)
        named = f"{found.collection}@{found.id[:8]}"
    elif parsed.collection is not None:
        named = selecting.collection(there, parsed)
        edit = partial(collections.tag_collection, path=named, add=add, remove=remove)
    else:
        what = "project; only artifacts" if parsed.project else "registry; only collections"
        raise UsageError(f"{selected} is a {what} and versions have tags")
    words = [f"add {', '.join(add)}"] * bool(add) + [f"remove {', '.join(remove)}"] * bool(remove)
    return commit(
        there,
        Transaction(edits=[edit], message=f"Tags of {named}: {'; '.join(words)}"),
    )
