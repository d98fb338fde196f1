"""What documents say, out of the tables, for many at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from git_registry.index.batches import asked
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.storage.trouble import Damaged
from git_registry.model.layout import Kind
from git_registry.model.snapshot import REGULAR

_File: TypeAlias = tuple[str, int]
"""A blob and its mode."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one document says.

    Attributes:
        facts: its fields as JSON has them.
        problem: why it can't be read.
    """

    facts: Mapping[str, Any]
    problem: str = ""


NOTHING = Said({})
NO_FILE = Said({}, "expected a plain file (mode 100644)")
ABSENT = Said({}, "its content is not in this repository")


def said(moment: Moment, kind: Kind, files: Collection[_File]) -> dict[_File, Said]:
    """Return what files say when they are read as this kind."""
    blobs = {blob for blob, mode in files if mode == REGULAR}
    rows = asked(
        moment,
        "SELECT blob, facts, problem FROM main.content WHERE form = ? AND blob IN ({names})",
        blobs,
        KINDS[kind],
    )
    found = {blob: Said(_facts(facts), problem) for blob, facts, problem in rows}
    return {(blob, mode): found.get(blob, ABSENT) if mode == REGULAR else NO_FILE for blob, mode in files}


def texts(moment: Moment, kind: Kind, files: Collection[_File]) -> dict[_File, str]:
    """Return where in each file a person looks for words, without its case; nothing of what can't be read."""
    wanted = {blob for blob, mode in files if mode == REGULAR}
    rows = asked(
        moment,
        "SELECT c.blob, w.text FROM main.content AS c CROSS JOIN main.words AS w ON w.id = c.words"
        " WHERE c.form = ? AND c.problem = '' AND c.blob IN ({names})",
        wanted,
        KINDS[kind],
    )
    return {(blob, REGULAR): text for blob, text in rows}


def _facts(text: str) -> Mapping[str, Any]:
    try:
        facts = json.loads(text)
    except ValueError as damage:
        raise Damaged(f"facts can't be read: {damage}") from damage
    assert isinstance(facts, dict)
    return facts
