"""Rolling back: pointing an alias at what it named before what it names now."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome
from git_registry.errors import NotFound, UsageError
from git_registry.index.events.history import Wanted
from git_registry.index.numbers import Numbers, numbers
from git_registry.model.edits import alias as edits
from git_registry.sdk import aliasing, auditing, selecting, targeting
from git_registry.sdk.selecting import Found
from git_registry.sdk.views import named, shown


def rollback(
    catalog: Catalog,
    collections: Sequence[str],
    alias: str,
    *,
    to: str | None = None,
    expect: str | None = None,
) -> Outcome:
    """Point an alias of each collection at the version it named before, in one commit.

    What is passed by is what did not move it, and the time it named nothing. Doing it twice comes back to
    where it was. It moves only from what this call saw, or from what `expect` says, as `promote` does.

    Args:
        catalog: the clone.
        collections: which, as selectors.
        alias: the name to move.
        to: one of the versions it named, if it is not the last one: `v7`, `@3fa94c1b`, an alias.
        expect: the version it must name now, or "none".

    Raises:
        Conflict: the alias names something else than expected.
        NotFound: it never named another version, or not that one; or what it named is not linked any more.
        UsageError: collections of several branches, or something that is no collection.
    """
    there, selectors = targeting.together(catalog, collections)
    paths = dict.fromkeys(selecting.whole(there, one) for one in selectors)
    moves = [(_before(there, path, alias, to), alias) for path in paths]
    return aliasing.point(there, moves, _subject, expect=expect)


def _before(catalog: Catalog, collection: str, alias: str, to: str | None) -> Found:
    held = _held(catalog, collection, alias)
    if to is not None:
        return _named(catalog, collection, alias, to, held)
    now = edits.named(catalog.now(), collection, alias)
    before = next((one for one in held if one != now), None)
    if before is None:
        raise NotFound(
            f"{alias} never pointed anywhere else, so there is nothing to go back to",
            where=named(catalog, collection),
            hint=f"`{_command('promote', 'SELECTOR', '--to', alias)}` points it at any version",
        )
    return _linked(catalog, collection, alias, before)


def _held(catalog: Catalog, collection: str, alias: str) -> list[str]:
    """Return the versions an alias named, the last first; some more than once."""
    told = auditing.held(catalog, named(catalog, collection), alias, Wanted())
    return [term.version for term in told.terms if term.version]


def _linked(catalog: Catalog, collection: str, alias: str, version: str) -> Found:
    manifest = catalog.now().find(collection, version)
    if manifest is None:
        called, name = shown(numbers(catalog), collection, version), named(catalog, collection)
        raise NotFound(
            f"{alias} pointed at {called} before, which was unlinked meanwhile",
            where=name,
            hint=f"`{_command('rollback', name, alias, '--to', 'VERSION')}` goes further back; "
            f"`{_command('history', name, '--alias', alias)}` tells what it pointed at",
        )
    return Found(collection=collection, id=version, manifest=manifest)


def _named(catalog: Catalog, collection: str, alias: str, to: str, held: Sequence[str]) -> Found:
    name = named(catalog, collection)
    version = to if to.startswith((":", "@")) else f":{to}"
    found = selecting.version(catalog, selecting.place(catalog, name + version).selector)
    if found.id not in held:
        raise UsageError(
            f"{alias} never pointed at {to}",
            where=name,
            hint=f"`{_command('promote', f'{name}{version}', '--to', alias)}`, if that is what is meant",
        )
    return found


def _command(*words: str) -> str:
    return shlex.join(("git", "registry", *words))


def _subject(known: Numbers, moves: aliasing.Moves) -> str:
    """Say what is rolled back, by numbers: `Roll back model/churn production to v7`."""
    steps = [
        f"{version.collection} {alias} to {aliasing.lasting(known, version.collection, version.id).strip()}"
        for version, alias in moves
    ]
    return f"Roll back {' and '.join(steps)}"
