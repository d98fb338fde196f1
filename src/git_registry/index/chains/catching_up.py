"""Keeping a chain up with its branch, and answering for commits that no chain holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from git_registry.catalog import past
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.rolling import Documents
from git_registry.index.chains import chain as chains
from git_registry.index.chains import growing
from git_registry.index.chains.beyond import look_beyond
from git_registry.index.chains.chain import NOWHERE, Chain
from git_registry.index.chains.deriving import Derived, derive
from git_registry.index.chains.following import Line, followed, is_current, line_at
from git_registry.index.chains.growing import Growing
from git_registry.model.layout import PROJECTS
from git_registry.repository import history
from git_registry.repository.tips import BRANCHES

_NEAR = 1_000
"""Steps that are read again in each process rather than once into a chain of their own: 0.4 s."""

_TOGETHER = 2_000
"""Steps written before others may read and write."""


class _Overtaken(Exception):
    """Another process wrote to the chain when it was let."""


def catch_up(connection: sqlite3.Connection, catalog: Catalog, commit: str) -> bool:
    """Bring the chain to where its branch is, and to `commit` if that belongs to it.

    Must be called in a transaction that may write; on long work it lets others in between. A chain whose
    branch was rewritten goes back to where the two part, and whoever asked is told of each published number
    that changed. Returns False if another process took over: ask again.
    """
    try:
        _catch_up(connection, catalog, commit)
    except _Overtaken:
        return False
    return True


def _catch_up(connection: sqlite3.Connection, catalog: Catalog, commit: str) -> None:
    follows = followed(catalog)
    on = growing.begin(connection, follows.ref, own=BRANCHES + (follows.extended_by or ""))
    if not is_current(on, follows):
        on = _published(connection, catalog, on, follows.published)
    if chains.position_of(connection, on, commit) is None and follows.is_extended(catalog):
        fork = fork_of(connection, catalog, on, commit)
        if fork >= _position_published(connection, on):
            _grow(connection, catalog, on, fork, commit)


def _position_published(connection: sqlite3.Connection, on: Chain) -> int:
    position = chains.position_of(connection, on, on.published) if on.published else None
    return NOWHERE if position is None else position


def fork_of(connection: sqlite3.Connection, catalog: Catalog, on: Chain, commit: str) -> int:
    """Return the position where a commit's line leaves a chain; `NOWHERE` if they share nothing."""
    for ancestor in history.line(catalog.repository, commit):
        position = chains.position_of(connection, on, ancestor)
        if position is not None:
            return position
    return NOWHERE


def _published(connection: sqlite3.Connection, catalog: Catalog, on: Chain, tip: str | None) -> Chain:
    """Bring a chain to what is published now, and tell whose numbers changed."""
    assert tip is not None
    was = _position_published(connection, on)
    fork = fork_of(connection, catalog, on, tip) if on.tip else NOWHERE
    before = _numbers(connection, on, fork, was)
    if chains.position_of(connection, on, tip) is None:
        on = _grow(connection, catalog, on, fork, tip, in_one_go=bool(before))
    connection.execute("UPDATE chain SET published = ? WHERE id = ?", (tip, on.id))
    on = replace(on, published=tip)
    if before:
        _tell_renumbered(connection, catalog, on, before)
    return on


def _grow(
    connection: sqlite3.Connection,
    catalog: Catalog,
    on: Chain,
    fork: int,
    tip: str,
    *,
    in_one_go: bool = False,  # whoever is killed halfway could not tell any more what is to be told
) -> Chain:
    if fork < on.position:
        growing.rewind(connection, on.id, fork)
    end = Growing(connection, on, fork)
    steps = _derived(catalog, _commit_at(connection, on, fork), tip)
    while reached := end.grow(islice(steps, _TOGETHER)):
        growing.ends_at(connection, on.id, reached, end.position)
        on = replace(on, tip=reached, position=end.position)
        if reached != tip and not in_one_go:
            _let_others(connection, on)
    return on


