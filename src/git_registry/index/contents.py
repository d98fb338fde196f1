"""The contents of files, read once for each blob, when a question first needs them."""

from __future__ import annotations

import json
import sqlite3

from git_registry.catalog import past
from git_registry.catalog.catalog import Catalog
from git_registry.index import edges
from git_registry.index.facts import Content, content
from git_registry.index.kinds import KINDS
from git_registry.index.unread import Unread

_KINDS = {number: kind for kind, number in KINDS.items()}


def read(connection: sqlite3.Connection, catalog: Catalog, wanted: Unread) -> None:
    """Read contents and write them down. Must be called in a transaction that may write."""
    fields: dict[str, int] = {}
    data = dict(past.contents_of(catalog)([blob for blob, _ in wanted]))
    for blob, kind in wanted:
        there = data[blob]
        found = content(_KINDS[kind], there) if there is not None else _MISSING
        _write(connection, (blob, kind), found, fields)


_MISSING = Content({}, "", "its content is not in this repository, or too large")


def _write(
    connection: sqlite3.Connection, which: tuple[str, int], found: Content, fields: dict[str, int]
) -> None:
    row = (*which, found.problem, json.dumps(found.facts, ensure_ascii=False), found.words)
    inserted = connection.execute(
        "INSERT OR IGNORE INTO main.content(blob, form, problem, facts, words) VALUES (?, ?, ?, ?, ?)", row
    )
    if inserted.rowcount:
        connection.executemany(
            "INSERT OR IGNORE INTO main.fact VALUES (?, ?, ?)",
            [(_field(connection, name, fields), value, inserted.lastrowid) for name, value in found.single()],
        )
        connection.executemany(
            f"INSERT INTO main.edge(content, ordinal, {edges.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(inserted.lastrowid, ordinal, *edges.row(edge)) for ordinal, edge in enumerate(found.edges)],
        )


def _field(connection: sqlite3.Connection, name: str, known: dict[str, int]) -> int:
    if name not in known:
        connection.execute("INSERT OR IGNORE INTO main.field(name) VALUES (?)", (name,))
        (known[name],) = connection.execute("SELECT id FROM main.field WHERE name = ?", (name,)).fetchone()
    return known[name]
