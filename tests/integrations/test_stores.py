"""Where the bytes lie: far away, somewhere else, or waiting to be uploaded; and long lists of them."""

import os
import threading

import fsspec
import pytest
from tests.sdk.desk import found

from git_registry.errors import InvalidDocument
from git_registry.integrations import shelf
from git_registry.sdk import linking
from git_registry.sdk.blobs import Blobs
from git_registry.sdk.linking import Request

LARGE = os.urandom(1 << 20) * 24


@pytest.fixture
def far(tmp_path, bucket):
    """An organization whose blobs are in a bucket."""
    return found(tmp_path / "acme", f"{bucket}/blobs")


@pytest.fixture
def transferred(monkeypatch):
    """What S3 was asked for, and how many bytes of objects came back."""
    import s3fs

    asked, ask = [], s3fs.S3FileSystem._call_s3

    async def counted(self, method, *args, **options):
        answer = await ask(self, method, *args, **options)
        asked.append((method, answer["ContentLength"] if method == "get_object" else 0))
        return answer

    monkeypatch.setattr(s3fs.S3FileSystem, "_call_s3", counted)
    return asked


def volume(transferred):
    return sum(count for _, count in transferred)


def test_a_range_of_a_large_blob_transfers_little_more_than_the_range(far, opened, transferred, tmp_path):
    (tmp_path / "large.bin").write_bytes(LARGE)
    far(linking.link_files, tmp_path / "large.bin", "model/churn", Request())
    path = "model/churn:v0/large.bin"
    transferred.clear()

    fs = opened(far)

    assert fs.cat_file(path, 5 << 20, (5 << 20) + 100) == LARGE[5 << 20 : (5 << 20) + 100]
    assert transferred == [("get_object", 100)]
    transferred.clear()
    assert fs.cat_ranges([path] * 3, [0, 1000, -10], [10, 1010, None]) == [
        LARGE[:10],
        LARGE[1000:1010],
        LARGE[-10:],
    ]
    assert volume(transferred) < 2_000
    transferred.clear()
    with fs.open(path, block_size=64 << 10, cache_type="readahead") as file:
        file.seek(-8, os.SEEK_END)
        assert file.read() == LARGE[-8:]
        file.seek(1 << 20)
        assert file.read(8) == LARGE[1 << 20 : (1 << 20) + 8]
    assert 16 <= volume(transferred) < 512 << 10
    transferred.clear()
    assert fs.cat_file(path) == LARGE
    assert volume(transferred) == len(LARGE)


def test_parquet_in_a_bucket_is_read_column_by_column(far, opened, transferred, tmp_path):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    wide = pandas.DataFrame({f"c{n}": list(os.urandom(100_000)) for n in range(20)})
    wide.to_parquet(tmp_path / "wide.parquet")
    far(linking.link_files, tmp_path / "wide.parquet", "dataset/wide", Request())
    transferred.clear()

    fs = opened(far)
    with fs.open("dataset/wide:v0/wide.parquet", block_size=16 << 10) as file:
        one = pandas.read_parquet(file, columns=["c7"])

    assert list(one.c7) == list(wide.c7)
    assert volume(transferred) < (tmp_path / "wide.parquet").stat().st_size / 4


def test_a_blob_that_was_fetched_is_kept_on_this_machine(far, opened, transferred, tmp_path):
    far.link("weights")
    transferred.clear()

    for target in ("one", "two"):
        opened(far).get_file("model/churn:v0/model.bin", tmp_path / target)
        assert (tmp_path / target).read_text() == "weights"

    assert volume(transferred) == len("weights")


@pytest.fixture
def raw(desk):
    """Data in another store, which the organization allows to be read."""
    memory = fsspec.filesystem("memory")
    memory.pipe("/raw-for-integrations/a.csv", b"x\n1\n")
    yield memory
    memory.rm("/raw-for-integrations", recursive=True)


def link_raw(desk, trust):
    return desk.allowing(trusted=trust)(
        linking.link_reference, "memory://raw-for-integrations", "dataset/raw", Request()
    )


