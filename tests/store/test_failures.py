"""Whatever a store does wrong, the user reads what to do, and never a secret."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from git_registry.errors import Conflict, StoreError, UsageError
from git_registry.store.blobs import Store
from git_registry.store.failures import failure, redact, translating, without_package
from git_registry.store.sources import Source, collect

from .conftest import write


def test_importing_the_store_does_not_load_fsspec():
    modules = ["blobs", "cache", "download", "failures", "location", "reference", "sources"]
    code = "import sys\n" + "".join(f"import git_registry.store.{module}\n" for module in modules)
    loaded = "sorted({'fsspec', 's3fs', 'platformdirs', 'aiohttp'} & set(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", f"{code}print({loaded})"], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_no_credentials(s3_environment, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(StoreError, match="no usable credentials") as told:
        Store("s3://bucket-without-keys/x", options={"skip_instance_cache": True}).put_bytes(b"x")
    assert "AWS_PROFILE" in told.value.hint


def test_no_bucket(s3_environment):
    with pytest.raises(StoreError, match="the bucket does not exist"):
        Store("s3://never-made/x").put_bytes(b"x")


def test_nobody_answers(s3_environment):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
        options = {
            "endpoint_url": endpoint,
            "config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 1},
        }
        with pytest.raises(StoreError, match="could not be reached"):
            Store("s3://bucket/x", options=options).put_bytes(b"x")


def test_an_unknown_protocol():
    with pytest.raises(StoreError, match="nothing installed understands zzz://"):
        Store("zzz://place").put_bytes(b"x")


@pytest.mark.parametrize(("protocol", "extra"), [("s3", "s3"), ("gs", "gcs"), ("abfs", "azure")])
def test_a_package_that_is_not_installed(protocol, extra):
    assert without_package(protocol, "Install it", "x").hint == f"pip install 'git-registry[{extra}]'"


def test_fsspec_names_other_packages(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.fs", None)
    with pytest.raises(StoreError, match="the package for hdfs:// is not installed") as told:
        Store("hdfs://host/path").put_bytes(b"x")
    assert "pyarrow" in told.value.hint


def test_a_page_is_no_store():
    with pytest.raises(UsageError, match="http is not"):
        Store("https://example.org/store")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "permission denied"),
        (OSError(errno.EBUSY, "SlowDown"), "it asks to slow down"),
        (OSError(121, "InternalError"), "it had an internal error"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "it could not be reached"),
        (TimeoutError(), "it did not answer in time"),
        (OSError("something odd"), "something odd"),
    ],
)
def test_the_system_in_words(error, message):
    assert failure(error, "somewhere").message == message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk():
    with pytest.raises(StoreError, match="the disk is full"), translating("there"):
        Path("/dev/full").write_bytes(b"x")


def test_a_mistake_of_ours_is_not_called_a_store_error():
    with pytest.raises(TypeError), translating("somewhere"):
        len(3)


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hunter2@host/x",
        "https://host/x?X-Amz-Signature=hunter2&a=1",
        "https://host/x?sig=hunter2",
        "InvalidToken: token: hunter2, sorry",
        "aws_secret_access_key = hunter2",
    ],
)
def test_secrets_are_not_repeated(text):
    assert "hunter2" not in redact(text)
    assert "hunter2" not in str(failure(OSError(text), text))


class Meddler:
    """Writes to a file as soon as some of it was read."""

    def __init__(self, file):
        self.file, self.done = file, False

    def start(self, total_bytes, files):
        pass

    def advance(self, count):
        if not self.done:
            self.done = True
            with self.file.open("r+b") as out:
                out.write(b"changed")


def blobs(store: Store) -> list[str]:
    from fsspec.core import url_to_fs

    fs, root = url_to_fs(store.uri, use_listings_cache=False)
    return fs.find(root)


def test_a_file_that_changes_while_it_is_read_is_named(store, tmp_path):
    file = tmp_path / "model.bin"
    file.write_bytes(b"x" * (40 << 20))

    with pytest.raises(Conflict, match=r"model\.bin: the file changed while it was read"):
        store.upload(collect(file), progress=Meddler(file))

    assert blobs(store) == []


def test_a_multipart_upload_that_failed_is_aborted(bucket, tmp_path):
    import s3fs

    file = tmp_path / "model.bin"
    file.write_bytes(b"x" * (40 << 20))
    with pytest.raises(Conflict):
        Store(bucket).upload(collect(file), progress=Meddler(file))

    assert s3fs.S3FileSystem().list_multipart_uploads(bucket.removeprefix("s3://")) == []


def test_a_link_is_not_followed_at_the_last_moment(store, tmp_path):
    write(tmp_path, {"secret": b"secret"})
    (tmp_path / "link").symlink_to("secret")

    with pytest.raises(UsageError, match="symbolic link"):
        store.upload([Source(path="link", local=tmp_path / "link")])


def test_a_pipe_does_not_hang(store, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UsageError, match="not a regular file"):
        store.upload([Source(path="pipe", local=tmp_path / "pipe")])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_may_not_be_written(tmp_path):
    (tmp_path / "store").mkdir(mode=0o555)

    with pytest.raises(StoreError, match="permission denied"):
        Store(str(tmp_path / "store")).put_bytes(b"x")


def test_a_store_where_a_file_is(tmp_path):
    write(tmp_path, {"store": b""})

    with pytest.raises(StoreError):
        Store(str(tmp_path / "store")).put_bytes(b"x")
