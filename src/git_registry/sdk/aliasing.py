"""Aliases: promoting several versions at once, adding and removing names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.index.numbers import Numbers, at_hand, numbers
from git_registry.model.edits import alias as edits
from git_registry.model.edits.alias import Shown
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting, targeting
from git_registry.sdk.placing import by_its_name
from git_registry.sdk.selecting import Found
from git_registry.sdk.views import named, shown

Moves: TypeAlias = Sequence[tuple[Found, str]]
"""Each version, and the alias that is to name it."""

NONE = "none"
"""How `--expect` says that there must be no such alias yet."""


def promote(catalog: Catalog, selected: Sequence[str], alias: str, *, expect: str | None = None) -> Outcome:
    """Point `alias` at each version, in one commit that readers see whole or not at all.

    It moves only from what this call saw, or from what `expect` says: a concurrent promotion is a
    conflict, never overwritten.

    Args:
        catalog: the clone.
        selected: one version a collection, as selectors.
        alias: the name to move.
        expect: the version it must name now (`v7`, `@3fa94c1b`, an alias), or "none".

    Raises:
        Conflict: the alias names something else than expected.
        UsageError: versions of several branches; or two of one collection.
    """
    there, selectors = targeting.together(catalog, selected)
    versions = [selecting.version(there, one) for one in selectors]
    collections = [version.collection for version in versions]
    twice = next((one for one in collections if collections.count(one) > 1), None)
    if twice:
        raise UsageError(f"an alias names exactly one version of {named(there, twice)}, and two were given")
    return point(there, [(one, alias) for one in versions], _subject, expect=expect)


def add(catalog: Catalog, selected: str, aliases: Sequence[str]) -> Outcome:
    """Point several aliases at one version, in one commit."""
    there, selector = selecting.place(catalog, selected)
    version = selecting.version(there, selector)
    return point(there, [(version, alias) for alias in dict.fromkeys(aliases)], _subject)


def remove(catalog: Catalog, target: str, aliases: Sequence[str]) -> Outcome:
    """Take aliases away from a collection.

    Raises:
        NotFound: one of them isn't there; then none is removed.
    """
    there, selector = selecting.place(catalog, target)
    path = selecting.whole(there, selector)
    steps = [partial(edits.remove, collection=path, alias=alias) for alias in dict.fromkeys(aliases)]
    with by_its_name(there):
        return commit(there, Transaction(edits=steps, message=f"Remove {', '.join(aliases)} from {path}"))


def point(
    catalog: Catalog, moves: Moves, said: Callable[[Numbers, Moves], str], *, expect: str | None = None
) -> Outcome:
    """Point aliases at versions, in one commit; each only from what is seen now, or from what `expect` says.

    Args:
        catalog: the clone, seen from the branch that all of them are on.
        moves: what is to name what.
        said: makes the commit's subject.
        expect: the version that each must name now, or "none".

    Raises:
        Conflict: one names something else than expected.
    """
    now = catalog.now()
    known = at_hand(catalog)
    steps: list[Edit] = []
    for version, alias in moves:
        path, called = version.collection, partial(shown, known, version.collection)
        if expect is not None:
            expected = _expected(catalog, path, expect)
            steps.append(partial(_expect, path=path, alias=alias, expected=expected, called=called))
        seen = edits.named(now, path, alias)
        steps.append(partial(_move, version=version, alias=alias, seen=seen, called=called))
    with by_its_name(catalog):
        return commit(catalog, Transaction(edits=steps, message=said(known, moves)))


def _move(now: Snapshot, version: Found, alias: str, seen: str | None, called: Shown) -> Changes:
    if edits.named(now, version.collection, alias) == version.id:
        return {}
    edits.expect(now, version.collection, alias, seen, called)
    return edits.point(now, version.collection, alias, version.id)


def _expect(now: Snapshot, path: str, alias: str, expected: str | None, called: Shown) -> Changes:
    edits.expect(now, path, alias, expected, called)
    return {}


def _expected(catalog: Catalog, collection: str, expect: str) -> str | None:
    """Return the id that `--expect` names. By its number it may be one that was unlinked meanwhile."""
    if expect == NONE:
        return None
    version = expect if expect.startswith((":", "@")) else f":{expect}"
    selector = selecting.place(catalog, named(catalog, collection) + version).selector
    retired = numbers(catalog).find(collection, selector.number) if selector.number is not None else None
    return retired or selecting.version(catalog, selector).id


def lasting(known: Numbers, path: str, version: str) -> str:
    """Return ` v3`, or `@3fa94c1b` while the number may still change: a commit message stays."""
    numbered = known.get(path, version)
    return f" v{numbered.number}" if numbered and known.is_published(numbered) else f"@{version[:8]}"


def _subject(known: Numbers, moves: Moves) -> str:
    """Say what is promoted, by numbers: `Promote model/churn v3 to production`."""
    versions = {version.collection: version for version, _ in moves}
    aliases = ", ".join(dict.fromkeys(alias for _, alias in moves))
    named_so = [f"{path}{lasting(known, path, version.id)}" for path, version in versions.items()]
    return f"Promote {' and '.join(named_so)} to {aliases}"
