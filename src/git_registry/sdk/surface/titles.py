"""Names with spaces, as W&B allows them: a directory has a plain one, and the name becomes the title."""

from __future__ import annotations

import re

from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.names import PLACE
from git_registry.model.snapshot import Snapshot

_NO_DIRECTORY = re.compile(r"[^A-Za-z0-9._-]+")


def title(name: str) -> str | None:
    """Return a name that no directory can have, and that is a title therefore; None of one that can."""
    return name if PLACE.problem(name) else None


def directory(name: str) -> str:
    """Return a name, or what a directory of that title is called: `zoo-classifier`.

    Raises:
        UsageError: no directory can be named after it.
    """
    if title(name) is None:
        return name
    made = _NO_DIRECTORY.sub("-", name).strip("-._").lower()
    if PLACE.problem(made):
        raise UsageError(
            f"Invalid name {name!r}: no directory can be named after it", hint=PLACE.problem(name) or ""
        )
    return made


class Taken(NotFound):
    """No collection has this title, and the directory it would have is another one's."""


def collection(now: Snapshot, registry: str, name: str) -> str:
    """Return the path of the collection with this name or title; the one it would have if there is none.

    Raises:
        NotFound: several have that title.
        Taken: none has it, and its directory is another one's.
        UsageError: no directory can be named after it.
    """
    if title(name) is None:
        return f"{registry}/{name}"
    found = [path for path in now.collections(registry) if _title(now, path).casefold() == name.casefold()]
    if len(found) > 1:
        raise NotFound(
            f"{name!r} names several collections: {', '.join(found)}", hint="use the name, not the title"
        )
    return found[0] if found else _free(now, f"{registry}/{directory(name)}", name)


def _free(now: Snapshot, path: str, name: str) -> str:
    if not now.has_collection(path):
        return path
    other = _title(now, path)
    raise Taken(
        f"there is no collection {name!r}: its directory is that of {other or path.partition('/')[2]!r}",
        where=path,
        hint=f"write {path} if that is meant, or choose another name",
    )


def _title(now: Snapshot, path: str) -> str:
    try:
        return now.collection(path).title or ""
    except InvalidDocument:
        return ""
