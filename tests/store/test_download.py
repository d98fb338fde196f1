"""Where downloaded files land, what is refused, and how strongly a weak entry is verified."""

from __future__ import annotations

import fcntl
import hashlib
import os

import pytest

from git_registry.errors import Conflict, InvalidDocument, StoreError
from git_registry.model.digest import Digest
from git_registry.store.blobs import Store
from git_registry.store.download import Wanted, download, download_file
from git_registry.store.reference import describe
from git_registry.store.sources import collect

from .conftest import read, wanted, write


@pytest.fixture
def files(tmp_path):
    """Two files in a local store, as wanted."""
    stored = Store(str(tmp_path / "store")).upload(
        collect(write(tmp_path / "tree", {"a": b"A", "d/b": b"B"}))
    )
    return [wanted(one) for one in stored]


def hidden(directory):
    return [path.name for path in directory.iterdir() if path.name.startswith(".")]


def test_an_empty_directory_is_filled(files, tmp_path):
    (tmp_path / "out").mkdir()
    download(files, tmp_path / "out")
    assert read(tmp_path / "out") == {"a": b"A", "d/b": b"B"}


def test_the_current_directory_stays_the_current_one(files, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    before = (tmp_path / "out").stat().st_ino

    download(files, tmp_path / "out")

    assert (tmp_path / "out").stat().st_ino == before
    assert read(tmp_path / "out") == {"a": b"A", "d/b": b"B"}


def test_a_target_that_holds_something_is_refused(files, tmp_path):
    write(tmp_path / "out", {"mine": b"mine"})

    with pytest.raises(Conflict, match="not empty") as refused:
        download(files, tmp_path / "out")

    assert "--force" in refused.value.hint
    assert read(tmp_path / "out") == {"mine": b"mine"}
    assert hidden(tmp_path) == []


def test_force_replaces_files_and_deletes_nothing(files, tmp_path):
    write(tmp_path / "out", {"mine": b"mine", "a": b"old", "d/mine": b"mine"})

    download(files, tmp_path / "out", force=True)

    assert read(tmp_path / "out") == {"mine": b"mine", "a": b"A", "d/b": b"B", "d/mine": b"mine"}
    assert hidden(tmp_path) == hidden(tmp_path / "out") == []


def test_force_never_follows_a_link_out(files, tmp_path):
    write(tmp_path / "elsewhere", {"b": b"precious"})
    write(tmp_path / "out", {"mine": b"mine"})
    (tmp_path / "out/d").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Conflict, match="out/d: it is not a directory"):
        download(files, tmp_path / "out", force=True)

    assert read(tmp_path / "elsewhere") == {"b": b"precious"}
    assert not (tmp_path / "out/a").exists()


def test_force_replaces_a_link_and_not_what_it_points_at(files, tmp_path):
    write(tmp_path, {"precious": b"precious"})
    write(tmp_path / "out", {"mine": b"mine"})
    (tmp_path / "out/a").symlink_to(tmp_path / "precious")

    download(files, tmp_path / "out", force=True)

    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert read(tmp_path / "out")["a"] == b"A"


def test_force_does_not_replace_a_directory_by_a_file(files, tmp_path):
    write(tmp_path / "out", {"a/inner": b"mine"})

    with pytest.raises(Conflict, match="a directory is where a file belongs"):
        download(files, tmp_path / "out", force=True)

    assert read(tmp_path / "out") == {"a/inner": b"mine"}


