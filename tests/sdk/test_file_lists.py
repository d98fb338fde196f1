"""Long file lists in the store: all of one, or one file of it; believed only when all of it was seen."""

from __future__ import annotations

import tracemalloc
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from git_registry import codec
from git_registry.errors import InvalidDocument, NotFound, Refused, StoreError
from git_registry.model.digest import Digest
from git_registry.model.documents.organization import Organization
from git_registry.sdk import linking
from git_registry.sdk.blobs import Blobs
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.linking import Request
from git_registry.sdk.manifests import About, compose
from git_registry.sdk.resolving import resolve
from git_registry.store.blobs import Stored

from .test_linking import allow

MANY = 20_000


def at(store, **fields):
    return Blobs(Organization(name="acme", store=store, admins=(), **fields))


@pytest.fixture(params=["file", "memory", "s3"])
def where(request, tmp_path):
    if request.param == "file":
        return at(f"file://{tmp_path}/store")
    if request.param == "memory":
        return at(f"memory://{uuid.uuid4().hex}")
    return at(request.getfixturevalue("bucket") + "/blobs")


@pytest.fixture
def near(tmp_path):
    return at(f"file://{tmp_path}/store")


def references(count):
    return [
        Stored(path=path, size=7, digest=Digest.of(path.encode()), uri=f"s3://raw/{path}")
        for path in (f"part-{number % 100:02}/{number:06}.parquet" for number in range(count))
    ]


def listed(where, count=150):
    return compose(
        where, references(count), About(artifact="raw", type="dataset"), created="2026-01-01T12:00:00.000Z"
    )


def list_file(where, manifest) -> Path:
    return Path(manifest.file_list.uri.removeprefix("file://"))


def test_all_files_or_one_of_them(where):
    manifest = listed(where)

    entries = where.entries(manifest, "here")

    assert [one.path for one in entries] == sorted(one.path for one in references(150))
    for path in (entries[0].path, entries[77].path, entries[-1].path):
        [expected] = [one for one in entries if one.path == path]
        assert where.entry(manifest, path, "here") == expected
    assert where.entry(manifest, "part-00", "here") is None


def test_one_file_of_a_short_list(near):
    manifest = listed(near, 3)

    assert manifest.file_list is None
    assert near.entry(manifest, "part-01/000001.parquet", "here") == manifest.files[1]
    assert near.entry(manifest, "nothing", "here") is None


def test_files_lead_where_they_are_today(near, tmp_path):
    manifest = listed(near)
    moved = at(f"file://{tmp_path}/store", moved={"s3://raw": "gs://new"})

    assert moved.entry(manifest, "part-01/000001.parquet", "here").uri == "gs://new/part-01/000001.parquet"
    assert {one.uri[:9] for one in moved.entries(manifest, "here")} == {"gs://new/"}


ASK = [
    lambda where, manifest: where.entries(manifest, "here"),
    lambda where, manifest: where.entry(manifest, "part-00/000000.parquet", "here"),
]


@pytest.mark.parametrize("ask", ASK)
@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda data: b"{" + data, lambda data: b""])
def test_a_damaged_list_is_not_believed(near, ask, damage):
    manifest = listed(near)
    file = list_file(near, manifest)
    file.chmod(0o644)
    file.write_bytes(damage(file.read_bytes()))

    with pytest.raises(StoreError, match="it is damaged"):
        ask(near, manifest)


@pytest.mark.parametrize("ask", ASK)
def test_a_list_of_other_files_is_not_believed(near, ask):
    manifest, other = listed(near), listed(near, 151)

    with pytest.raises(StoreError, match="its list has 151 files, not 150"):
        ask(near, replace(manifest, file_list=replace(other.file_list, count=150)))
    with pytest.raises(StoreError, match="its files have the digest"):
        ask(near, replace(manifest, file_list=other.file_list))


