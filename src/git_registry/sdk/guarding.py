"""A clone's pre-push hook, put there when the first blob waits: `git push` must not overtake the blobs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.repository import hooks
from git_registry.repository.hooks import Placed

NAME = "pre-push"

_PACKAGE = Path(__file__).parents[1]


def guard(catalog: Catalog) -> None:
    """Put the pre-push hook into the clone, unless it has one; then say what belongs into that.

    The hook calls the Python that runs now, so it needs nothing on the path.
    """
    repository = catalog.repository
    match hooks.put(repository, NAME, script()):
        case Placed.PUT:
            catalog.notify(
                "blobs wait here for the store: `git registry sync` uploads and publishes; "
                f"a {NAME} hook now stops a `git push` before that"
            )
        case Placed.TAKEN:
            catalog.notify(
                "blobs wait here for the store: `git registry sync` uploads and publishes; to stop a "
                f"`git push` before that, add to {hooks.place_of(repository, NAME)} (it reads what git "
                f'tells it): {_python()} -I -m git_registry.hooks.pre_push "$@" || exit 1'
            )
        case Placed.THERE:
            pass


def script() -> str:
    """Return the hook as it goes into a clone."""
    return _shipped().read_text(encoding="utf-8").replace("python=python3", f"python={_python()}", 1)


def _shipped() -> Path:
    """Return the hook as it came with the package: in it where it was installed, beside it in a checkout."""
    installed = _PACKAGE / "_shipped" / "hooks" / NAME
    return installed if installed.is_file() else _PACKAGE.parents[1] / "hooks" / NAME


def _python() -> str:
    return shlex.quote(sys.executable)