def test_a_file_is_not_overwritten(files, tmp_path):
    write(tmp_path, {"model": b"mine"})

    with pytest.raises(Conflict, match="already exists"):
        download_file(files[0], tmp_path / "model")
    with pytest.raises(Conflict, match="already exists"):
        download(files, tmp_path / "model", force=True)
    assert (tmp_path / "model").read_bytes() == b"mine"

    download_file(files[0], tmp_path / "model", force=True)
    assert (tmp_path / "model").read_bytes() == b"A"
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../b", "a//b", ".", "a\\b", "a\nb", ""])
def test_a_path_that_leads_out_is_refused(files, tmp_path, path):
    evil = Wanted(path=path, size=1, digest=files[0].digest, uri=files[0].uri)

    with pytest.raises(InvalidDocument):
        download([evil], tmp_path / "out")

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("paths", [("a", "a"), ("a", "a/b"), ("a/b/c", "a")])
def test_paths_that_exclude_each_other_are_refused(files, tmp_path, paths):
    both = [Wanted(path=path, size=1, digest=files[0].digest, uri=files[0].uri) for path in paths]

    with pytest.raises(InvalidDocument):
        download(both, tmp_path / "out")


def test_what_a_killed_run_left_is_swept_but_not_what_a_living_one_has(files, tmp_path):
    dead, living = tmp_path / ".out.part-1-dead", tmp_path / ".out.part-2-living"
    write(dead, {"half": b"x"})
    write(living, {"half": b"x"})
    lock = os.open(living, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)

    download(files, tmp_path / "out")

    assert hidden(tmp_path) == [living.name]
    os.close(lock)


def test_of_two_files_one_damaged_neither_lands(files, tmp_path):
    place = tmp_path / files[1].uri.removeprefix(f"file://{tmp_path}/")
    place.chmod(0o644)
    place.write_bytes(b"X")

    with pytest.raises(StoreError, match=f"expected {files[1].digest}, found {Digest.of(b'X')}"):
        download(files, tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert hidden(tmp_path) == []


def test_a_pipe_in_place_of_a_blob_is_not_waited_for(files, tmp_path):
    place = tmp_path / files[1].uri.removeprefix(f"file://{tmp_path}/")
    place.unlink()
    os.mkfifo(place)

    with pytest.raises(StoreError, match="it is not a regular file"):
        download(files, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_what_is_too_long_is_not_fetched_to_its_end(tmp_path):
    with (tmp_path / "x").open("wb") as file:
        file.truncate(1 << 33)
    one = Wanted(path="x", size=1, digest=Digest.of(b"x"), uri=f"file://{tmp_path}/x")

    with pytest.raises(StoreError, match="expected 1 bytes, found more"):
        download([one], tmp_path / "out")


def test_a_weak_entry_is_verified_as_well_as_it_can_be(bucket, tmp_path):
    from fsspec.core import url_to_fs

    fs, root = url_to_fs(bucket)
    fs.pipe_file(f"{root}/raw/x", b"bytes")
    etag = describe(f"{bucket}/raw")
    md5 = Wanted(
        path="m", size=5, digest=Digest("md5", hashlib.md5(b"bytes").hexdigest()), uri=f"{bucket}/raw/x"
    )

    got = download([*map(wanted, etag), md5], tmp_path / "out")

    assert {one.path: one.verified for one in got} == {"x": "etag", "m": "md5"}
    assert {one.sha256 for one in got} == {Digest.of(b"bytes")}

    fs.pipe_file(f"{root}/raw/x", b"other")
    with pytest.raises(StoreError, match="changed since it was linked"):
        download([wanted(etag[0])], tmp_path / "again")
    with pytest.raises(StoreError, match="damaged: expected md5:"):
        download([md5], tmp_path / "again")


def test_a_weak_local_entry_is_known_by_its_stat(tmp_path):
    file = write(tmp_path, {"x": b"bytes"}) / "x"
    status = file.stat()
    one = Wanted(
        path="x",
        size=5,
        digest=Digest("stat", f"{status.st_size}-{status.st_mtime_ns}"),
        uri=f"file://{file}",
    )

    assert download([one], tmp_path / "out")[0].verified == "stat"
    os.utime(file, (1, 1))
    with pytest.raises(StoreError, match="changed since it was linked"):
        download([one], tmp_path / "again")
