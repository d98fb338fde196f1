"""References under the names W&B gives them, known as well as their stores allow."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from tests.store.test_reference import put

from git_registry.catalog.projects import begun
from git_registry.errors import InvalidDocument, NotFound, Refused, StoreError, UsageError
from git_registry.model.digest import Digest
from git_registry.sdk.blobs import blobs
from git_registry.sdk.linking import Request, link_version
from git_registry.sdk.logged import Log, log
from git_registry.sdk.manifests import About
from git_registry.sdk.referring import refer
from git_registry.sdk.resolving import resolve
from git_registry.sdk.verifying import verify

from .desk import found
from .test_linking import allow

FILES = {"a": b"A", "deep/b": b"BB"}


@pytest.fixture
def raw(tmp_path):
    """Files on this machine, and the URI of their directory."""
    for path, data in FILES.items():
        (tmp_path / "raw" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw" / path).write_bytes(data)
    return f"file://{tmp_path}/raw"


@pytest.fixture
def where(desk, tmp_path):
    """The rules of an organization that allows this directory, and a place of which nothing is understood."""
    allow(desk, f"file://{tmp_path}/raw", "weird://vault", "memory://raw")
    return desk(blobs)


def named(stored):
    return [(one.path, one.uri.rpartition("/raw/")[2]) for one in stored]


def test_an_object_goes_by_its_base_name_or_the_name_given(where, raw):
    assert named(refer(where, f"{raw}/deep/b")) == [("b", "deep/b")]
    assert named(refer(where, f"{raw}/deep/b", "in/put.csv")) == [("in/put.csv", "deep/b")]


def test_what_is_below_a_prefix_lies_below_the_name_given(where, raw):
    assert named(refer(where, raw)) == [("a", "a"), ("deep/b", "deep/b")]
    assert named(refer(where, raw, "train//")) == [("train/a", "a"), ("train/deep/b", "deep/b")]
    assert named(refer(where, f"{raw}/deep", "b")) == [("b/b", "deep/b")]


def test_files_of_this_machine_are_read(where, raw):
    assert [one.digest for one in refer(where, raw)] == [Digest.of(b"A"), Digest.of(b"BB")]


def test_objects_are_known_by_what_their_store_says(desk, bucket):
    put(f"{bucket}/raw", FILES)
    allow(desk, f"{bucket}/raw")

    found = refer(desk(blobs), f"{bucket}/raw", "x")

    assert [(one.path, one.size, one.digest.algorithm) for one in found] == [
        ("x/a", 1, "etag"),
        ("x/deep/b", 2, "etag"),
    ]


def test_unasked_a_prefix_is_one_entry_known_by_its_address(where, raw):
    for name, path in ((None, "raw"), ("data", "data")):
        [one] = refer(where, f"{raw}/", name, checksum=False)
        assert (one.path, one.size, str(one.digest)) == (path, None, f"uri:{raw}/")
    assert refer(where, f"{raw}/not-even-there", checksum=False)


def test_a_scheme_nobody_understands_needs_a_name(where):
    with pytest.raises(UsageError, match="needs a name"):
        refer(where, "weird://vault/x")

    [one] = refer(where, "weird://vault/x", "x")

    assert (one.path, one.size, str(one.digest), one.uri) == (
        "x",
        None,
        "uri:weird://vault/x",
        "weird://vault/x",
    )


def test_what_nothing_identifies_is_known_by_its_address(where, monkeypatch):
    from fsspec.implementations.memory import MemoryFileSystem

    put("memory://raw", {"x": b"x"})
    info = MemoryFileSystem.info

    def undated(self, path, **kwargs):
        return {key: value for key, value in info(self, path, **kwargs).items() if key != "created"}

    monkeypatch.setattr(MemoryFileSystem, "info", undated)

    [one] = refer(where, "memory://raw/x")

    assert (one.size, str(one.digest)) == (1, "uri:memory://raw/x")


def test_too_many(where, raw):
    assert len(refer(where, raw, max_objects=2)) == 2
    with pytest.raises(UsageError, match="more than 1 objects"):
        refer(where, raw, max_objects=1)


@pytest.mark.parametrize("checksum", [True, False])
def test_what_the_organization_does_not_allow(where, checksum, tmp_path):
    for uri in ("memory://other/x", "s3://bucket/x", "weird://other/x", f"file://{tmp_path}/rawest"):
        with pytest.raises(Refused, match="allows no reading"):
            refer(where, uri, "x", checksum=checksum)


def test_trust_is_for_one_command(desk, raw):
    trusting = desk.allowing(trusted=[raw])

    assert refer(trusting(blobs), raw)

    assert not desk(blobs).organization.references
    with pytest.raises(Refused):
        refer(desk(blobs), raw)


def test_no_files_of_this_machine_where_the_store_is_elsewhere(tmp_path, raw):
    far = found(tmp_path / "far", f"memory://{uuid.uuid4().hex}")

    with pytest.raises(Refused, match="files of this machine"):
        refer(replace(far(blobs), trusted=(raw,)), raw, checksum=False)


@pytest.mark.parametrize("uri", ["raw/a", "/raw/a", "memory:/raw/a"])
def test_a_path_is_no_reference(where, uri):
    with pytest.raises(UsageError, match="a reference is a URI"):
        refer(where, uri)


def test_names_that_no_list_may_hold(where, raw):
    for name in ("../a", "/a", ".git/x"):
        with pytest.raises(InvalidDocument):
            refer(where, raw, name)
        with pytest.raises(InvalidDocument):
            refer(where, raw, name, checksum=False)


def test_nothing_there(where, raw):
    with pytest.raises(NotFound):
        refer(where, f"{raw}/nothing")


def test_an_address_is_neither_downloaded_nor_found_wrong(where, tmp_path):
    from git_registry.store.download import Wanted, download, download_file
    from git_registry.store.probing import Claim, probe, probe_sizes

    [one] = refer(where, "weird://vault/x", "x")
    wanted = Wanted(path=one.path, size=one.size, digest=one.digest, uri=one.uri)
    claim = Claim(digest=one.digest, size=one.size, uri=one.uri)

    with pytest.raises(StoreError, match="x is known by its address alone"):
        download([wanted], tmp_path / "out")
    with pytest.raises(StoreError, match="x is known by its address alone"):
        download_file(wanted, tmp_path / "x")
    for [answer] in (probe([claim]), probe_sizes([claim])):
        assert (answer.wrong, answer.unsaid) == ("", "content")
    assert not (tmp_path / "out").exists()


def test_an_address_is_logged_and_resolved_like_any_other(desk, where, raw):
    stored = [*refer(where, "weird://vault/x", "x"), *refer(where, f"{raw}/a")]

    with desk.open() as catalog:
        logged = log(begun(catalog, "train"), Log(about=About(artifact="raw", type="dataset")), stored)
    files = desk(resolve, "projects/train/raw:latest").files
    desk(link_version, "projects/train/raw:latest", "dataset/raw", Request())
    verified = desk(verify, "dataset/raw")

    assert logged.manifest.size == 1
    assert [(one.path, one.size, str(one.digest)) for one in files] == [
        ("a", 1, str(Digest.of(b"A"))),
        ("x", None, "uri:weird://vault/x"),
    ]
    assert verified.problems == ()
    assert [(one.path, one.problem) for one in verified.weak] == [("x", "uri")]
    assert verified.not_checked == ("the content of weird://vault/x, which its store does not tell",)
