"""Files that many workers write side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from git_registry.errors import StoreError
from git_registry.store.blobs import Store
from git_registry.store.drafts import Drafts


@pytest.fixture
def drafts(store):
    return Drafts(store)


def test_what_was_put_is_read(drafts, store):
    drafts.put("train", "w1", b"one")
    drafts.put("train", "w2", b"")
    drafts.put("train2", "w1", b"other")

    assert drafts.sizes("train") == {"w1": 3, "w2": 0}
    assert drafts.read("train", "w1", at_most=3) == b"one"
    assert drafts.place("train", "w1") == f"{store.uri}/drafts/train/w1.jsonl"


def test_a_worker_that_writes_again_replaces_its_file(drafts):
    drafts.put("train", "w1", b"one")
    drafts.put("train", "w1", b"another")

    assert drafts.sizes("train") == {"w1": 7}
    assert drafts.read("train", "w1", at_most=7) == b"another"


def test_nothing_there(drafts):
    assert drafts.sizes("train") == {}
    drafts.drop("train")
    with pytest.raises(StoreError, match="it is not there"):
        drafts.read("train", "w1", at_most=1)


def test_no_more_is_read_than_is_wanted(drafts):
    drafts.put("train", "w1", b"one")

    with pytest.raises(StoreError, match="larger than 2 bytes"):
        drafts.read("train", "w1", at_most=2)


def test_one_draft_is_dropped(drafts):
    for draft in ("train", "train2"):
        drafts.put(draft, "w1", b"one")
        drafts.put(draft, "w2", b"two")

    drafts.drop("train")

    assert drafts.sizes("train") == {}
    assert drafts.sizes("train2") == {"w1": 3, "w2": 3}


def test_many_write_at_once(drafts):
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda n: drafts.put("train", f"w{n}", b"x" * n), range(20)):
            pass

    assert drafts.sizes("train") == {f"w{n}": n for n in range(20)}


def test_a_directory_holds_nothing_but_the_files(tmp_path):
    drafts = Drafts(Store(str(tmp_path / "store")))
    drafts.put("train", "w1", b"one")
    (tmp_path / "store/drafts/train/notes.txt").write_text("not a part")

    assert drafts.sizes("train") == {"w1": 3}
    assert [path.name for path in (tmp_path / "store/tmp").iterdir()] == []
    drafts.drop("train")
    assert not (tmp_path / "store/drafts/train").exists()


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    from fsspec.implementations.local import LocalFileSystem

    drafts = Drafts(Store(str(tmp_path / "store")))
    drafts.put("train", "w1", b"one")

    def full(self, path, value, **kwargs):
        with self.open(path, "wb") as file:
            file.write(value[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalFileSystem, "pipe_file", full)
    with pytest.raises(StoreError, match="the disk is full"):
        drafts.put("train", "w1", b"another")

    assert drafts.read("train", "w1", at_most=3) == b"one"
    assert list((tmp_path / "store/tmp").iterdir()) == []


def test_the_stores_own_options_are_used(s3_endpoint, s3_environment, bucket, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    drafts = Drafts(Store(f"{bucket}/blobs", options={"endpoint_url": s3_endpoint}))

    drafts.put("train", "w1", b"one")

    assert drafts.sizes("train") == {"w1": 3}
    assert drafts.read("train", "w1", at_most=3) == b"one"