@pytest.mark.parametrize("ask", ASK)
def test_a_blob_that_is_no_list_is_told(near, ask):
    blob = near.store.put_bytes(b"weights")
    manifest = listed(near)

    with pytest.raises(InvalidDocument, match="expected a file entry"):
        ask(near, replace(manifest, file_list=replace(manifest.file_list, digest=blob.digest, uri=blob.uri)))


@pytest.mark.parametrize("ask", ASK)
def test_a_list_that_is_gone_or_elsewhere(near, ask):
    manifest = listed(near)
    elsewhere = replace(manifest, file_list=replace(manifest.file_list, uri="s3://other/list"))
    assert ask(near, elsewhere) == ask(near, manifest), (
        "the store holds it, as readers of a store that moved hope"
    )

    list_file(near, manifest).unlink()
    with pytest.raises(Refused):
        ask(near, elsewhere)
    with pytest.raises(StoreError, match="it is not there"):
        ask(near, manifest)


def peak(work) -> int:
    """How many bytes were allocated at once while this was done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_one_file_of_many_is_read_in_the_memory_of_the_list_alone(near):
    manifest = listed(near, MANY)
    size = list_file(near, manifest).stat().st_size

    one = peak(lambda: near.entry(manifest, "part-00/000000.parquet", "here"))
    every = peak(lambda: near.entries(manifest, "here"))

    assert size > 3_000_000
    assert one < 2.5 * size
    assert one < every / 2


def test_a_long_list_is_written_in_twice_its_own_memory(near):
    entries = near.entries(listed(near, MANY), "here")
    made: list[bytes] = []

    used = peak(lambda: made.append(codec.encode_files(entries)))

    assert used < 2 * len(made[0])


def test_a_file_of_a_long_list_is_resolved_and_downloaded_alone(desk, tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(150):
        (raw / f"{number:03}").write_text(str(number))
    allow(desk, f"file://{raw}")
    desk(linking.link_reference, f"file://{raw}", "dataset/raw", Request())

    resolved = desk(resolve, "dataset/raw", path="042")
    done = desk(download, "dataset/raw", Wish(target=tmp_path / "out", path="042"))

    assert [(one.path, one.uri) for one in resolved.files] == [("042", f"file://{raw}/042")]
    assert done.resolved.files == resolved.files
    assert (tmp_path / "out").read_text() == "42"
    for ask in (lambda: desk(resolve, "dataset/raw", path="0424"), lambda: _download(desk, tmp_path)):
        with pytest.raises(NotFound, match="there is no file '0424' in it") as told:
            ask()
        assert told.value.hint.startswith("did you mean 04")


def test_a_typo_is_compared_with_its_neighbours_from_one_reading(desk, tmp_path, monkeypatch):
    files = {f"train/{number:04}.png": str(number) for number in range(150)}
    files |= {f"train/deep/{number:04}.png": "x" for number in range(3)} | {"test/0007.png": "x"}
    desk.link(files, "dataset/frames", type="dataset")
    read, lines = [], Blobs._lines
    monkeypatch.setattr(Blobs, "_lines", lambda blobs, listed: read.append(listed) or lines(blobs, listed))

    with pytest.raises(NotFound) as told:
        desk(resolve, "dataset/frames", path="train/0077.pmg")

    assert told.value.hint == "did you mean train/0077.png?"
    assert len(read) == 1
    with pytest.raises(NotFound) as told:
        desk(resolve, "dataset/frames", path="nowhere/0007.png")
    assert told.value.hint == ""


def _download(desk, tmp_path):
    return desk(download, "dataset/raw", Wish(target=tmp_path / "other", path="0424"))


def test_however_a_version_is_made_no_file_is_below_another(near):
    both = [replace(one, path=path) for one, path in zip(references(2), ("a", "a/b"), strict=True)]
    with pytest.raises(InvalidDocument, match="'a' is a file, and 'a/b' would be in it"):
        compose(near, both, About(artifact="raw", type="dataset"), created="2026-01-01T12:00:00.000Z")
