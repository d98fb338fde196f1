"""The files of a version that is being put together: nothing is copied, and nothing else is uploaded."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import Conflict, InvalidDocument, NotFound, UsageError
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk import drafting
from git_registry.sdk.drafting import Draft, is_reference
from git_registry.store.blobs import Store


@pytest.fixture
def store(tmp_path):
    return Store(f"file://{tmp_path}/store")


@pytest.fixture
def write(tmp_path):
    def run(name, text):
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return run


@pytest.fixture
def large(monkeypatch):
    """Let every file be a large one, which is not copied when it is added."""
    monkeypatch.setattr(drafting, "_SMALL", -1)
    monkeypatch.setattr(drafting, "_SMALL_TOGETHER", -1)


def entry(path, text="kept", uri="", size=None):
    digest = Digest.of(text.encode())
    return FileEntry(path=path, size=size, digest=digest, uri=uri or f"s3://acme/sha256/x/{digest.value}")


def test_nothing_is_uploaded_before_it_is_asked_for(store, write, tmp_path):
    draft = Draft()
    draft.add_file(write("model.bin", "weights"), "weights/model.bin")
    draft.add_directory(write("data/a.txt", "a").parent, "data")
    assert not (tmp_path / "store").exists()

    stored = draft.stored(store)

    assert {one.path: store.read(one.digest) for one in stored} == {
        "weights/model.bin": b"weights",
        "data/a.txt": b"a",
    }
    assert draft.digest() == list_digest((one.path, one.digest, one.uri) for one in stored)


def test_what_lies_elsewhere_is_kept_as_it_is(store):
    kept = entry("old.bin", size=4)
    pointed = FileEntry(path="raw", size=9, digest=Digest("etag", "x"), uri="s3://raw/x")
    draft = Draft([kept])
    draft.put(pointed)

    assert [(one.path, one.size, one.digest, one.uri) for one in draft.stored(store)] == [
        (one.path, one.size, one.digest, one.uri) for one in (kept, pointed)
    ]


def test_a_size_that_nobody_wrote_down_is_not_made_up(store):
    assert Draft([entry("a")]).stored(store)[0].size is None


@pytest.mark.parametrize("meddle", ["write", "remove", "touch"])
def test_a_file_must_be_what_was_added(large, store, write, meddle, tmp_path):
    draft = Draft()
    path = write("model.bin", "weights")
    draft.add_file(path, "model.bin")
    if meddle == "write":
        path.write_text("other weights")
    elif meddle == "remove":
        path.unlink()
    else:
        os.utime(path, ns=(1, 1))

    with pytest.raises(Conflict, match="no longer what was added") as conflict:
        draft.stored(store)

    assert "wait()" in conflict.value.hint
    assert not (tmp_path / "store").exists()
    with pytest.raises(Conflict):
        draft.digest()


def test_a_file_written_to_while_others_are_uploaded_is_noticed(large, write, tmp_path):
    draft = Draft()
    path = write("a", "first")
    draft.add_file(path, "a")

    class Slow(Store):
        def upload(self, sources, **how):
            path.write_text("later")
            return super().upload(sources, **how)

    with pytest.raises(Conflict):
        draft.stored(Slow(f"file://{tmp_path}/store"))


def test_a_small_file_may_be_written_to_as_soon_as_it_is_added(store, write):
    draft = Draft()
    for n in range(3):
        draft.add_file(write("figure.png", f"figure {n}"), f"{n}.png")
    write("figure.png", "another")

    stored = draft.stored(store)

    assert [store.read(one.digest) for one in stored] == [b"figure 0", b"figure 1", b"figure 2"]


def test_what_is_held_may_be_written_to(large, store, write):
    draft = Draft()
    paths = [write(name, name) for name in "abc"]
    for path in paths[:2]:
        draft.add_file(path, path.name)
    lasting = draft.add_file(paths[2], "c", lasting=True)

    draft.hold()
    paths[0].write_text("later")
    paths[1].unlink()

    assert {one.path: store.read(one.digest) for one in draft.stored(store)} == {
        "a": b"a",
        "b": b"b",
        "c": b"c",
    }
    assert draft.items["c"] is lasting


def test_what_was_changed_before_it_is_held_is_a_conflict(large, write):
    draft = Draft()
    path = write("a", "first")
    draft.add_file(path, "a")
    path.write_text("second")

    with pytest.raises(Conflict):
        draft.hold()


def test_the_same_content_may_be_added_twice_and_other_content_may_not(write):
    draft = Draft([entry("kept", "kept")])
    draft.add_file(write("a", "one"), "x")
    draft.add_file(write("b", "one"), "x")
    draft.add_file(write("c", "kept"), "kept")

    with pytest.raises(UsageError, match="Cannot add the same path twice: 'x'"):
        draft.add_file(write("d", "two"), "x")
    assert draft.items["x"].origin.name == "b"

    draft.add_file(write("d", "two"), "x", overwrite=True)
    assert draft.items["x"].origin.name == "d"


def test_directories_merge_only_if_that_is_wanted(write):
    draft = Draft()
    draft.add_directory(write("one/a", "1").parent)
    other = write("two/a", "2").parent
    write("two/b", "new")

    with pytest.raises(ValueError, match="'a'"):
        draft.add_directory(other)
    draft.add_directory(other, overwrite=True)

    assert {path: one.local.read_text() for path, one in draft.items.items()} == {"a": "2", "b": "new"}


def test_what_is_no_file_or_directory(write, tmp_path):
    draft = Draft()
    with pytest.raises(ValueError, match="Path is not a file"):
        draft.add_file(tmp_path, "x")
    with pytest.raises(ValueError, match="Path is not a file"):
        draft.add_file(tmp_path / "absent", "x")
    with pytest.raises(ValueError, match="Path is not a directory"):
        draft.add_directory(write("a", "1"))
    assert not draft.items


@pytest.mark.parametrize("path", ["/abs", "../up", "a/../b", "a\\b", ".git/config", "a\nb", "."])
def test_paths_that_no_list_may_hold(write, path):
    with pytest.raises(ValueError, match="path"):
        Draft().add_file(write("a", "1"), path)


@pytest.fixture
def snapshot(write, tmp_path):
    """A directory as caches of models have it: everything in it is a link."""
    top = tmp_path / "snapshot"
    (top / "tokenizer").mkdir(parents=True)
    (top / "model.bin").symlink_to(write("blobs/1", "weights"))
    (top / "tokenizer/vocabulary").symlink_to("../../work/blobs/2")
    write("blobs/2", "words")
    return top


def test_symbolic_links_are_followed(snapshot, store):
    (snapshot / "again").symlink_to("tokenizer", target_is_directory=True)
    draft = Draft()
    draft.add_file(snapshot / "model.bin", "first")
    draft.add_directory(snapshot)

    assert {one.path: store.read(one.digest) for one in draft.stored(store)} == {
        "first": b"weights",
        "model.bin": b"weights",
        "again/vocabulary": b"words",
        "tokenizer/vocabulary": b"words",
    }


@pytest.mark.parametrize(
    ("leads_to", "said"), [("..", "into what it is in"), ("nowhere", "leads nowhere"), ("loop", "neither")]
)
def test_links_that_can_not_be_followed(snapshot, leads_to, said):
    (snapshot / "tokenizer" / "loop").symlink_to(leads_to)
    draft = Draft()

    with pytest.raises(UsageError, match=said) as refused:
        draft.add_directory(snapshot)

    assert refused.value.where.endswith("tokenizer/loop")
    assert not draft.items


def test_what_is_neither_file_nor_directory_is_refused(snapshot):
    os.mkfifo(snapshot / "pipe")

    with pytest.raises(UsageError, match="neither a file nor a directory"):
        Draft().add_directory(snapshot)


def test_a_directory_may_be_thrown_away_as_soon_as_it_is_added(snapshot, store, tmp_path):
    draft = Draft()
    draft.add_directory(snapshot)

    shutil.rmtree(snapshot)
    shutil.rmtree(tmp_path / "work")

    assert {store.read(one.digest) for one in draft.stored(store)} == {b"weights", b"words"}


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 80))
def test_the_smallest_files_of_a_directory_are_copied(sizes, most):
    with tempfile.TemporaryDirectory() as top, pytest.MonkeyPatch.context() as patched:
        patched.setattr(drafting, "_SMALL_TOGETHER", most)
        for at, size in enumerate(sizes):
            (Path(top) / str(at)).write_bytes(b"x" * size)
        draft = Draft()
        draft.add_directory(Path(top))

    copied = [one.size for one in draft.items.values() if one.lasting]
    left = [one.size for one in draft.items.values() if not one.lasting]
    assert sum(copied) <= most
    assert max(copied, default=0) <= min(left, default=40)
    assert not left or sum(copied) + min(left) > most


def test_a_path_is_not_a_file_and_a_directory(store, write, tmp_path):
    draft = Draft([entry("a/b/c", size=4)])
    draft.add_file(write("x", "1"), "a")

    with pytest.raises(InvalidDocument, match="'a' is a file, and 'a/b/c' would be in it"):
        draft.stored(store)
    assert not (tmp_path / "store").exists()


def test_files_and_whole_directories_are_removed():
    draft = Draft([entry(path) for path in ("a", "data/x", "data/y/z", "database")])

    draft.remove("./a")
    draft.remove("data/")

    assert list(draft.items) == ["database"]
    with pytest.raises(NotFound, match="'data'"):
        draft.remove("data")


def test_its_room_goes_with_it():
    draft = Draft()
    room = draft.room()
    assert room.is_dir()
    assert draft.room() == room

    del draft

    assert not room.exists()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_process_does_not_take_its_parents_files():
    draft = Draft()
    room = draft.room()
    child = os.fork()
    if child == 0:
        del draft
        os._exit(0)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert room.is_dir()


def test_a_blob_is_no_reference():
    value = Digest.of(b"x").value
    blob = FileEntry(path="x", digest=Digest.of(b"x"), uri=f"s3://a/sha256/{value[:2]}/{value}")

    assert not is_reference(blob)
    assert is_reference(FileEntry(path="x", digest=Digest.of(b"x"), uri="s3://raw/x"))
    assert is_reference(FileEntry(path="x", digest=Digest("etag", value), uri=blob.uri))


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.binary(max_size=2)), max_size=12))
def test_a_draft_holds_what_was_added_last_and_not_removed(steps):
    draft, model = Draft(), {}
    for path, is_added, data in steps:
        if is_added:
            draft.put(
                FileEntry(path=path, size=len(data), digest=Digest.of(data), uri="s3://x/y"), overwrite=True
            )
            model[path] = Digest.of(data)
        elif path in model:
            draft.remove(path)
            del model[path]

    assert {path: one.digest for path, one in draft.items.items()} == model
    assert draft.digest() == list_digest((path, digest, "") for path, digest in model.items())
