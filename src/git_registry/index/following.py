"""Which branch's chain answers for a commit, and keeping that chain up with its branch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from git_registry.catalog import past
from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index import chain as chains
from git_registry.index.beyond import look
from git_registry.index.chain import NOWHERE, Chain, Growing
from git_registry.index.deriving import Derived, derive
from git_registry.index.rolling import Documents
from git_registry.repository import history, remote
from git_registry.repository.tips import BRANCHES

PROJECTS = "projects/"
_MOST_TOLD = 20
_TOGETHER = 2_000
"""Steps written before others may read and write."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The branch a chain follows.

    Attributes:
        ref: in full; a remote's, where there is one.
        published: the commit it is at; None if nothing was published yet.
        extended_by: the short name of the local branch whose own steps the chain may hold as well.
    """

    ref: str
    published: str | None
    extended_by: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """Where a commit is.

    Attributes:
        on: the chain.
        position: the last of the commit's steps that the chain holds.
        end: the commit's own position; larger if there are steps beyond the chain.
        published: the position of what is published; None if nothing ever will be, so everything is.
    """

    on: Chain
    position: int
    end: int
    published: int | None

    def is_published(self, position: int) -> bool:
        """Is the step at a position permanent?"""
        return self.published is None or position <= min(self.position, self.published)


def followed(catalog: Catalog) -> Followed:
    """Return the branch whose chain answers for what a catalog reads."""
    repository = catalog.repository
    mine = catalog.branch
    if mine is not None and mine.startswith(PROJECTS):
        upstream = remote.upstream(repository, mine)
        tracking = upstream.tracking if upstream and upstream.remote != "." else None
        ref = tracking or BRANCHES + mine
        return Followed(ref, repository.ref(ref), mine)
    try:
        default = remote.default_branch(repository)
        ref = remote.default_upstream(repository) or BRANCHES + default
    except UsageError:
        return Followed("HEAD", catalog.tip(), None)  # detached, and nobody says which branch counts
    return Followed(ref, repository.ref(ref), default)


def at_hand(connection: sqlite3.Connection, catalog: Catalog, commit: str) -> Line | None:
    """Return where a commit is, if the index has seen all there is to see; nothing is written."""
    follows = followed(catalog)
    on = chains.chain(connection, follows.ref)
    if on is None or on.published != follows.published:
        return None
    position = chains.position_of(connection, on, commit)
    return None if position is None else _line(connection, catalog, on, position)


def _line(connection: sqlite3.Connection, catalog: Catalog, on: Chain, position: int) -> Line:
    published: int | None = NOWHERE
    if not remote.remotes(catalog.repository):
        published = None
    elif on.published:
        published = chains.position_of(connection, on, on.published)
    return Line(on, position, position, published)


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
    on = chains.begin(connection, follows.ref)
    if follows.published and chains.position_of(connection, on, follows.published) is None:
        on = _published(connection, catalog, on, follows.published)
    if on.published != follows.published:
        connection.execute("UPDATE chain SET published = ? WHERE id = ?", (follows.published, on.id))
        on = replace(on, published=follows.published)
    if chains.position_of(connection, on, commit) is None and catalog.branch == follows.extended_by:
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


def _published(connection: sqlite3.Connection, catalog: Catalog, on: Chain, tip: str) -> Chain:
    fork = fork_of(connection, catalog, on, tip) if on.tip else NOWHERE
    before = _numbers(connection, on, fork, _position_published(connection, on))
    on = _grow(connection, catalog, on, fork, tip)
    if before:
        _tell_renumbered(connection, catalog, on, before)
    return on


def _grow(connection: sqlite3.Connection, catalog: Catalog, on: Chain, fork: int, tip: str) -> Chain:
    if fork < on.position:
        chains.rewind(connection, on.id, fork)
    growing = Growing(connection, on, fork)
    steps = _derived(catalog, _commit_at(connection, on, fork), tip)
    while reached := growing.grow(islice(steps, _TOGETHER)):
        chains.ends_at(connection, on.id, reached, growing.position)
        on = replace(on, tip=reached, position=growing.position)
        if reached != tip:
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


def see(connection: sqlite3.Connection, catalog: Catalog, commit: str, line: Line | None) -> Line:
    """Make the connection's `now_` views show the organization at a commit; return where that is."""
    if line is not None:
        look(connection, line.on, line.position)
        return line
    follows = followed(catalog)
    on = chains.chain(connection, follows.ref)
    assert on is not None
    fork = fork_of(connection, catalog, on, commit)
    line = _line(connection, catalog, on, fork)
    end = look(connection, on, fork, _derived(catalog, _commit_at(connection, on, fork), commit))
    return replace(line, end=end)


_Known = Mapping[tuple[str, str], int]


def _numbers(connection: sqlite3.Connection, on: Chain, after: int, until: int) -> _Known:
    """Return (collection, version) → number of what came between two positions."""
    rows = connection.execute(
        "SELECT path, version, number FROM main.number JOIN place ON place.id = place"
        " WHERE chain = ? AND since > ? AND since <= ?",
        (on.id, after, until),
    )
    return {(path, version): number for path, version, number in rows}


def _tell_renumbered(connection: sqlite3.Connection, catalog: Catalog, on: Chain, before: _Known) -> None:
    now = _numbers(connection, on, NOWHERE, on.position)
    changed = [
        (*which, number, now.get(which)) for which, number in before.items() if now.get(which) != number
    ]
    if not changed:
        return
    catalog.notify(
        f"the published history of {on.ref} was rewritten; {len(changed)} version numbers changed:"
    )
    for line in _told(changed):
        catalog.notify(line)


def _told(changed: Sequence[tuple[str, str, int, int | None]]) -> Iterable[str]:
    for path, version, was, now in sorted(changed)[:_MOST_TOLD]:
        yield f"  {path}@{version[:8]} was v{was}, {'is gone' if now is None else f'is v{now} now'}"
    if len(changed) > _MOST_TOLD:
        yield f"  and {len(changed) - _MOST_TOLD} more"
