"""A clone's pre-push hook, put there when a blob waits: `git push` must not overtake the blobs."""

from __future__ import annotations

from weakref import WeakSet

from git_registry.catalog.catalog import Catalog
from git_registry.repository import hooks
from git_registry.repository.hooks import Placed
from git_registry.repository.repository import Repository
from git_registry.sdk.serving import shims
from git_registry.sdk.serving.whose import calls_ours

NAME = "pre-push"

CALLED = shims.module(NAME)
"""What a hook of somebody's own has to run."""

_told: WeakSet[Repository] = WeakSet()
"""Those of which it was said that nothing guards them: once for each time they are opened."""


def guard(catalog: Catalog) -> None:
    """Put the pre-push hook into the clone; if another is there, say what belongs into that, unless it is.

    The hook calls the Python that runs now, so it needs nothing on the path.
    """
    repository = catalog.repository
    match hooks.put(repository, NAME, script()):
        case Placed.PUT:
            catalog.notify(
                "blobs wait here for the store: `git registry sync` uploads and publishes; "
                f"a {NAME} hook now stops a `git push` before that"
            )
        case Placed.TAKEN if repository not in _told and not _is_chained(repository):
            _told.add(repository)
            catalog.notify(
                "blobs wait here for the store: `git registry sync` uploads and publishes; to stop a "
                f"`git push` before that, add to {hooks.place_of(repository, NAME)} (it reads what git "
                f'tells it): {shims.python()} -I -m {CALLED} "$@" || exit 1'
            )
        case _:
            pass


def _is_chained(repository: Repository) -> bool:
    return calls_ours(hooks.place_of(repository, NAME), NAME)


def script() -> str:
    """Return the hook as it goes into a clone."""
    return shims.script(NAME)