def _let_others(connection: sqlite3.Connection, on: Chain) -> None:
    """End the transaction and begin another. What is written so far holds: a chain may end anywhere."""
    connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    now = chains.chain(connection, on.ref)
    if now is None or now.tip != on.tip:
        raise _Overtaken


def _commit_at(connection: sqlite3.Connection, on: Chain, position: int) -> str | None:
    found = connection.execute(
        "SELECT commit_id FROM main.step WHERE chain = ? AND position = ?", (on.id, position)
    ).fetchone()
    return found[0] if found else None


def _derived(catalog: Catalog, since: str | None, tip: str) -> Iterator[Derived]:
    below = catalog.tree(since)
    steps = history.steps(catalog.repository, tip, since=since)
    return derive(Documents(catalog.reader), below.entries, steps, past.contents_of(catalog))


def beyond(
    connection: sqlite3.Connection, catalog: Catalog, commit: str, *, caught_up: bool = False
) -> Line | None:
    """Return the line of a commit that is on no chain; None if a chain has to be brought up to date first.

    Its end is not known before the steps were looked at.
    """
    follows = followed(catalog)
    on = chains.chain(connection, follows.ref)
    if on is None:
        return None if follows.certain else _nearby(connection, catalog, commit)
    if not (caught_up or is_current(on, follows)):
        return None
    past.require_whole(catalog)
    fork = fork_of(connection, catalog, on, commit)
    belongs = follows.is_extended(catalog) and fork >= _position_published(connection, on)
    return None if belongs and not caught_up else line_at(connection, catalog, on, fork)


def _nearby(connection: sqlite3.Connection, catalog: Catalog, commit: str) -> Line | None:
    """Return the line of a commit that left some branch's chain not long ago.

    Where no branch is said to count, as in a repository without a remote, a chain for each that is checked
    out would hold nearly the same, and take its time to be made.
    """
    past.require_whole(catalog)
    known = [on for on in chains.chains(connection) if not _is_project(on)]
    for ancestor in islice(history.line(catalog.repository, commit), _NEAR):
        for on in known:
            position = chains.position_of(connection, on, ancestor)
            if position is not None:
                return line_at(connection, catalog, on, position)
    return None


def _is_project(on: Chain) -> bool:
    return f"/{PROJECTS}" in on.ref


def see_beyond(connection: sqlite3.Connection, catalog: Catalog, commit: str, line: Line) -> Line:
    """Make the `now_` views show the organization at a commit beyond a chain; return where that is."""
    steps = _derived(catalog, _commit_at(connection, line.on, line.position), commit)
    return replace(line, end=look_beyond(connection, line.on, line.position, steps))


_Known = Mapping[tuple[str, str], int]


def _numbers(connection: sqlite3.Connection, on: Chain, after: int, until: int) -> _Known:
    """Return (collection, version) → number of what came between two positions."""
    rows = connection.execute(
        "SELECT path, version, number FROM main.number JOIN place ON place.id = place"
        " WHERE chain = ? AND since > ? AND since <= ? ORDER BY since",
        (on.id, after, until),
    )
    return {(path, version): number for path, version, number in rows}


def _tell_renumbered(connection: sqlite3.Connection, catalog: Catalog, on: Chain, before: _Known) -> None:
    now = _numbers(connection, on, NOWHERE, _position_published(connection, on))
    changed = [
        (*which, number, now.get(which)) for which, number in before.items() if now.get(which) != number
    ]
    if changed:
        count = f"{len(changed)} version number{'s' if len(changed) > 1 else ''}"
        catalog.notify(f"the published history of {on.ref} was rewritten; {count} changed:")
        for line in _told(changed):
            catalog.notify(line)


def _told(changed: Sequence[tuple[str, str, int, int | None]]) -> Iterable[str]:
    for path, version, was, now in sorted(changed, key=lambda one: (one[0], one[2])):
        yield f"  {path}@{version[:8]} was v{was}, {'is gone' if now is None else f'is v{now} now'}"
