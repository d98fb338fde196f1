"""By which rules what is done here would be judged, if it were pushed now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import NotFound, UsageError
from git_registry.model import layout
from git_registry.model.snapshot import Snapshot
from git_registry.policy.rules import Rules
from git_registry.repository import history, remote, worktree
from git_registry.sdk import selecting


class InForce(NamedTuple):
    """The rules, and the organization at the same commit."""

    rules: Rules
    now: Snapshot


def in_force(catalog: Catalog, registry: str = "") -> InForce:
    """Return the rules of the default branch as it was published last; of the one here without a remote.

    Where what is here says something else of the organization or of the registry asked about, that is told.
    Whoever looks back is answered by the rules of then.

    Raises:
        NotFound: there is no commit yet.
        UsageError: nobody says which the default branch is.
    """
    shown = selecting.registries(catalog)
    published = None if shown.commit else shown.published_tip()
    commit = shown.commit or published or _local(shown)
    if commit is None:
        raise NotFound(
            "there are no rules yet: there is no commit", hint="`git registry init` creates an organization"
        )
    if published and _differ(shown, published, registry):
        shown.notify(
            f"by the rules of {published[:8]}, which are published: a push is judged by them; "
            f"here are others, `git registry sync` {_sync(shown, published)}"
        )
    for path in _edited(shown, registry):
        shown.notify(f"{path} is edited and not committed, which counts for nothing yet")
    return InForce(rules_at(shown, commit), Snapshot(shown.tree(commit)))


def _local(catalog: Catalog) -> str | None:
    with suppress(UsageError):
        branch = catalog.repository.branch(remote.default_branch(catalog.repository))
        if branch:
            return branch
    return catalog.tip()


def _differ(catalog: Catalog, published: str, registry: str) -> bool:
    here, there = catalog.tip(), Snapshot(catalog.tree(published))
    if here is None or here == published:
        return False
    mine = Snapshot(catalog.tree(here))
    return any(mine.entry(path) != there.entry(path) for path in _paths(registry))


def _sync(catalog: Catalog, published: str) -> str:
    here = catalog.tip()
    behind = here is not None and history.is_ancestor(catalog.repository, here, published)
    return "brings those here" if behind else "publishes yours"


def _edited(catalog: Catalog, registry: str) -> Sequence[str]:
    """Return the policy documents that differ in the work tree from what is committed."""
    if catalog.commit or catalog.repository.work_tree is None:
        return ()
    return worktree.dirty(catalog.repository, _paths(registry))


def _paths(registry: str) -> list[str]:
    """Return what says who may do something in a registry; of the whole organization for none."""
    own = [layout.registry_path(registry), layout.access_path(registry)] if registry else []
    return [layout.ORGANIZATION, *own]
