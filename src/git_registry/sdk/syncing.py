"""Publishing what is waiting here, and bringing the branch up to date."""

from __future__ import annotations

from git_registry.catalog import syncing
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.syncing import Synced

__all__ = ["Synced", "sync"]


def sync(catalog: Catalog) -> Synced:
    """Bring the branch up to date with its upstream, and publish what is waiting.

    Raises:
        InvalidDocument: what is waiting does not follow the format. Nothing was pushed.
        Conflict: something here disagrees with what others published, or an alias names a version that is
            not linked. Nothing was pushed or changed.
        Refused: the remote's hooks refuse the push.
        NetworkError: the remote can't be reached.
    """
    return syncing.sync(catalog)