def test_data_elsewhere_is_read_where_that_is_allowed(desk, opened, raw):
    link_raw(desk, ("memory://raw-for-integrations",))

    with pytest.raises(PermissionError, match="allows no reading from there"):
        opened(desk).open("dataset/raw/a.csv")
    with pytest.raises(PermissionError, match="allows no reading from there"):
        opened(desk).cat_file("dataset/raw/a.csv", 0, 2)
    trusting = opened(desk, trust="memory://raw-for-integrations")
    assert trusting.cat_file("dataset/raw/a.csv") == b"x\n1\n"
    assert trusting.cat_file("dataset/raw/a.csv", 2) == b"1\n"
    assert trusting.cat_ranges(["dataset/raw/a.csv"], 0, 1) == [b"x"]
    assert trusting.open("dataset/raw/a.csv").read() == b"x\n1\n"
    assert trusting != opened(desk)


def test_data_elsewhere_that_changed_is_not_what_was_linked(desk, opened, raw):
    link_raw(desk, ("memory://raw-for-integrations",))
    fs = opened(desk, trust=["memory://raw-for-integrations"])
    raw.pipe("/raw-for-integrations/a.csv", b"y\n1\n")

    for read in (fs.open, fs.cat_file, lambda path: fs.cat_file(path, 0, 1)):
        with pytest.raises(OSError, match="it changed since it was linked"):
            read("dataset/raw/a.csv")


def test_no_version_leads_back_into_the_registry(desk):
    desk.link("one")

    with pytest.raises(InvalidDocument, match="names a wrapper, registry://"):
        desk.allowing(trusted=("registry://model",))(
            linking.link_reference, "registry://model/churn:latest/model.bin", "model/again", Request()
        )


# Long lists


MANY = {f"day={day:02}/part-{part}.txt": f"{day} {part}" for day in range(30) for part in range(10)}


@pytest.fixture
def listings(monkeypatch):
    """How often a version's files were asked for."""
    asked, entries = [], Blobs.entries

    def counted(self, manifest, where):
        asked.append(where)
        return entries(self, manifest, where)

    monkeypatch.setattr(Blobs, "entries", counted)
    return asked


def test_a_long_list_is_read_from_the_store_once(desk, opened, listings):
    desk.link(MANY, "dataset/days")
    fs = opened(desk)
    listings.clear()

    assert fs.ls("dataset/days:v0", detail=False) == [f"dataset/days:v0/day={day:02}" for day in range(30)]
    assert len(fs.find("dataset/days:v0")) == 300
    assert fs.cat("dataset/days:v0/day=07/part-3.txt") == b"7 3"
    assert fs.glob("dataset/days:v0/day=0*/part-3.txt")[1] == "dataset/days:v0/day=01/part-3.txt"
    assert len(listings) == 1


def test_threads_wait_for_the_one_that_reads_the_list(desk, opened, listings):
    desk.link(MANY, "dataset/days")
    fs, answers, ready = opened(desk), [], threading.Barrier(6)
    listings.clear()

    def read():
        ready.wait()
        answers.append(len(fs.find("dataset/days:v0")))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert answers == [300] * 6
    assert len(listings) == 1


def test_what_is_known_of_a_directory_needs_no_list(desk, opened, listings):
    desk.link(MANY, "dataset/days")
    fs = opened(desk)
    listings.clear()

    assert fs.isdir("dataset/days:v0")
    assert fs.ls("dataset/days", detail=False) == ["dataset/days:v0"]
    assert listings == []


def test_versions_used_least_lately_make_room(desk, opened, listings, monkeypatch):
    monkeypatch.setattr(shelf, "_SHELVES", {})
    monkeypatch.setattr(shelf, "_ROOM", 1_000)
    for content in range(3):
        desk.link({**MANY, "x": str(content)}, "dataset/days")
    fs = opened(desk)
    listings.clear()

    for number in (0, 1, 0, 2, 0, 1):  # each takes 401 of the room: there is room for two
        assert fs.cat(f"dataset/days:v{number}/x") == str(number).encode()

    assert len(listings) == 4


def test_a_damaged_list_lists_nothing(desk, opened):
    desk.link(MANY, "dataset/days")
    for blob in desk.blobs:
        if blob.stat().st_size > 1_000:
            blob.write_bytes(blob.read_bytes().replace(b"part-3", b"part-9", 1))

    with pytest.raises(OSError, match="damaged"):
        opened(desk).ls("dataset/days:v0")
