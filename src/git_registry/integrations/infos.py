"""What the file system says of a directory and of a file, in fsspec's words."""

from __future__ import annotations

from typing import Any

from git_registry.model.documents.manifest import FileEntry

from .paths import Path

Info = dict[str, Any]


def directory(name: str, **more: str) -> Info:
    """Return what is said of a directory, and what is known of it besides."""
    return {"name": name, "size": 0, "type": "directory", **more}


def file(named: Path, entry: FileEntry) -> Info:
    """Return what is said of a file in the version that a path names."""
    return {
        "name": named.below(entry.path),
        "size": entry.size,
        "type": "file",
        "digest": str(entry.digest),
        "uri": entry.uri,
    }
