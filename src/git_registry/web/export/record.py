"""What an export wrote, on record in its directory: `.git-registry-export.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import InvalidDocument, UsageError
from git_registry.web.export.paths import checked

RECORD = ".git-registry-export.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Record:
    """What an export wrote.

    Attributes:
        version: of the package that made the pages.
        commit: the one that they show.
        files: path → SHA-256 of what it holds.
    """

    version: str
    commit: str
    files: Mapping[str, str]


def read(folder: Path) -> Record | None:
    """Return what the last export into a directory wrote; None if there was none.

    Raises:
        InvalidDocument: it can't be read. Nothing is removed by guess.
    """
    place = folder / RECORD
    if not place.exists():
        return None
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        if found["format"] != _FORMAT:
            raise InvalidDocument(
                f"the format {found['format']!r} is not known",
                where=str(place),
                hint="another version of git-registry wrote it: use that, or an empty directory",
            )
        files = {checked(str(path)): str(digest) for path, digest in found["files"].items()}
        return Record(str(found["version"]), str(found["commit"]), files)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, UsageError) as error:
        if isinstance(error, InvalidDocument):
            raise
        raise InvalidDocument(
            "this is no record of an export", where=str(place), hint="export into an empty directory"
        ) from error


def written(folder: Path, record: Record) -> None:
    """Write it, whole or not at all; nothing if it says so already."""
    told = {
        "format": _FORMAT,
        "version": record.version,
        "commit": record.commit,
        "files": dict(sorted(record.files.items())),
    }
    text = f"{json.dumps(told, indent=1)}\n"
    place, draft = folder / RECORD, folder / f"{RECORD}.new"
    if place.is_file() and place.read_text(encoding="utf-8") == text:
        return
    draft.unlink(missing_ok=True)
    with draft.open("x", encoding="utf-8") as file:
        file.write(text)
    draft.replace(place)
