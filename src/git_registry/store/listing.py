"""What lies below a prefix, told as it is found, so that whoever has seen enough can stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_registry.store.failures import is_missing
from git_registry.store.filesystem import OBJECT_STORES, S3, FileSystem
from git_registry.store.identity import Info


def objects(remote: FileSystem, path: str) -> Iterator[tuple[str, Info]]:
    """Yield every object below `path`: its path from there, and what the store says of it.

    S3 is asked for a page of a thousand when the one before is used up. Other object stores are listed whole:
    a page at a time would be a request a directory. Elsewhere there are real directories, asked one by one.
    """
    for name, info in _LISTING.get(remote.protocol, _directories)(remote, path):
        below = name[len(path) :].lstrip("/")
        if info["type"] == "file" and below and not below.endswith("/"):
            yield below, info


def _pages(remote: FileSystem, path: str) -> Iterator[tuple[str, Info]]:
    bucket, key, _ = remote.fs.split_path(path)
    asked: dict[str, Any] = {"Bucket": bucket, "Prefix": f"{key.rstrip('/')}/" if key else ""}
    while True:
        page = remote.fs.call_s3("list_objects_v2", **asked, **remote.fs.req_kw)
        for one in page.get("Contents", ()):
            yield f"{bucket}/{one['Key']}", {**one, "size": one["Size"], "type": "file"}
        if not page.get("IsTruncated"):
            return
        asked["ContinuationToken"] = page["NextContinuationToken"]


def _whole(remote: FileSystem, path: str) -> Iterator[tuple[str, Info]]:
    found = remote.patiently(lambda: remote.fs.find(path, detail=True))
    return iter(found.items())


def _directories(remote: FileSystem, path: str) -> Iterator[tuple[str, Info]]:
    waiting = [path]
    while waiting:
        for info in _listed(remote, waiting.pop()):
            if info["type"] != "directory":
                yield info["name"], info
            elif info["name"].rstrip("/") != path.rstrip("/"):
                waiting.append(info["name"])


def _listed(remote: FileSystem, directory: str) -> list[Any]:
    try:
        return list(remote.patiently(lambda: remote.fs.ls(directory, detail=True)))
    except Exception as error:
        if is_missing(error):
            return []  # removed since its parent was listed, or never there
        raise


_LISTING = dict.fromkeys(OBJECT_STORES, _whole) | dict.fromkeys(S3, _pages)
