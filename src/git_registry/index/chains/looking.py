"""What a connection sees of a chain: the views in which the organization is as it was at one position."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from git_registry.index.chains.chain import Chain
from git_registry.index.kinds import KINDS
from git_registry.index.storage.database import OPEN
from git_registry.model.layout import Kind

_BY_SINCE = ("entry", "tally", "number", "counter")
SEEN = {"step": "position", "event": "position", **dict.fromkeys(_BY_SINCE, "since")}
"""The tables that grow with a line, each with the column that dates a row.

As seen from a moment they are called `now_step`, `now_entry` …; what stands beyond the chain is in temporary
tables of the same names. Three views more show `entry`:

- `now_entry_by_since` is `now_entry`, to be read by the step a file came in;
- `now_linked` is the versions in it, to be read by collection and the step each came in;
- `ever_entry` has what stood there at any time until the moment, with `until` as it was then.
"""

_IN_ORDER = ("step", "event", "tally")
"""Tables that are read along the line."""

_VIEWS = (*(f"now_{name}" for name in SEEN), "now_entry_by_since", "now_linked", "ever_entry")
_TABLES = (*SEEN, "ended")

_VERSION = KINDS[Kind.VERSION]

_ENDED = "EXISTS (SELECT 1 FROM temp.ended AS e WHERE {})".format(
    " AND ".join(
        f"e.{column} = entry.{column}" for column in ("chain", "place", "kind", "name", "spread", "since")
    )
)
"""Did a row of the chain end beyond it?"""


def look(connection: sqlite3.Connection, on: Chain, position: int, *, beyond: bool = False) -> None:
    """Make the connection see a chain as it was at a position, and what stands beyond it if anything does."""
    for view in _VIEWS:
        connection.execute(f"DROP VIEW IF EXISTS temp.{view}")
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for view, on_chain, beyond_it in _views(on.id, position):
        select = f"{on_chain} AND NOT {_ENDED}" if beyond and view in _OF_ENTRY else on_chain
        more = f" UNION ALL {beyond_it}" if beyond else ""
        connection.execute(f"CREATE TEMP VIEW {view} AS {select}{more}")


_OF_ENTRY = ("now_entry", "now_entry_by_since", "now_linked", "ever_entry")


def _views(chain: int, position: int) -> Iterator[tuple[str, str, str]]:
    """Yield each view with what is in it of the chain, and of what stands beyond.

    All rows beyond are of one chain, too. It is named because every key begins with it.
    """
    here = f"chain = {chain}"
    for name, column in SEEN.items():
        # With a plus before it SQLite seeks by no such column: nearly all rows are old enough.
        dated = f"{here} AND {column if name in _IN_ORDER else f'+{column}'} <= {position}"
        if name != "entry":
            yield (
                f"now_{name}",
                f"SELECT * FROM main.{name} WHERE {dated}",
                f"SELECT * FROM temp.{name} WHERE {here}",
            )
    stood, stands = f"until > {position}", f"until = {OPEN}"
    yield (
        "now_entry",
        f"SELECT * FROM main.entry WHERE {here} AND +since <= {position} AND {stood}",
        f"SELECT * FROM temp.entry WHERE {here} AND {stands}",
    )
    yield (
        "now_entry_by_since",
        f"SELECT * FROM main.entry INDEXED BY entry_since WHERE {here} AND since <= {position} AND {stood}",
        f"SELECT * FROM temp.entry INDEXED BY entry_since WHERE {here} AND {stands}",
    )
    linked = (
        "SELECT place, name, since, spread FROM {}.entry INDEXED BY entry_linked"
        f" WHERE {here} AND kind = {_VERSION}"
    )
    yield (
        "now_linked",
        f"{linked.format('main')} AND since <= {position} AND {stood}",
        f"{linked.format('temp')} AND {stands}",
    )
    # What ended after the position had not ended yet; what ended beyond the chain is in `ended`.
    until = f"CASE WHEN {stood} THEN {OPEN} ELSE until END AS until"
    file = "SELECT place, kind, name, since, mode, blob"
    yield (
        "ever_entry",
        f"{file}, {until} FROM main.entry WHERE {here} AND +since <= {position}",
        " UNION ALL ".join(f"{file}, until FROM temp.{name} WHERE {here}" for name in ("ended", "entry")),
    )
