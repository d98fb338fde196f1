"""A commit's tree, the same with changes laid over it, and files on disk: one interface, one truth."""

import gc
import re
import weakref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sdk.desk import Clock

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.disk import DiskTree
from git_registry.catalog.overlay import Overlay
from git_registry.catalog.tree import CommitTree
from git_registry.catalog.wellformed import every_path
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.organization import Organization
from git_registry.model.edits.change import Kept
from git_registry.model.snapshot import DIRECTORY, REGULAR
from git_registry.repository.hashing import blob_id
from git_registry.repository.repository import Repository
from git_registry.repository.writing import Writer

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, st.sampled_from([b"one", b"two", b"three"]), max_size=8)
CHANGES = st.dictionaries(PATHS, st.sampled_from([b"one", b"two", b"new", None]), max_size=8)


def without_clashes(files):
    """Leave out what would be a file and a directory at once."""
    return {
        path: content
        for path, content in files.items()
        if not any(other.startswith(f"{path}/") for other in files)
    }


def listed(tree):
    """Return every path with its mode and content."""
    return {
        path: (tree.entries(path.rpartition("/")[0])[path.rpartition("/")[2]].mode, tree.content(path))
        for path in every_path(tree)
    }


def sensible(files, changes):
    """Whether no path is to be a file and a directory, and no directory is to be removed as a file."""
    after = {p: c for p, c in {**files, **changes}.items() if c is not None}
    gone = {p: b"" for p, c in changes.items() if c is None}
    return all(without_clashes(some) == some for some in (after, {**files, **gone}, {**after, **gone}))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(files=FILES.map(without_clashes), first=CHANGES, second=CHANGES)
def test_laying_changes_over_a_tree_is_the_same_as_committing_them(make, files, first, second):
    if not sensible(files, first) or not sensible({**files, **first}, second):
        return
    with Writer(make) as writer, make.reader() as reader:
        below = CommitTree(reader, writer.tree(None, files))
        overlay = Overlay(below)
        overlay.lay(first)
        listed(overlay)
        overlay.lay(second)

        written = CommitTree(reader, writer.tree(writer.tree(None, files), overlay.changes))

        assert listed(overlay) == listed(written)
        for directory in ("", "a", "a/b", "c"):
            assert overlay.entries(directory).keys() == written.entries(directory).keys()
        assert all(listed(below).get(p) != (REGULAR, c) for p, c in overlay.changes.items())


@pytest.fixture
def make(make_repository):
    return Repository.open(make_repository("law"))


def test_what_is_laid_back_as_it_was_is_no_change(desk):
    with desk.open() as catalog:
        tree = catalog.tree(catalog.tip())
        overlay = Overlay(tree)

        overlay.lay({"organization.yaml": None, "new": b"x"})
        overlay.lay({"organization.yaml": tree.content("organization.yaml"), "new": None})

        assert overlay.changes == {}


def test_content_can_be_put_elsewhere_unread(desk):
    with desk.open() as catalog:
        tree = catalog.tree(catalog.tip())
        overlay = Overlay(tree)

        overlay.lay({"copy.yaml": Kept(tree.entries("")["organization.yaml"].id)})

        assert overlay.document("copy.yaml", Organization).name == "acme"
        assert overlay.content("copy.yaml") == tree.content("organization.yaml")


def test_an_overlaid_document_is_read_as_it_will_be(desk):
    with desk.open() as catalog:
        overlay = Overlay(catalog.tree(catalog.tip()))
        overlay.lay({"model/churn/collection.yaml": Collection(type="model", title="One")})
        assert overlay.document("model/churn/collection.yaml", Collection).title == "One"

        overlay.lay({"model/churn/collection.yaml": Collection(type="model", title="Two")})

        assert overlay.document("model/churn/collection.yaml", Collection).title == "Two"
        assert overlay.entries("model")["churn"].mode == DIRECTORY


def test_a_removed_file_is_gone(desk):
    with desk.open() as catalog:
        overlay = Overlay(catalog.tree(catalog.tip()))

        overlay.lay({"model/registry.yaml": None})

        assert overlay.entries("model") == {}
        assert "model" not in overlay.entries("")
        with pytest.raises(NotFound, match="there is no such file"):
            overlay.content("model/registry.yaml")


HAND_WRITTEN = "# ours\nformat: 1\ntype: model # of course\n"


