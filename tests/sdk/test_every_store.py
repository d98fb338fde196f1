"""The whole story over every kind of store, as the organization's document names it."""

import uuid

import fsspec
import pytest

from git_registry.errors import Refused, StoreError
from git_registry.model.digest import Digest
from git_registry.sdk import linking
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.linking import Request
from git_registry.sdk.resolving import resolve
from git_registry.sdk.syncing import sync
from git_registry.store.cache import Cache

from .desk import found
from .test_downloading import contents
from .test_linking import allow

FILES = {"model.bin": "weights" * 1000, "data/Ünï.txt": "a", "data/empty": ""}


@pytest.fixture(params=["file", "memory", "s3"])
def store(request, tmp_path):
    if request.param == "file":
        return f"file://{tmp_path}/store"
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}"
    return request.getfixturevalue("bucket") + "/blobs"


@pytest.fixture
def desk(tmp_path, store):
    return found(tmp_path / "acme", store)


def blob(store, content):
    """Return the file system and the path of a blob."""
    name = Digest.of(content.encode()).value
    return fsspec.core.url_to_fs(f"{store}/sha256/{name[:2]}/{name}")


def test_from_files_to_files(desk, store, tmp_path, upstream, clone):
    linked = desk.link(FILES, aliases=["production"])
    desk(sync)

    bob = clone("bob")
    files = bob(resolve, "model/churn:production").files
    bob(download, "model/churn:production", Wish(target=tmp_path / "out"), cache=Cache(tmp_path / "cache"))

    assert contents(tmp_path / "out") == FILES
    assert [entry.path for entry in files] == ["data/empty", "data/Ünï.txt", "model.bin"]
    assert all(entry.uri.startswith(f"{store}/sha256/") for entry in files)
    assert bob.link(FILES).known
    assert bob.link(FILES, "model/other").id == linked.id


def test_a_long_list(desk, tmp_path):
    files = {f"{n:03}": str(n % 7) for n in range(150)}
    desk.link(files)

    desk(download, "model/churn", Wish(target=tmp_path / "out"))

    assert contents(tmp_path / "out") == files


def test_a_corrupted_blob(desk, store, tmp_path):
    desk.link(FILES)
    fs, path = blob(store, "a")
    if store.startswith("file:"):
        (tmp_path / path).chmod(0o644)
    fs.pipe_file(path, b"b")

    with pytest.raises(StoreError) as refused:
        desk(download, "model/churn", Wish(target=tmp_path / "out"))

    assert refused.value.exit_code == 7
    assert Digest.of(b"a").value in str(refused.value)
    assert Digest.of(b"b").value in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_missing_blob(desk, store, tmp_path):
    desk.link(FILES)
    fs, path = blob(store, "a")
    fs.rm(path)

    with pytest.raises(StoreError):
        desk(download, "model/churn", Wish(target=tmp_path / "out"))
    desk.link(FILES)

    assert contents(desk(download, "model/churn", Wish(target=tmp_path / "out")).target) == FILES


def test_a_reference_into_a_store(desk, store, tmp_path):
    raw = f"{store.rpartition('/')[0]}/raw-{uuid.uuid4().hex}"
    fs, path = fsspec.core.url_to_fs(f"{raw}/a.csv")
    fs.makedirs(path.rpartition("/")[0], exist_ok=True)
    fs.pipe_file(path, b"a,b\n")
    with pytest.raises(Refused):
        desk(linking.link_reference, raw, "dataset/raw", Request())
    allow(desk, raw)

    linked = desk(linking.link_reference, raw, "dataset/raw", Request())
    desk(download, "dataset/raw", Wish(target=tmp_path / "out"))

    assert linked.weak == (not store.startswith("file:"))
    assert contents(tmp_path / "out") == {"a.csv": "a,b\n"}


def test_a_bucket_that_is_not_there_links_nothing(tmp_path, bucket):
    desk = found(tmp_path / "acme", f"{bucket}-nowhere/blobs")

    with pytest.raises(StoreError) as failed:
        desk.link("one")

    assert failed.value.exit_code == 7
    assert len(desk.log()) == 1


@pytest.fixture
def no_credentials(bucket, monkeypatch):
    """The connection that was made with some is forgotten, and so is the one made without, afterwards."""
    from s3fs import S3FileSystem

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    S3FileSystem.clear_instance_cache()
    yield
    S3FileSystem.clear_instance_cache()


@pytest.mark.usefixtures("no_credentials")
def test_without_credentials_it_says_so(tmp_path, bucket):
    desk = found(tmp_path / "acme", f"{bucket}/blobs")

    with pytest.raises(StoreError, match=r"(?i)credential") as failed:
        desk.link("one")

    assert failed.value.exit_code == 7
    assert len(desk.log()) == 1
