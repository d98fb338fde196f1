"""A server's pre-receive hook: judges a push before any ref moves, and refuses all of it or nothing.

It reads, and writes nothing: no object, no ref, no file of the repository.
"""

from __future__ import annotations

import sys

from git_registry.errors import Refused
from git_registry.hooks import bounds
from git_registry.hooks.gate import Wanted, gate
from git_registry.repository.objects import is_id

_MOST = 1_000
"""Refs in one push."""

_LONGEST = 1 << 20
"""Bytes that git may tell."""


def main() -> int:
    """Judge the push that git tells of on standard input; return the exit code."""
    return gate(told(sys.stdin.buffer.read(_LONGEST + 1)), sys.argv[1:])


def told(text: bytes) -> list[Wanted]:
    """Return what each ref would hold, from lines of `<old> <new> <ref>`.

    The old id is what the client claims: it has to be what is there, and nothing else is made of it.

    Raises:
        Refused: it is something else, or more than one push should have.
    """
    rows = text.decode("utf-8", "surrogateescape").split("\n")
    if len(text) > _LONGEST or len(rows) > _MOST + 1:
        raise Refused(f"more than {_MOST} refs are pushed at once", hint="push them in parts")
    if rows.pop() or not rows:
        raise Refused("git told of no push, or of half of one")
    return [_update(row) for row in rows]


def _update(row: str) -> Wanted:
    old, _, rest = row.partition(" ")
    new, _, ref = rest.partition(" ")
    if not (is_id(old) and is_id(new) and ref.startswith("refs/")):
        raise Refused("git told of a ref in a way that is not known here")
    return Wanted(ref, new, old)


if __name__ == "__main__":
    bounds.run(main)
