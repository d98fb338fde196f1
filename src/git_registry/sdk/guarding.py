"""A clone's pre-push hook, put there when a blob waits: `git push` must not overtake the blobs."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

from git_registry.catalog.catalog import Catalog
from git_registry.repository import hooks
from git_registry.repository.hooks import Placed
from git_registry.repository.repository import Repository

NAME = "pre-push"

CALLED = "git_registry.hooks.pre_push"
"""What a hook of somebody's own has to run."""

_PACKAGE = Path(__file__).parents[1]


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
                f'tells it): {_python()} -I -m {CALLED} "$@" || exit 1'
            )
        case _:
            pass


def _is_chained(repository: Repository) -> bool:
    """Does the hook that is there call ours? Husky's leads to one of the same name in the directory above."""
    place = hooks.place_of(repository, NAME)
    for hook in (place, place.parents[1] / NAME):
        with suppress(OSError):
            if CALLED.encode() in hook.read_bytes():
                return True
    return False


def script() -> str:
    """Return the hook as it goes into a clone."""
    return _shipped().read_text(encoding="utf-8").replace("python=python3", f"python={_python()}", 1)


def _shipped() -> Path:
    """Return the hook as it came with the package: in it where it was installed, beside it in a checkout."""
    installed = _PACKAGE / "_shipped" / "hooks" / NAME
    return installed if installed.is_file() else _PACKAGE.parents[1] / "hooks" / NAME


def _python() -> str:
    return shlex.quote(sys.executable)