def test_comments_are_not_dropped_unasked(desk, git):
    git(desk.path, "rm", "-q", "--cached", "-r", "model")
    (desk.path / "model/churn").mkdir()
    (desk.path / "model/churn/collection.yaml").write_text(HAND_WRITTEN)
    git(desk.path, "add", "model")
    git(desk.path, "commit", "-q", "-m", "By hand")

    with desk.open() as catalog:
        tree = catalog.tree(catalog.tip())
        with pytest.raises(UsageError) as refused:
            Overlay(tree).lay({"model/churn/collection.yaml": Collection(type="model", title="Churn")})
        dropping = Overlay(tree, drop_comments=True)
        dropping.lay({"model/churn/collection.yaml": Collection(type="model", title="Churn")})

    assert re.search(r"model/churn/collection\.yaml: .* comments.* line 1", str(refused.value))
    assert "format: 1\ntype: model\ntitle: Churn\n" in refused.value.hint
    assert dropping.content("model/churn/collection.yaml") == b"format: 1\ntype: model\ntitle: Churn\n"


def test_a_tree_is_read_through_git_once(desk, monkeypatch):
    with desk.open() as catalog:
        tree = catalog.tree(catalog.tip())
        asked = []
        blob = catalog.reader.blob
        monkeypatch.setattr(catalog.reader, "blob", lambda *a, **o: asked.append(a) or blob(*a, **o))

        for _ in range(3):
            tree.document("organization.yaml", Organization)

        assert len(asked) == 1


def test_only_plain_files_are_read(desk, git):
    (desk.path / "model/registry.yaml").unlink()
    (desk.path / "model/registry.yaml").symlink_to("/etc/passwd")
    git(desk.path, "commit", "-q", "-a", "-m", "A link")

    with desk.open() as catalog, pytest.raises(InvalidDocument, match="expected a plain file"):
        catalog.tree(catalog.tip()).content("model/registry.yaml")


def test_a_large_file_is_not_read(desk, git):
    (desk.path / "model/registry.yaml").write_text("#" * 300_000)
    git(desk.path, "commit", "-q", "-a", "-m", "Large")

    with desk.open() as catalog, pytest.raises(InvalidDocument, match="300000 bytes") as refused:
        catalog.tree(catalog.tip()).content("model/registry.yaml")
    assert refused.value.where == "model/registry.yaml"
    with pytest.raises(InvalidDocument, match="larger than 262144"):
        DiskTree(desk.path).content("model/registry.yaml")


def test_the_files_on_disk_are_the_commits(desk):
    desk.link({"a": "1", "b/c": "2"}, aliases=["production"], tags=["eu"])
    with desk.open() as catalog:
        tree = catalog.tree(catalog.tip())

        assert listed(DiskTree(desk.path)) == listed(tree)


def test_on_disk_only_registries_count_and_nothing_is_followed_out(desk, tmp_path):
    (desk.path / "venv/bin").mkdir(parents=True)
    (desk.path / "venv/bin/python").write_text("large")
    (desk.path / "model/churn").symlink_to(tmp_path)
    (desk.path / "model/sub/.git").mkdir(parents=True)
    disk = DiskTree(desk.path)

    assert set(disk.entries("")) == {".gitattributes", "organization.yaml", "model", "dataset"}
    assert disk.entries("model")["churn"].mode == 0o120000
    assert disk.entries("model")["churn"].id == blob_id(str(tmp_path).encode())
    assert disk.entries("model")["sub"].mode == 0o160000
    assert disk.entries("nowhere") == {}
    with pytest.raises(NotFound):
        disk.content("model/nothing.yaml")


def test_an_executable_and_a_pipe_on_disk_are_what_they_are(desk):
    import os

    (desk.path / "model/run").write_text("#!/bin/sh\n")
    (desk.path / "model/run").chmod(0o755)
    os.mkfifo(desk.path / "model/pipe")

    entries = DiskTree(desk.path).entries("model")

    assert entries["run"].mode == 0o100755
    assert entries["pipe"].id.startswith("unread")


def test_a_tree_of_nothing_is_empty(make):
    with make.reader() as reader:
        assert CommitTree(reader, None).entries("") == {}
        assert CommitTree(reader, None).entries("model/churn") == {}


def test_a_catalog_says_when_there_is_nothing_yet(make):
    with Catalog(repository=make, branch="main", clock=Clock()) as catalog:
        assert catalog.tip() is None
        with pytest.raises(NotFound, match="the branch main has no commits yet"):
            catalog.now()


def test_a_closed_catalog_opens_again(desk):
    with desk.open() as catalog:
        catalog.now().organization()
    assert catalog.now().organization().name == "acme"
    catalog.close()


def test_a_process_that_writes_all_day_does_not_remember_every_tree(desk):
    with desk.open() as catalog:
        first = weakref.ref(catalog.tree(catalog.tip()))
        assert catalog.tree(catalog.tip()) is first()

        for number in range(20):
            desk.link(str(number))
            catalog.now().organization()

        gc.collect()
        assert first() is None
