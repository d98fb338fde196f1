"""A cache that is never believed and never in the way."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from git_registry.errors import UsageError
from git_registry.model.digest import Digest
from git_registry.store.cache import DEFAULT_LIMIT, Cache, parse_size
from git_registry.store.download import Wanted, download
from git_registry.store.sources import collect

from .conftest import read, wanted, write


def blobs(cache: Cache) -> list[Path]:
    return [path for path in cache.directory.rglob("*") if path.is_file()]


def kept(cache: Cache, tmp_path: Path, data: bytes, *, used: int) -> Digest:
    (tmp_path / "file").write_bytes(data)
    digest = Digest.of(data)
    cache.add(digest, tmp_path / "file")
    os.utime(cache.find(digest), (used, used))
    return digest


def test_a_second_download_needs_no_store(remote_store, tree, tmp_path):
    cache = Cache(tmp_path / "cache")
    stored = remote_store.upload(collect(tree))
    download([wanted(one) for one in stored], tmp_path / "one", cache=cache)

    gone = [Wanted(path=one.path, size=one.size, digest=one.digest, uri="memory://gone/x") for one in stored]
    download(gone, tmp_path / "two", cache=cache)

    assert read(tmp_path / "two") == read(tree)


def test_a_damaged_blob_is_dropped_and_fetched_again(remote_store, tree, tmp_path):
    cache = Cache(tmp_path / "cache")
    stored = remote_store.upload(collect(tree))
    download([wanted(one) for one in stored], tmp_path / "one", cache=cache)
    for number, blob in enumerate(blobs(cache)):
        blob.write_bytes(b"damaged" if number % 2 else b"")

    download([wanted(one) for one in stored], tmp_path / "two", cache=cache)

    assert read(tmp_path / "two") == read(tree)
    assert all(blob.name == Digest.of(blob.read_bytes()).value for blob in blobs(cache))


def test_an_edit_of_what_was_handed_out_does_not_reach_the_cache(remote_store, tree, tmp_path):
    cache = Cache(tmp_path / "cache")
    stored = remote_store.upload(collect(tree))
    download([wanted(one) for one in stored], tmp_path / "one", cache=cache)
    with (tmp_path / "one/large.bin").open("r+b") as file:
        file.write(b"edited")

    download([wanted(one) for one in stored], tmp_path / "two", cache=cache)

    assert read(tmp_path / "two") == read(tree)


def test_a_local_store_is_not_cached(tree, tmp_path):
    from git_registry.store.blobs import Store

    cache = Cache(tmp_path / "cache")
    stored = Store(str(tmp_path / "store")).upload(collect(tree))

    download([wanted(one) for one in stored], tmp_path / "one", cache=cache)

    assert blobs(cache) == []


def test_the_least_recently_used_goes_first(tmp_path):
    cache = Cache(tmp_path / "cache", limit_bytes=250)
    old = kept(cache, tmp_path, b"a" * 100, used=1_000)
    older = kept(cache, tmp_path, b"b" * 100, used=500)
    new = kept(cache, tmp_path, b"c" * 100, used=2_000)

    cache.trim()

    assert cache.find(older) is None
    assert cache.find(old)
    assert cache.find(new)


def test_what_is_larger_than_the_cache_is_not_kept(tmp_path):
    cache = Cache(tmp_path / "cache", limit_bytes=10)
    (tmp_path / "file").write_bytes(b"a" * 11)
    cache.add(Digest.of(b"a" * 11), tmp_path / "file")

    assert blobs(cache) == []


def test_a_cache_that_cannot_be_written_is_no_error(remote_store, tree, tmp_path):
    (tmp_path / "cache").write_text("a file where the directory should be")
    stored = remote_store.upload(collect(tree))

    download([wanted(one) for one in stored], tmp_path / "one", cache=Cache(tmp_path / "cache"))

    assert read(tmp_path / "one") == read(tree)


def test_many_at_once_share_a_cache(remote_store, tmp_path):
    root = write(tmp_path / "tree", {f"{n}": bytes([n]) * 1000 for n in range(50)})
    stored = remote_store.upload(collect(root))
    directory = tmp_path / "cache"

    def once(number: int) -> dict[str, bytes]:
        cache = Cache(directory, limit_bytes=20_000)
        download([wanted(one) for one in stored], tmp_path / f"out{number}", cache=cache)
        return read(tmp_path / f"out{number}")

    with ThreadPoolExecutor(4) as pool:
        assert all(got == read(root) for got in pool.map(once, range(8)))
    assert not list(directory.rglob("*.part"))


def test_where_it_is_comes_from_the_environment_first(tmp_path):
    def of(**environ):
        return Cache.from_environment(environ, directory=str(tmp_path / "configured"), size="1GB")

    assert of().directory == tmp_path / "configured"
    assert of().limit_bytes == 1_000_000_000
    assert of(GIT_REGISTRY_CACHE=str(tmp_path / "env")).directory == tmp_path / "env"
    assert of(GIT_REGISTRY_CACHE_SIZE="5 MiB").limit_bytes == 5 << 20
    assert of(GIT_REGISTRY_CACHE="off") is None
    default = Cache.from_environment({})
    assert default.directory.name == "git-registry"
    assert default.limit_bytes == DEFAULT_LIMIT


@pytest.mark.parametrize(
    ("text", "size"),
    [("10", 10), ("1k", 1000), ("1.5GB", 1_500_000_000), ("2 gib", 2 << 30), ("3TB", 3 * 10**12)],
)
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1", "10 parsecs", "1e9"])
def test_no_sizes(text):
    with pytest.raises(UsageError, match="expected a size"):
        parse_size(text)
