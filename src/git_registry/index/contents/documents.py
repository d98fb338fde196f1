"""What documents say, out of the tables, for many at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from git_registry.index.batches import asked
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.storage.trouble import Damaged
from git_registry.model.layout import Kind
from git_registry.model.snapshot import REGULAR


@dataclass(frozen=True, slots=True)
class Said:
    """What one document says.

    Attributes:
        facts: its fields as JSON has them.
        words: its text, without its case.
        problem: why it can't be read.
    """

    facts: Mapping[str, Any]
    words: str
    problem: str = ""


NOTHING = Said({}, "")
NO_FILE = Said({}, "", "expected a plain file (mode 100644)")
ABSENT = Said({}, "", "its content is not in this repository")


def said(moment: Moment, kind: Kind, files: Collection[tuple[str, int]]) -> dict[tuple[str, int], Said]:
    """Return what files, each a blob and its mode, say when they are read as this kind."""
    blobs = {blob for blob, mode in files if mode == REGULAR}
    rows = asked(
        moment,
        "SELECT blob, facts, text, problem FROM main.content AS c"
        " CROSS JOIN main.words AS w ON w.id = c.words WHERE c.form = ? AND blob IN ({names})",
        blobs,
        KINDS[kind],
    )
    found = {blob: Said(_facts(facts), words, problem) for blob, facts, words, problem in rows}
    return {(blob, mode): found.get(blob, ABSENT) if mode == REGULAR else NO_FILE for blob, mode in files}


def _facts(text: str) -> Mapping[str, Any]:
    try:
        facts = json.loads(text)
    except ValueError as damage:
        raise Damaged(f"facts can't be read: {damage}") from damage
    assert isinstance(facts, dict)
    return facts
