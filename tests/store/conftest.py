"""Stores to run one suite over, and the files to put into them."""

from __future__ import annotations

import logging
import os
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from git_registry.store.blobs import Store, Stored
from git_registry.store.download import Wanted
from git_registry.store.sources import collect

KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",  # pragma: allowlist secret
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(scope="session")
def s3_endpoint():
    """A real S3 server on loopback."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_environment(s3_endpoint, monkeypatch):
    """This server: fsspec would answer with a filesystem it opened before, in another environment."""
    import s3fs

    for name, value in {**KEYS, "AWS_ENDPOINT_URL": s3_endpoint}.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    yield {**os.environ}
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket(s3_environment):
    """The URI of an empty bucket."""
    return f"s3://{new_bucket(s3_environment['AWS_ENDPOINT_URL'])}"


def new_bucket(endpoint: str) -> str:
    """Make a bucket on the server that the environment names, and return its name."""
    name = f"bucket-{uuid.uuid4().hex[:12]}"
    _file_system(endpoint).mkdir(name)
    return name


def _file_system(endpoint: str) -> Any:
    """Have fsspec know the file system that a test before had: to make one takes longer than most tests."""
    fs = _made(endpoint)
    fs.invalidate_cache()
    type(fs)._cache[fs._fs_token] = fs
    return fs


@cache
def _made(endpoint: str) -> Any:
    import s3fs

    return s3fs.S3FileSystem()


@pytest.fixture(params=["file", "memory", "s3"])
def store(request, tmp_path):
    if request.param == "file":
        return Store(str(tmp_path / "store"))
    if request.param == "memory":
        return Store(f"memory://{uuid.uuid4().hex}")
    return Store(request.getfixturevalue("bucket") + "/blobs")


@pytest.fixture(params=["memory", "s3"])
def remote_store(request):
    if request.param == "memory":
        return Store(f"memory://{uuid.uuid4().hex}")
    return Store(request.getfixturevalue("bucket") + "/blobs")


@pytest.fixture
def tree(tmp_path):
    """Files of all sizes that are treated differently."""
    root = tmp_path / "tree"
    write(root, {"a.txt": b"hello\n", "deep/er/ü.bin": b"\x00" * 70_000, "empty": b""})
    (root / "large.bin").write_bytes(large())
    return root


@cache
def large() -> bytes:
    """Return what is sent in parts, which nothing makes smaller."""
    return os.urandom((17 << 20) + 3)


def write(root: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    root.mkdir(parents=True, exist_ok=True)
    return root


def read(root: Path) -> dict[str, bytes]:
    return {source.path: source.local.read_bytes() for source in collect(root)}


def wanted(stored: Stored) -> Wanted:
    return Wanted(path=stored.path, size=stored.size, digest=stored.digest, uri=stored.uri)
