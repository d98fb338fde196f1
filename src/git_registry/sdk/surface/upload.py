"""Uploading what a script may go on to change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from git_registry.sdk.drafting import Draft
from git_registry.store.blobs import Store, Stored


def prepared(draft: Draft, store: Store) -> Callable[[], Sequence[Stored]]:
    """Return what uploads a draft, to be called by another thread while the script goes on.

    Scripts write every checkpoint to the same file, and throw directories away. So what may change is copied
    aside first; into a store on this machine it is put at once, which costs no more than the copy.
    """
    if store.is_local:
        stored = draft.stored(store)
        return lambda: stored
    draft.hold()
    return lambda: draft.stored(store)
