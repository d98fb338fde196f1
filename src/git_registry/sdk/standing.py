"""Where a branch stands: which of its commits are only here, and which are only where it is published."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.repository import history, remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A branch that is read, next to what was last fetched of it.

    Attributes:
        shown: whose commits are read: `main`, or `origin/main` where that holds more.
        upstream: what it follows, `origin/main`; empty where there is no remote.
        unpublished: commits that are read and were not published.
        unseen: commits that others published and that are not read: the two went different ways.
    """

    shown: str
    upstream: str = ""
    unpublished: int = 0
    unseen: int = 0


def standing(catalog: Catalog) -> Standing:
    """Return where the branch stands that a catalog reads now, whatever commit of the past it looks at.

    No remote is asked, and no child of git is started while the branch stands where it stood.
    """
    repository, branch, tip = catalog.repository, catalog.branch or "", catalog.present_tip()
    found = remote.destination(repository, branch) if branch else None
    if tip is None or found is None or found.tracking is None:
        return Standing(shown=branch, upstream=found.name if found else "")
    unpublished, unseen = history.apart(repository, tip, repository.ref(found.tracking))
    return Standing(
        shown=branch if repository.branch(branch) == tip else found.name,
        upstream=found.name,
        unpublished=unpublished,
        unseen=unseen,
    )
