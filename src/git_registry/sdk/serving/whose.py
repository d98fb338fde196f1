"""What stands where a hook belongs: ours, another, or nothing; and whether it can run."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from git_registry.repository.hooks import is_marked, read
from git_registry.sdk.serving import reading, shims
from git_registry.sdk.serving.layouts import ADVISING


class Whose(Enum):
    """Whose hook it is."""

    OURS = "ours"
    OUTDATED = "outdated"
    CALLING = "other, calls ours"
    OTHER = "other"
    NONE = "none"

    @property
    def runs_ours(self) -> bool:
        """Is ours heard?"""
        return self in (Whose.OURS, Whose.OUTDATED, Whose.CALLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """One hook as it stands.

    Attributes:
        name: as Git calls it.
        is_executable: does Git run it? It passes by one that is not, and says so to nobody.
        python: what runs ours; None if nothing does, or it can't be told.
        is_shared: does it pass repositories that don't say who pushes to them?
    """

    name: str
    place: Path
    whose: Whose
    is_executable: bool
    python: str | None
    is_shared: bool


def stands(name: str, place: Path) -> Stands:
    """Return what stands at a place for a hook."""
    text = _read(place)
    whose = _whose(name, place, text)
    ours = whose in (Whose.OURS, Whose.OUTDATED)
    return Stands(
        name=name,
        place=place,
        whose=whose,
        is_executable=os.access(place, os.X_OK),
        python=reading.python_of(text or "") if ours else reading.called_python(text or "", name),
        is_shared=ours and reading.is_shared(text or ""),
    )


def calls_ours(place: Path, name: str) -> bool:
    """Does a hook of somebody else's run ours?

    On a server only the line that we tell people to write counts, where it stands first. In a clone, where
    hooks are advice, any that names our module does; Husky's leads to one of the same name above.
    """
    if name not in ADVISING:
        return reading.called_python(_read(place) or "", name) is not None
    module = shims.module(name)
    beside = (_read(one) or "" for one in (place, place.parents[1] / name))
    lines = (line.strip() for text in beside for line in text.splitlines())
    return any(module in line and not line.startswith("#") for line in lines)


def _whose(name: str, place: Path, text: str | None) -> Whose:
    if not os.path.lexists(place):
        return Whose.NONE
    if text is None or not is_marked(place, shims.MARK):
        return Whose.CALLING if calls_ours(place, name) else Whose.OTHER
    same = reading.meaning(text) == reading.meaning(shims.script(name))
    return Whose.OURS if same else Whose.OUTDATED


def _read(place: Path) -> str | None:
    with suppress(UnicodeDecodeError):
        said = read(place)
        return said.decode() if said is not None else None
    return None
