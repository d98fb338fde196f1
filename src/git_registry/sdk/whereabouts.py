"""Where something went that is not where it was looked for: renamed, unlinked, purged.

It is asked once nothing was found. Nothing is fetched to find out: a clone that can't tell says less.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound, RegistryError
from git_registry.index.events.history import Recorded, Wanted, recorded
from git_registry.index.events.renames import Rename, renames
from git_registry.index.events.sources import Subject
from git_registry.index.moment import Moment
from git_registry.index.opening import ask
from git_registry.model.events import (
    CollectionCreated,
    CollectionDeleted,
    CollectionRenamed,
    VersionPurged,
    VersionUnlinked,
)

T = TypeVar("T")

_COLLECTION = frozenset({CollectionCreated.kind, CollectionDeleted.kind, CollectionRenamed.kind})
_VERSION = frozenset({VersionUnlinked.kind, VersionPurged.kind, CollectionRenamed.kind})


def hint(catalog: Catalog, path: str) -> str:
    """Return what a collection that isn't there is called now, or was called then; else an empty text."""
    rename = renamed(catalog, path)
    if rename:
        return f"it was renamed to {rename.event.path}{_by(rename)}"
    before = _then(catalog, path) if catalog.commit else None
    return f"it was {before} then" if before else ""


def renamed(catalog: Catalog, path: str) -> Recorded | None:
    """Return the rename that took a collection from a path to where it is now; None if it left by none."""
    return _answer(catalog, lambda moment: _followed(path, lambda place: _last(moment, place)))


def moved(catalog: Catalog, path: str, version: str) -> Recorded | None:
    """Return the rename that took a version from a path to where it is now; None if it left by none."""
    now = catalog.now()
    if now.find(path, version) or now.find(path, version, unlinked=True):
        return None
    return _answer(catalog, lambda moment: _moved(moment, path, version))


def gone(catalog: Catalog, path: str, version: str, number: int) -> NotFound:
    """Return the error that says how a version, which has a number there, left its collection."""
    rename, last = ask(catalog, lambda moment: (_moved(moment, path, version), _taken(moment, path, version)))
    if rename:
        return NotFound(
            f"v{number} moved to {rename.event.path} with the rename{_by(rename)}",
            where=path,
            hint=f"it is {rename.event.path}:v{number} now",
        )
    by = _by(last) if last else ""
    if last and isinstance(last.event, VersionPurged):
        return NotFound(f"v{number} was purged{by}", where=path)
    return NotFound(
        f"v{number} was unlinked{by}",
        where=path,
        hint=f"linking @{version[:8]} again brings it back with its number",
    )


def _answer(catalog: Catalog, question: Callable[[Moment], T | None]) -> T | None:
    if not catalog.repository.is_shallow:
        with suppress(RegistryError):
            return ask(catalog, question)
    return None


def _by(one: Recorded) -> str:
    return f" by {one.author.name} on {one.committer.at.date()}"


def _last(moment: Moment, path: str) -> Recorded | None:
    """Return the last event by which a collection came to a path, or left it."""
    wanted = Wanted(subject=Subject(path=path), kinds=_COLLECTION, limit=1)
    return next(iter(recorded(moment, wanted)), None)


def _moved(moment: Moment, path: str, version: str) -> Recorded | None:
    return _followed(path, lambda place: _taken(moment, place, version))


def _taken(moment: Moment, path: str, version: str) -> Recorded | None:
    """Return the last event that took a version away from a path, or from what that was called before."""
    wanted = Wanted(subject=Subject(path=path, version=version), kinds=_VERSION)
    return next((one for one in recorded(moment, wanted) if not _arrived(one, path)), None)


def _arrived(one: Recorded, path: str) -> bool:
    return isinstance(one.event, CollectionRenamed) and one.event.path == path


def _followed(path: str, last: Callable[[str], Recorded | None]) -> Recorded | None:
    """Follow renames from a path on, each later than the one before, and return the last."""
    found: Recorded | None = None
    while True:
        one = last(path)
        if one is None or not isinstance(one.event, CollectionRenamed) or one.event.before != path:
            return found
        if found and one.position <= found.position:
            return found
        found, path = one, one.event.path


def _then(catalog: Catalog, path: str) -> str | None:
    """Return what a collection of today was called at the commit that is looked back to."""
    present = catalog.seen_from(catalog.branch)
    since = _answer(catalog, lambda moment: moment.line.position)
    later: list[Rename] = _answer(present, lambda moment: list(renames(moment))) or []
    for one in reversed(later):
        if since is not None and one.position > since and one.after == path:
            path = one.before
            if catalog.now().has_collection(path):
                return path
    return None
