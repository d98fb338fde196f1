"""The contents of files, read once for each blob, when a question first needs them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from git_registry.catalog import past
from git_registry.catalog.catalog import Catalog
from git_registry.codec.tree import MAX_BYTES
from git_registry.index.contents import edges
from git_registry.index.contents.facts import Content, content
from git_registry.index.contents.unread import Unread
from git_registry.index.kinds import KINDS

_KINDS = {number: kind for kind, number in KINDS.items()}


def read(connection: sqlite3.Connection, catalog: Catalog, wanted: Unread) -> frozenset[str]:
    """Read contents and write them down; return the blobs that are not in the repository.

    Nothing is written of those: they may come back. Must be called in a transaction that may write.
    """
    known = _Known()
    data = dict(past.contents_of(catalog)([blob for blob, _ in wanted]))
    absent = _absent(catalog, [blob for blob, there in data.items() if there is None])
    for blob, kind in wanted:
        if blob not in absent:
            there = data[blob]
            found = content(_KINDS[kind], there) if there is not None else _TOO_LARGE
            _write(connection, (blob, kind), found, known)
    return absent


_TOO_LARGE = Content({}, "", f"larger than {MAX_BYTES // 1024} KiB")


def _absent(catalog: Catalog, blobs: Sequence[str]) -> frozenset[str]:
    """Return those that are not here, of blobs that are not, or are too large."""
    if not blobs:
        return frozenset()
    from git_registry.repository.objectdb import absent  # libgit2 takes its time to be imported

    return frozenset(absent(catalog.repository.gitdir, blobs))


def _write(connection: sqlite3.Connection, which: tuple[str, int], found: Content, known: _Known) -> None:
    words = _words(connection, which[1], found.words, known.words)
    row = (*which, found.problem, json.dumps(found.facts, ensure_ascii=False), words)
    inserted = connection.execute(
        "INSERT OR IGNORE INTO main.content(blob, form, problem, facts, words) VALUES (?, ?, ?, ?, ?)", row
    )
    if inserted.rowcount:
        connection.executemany(
            "INSERT OR IGNORE INTO main.fact VALUES (?, ?, ?)",
            [
                (_field(connection, name, known.fields), value, inserted.lastrowid)
                for name, value in found.single()
            ],
        )
        connection.executemany(
            f"INSERT INTO main.edge(content, ordinal, {edges.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(inserted.lastrowid, ordinal, *edges.row(edge)) for ordinal, edge in enumerate(found.edges)],
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """Rows that need not be looked up again: each name of a field, each form with a text, and its id."""

    fields: dict[str, int] = field(default_factory=dict)
    words: dict[tuple[int, str], int] = field(default_factory=dict)


def _words(connection: sqlite3.Connection, form: int, text: str, known: dict[tuple[int, str], int]) -> int:
    key = (form, text)
    if key not in known:
        connection.execute("INSERT OR IGNORE INTO main.words(form, text) VALUES (?, ?)", key)
        asked = "SELECT id FROM main.words WHERE form = ? AND text = ?"
        (known[key],) = connection.execute(asked, key).fetchone()
    return known[key]


def _field(connection: sqlite3.Connection, name: str, known: dict[str, int]) -> int:
    if name not in known:
        connection.execute("INSERT OR IGNORE INTO main.field(name) VALUES (?)", (name,))
        (known[name],) = connection.execute("SELECT id FROM main.field WHERE name = ?", (name,)).fetchone()
    return known[name]
