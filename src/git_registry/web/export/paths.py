"""Where the files of an export lie: below its directory, whatever anything is called."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from git_registry.errors import UsageError
from git_registry.web.addresses import Address

INDEX = "index.html"
"""What web hosts show of a directory."""

NOT_FOUND, NO_JEKYLL = "404.html", ".nojekyll"
"""What they show of what is not there; and what tells GitHub's to leave out no file (`-` or `_` first)."""

_PART = re.compile(r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]{0,199}")
"""A name of one file: not hidden, and neither the directory itself nor the one above."""


def of(address: Address) -> str:
    """Return the path of a page's file, `model/churn/index.html`.

    Raises:
        UsageError: a part of the address can't be a file's name.
    """
    parts = (*address.parts, address.file or INDEX)
    _check(parts)
    return "/".join(parts)


def checked(path: str) -> str:
    """Return the path of a file of an export.

    Raises:
        UsageError: it leads elsewhere, or to a hidden file that is none of an export's.
    """
    if path != NO_JEKYLL:
        _check(path.split("/"))
    return path


def _check(parts: Sequence[str]) -> None:
    if not all(map(_PART.fullmatch, parts)):
        raise UsageError("no file of an export can be called so", where="/".join(parts))


def clashing(found: Collection[str]) -> list[str]:
    """Return the paths below one that is a file: a registry may be called `index.html`."""
    files = set(found)
    return [path for path in found if any(str(above) in files for above in PurePosixPath(path).parents)]
