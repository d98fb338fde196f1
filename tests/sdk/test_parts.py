"""Distributed versions: many workers, one list of files."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import Conflict, InvalidDocument, NotFound, StoreError, UsageError
from git_registry.model.digest import Digest
from git_registry.model.documents.organization import Organization
from git_registry.sdk import parts as module
from git_registry.sdk.blobs import Blobs
from git_registry.sdk.parts import add_part, drop_parts, parts
from git_registry.store.blobs import Stored

ABOUT = {"artifact": "features", "type": "dataset"}


def at(store):
    return Blobs(Organization(name="acme", store=store, admins=()))


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


def file(path, content="", uri=""):
    digest = Digest.of(content.encode())
    return Stored(path=path, size=len(content), digest=digest, uri=uri or f"s3://b/{digest.value}")


def weak(path, digest="etag:1", uri="s3://raw/x", size=None):
    return Stored(path=path, size=size, digest=Digest.parse(digest), uri=uri)


def place(where, worker="w1") -> Path:
    return Path(f"{where.store.uri.removeprefix('file://')}/drafts/train/{worker}.jsonl")


def test_the_files_of_all_workers_are_one_list(where):
    add_part(where, "train", "w2", [file("é"), file("b", "2")], ABOUT)
    add_part(where, "train", "w1", [weak("c"), file("a", "1")], ABOUT)
    add_part(where, "train", "w3", [], ABOUT)
    add_part(where, "other", "w1", [file("z")], ABOUT)

    found = parts(where, "train")

    assert found.workers == ("w1", "w2", "w3")
    assert found.about == ABOUT
    assert found.stored == (file("a", "1"), file("b", "2"), weak("c"), file("é"))


def test_a_worker_that_adds_again_replaces_its_part(where):
    add_part(where, "train", "w1", [file("a"), file("b")])
    add_part(where, "train", "w1", [file("c")])

    assert [one.path for one in parts(where, "train").stored] == ["c"]


def test_parts_are_dropped(where):
    add_part(where, "train", "w1", [file("a")])

    drop_parts(where, "train")

    with pytest.raises(NotFound, match="nothing was added to a version 'train'"):
        parts(where, "train")
    drop_parts(where, "train")


def test_the_same_file_from_two_workers_is_one(near):
    add_part(near, "train", "w1", [file("a", uri="s3://b/one"), weak("x")])
    add_part(near, "train", "w2", [file("a", uri="s3://b/two"), weak("x")])

    assert parts(near, "train").stored == (file("a", uri="s3://b/one"), weak("x"))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (file("a", "1"), file("a", "2")),
        (file("a", "1"), weak("a")),
        (weak("a"), weak("a", "etag:2")),
        (weak("a"), weak("a", uri="s3://raw/y")),
    ],
)
def test_another_file_of_the_same_path_names_both_workers(near, one, two):
    add_part(near, "train", "w1", [one])
    add_part(near, "train", "w2", [two])

    with pytest.raises(Conflict, match="the workers w1 and w2 added different files as 'a'"):
        parts(near, "train")


def test_a_file_below_another_workers_file_names_both(near):
    add_part(near, "train", "w1", [file("x/data/a")])
    add_part(near, "train", "w2", [file("x/data"), file("x/data-2")])

    with pytest.raises(
        Conflict, match="the worker w2 added a file 'x/data', and w1 one below it, 'x/data/a'"
    ):
        parts(near, "train")


@pytest.mark.parametrize("other", [{**ABOUT, "type": "model"}, {"artifact": "features"}, {**ABOUT, "z": ""}])
def test_workers_that_do_not_agree_what_it_is(near, other):
    add_part(near, "train", "w1", [], ABOUT)
    add_part(near, "train", "w2", [], other)

    with pytest.raises(Conflict, match=r"the workers w1 and w2 do not agree about its (type|z)"):
        parts(near, "train")


@pytest.mark.parametrize("name", ["", "..", "a/b", "../x", "x" * 129, "a b", ".hidden", "con"])
def test_ids_are_names(near, name):
    for call in (
        lambda: add_part(near, name, "w1", []),
        lambda: add_part(near, "train", name, []),
        lambda: parts(near, name),
        lambda: drop_parts(near, name),
    ):
        with pytest.raises(UsageError):
            call()
    assert not Path(near.store.uri.removeprefix("file://")).exists()


@pytest.mark.parametrize("stored", [[file("../a")], [file("a"), file("a", "2")]])
def test_nothing_is_added_that_no_list_may_hold(near, stored):
    with pytest.raises(InvalidDocument):
        add_part(near, "train", "w1", stored)
    assert not place(near).exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-2],
        lambda data: data[: data.rindex(b"\n", 0, -1) + 1],
        lambda data: data + data.splitlines(keepends=True)[-1].replace(b'"b"', b'"c"'),
        lambda data: data.replace(b'"w1"', b'"w2"'),
        lambda data: data.replace(b'"size":1', b'"size":"1"'),
        lambda data: b"[" * 100_000 + data,
        lambda data: b'{"about": 7}\n' + data,
        lambda data: b"\xff" + data,
    ],
)
def test_a_damaged_part_is_told(near, damage):
    add_part(near, "train", "w1", [file("a", "1"), file("b", "2")])
    place(near).write_bytes(damage(place(near).read_bytes()))

    with pytest.raises(InvalidDocument) as told:
        parts(near, "train")

    assert "drafts/train/w1.jsonl" in str(told.value)


def test_the_list_cut_at_a_line_is_told_with_what_to_do(near):
    add_part(near, "train", "w1", [file("a"), file("b")])
    place(near).write_bytes(b"".join(place(near).read_bytes().splitlines(keepends=True)[:2]))

    with pytest.raises(InvalidDocument, match="damaged") as told:
        parts(near, "train")

    assert told.value.hint == "let the worker w1 add its part again"


def test_parts_are_bounded(near, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_PART", 600)
    with pytest.raises(StoreError, match="more than 600"):
        add_part(near, "train", "w1", [file("a"), file("b"), file("c")])

    add_part(near, "train", "w1", [file("a")])
    add_part(near, "train", "w2", [file("b")])
    monkeypatch.setattr(module, "LARGEST_LIST", 600)
    with pytest.raises(StoreError, match="more than 600"):
        parts(near, "train")


@given(st.dictionaries(st.text("abc/", min_size=1), st.sampled_from("123")), st.integers(1, 4))
def test_who_adds_what_does_not_matter(files, workers):
    listed = [file(path, content) for path, content in files.items() if _allowed(path, files)]
    where = at(f"memory://{uuid.uuid4().hex}")

    for number in range(workers):
        add_part(where, "x", f"w{number}", listed[number::workers])

    assert parts(where, "x").stored == tuple(sorted(listed, key=lambda one: one.path))


def _allowed(path, files):
    return all(path.split("/")) and not any(path.startswith(f"{other}/") for other in files)
