"""Pointing an alias at a version, and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from git_registry.errors import Conflict, InvalidDocument, NotFound
from git_registry.model import layout
from git_registry.model.documents.alias import Alias
from git_registry.model.edits.change import Changes
from git_registry.model.edits.collection import check_spelling
from git_registry.model.names import ALIAS
from git_registry.model.snapshot import Snapshot

Shown: TypeAlias = Callable[[str], str]
"""From an id to how people call that version."""


def _short(version: str) -> str:
    return f"@{version[:8]}"


UNREADABLE = ""
"""What an alias names whose document can't be read: no version, and not nothing."""


def named(now: Snapshot, collection: str, alias: str) -> str | None:
    """Return the id an alias points at; None if there is no such alias, `UNREADABLE` if nobody can tell."""
    try:
        return now.alias(collection, alias)
    except InvalidDocument:
        return UNREADABLE


def point(now: Snapshot, collection: str, alias: str, version: str) -> Changes:
    """Make `alias` name `version`, whatever it named before.

    Raises:
        NotFound: the version is not linked in the collection.
        UsageError: the alias may not be called that.
        Conflict: there is an alias that differs in case alone.
    """
    ALIAS.check(alias)
    if now.find(collection, version) is None:
        raise NotFound(f"version {version[:8]} is not linked", where=collection)
    if named(now, collection, alias) == version:
        return {}
    check_spelling(now, f"{collection}/aliases", alias, suffix=".yaml")
    return {layout.alias_path(collection, alias): Alias(version=version)}


def expect(now: Snapshot, collection: str, alias: str, expected: str | None, shown: Shown = _short) -> None:
    """Check that `alias` still names `expected`; None expects that there is no such alias.

    Args:
        now: the organization as it is.
        collection: where, as `model/churn`.
        alias: which.
        expected: the id it must name.
        shown: how an error calls a version; by default by its first digits.

    Raises:
        Conflict: it names something else. Nothing was changed.
    """

    def called(version: str | None) -> str:
        return "nothing" if version is None else shown(version) if version else "something unreadable"

    found = named(now, collection, alias)
    if found != expected:
        raise Conflict(
            f"{alias} names {called(found)}, not {called(expected)}",
            where=f"{collection}:{alias}",
            hint=f"look at `git registry show {collection}:{alias}`, then say what you expect",
        )


def remove(now: Snapshot, collection: str, alias: str) -> Changes:
    """Take `alias` away.

    Raises:
        NotFound: there is no such alias.
    """
    if named(now, collection, alias) is None:
        raise NotFound(f"there is no alias {alias!r}", where=collection)
    return {layout.alias_path(collection, alias): None}
