"""The work tree as a tree: nothing is followed out of it, and what can't be read is said, not raised."""

import os
from pathlib import Path

import pytest

from git_registry import codec
from git_registry.catalog.disk import DiskTree
from git_registry.errors import InvalidDocument, NotFound
from git_registry.model.documents.collection import Collection
from git_registry.model.snapshot import REGULAR
from git_registry.sdk.checking import check

COLLECTION = "model/churn/collection.yaml"
SECRET = "hunter2"


@pytest.fixture
def outside(tmp_path):
    """A directory beside the work tree with a file nobody may be shown."""
    place = tmp_path / "secret"
    (place / "churn").mkdir(parents=True)
    for name in ("key", "collection.yaml", "churn/collection.yaml"):
        (place / name).write_text(f"{SECRET}\n")
    return place


def said(desk):
    return [f"{problem} {problem.hint}" for problem in desk(check)]


def test_a_link_out_of_the_work_tree_is_not_followed(desk, outside):
    desk.link("one")
    (desk.path / COLLECTION).unlink()
    (desk.path / COLLECTION).symlink_to(outside / "key")

    with pytest.raises(InvalidDocument, match="expected a plain file"):
        DiskTree(desk.path).content(COLLECTION)
    assert any("found mode 120000" in one for one in said(desk))
    assert SECRET not in "".join(said(desk))


@pytest.mark.parametrize("link", ["model", "model/churn"])
def test_nor_is_a_directory_above(desk, outside, link):
    (outside / "registry.yaml").write_text("format: 1\n")
    if link == "model":
        (desk.path / "model/registry.yaml").unlink()
        (desk.path / "model").rmdir()
    (desk.path / link).symlink_to(outside)
    disk = DiskTree(desk.path)

    assert disk.entries(link) == disk.entries(f"{link}/churn") == {}
    with pytest.raises(NotFound):
        disk.content(COLLECTION)
    assert SECRET not in "".join(said(desk))


def test_a_link_put_there_after_the_look_is_not_followed(desk, outside):
    desk.link("one")
    disk = DiskTree(desk.path)
    assert disk.entries("model/churn")["collection.yaml"].mode == REGULAR
    (desk.path / COLLECTION).unlink()
    (desk.path / COLLECTION).symlink_to(outside / "key")

    with pytest.raises(InvalidDocument, match="it can't be read"):
        disk.content(COLLECTION)


def test_a_pipe_is_no_document_and_nobody_waits_for_it(desk):
    desk.link("one")
    (desk.path / COLLECTION).unlink()
    os.mkfifo(desk.path / COLLECTION)

    with pytest.raises(InvalidDocument, match="expected a plain file"):
        DiskTree(desk.path).content(COLLECTION)
    assert any(one.startswith(f"{COLLECTION}: expected a plain file") for one in said(desk))


@pytest.fixture
def refusing(monkeypatch):
    """Let the system refuse to open or list what ends so, as it does to everybody but root."""

    def refuse(ending):
        for name in ("open", "listdir"):
            real = getattr(os, name)

            def asked(path, *args, real=real):
                if os.fspath(path).endswith(ending):
                    raise PermissionError(13, "Permission denied", str(path))
                return real(path, *args)

            monkeypatch.setattr(f"git_registry.catalog.disk.os.{name}", asked)

    return refuse


def test_a_file_nobody_may_open_is_a_mistake_of_its_own(desk, refusing):
    desk.link("one")
    refusing("collection.yaml")

    assert f"{COLLECTION}: it can't be read: Permission denied " in said(desk)


def test_a_directory_nobody_may_list_is_one_too(desk, refusing):
    desk.link("one")
    refusing("versions")

    assert "model/churn/versions: it can't be read: Permission denied " in said(desk)


def test_a_file_that_goes_while_one_looks_is_one_too(desk, monkeypatch):
    desk.link("one")
    disk = DiskTree(desk.path)
    disk.entries("model/churn")
    (desk.path / COLLECTION).unlink()

    with pytest.raises(InvalidDocument, match="it can't be read: No such file"):
        disk.content(COLLECTION)

    real = os.listdir
    monkeypatch.setattr("git_registry.catalog.disk.os.listdir", lambda place: [*real(place), "gone.yaml"])
    assert "gone.yaml" not in DiskTree(desk.path).entries("model")


def test_a_document_is_read_once(desk, monkeypatch):
    desk.link("one")
    read = []
    decode = codec.decode
    monkeypatch.setattr(codec, "decode", lambda *a, **o: read.append(o["where"]) or decode(*a, **o))
    disk = DiskTree(desk.path)

    assert disk.document(COLLECTION, Collection) is disk.document(COLLECTION, Collection)
    assert read == [COLLECTION]


def test_what_is_not_ours_is_not_read(desk, monkeypatch):
    desk.link("one")
    for name in ("data/x/big.bin", "model/big.bin", "model/churn/data/big.bin"):
        (desk.path / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.path / name).write_bytes(b"x" * 10)
    opened, listed = [], []
    real_open, real_list = os.open, os.listdir
    monkeypatch.setattr(
        "git_registry.catalog.disk.os.open", lambda p, *a: opened.append(Path(p).name) or real_open(p, *a)
    )
    monkeypatch.setattr(os, "listdir", lambda p: listed.append(Path(p)) or real_list(p))

    assert said(desk) == []
    assert "collection.yaml" in opened
    assert "big.bin" not in opened
    assert desk.path / "model/churn" in listed
    assert desk.path / "data" not in listed
