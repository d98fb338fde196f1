"""Which paths differ between two trees, found by comparing entries level by level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from git_registry.model.snapshot import Entry, Tree

ChangedPath: TypeAlias = tuple[str, Entry | None, Entry | None]
"""A path, and what stood and what stands there; None for nothing, or a directory."""


def changed_paths(before: Tree, after: Tree) -> Iterator[ChangedPath]:
    """Yield every file that differs, sorted by path, with what stood and what stands there.

    A directory that is the same on both sides is not looked into. A file is never said to be renamed: at
    one path it is gone, at another it is new.
    """
    return _below("", before, after)


def _below(directory: str, before: Tree | None, after: Tree | None) -> Iterator[ChangedPath]:
    old = before.entries(directory) if before else {}
    new = after.entries(directory) if after else {}
    prefix = f"{directory}/" if directory else ""
    for name in sorted(_differing(old, new)):
        path = prefix + name.removesuffix("/")
        was, now = old.get(name.removesuffix("/")), new.get(name.removesuffix("/"))
        if name.endswith("/"):
            there = before if was and was.is_directory else None
            here = after if now and now.is_directory else None
            yield from _below(path, there, here)
        else:
            yield path, _unless_directory(was), _unless_directory(now)


def _differing(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[str]:
    """Yield the names that differ, directories with a `/` behind: so they sort as their files do."""
    for name in new.keys() - old.keys():
        yield _sort_name(name, new[name])
    for name, was in old.items():
        now = new.get(name)
        if now is None:
            yield _sort_name(name, was)
        elif was.id != now.id or was.mode != now.mode:
            yield _sort_name(name, was)
            if was.is_directory != now.is_directory:
                yield _sort_name(name, now)


def _sort_name(name: str, entry: Entry) -> str:
    return f"{name}/" if entry.is_directory else name


def _unless_directory(entry: Entry | None) -> Entry | None:
    return None if entry is None or entry.is_directory else entry
