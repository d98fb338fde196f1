"""The tables, and the file they are in.

A *chain* is the first-parent line of one branch; a *position* is a step's place on it, the root's being 0.
What held from one step until another has `since` and `until`, so that any moment costs the same as now.
"""

from __future__ import annotations

import sqlite3
from binascii import crc32
from pathlib import Path

from git_registry import __version__

SENSE = 5
"""Of what the rows say. Whoever changes what is derived, such as what `model.diff` says, counts on."""

OPEN = 1 << 62
"""`until` of what still holds."""

AT_ONCE, PATIENCE = 2.0, 60.0
"""Seconds to wait for another process that is writing: without a word, and after saying so."""

TABLES = """
CREATE TABLE chain(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,      -- the branch it follows, in full
  tip TEXT,                      -- the commit at its end
  position INTEGER NOT NULL,     -- of the tip; -1 while there is none
  published TEXT,                -- the commit `ref` was at when it was last looked at
  read INTEGER NOT NULL          -- the position up to which the contents of all files were read
);
CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, UNIQUE(name, email));
CREATE TABLE step(
  chain INTEGER NOT NULL,
  position INTEGER NOT NULL,
  commit_id TEXT NOT NULL,
  latest INTEGER NOT NULL,       -- the largest committer date up to here, in seconds
  author INTEGER NOT NULL, authored INTEGER NOT NULL,
  committer INTEGER NOT NULL, committed INTEGER NOT NULL,
  subject TEXT NOT NULL,
  proposal TEXT NOT NULL,        -- a request's number, or a proposal's name, as its message has it
  PRIMARY KEY(chain, position)
) WITHOUT ROWID;
CREATE INDEX step_commit ON step(commit_id, chain);
CREATE INDEX step_latest ON step(chain, latest, position);
CREATE TABLE place(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE entry(              -- which file stood where, and when
  chain INTEGER NOT NULL,
  place INTEGER NOT NULL,        -- the registry or collection
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,            -- a version, alias, automation, run
  spread INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY(chain, place, kind, name, spread, since)
) WITHOUT ROWID;
CREATE INDEX entry_blob ON entry(blob, chain);
CREATE INDEX entry_since ON entry(since);
CREATE INDEX entry_until ON entry(until) WHERE until < 4611686018427387904;
CREATE INDEX entry_kind ON entry(chain, kind, place);
CREATE INDEX entry_linked ON entry(chain, place, since, until, name, spread) WHERE kind = 7;  -- see `paging`
CREATE TABLE tally(              -- how many versions are linked in a collection, and in a registry in all
  chain INTEGER NOT NULL,
  place INTEGER NOT NULL,
  since INTEGER NOT NULL,        -- the step from which it is so many
  versions INTEGER NOT NULL,
  PRIMARY KEY(chain, place, since)
) WITHOUT ROWID;
CREATE TABLE number(
  chain INTEGER NOT NULL,
  place INTEGER NOT NULL,
  version TEXT NOT NULL,
  since INTEGER NOT NULL,        -- the step from which it counts at this place: a rename carries numbers
  number INTEGER NOT NULL,
  came INTEGER NOT NULL,         -- the step that gave it
  PRIMARY KEY(chain, place, version, since)
) WITHOUT ROWID;
CREATE INDEX number_number ON number(chain, place, number);
CREATE INDEX number_since ON number(since);
CREATE TABLE counter(            -- where a renamed collection goes on counting
  chain INTEGER NOT NULL,
  place INTEGER NOT NULL,
  since INTEGER NOT NULL,
  following INTEGER NOT NULL,
  PRIMARY KEY(chain, place, since)
) WITHOUT ROWID;
CREATE TABLE event(
  chain INTEGER NOT NULL,
  position INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  place INTEGER NOT NULL,
  above INTEGER NOT NULL,        -- the registry it is in
  name TEXT NOT NULL,            -- the alias, tag, principal … it is about
  version TEXT NOT NULL,
  detail TEXT NOT NULL,          -- the event's fields, as JSON
  PRIMARY KEY(chain, position, ordinal)
) WITHOUT ROWID;
CREATE INDEX event_place ON event(chain, place, position);
CREATE INDEX event_above ON event(chain, above, position);
CREATE INDEX event_version ON event(chain, version, position) WHERE version <> '';
CREATE INDEX event_alias ON event(chain, place, position)
  WHERE kind IN ('alias-added', 'alias-moved', 'alias-removed');
CREATE TABLE content(            -- what a document says, by its blob: read once, ever
  id INTEGER PRIMARY KEY,
  blob TEXT NOT NULL,
  form INTEGER NOT NULL,         -- the kind it was read as: a manifest is one linked or unlinked
  problem TEXT NOT NULL,         -- why it could not be read; empty if it could
  facts TEXT NOT NULL,           -- JSON
  words INTEGER NOT NULL,        -- what a person would look for in it
  UNIQUE(blob, form)
);
CREATE INDEX content_words ON content(words, blob);
CREATE TABLE words(              -- what documents of one form say, each text once, ignoring case
  id INTEGER PRIMARY KEY,
  form INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE(form, text)
);
CREATE TABLE field(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE fact(               -- single values, to narrow a search by
  field INTEGER NOT NULL,
  value NOT NULL,
  content INTEGER NOT NULL,
  PRIMARY KEY(field, value, content)
) WITHOUT ROWID;
CREATE TABLE edge(               -- what a document says was made from what; see `edges`
  content INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  relation TEXT NOT NULL,
  upstream TEXT NOT NULL,        -- a node's key
  downstream TEXT NOT NULL,
  used_as TEXT,
  dirty INTEGER NOT NULL,
  PRIMARY KEY(content, ordinal)
) WITHOUT ROWID;
CREATE INDEX edge_upstream ON edge(upstream);
CREATE INDEX edge_downstream ON edge(downstream);
"""


FORMAT = crc32(f"{__version__} {SENSE} {TABLES}".encode()) & 0x7FFFFFFF
"""A file made by another version, or with other tables, is built anew."""


def connect(path: Path | None, *, empty: bool = False, patience: float = AT_ONCE) -> sqlite3.Connection:
    """Return a connection to the file, or to a database in memory: with the tables, or empty.

    Whoever asks may do so from several threads, one at a time. While others write it waits for some seconds,
    `patience`.

    Raises:
        sqlite3.Error: it is not there, or no database.
    """
    if path is None:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        if not empty:
            create(connection)
        return connection
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=patience, check_same_thread=False
    )
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cell_size_check=ON")
    # A journal is not deleted by its name, which may be another's if the file was replaced meanwhile.
    connection.execute("PRAGMA journal_mode=TRUNCATE")
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version={FORMAT}; COMMIT;")


def is_ours(connection: sqlite3.Connection) -> bool:
    """Are these the tables of this version?"""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version == FORMAT)
