"""One suite, whatever holds the blobs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from git_registry.errors import StoreError, UsageError
from git_registry.model.digest import Digest
from git_registry.store.blobs import Store
from git_registry.store.download import Wanted, download, download_file
from git_registry.store.sources import Source, collect

from .conftest import read, wanted, write


class Counted:
    def __init__(self):
        self.total, self.files, self.done = None, 0, 0

    def start(self, total_bytes, files):
        self.total, self.files = total_bytes, files

    def advance(self, count):
        self.done += count


def overwrite(store: Store, digest: Digest, data: bytes) -> None:
    """Damage a blob behind the store's back."""
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(store.uri_of(digest), use_listings_cache=False)
    if store.is_local:
        Path(path).unlink()
    fs.pipe_file(path, data)


def test_what_is_uploaded_comes_back(store, tree, tmp_path):
    stored = store.upload(collect(tree))

    got = download([wanted(one) for one in stored], tmp_path / "out")

    assert read(tmp_path / "out") == read(tree)
    assert {one.verified for one in got} == {"sha256"}
    assert [one.path for one in stored] == ["a.txt", "deep/er/ü.bin", "empty", "large.bin"]


def test_a_blob_lies_under_its_digest(store, tree):
    one = store.upload(collect(tree / "a.txt"))[0]

    hexdigest = hashlib.sha256(b"hello\n").hexdigest()
    assert one.uri == f"{store.uri}/sha256/{hexdigest[:2]}/{hexdigest}"
    assert (one.path, one.size, one.digest) == ("a.txt", 6, Digest("sha256", hexdigest))


def test_a_second_upload_changes_nothing(store, tree):
    first = store.upload(collect(tree))
    assert store.upload(collect(tree)) == first


def test_the_same_bytes_under_two_names_are_one_blob(store, tmp_path):
    root = write(tmp_path / "twice", {"a": b"same", "b": b"same", "c/d": b"same"})

    stored = store.upload(collect(root))

    assert len({one.uri for one in stored}) == 1
    download([wanted(one) for one in stored], tmp_path / "out")
    assert read(tmp_path / "out") == read(root)


def test_missing_tells_what_is_not_there(store):
    there = store.put_bytes(b"there").digest
    nowhere = Digest.of(b"nowhere")

    assert store.missing([there, nowhere]) == {nowhere}
    assert store.missing([]) == frozenset()


def test_missing_lists_when_there_are_many(store, tmp_path):
    root = write(tmp_path / "many", {f"{n:04}": str(n).encode() for n in range(400)})
    stored = store.upload(collect(root))
    nowhere = {Digest.of(f"no {n}".encode()) for n in range(300)}

    assert store.missing({one.digest for one in stored} | nowhere) == nowhere


def test_bytes_are_read_back_verified(store):
    one = store.put_bytes(b"a list of files")

    assert store.read(one.digest) == b"a list of files"
    with pytest.raises(StoreError, match="larger than 3"):
        store.read(one.digest, at_most=3)


def test_a_damaged_blob_is_refused_with_both_digests(store, tree, tmp_path):
    stored = store.upload(collect(tree))
    for one in stored:
        damaged = b"!" * one.size
        if not one.size:
            continue
        overwrite(store, one.digest, damaged)

        with pytest.raises(StoreError) as refused:
            download([wanted(one)], tmp_path / "out")
        assert str(one.digest) in refused.value.message
        assert str(Digest.of(damaged)) in refused.value.message
        assert refused.value.exit_code == 7
        assert not (tmp_path / "out").exists()
        assert not list(tmp_path.glob(".out*"))


def test_a_damaged_blob_is_not_read(store):
    one = store.put_bytes(b"right")
    overwrite(store, one.digest, b"wrong")

    with pytest.raises(StoreError, match=f"expected {one.digest}, found {Digest.of(b'wrong')}"):
        store.read(one.digest)


def test_a_blob_of_another_length_is_refused(store, tmp_path):
    one = store.put_bytes(b"right")
    for other in (b"rig", b"right and more"):
        overwrite(store, one.digest, other)
        with pytest.raises(StoreError, match=r"damaged|expected 5 bytes"):
            download(
                [wanted(one) if one.path else Wanted(path="x", size=5, digest=one.digest, uri=one.uri)],
                tmp_path / "o",
            )


def test_a_cut_off_blob_is_mended_by_another_upload(store, tree):
    one = store.upload(collect(tree / "a.txt"))[0]
    overwrite(store, one.digest, b"hel")

    store.upload(collect(tree / "a.txt"))

    assert store.read(one.digest) == b"hello\n"


def test_a_missing_blob_is_named(store, tmp_path):
    store.put_bytes(b"something")
    digest = Digest.of(b"never there")
    uri = store.uri_of(digest)

    for size in (11, None, 20 << 20):
        with pytest.raises(StoreError) as missing:
            download([Wanted(path="x", size=size, digest=digest, uri=uri)], tmp_path / "out")
        assert missing.value.where == uri
        assert "not there" in missing.value.message


def test_the_store_is_tried_before_the_uri_of_the_entry(store, tmp_path):
    one = store.put_bytes(b"moved")
    elsewhere = Wanted(path="x", size=5, digest=one.digest, uri="memory://gone/away")

    download([elsewhere], tmp_path / "out", store=store)

    assert read(tmp_path / "out") == {"x": b"moved"}


def test_the_uri_of_the_entry_is_tried_after_the_store(store, tmp_path):
    old = Store("memory://old-store")
    one = old.put_bytes(b"not moved yet")

    download([Wanted(path="x", size=13, digest=one.digest, uri=one.uri)], tmp_path / "out", store=store)

    assert read(tmp_path / "out") == {"x": b"not moved yet"}


def test_a_single_file_goes_where_it_is_told(store, tree, tmp_path):
    one = store.upload(collect(tree / "large.bin"))[0]

    download_file(wanted(one), tmp_path / "model.bin")

    assert (tmp_path / "model.bin").read_bytes() == (tree / "large.bin").read_bytes()


def test_progress_counts_every_byte_once(store, tree, tmp_path):
    up, down = Counted(), Counted()
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())

    stored = store.upload(collect(tree), progress=up)
    download([wanted(one) for one in stored], tmp_path / "out", progress=down)

    assert (up.total, up.files, up.done) == (size, 4, size)
    assert (down.total, down.files, down.done) == (size, 4, size)


def test_nothing_is_left_beside_the_blobs(store, tree):
    from fsspec.core import url_to_fs

    store.upload(collect(tree))

    fs, root = url_to_fs(store.uri, use_listings_cache=False)
    assert len(fs.find(root)) == 4


def test_a_missing_source_is_named(store, tmp_path):
    from git_registry.errors import NotFound

    with pytest.raises(NotFound, match="gone"):
        store.upload([Source(path="gone", local=tmp_path / "gone")])


def test_an_empty_list_is_fine(store, tmp_path):
    assert store.upload([]) == ()
    assert download([], tmp_path / "out") == ()
    assert list((tmp_path / "out").iterdir()) == []


def test_only_a_sha256_names_a_blob(store):
    with pytest.raises(UsageError, match="by its SHA-256"):
        store.uri_of(Digest("etag", "abc"))
