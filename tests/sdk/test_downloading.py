"""Getting a version's bytes: verified, from where they may be read, all or nothing."""

import fsspec
import pytest

from git_registry.errors import Conflict, NotFound, Refused, StoreError
from git_registry.model.digest import Digest
from git_registry.sdk import linking
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.linking import Request
from git_registry.sdk.syncing import sync
from git_registry.store.cache import Cache

from .once import once
from .test_linking import allow, change

FILES = {"model.bin": "weights", "data/a.txt": "a", "data/b.txt": "b"}


def contents(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_text()
        for path in directory.rglob("*")
        if path.is_file()
    }


@once
def version(desk):
    return desk.link(FILES, aliases=["production"])


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_a_version_is_downloaded_whole(desk, version, out):
    done = desk(download, "model/churn:production", Wish(target=out))

    assert contents(out) == FILES
    assert done.target == out
    assert done.resolved.found.id == version.id
    assert len(done.files) == 3


def test_by_default_it_is_named_like_its_collection(desk, version, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    desk(download, "model/churn", Wish())
    desk(download, "model/churn", Wish(path="data/a.txt"))

    assert contents(tmp_path / "here") == {
        "a.txt": "a",
        **{f"churn/{path}": text for path, text in FILES.items()},
    }


def test_one_file_is_downloaded_by_its_path(desk, version, out):
    done = desk(download, "model/churn:production", Wish(target=out, path="data/b.txt"))

    assert out.read_text() == "b"
    assert len(done.files) == 1


def test_an_unknown_path_suggests_the_nearest(desk, version, out):
    with pytest.raises(NotFound, match=r"there is no file 'data/c\.txt' in it") as missing:
        desk(download, "model/churn:production", Wish(target=out, path="data/c.txt"))

    assert missing.value.where == f"model/churn@{version.id[:8]}"
    assert missing.value.hint in ("did you mean data/a.txt?", "did you mean data/b.txt?")
    assert not out.exists()


def test_a_target_that_is_there_is_left_alone(desk, version, out):
    out.mkdir()
    (out / "mine.txt").write_text("mine")

    with pytest.raises(Conflict):
        desk(download, "model/churn:production", Wish(target=out))

    assert contents(out) == {"mine.txt": "mine"}


def test_unless_told_otherwise_and_then_only_its_files_are_replaced(desk, version, out):
    (out / "data").mkdir(parents=True)
    (out / "mine.txt").write_text("mine")
    (out / "data/a.txt").write_text("old")

    desk(download, "model/churn:production", Wish(target=out, force=True))

    assert contents(out) == {**FILES, "mine.txt": "mine"}


def test_one_file_does_not_replace_another_unasked(desk, version, out):
    out.write_text("mine")
    wish = Wish(target=out, path="data/b.txt")

    with pytest.raises(Conflict):
        desk(download, "model/churn:production", wish)
    assert out.read_text() == "mine"
    desk(download, "model/churn:production", Wish(target=out, path="data/b.txt", force=True))

    assert out.read_text() == "b"


def corrupt(desk, text, instead):
    blob = desk.path.parent / "store/sha256"
    name = Digest.of(text.encode()).value
    place = blob / name[:2] / name
    place.chmod(0o644)
    place.write_text(instead)


def bare_of(out):
    return not out.exists() and not [one for one in out.parent.iterdir() if one.name.startswith(".out")]


def test_a_blob_that_grew_is_read_no_further_than_it_should_be(desk, version, out):
    corrupt(desk, "weights", "weights and more")

    with pytest.raises(StoreError, match="expected 7 bytes, found more") as refused:
        desk(download, "model/churn:production", Wish(target=out))

    assert refused.value.exit_code == 7
    assert bare_of(out)


@pytest.mark.parametrize("instead", ["weightz", ""])
def test_a_corrupted_blob_is_refused_with_both_digests(desk, version, out, instead):
    corrupt(desk, "weights", instead)

    with pytest.raises(StoreError) as refused:
        desk(download, "model/churn:production", Wish(target=out))

    said = str(refused.value) + refused.value.hint
    assert refused.value.exit_code == 7
    assert Digest.of(b"weights").value in said
    assert Digest.of(instead.encode()).value in said
    assert bare_of(out)


def test_a_missing_blob_is_named(desk, version, out):
    name = Digest.of(b"weights").value
    (desk.path.parent / "store/sha256" / name[:2] / name).unlink()

    with pytest.raises(StoreError, match=name):
        desk(download, "model/churn:production", Wish(target=out))

    assert not out.exists()


def test_a_long_list_is_read_from_the_store_and_verified(desk, out):
    files = {f"{n:03}": str(n) for n in range(101)}
    linked = desk.link(files)

    desk(download, "model/churn", Wish(target=out))
    assert contents(out) == files
    desk(download, "model/churn", Wish(target=out / "one", path="042"))
    assert (out / "one").read_text() == "42"

    listed = linked.manifest.file_list.digest
    place = desk.path.parent / "store/sha256" / listed.value[:2] / listed.value
    place.chmod(0o644)
    place.write_bytes(place.read_bytes().replace(b'"000"', b'"xxx"'))
    with pytest.raises(StoreError, match=listed.value):
        desk(download, "model/churn", Wish(target=out / "again"))


def test_an_empty_directory_and_an_empty_file_arrive(desk, tmp_path, out):
    (tmp_path / "empty").mkdir()
    desk(linking.link_files, tmp_path / "empty", "model/empty", Request())
    desk.link("")

    desk(download, "model/empty", Wish(target=out / "directory"))
    desk(download, "model/churn", Wish(target=out / "file"))

    assert (out / "directory").is_dir()
    assert contents(out) == {"file/model.bin": ""}


@once
def elsewhere(desk, tmp_path):
    """A version whose bytes are outside the store, linked while that was allowed."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.csv").write_text("a,b\n")
    allow(desk, f"file://{tmp_path}/raw")
    desk(linking.link_reference, f"file://{tmp_path}/raw", "dataset/raw", Request())
    return f"file://{tmp_path}/raw"


def test_a_reference_is_read_where_it_is(desk, elsewhere, out):
    desk(download, "dataset/raw", Wish(target=out))

    assert contents(out) == {"a.csv": "a,b\n"}


def test_a_reference_that_changed_since_is_refused(desk, elsewhere, out, tmp_path):
    (tmp_path / "raw/a.csv").write_text("a;b\n")

    with pytest.raises(StoreError):
        desk(download, "dataset/raw", Wish(target=out))
    assert not out.exists()


def test_what_is_no_longer_allowed_is_refused_by_name_unless_trusted(desk, elsewhere, out):
    allow(desk)

    with pytest.raises(Refused, match="the organization allows no reading from there") as refused:
        desk(download, "dataset/raw", Wish(target=out))
    assert refused.value.where == f"{elsewhere}/a.csv"
    assert "--trust-uri PREFIX" in refused.value.hint
    assert not out.exists()
    with pytest.raises(Refused):
        desk.allowing(trusted=(f"{elsewhere}2",))(download, "dataset/raw", Wish(target=out))

    desk.allowing(trusted=(elsewhere,))(download, "dataset/raw", Wish(target=out))

    assert contents(out) == {"a.csv": "a,b\n"}


def test_what_is_no_longer_allowed_but_in_the_store_too_is_read_from_there(desk, elsewhere, out, tmp_path):
    allow(desk)
    desk.link({"copy": "a,b\n"}, "dataset/copy")
    (tmp_path / "raw/a.csv").unlink()

    desk(download, "dataset/raw", Wish(target=out))

    assert contents(out) == {"a.csv": "a,b\n"}


def test_files_of_this_machine_are_not_read_for_a_store_elsewhere(desk, elsewhere, out):
    change(desk, store="memory://acme")

    with pytest.raises(Refused, match="files of this machine"):
        desk(download, "dataset/raw", Wish(target=out))


def test_what_may_be_read_is_what_the_upstream_says(desk, elsewhere, upstream, out, git):
    """A local commit, or a branch somebody proposed, can't send readers anywhere."""
    allow(desk)
    desk(sync)
    allow(desk, elsewhere)
    with pytest.raises(Refused):
        desk(download, "dataset/raw", Wish(target=out))

    git(desk.path, "switch", "-q", "-c", "proposal", "--no-track")
    with pytest.raises(Refused):
        desk(download, "dataset/raw", Wish(target=out))


def test_even_where_only_the_proposed_branch_was_cloned(desk, elsewhere, upstream, out, git, clone):
    allow(desk)
    desk(sync)
    git(desk.path, "switch", "-q", "-c", "proposal")
    allow(desk, elsewhere)
    git(desk.path, "push", "-q", "origin", "proposal")

    bob = clone("bob", "--branch=proposal")

    with pytest.raises(Refused):
        bob(download, "dataset/raw", Wish(target=out))


def test_a_moved_prefix_is_followed(desk, version, elsewhere, out, tmp_path):
    (tmp_path / "store").rename(tmp_path / "moved")
    (tmp_path / "raw").rename(tmp_path / "moved/raw")
    base = f"file://{tmp_path}"
    change(
        desk,
        store=f"{base}/moved",
        moved={f"{base}/store": f"{base}/moved", f"{base}/raw": f"{base}/moved/raw"},
    )

    desk(download, "model/churn:production", Wish(target=out / "a"))
    desk(download, "dataset/raw", Wish(target=out / "b"))

    assert contents(out / "a") == FILES
    assert contents(out / "b") == {"a.csv": "a,b\n"}


def test_a_prefix_moved_below_itself_is_followed_once(desk, elsewhere, out, tmp_path):
    (tmp_path / "raw/archive").mkdir()
    (tmp_path / "raw/a.csv").rename(tmp_path / "raw/archive/a.csv")
    change(desk, moved={elsewhere: f"{elsewhere}/archive"})

    desk(download, "dataset/raw", Wish(target=out / "whole"))
    desk(download, "dataset/raw", Wish(target=out / "a.csv", path="a.csv"))

    assert (out / "a.csv").read_text() == (out / "whole/a.csv").read_text() == "a,b\n"


def test_a_remote_store_is_read_once_through_the_cache(desk, out, tmp_path):
    change(desk, store="memory://acme-cached")
    desk.link("cached")
    cache = Cache(tmp_path / "cache")

    desk(download, "model/churn", Wish(target=out / "a"), cache=cache)
    assert cache.find(Digest.of(b"cached"))
    fsspec.filesystem("memory").rm("/acme-cached", recursive=True)
    desk(download, "model/churn", Wish(target=out / "b"), cache=cache)

    assert (out / "b/model.bin").read_text() == "cached"


def test_a_damaged_cache_harms_nothing(desk, out, tmp_path):
    change(desk, store="memory://acme-damaged")
    desk.link("cached")
    cache = Cache(tmp_path / "cache")
    desk(download, "model/churn", Wish(target=out / "a"), cache=cache)
    cache.find(Digest.of(b"cached")).write_text("damage")

    desk(download, "model/churn", Wish(target=out / "b"), cache=cache)

    assert (out / "b/model.bin").read_text() == "cached"
