"""Killed at any moment, a transfer leaves nothing half-written under a final name; another completes it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.repeating import times

from git_registry.model.digest import Digest
from git_registry.store.blobs import Store
from git_registry.store.sources import collect

from .conftest import read

UPLOAD = """
import sys, pathlib
from git_registry.store.blobs import Store
from git_registry.store.sources import collect
sources = collect(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
Store(sys.argv[2]).upload(sources)
"""

DOWNLOAD = """
import sys, pathlib
from git_registry.store.blobs import Store
from git_registry.store.download import Wanted, download
from git_registry.store.sources import collect
stored = Store(sys.argv[2]).upload(collect(pathlib.Path(sys.argv[1])))
wanted = [Wanted(path=one.path, size=one.size, digest=one.digest, uri=one.uri) for one in stored]
print("ready", flush=True)
download(wanted, pathlib.Path(sys.argv[3]))
"""

MOMENTS = [random.Random(n).uniform(0, 0.25) for n in range(times(3, 6))]


@pytest.fixture(scope="module")
def large_tree(tmp_path_factory):
    """Files that nobody here writes to."""
    root = tmp_path_factory.mktemp("large") / "tree"
    root.mkdir()
    chance = random.Random(1)
    for number in range(300):
        (root / f"{number}").write_bytes(chance.randbytes(20_000))
    for number in range(2):
        (root / f"large{number}").write_bytes(chance.randbytes(1 << 20) * 60)
    return root


def killed_after(seconds: float, code: str, *arguments: object) -> None:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(seconds)  # the moment of the kill is the point here
        process.send_signal(signal.SIGKILL)


def assert_every_blob_is_whole(store: Path) -> None:
    for blob in (store / "sha256").rglob("*"):
        if blob.is_file():
            assert Digest.of(blob.read_bytes()).value == blob.name


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_upload_killed(large_tree, tmp_path, moment):
    killed_after(moment, UPLOAD, large_tree, tmp_path / "store")

    assert_every_blob_is_whole(tmp_path / "store")
    stored = Store(str(tmp_path / "store")).upload(collect(large_tree))
    assert len(stored) == 302
    assert_every_blob_is_whole(tmp_path / "store")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_download_killed(large_tree, tmp_path, moment):
    killed_after(moment, DOWNLOAD, large_tree, tmp_path / "store", tmp_path / "out")

    out = tmp_path / "out"
    assert not out.exists() or read(out) == read(large_tree)
    if not out.exists():
        subprocess.run(
            [sys.executable, "-c", DOWNLOAD, large_tree, tmp_path / "store", out],
            check=True,
            stdout=subprocess.PIPE,
        )
    assert read(out) == read(large_tree)
    assert not list(tmp_path.glob(".out.part-*"))


def test_an_upload_to_s3_killed(large_tree, bucket):
    import s3fs

    for moment in (0.3, 0.6, 0.9):
        killed_after(moment, UPLOAD, large_tree, f"{bucket}/blobs")

        fs = s3fs.S3FileSystem(use_listings_cache=False)
        for path in fs.find(bucket):
            assert Digest.of(fs.cat_file(path)).value == path.rpartition("/")[2]
    assert len(Store(f"{bucket}/blobs").upload(collect(large_tree))) == 302


def test_what_a_killed_upload_left_is_swept_after_a_day(large_tree, tmp_path):
    import os

    scratch = tmp_path / "store/tmp"
    scratch.mkdir(parents=True)
    old, new = scratch / "old.part", scratch / "new.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))

    Store(str(tmp_path / "store")).upload(collect(large_tree / "1"))

    assert not old.exists()
    assert new.exists()


def test_what_was_left_in_a_remote_file_system_is_swept_too():
    import uuid
    from datetime import UTC, datetime

    from fsspec.implementations.memory import MemoryFileSystem

    store = Store(f"memory://{uuid.uuid4().hex}")
    root = store.uri.removeprefix("memory:/")
    fs = MemoryFileSystem()
    for name in ("old", "new"):
        fs.pipe_file(f"{root}/tmp/{name}.part", b"half")
    fs.store[f"{root}/tmp/old.part"].created = datetime(2020, 1, 1, tzinfo=UTC)

    store.put_bytes(b"x")

    assert [path.rpartition("/")[2] for path in fs.find(f"{root}/tmp")] == ["new.part"]
