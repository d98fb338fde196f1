"""Renaming a collection of a registry, or an artifact of a project."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.model.edits import renaming as edits
from git_registry.model.edits.change import Edit
from git_registry.sdk import selecting


def rename(catalog: Catalog, selected: str, name: str, *, first: Sequence[Edit] = ()) -> Outcome:
    """Call a collection something else; its versions keep their numbers, aliases and notes.

    Who uses the old path is told the new one, and what names it there by digest finds it.

    Args:
        catalog: the clone.
        selected: the collection, `model/churn` or `projects/churn/features`.
        name: the new name; with a registry in front, `archive/churn`, it moves there.
        first: what is changed in the same commit, while it is at its old place.

    Raises:
        NotFound: there is no such collection or registry.
        Conflict: the new place is, or was, another's.
        Refused: the registry does not accept its type.
        UsageError: it may not be called that.
    """
    there, selector = selecting.place(catalog, selected)
    old = selecting.whole(there, selector)
    new = name if "/" in name else f"{selector.registry}/{name}"
    steps: list[Edit] = [*first, partial(edits.rename, old=old, new=new)]
    return commit(there, Transaction(edits=steps, message=f"Rename {old} to {new}"))
