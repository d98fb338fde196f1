"""A large object to a remote store, whose digest is checked before it appears under its name."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from git_registry.store.filesystem import S3, FileSystem
from git_registry.store.hashing import CHUNK, Sum, consume
from git_registry.store.identity import modified_ns
from git_registry.store.scratch import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

SCRATCH = "tmp"
"""Where, inside the store, files are written that get their name later."""

_PART = 2 * CHUNK
_AT_ONCE = 4
"""Parts under way; each is in memory about three times."""

_MOST_PARTS = 9_000
"""S3 allows 10,000."""


class Refuted(Exception):
    """What was sent is not what was announced; nothing was kept."""


def send(
    remote: FileSystem, path: str, chunks: Iterable[memoryview], size: int, is_right: Callable[[Sum], bool]
) -> None:
    """Put the chunks at `path`, if `is_right` of what they came to; else leave nothing there.

    Raises:
        Refuted: they were not right.
    """
    sending = _in_parts if remote.protocol in S3 else _as_stream if remote.is_object_store else _by_rename
    with sending(remote, path, size) as write:
        total = consume(chunks, write)
        if not is_right(total):
            raise Refuted


@contextmanager
def _in_parts(remote: FileSystem, path: str, size: int) -> Iterator[Callable[[memoryview | bytes], object]]:
    """S3: several parts under way at once, completed only at the end, else aborted."""
    bucket, key, _ = remote.fs.split_path(path)
    upload = {"Bucket": bucket, "Key": key}
    upload["UploadId"] = remote.fs.call_s3("create_multipart_upload", **upload)["UploadId"]
    part_size = max(_PART, size // _MOST_PARTS)
    buffer = bytearray()
    under_way: deque[Future[dict[str, Any]]] = deque()
    parts: list[dict[str, Any]] = []

    def put(number: int, body: bytes) -> dict[str, Any]:
        answer = remote.fs.call_s3("upload_part", PartNumber=number, Body=body, **upload)
        return {"PartNumber": number, "ETag": answer["ETag"]}

    def begin() -> None:
        while len(under_way) >= _AT_ONCE:
            parts.append(under_way.popleft().result())
        under_way.append(pool.submit(put, len(parts) + len(under_way) + 1, bytes(buffer[:part_size])))
        del buffer[:part_size]

    def write(chunk: memoryview | bytes) -> None:
        buffer.extend(chunk)
        while len(buffer) >= part_size:
            begin()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            yield write
            if buffer or not (parts or under_way):
                begin()
            parts.extend(future.result() for future in under_way)
            remote.fs.call_s3("complete_multipart_upload", MultipartUpload={"Parts": parts}, **upload)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            remote.fs.call_s3("abort_multipart_upload", **upload)
            raise


@contextmanager
def _as_stream(remote: FileSystem, path: str, size: int) -> Iterator[Callable[[memoryview | bytes], object]]:
    """Other object stores: an upload that appears when it is closed."""
    file = remote.fs.open(path, "wb", block_size=max(_PART, size // _MOST_PARTS))
    try:
        yield file.write
    except BaseException:
        file.discard()
        file.closed = True  # closing it would complete the upload
        raise
    file.close()


@contextmanager
def _by_rename(remote: FileSystem, path: str, size: int) -> Iterator[Callable[[memoryview | bytes], object]]:  # noqa: ARG001
    """Ordinary file systems: written under a temporary name, then renamed."""
    with renamed(remote, [path]) as [temporary], remote.fs.open(temporary, "wb") as file:
        yield lambda chunk: file.write(bytes(chunk))


@contextmanager
def renamed(remote: FileSystem, paths: list[str]) -> Iterator[list[str]]:
    """Give a temporary name for each path and rename them at the end; leave none behind."""
    store = paths[0].rsplit("/", 3)[0]
    scratch = f"{store}/{SCRATCH}"
    temporary = [f"{scratch}/{uuid.uuid4().hex}.part" for _ in paths]
    remote.fs.makedirs(scratch, exist_ok=True)
    try:
        yield temporary
        _sweep(remote, scratch)
        for old, new in zip(temporary, paths):
            remote.fs.makedirs(new.rpartition("/")[0], exist_ok=True)
            remote.fs.mv(old, new)
    except BaseException:
        for one in temporary:
            if remote.fs.exists(one):
                remote.fs.rm_file(one)
        raise


def _sweep(remote: FileSystem, scratch: str) -> None:
    """Remove what killed uploads left, a day later, where the file system tells when it was written."""
    oldest = (time.time() - DAY) * 1e9
    for info in remote.fs.ls(scratch, detail=True):
        modified = modified_ns(info)
        if modified is not None and modified < oldest and info["name"].endswith(".part"):
            with suppress(FileNotFoundError):
                remote.fs.rm_file(info["name"])
