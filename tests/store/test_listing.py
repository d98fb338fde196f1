"""What lies below a prefix, and no more of it than is asked for."""

from __future__ import annotations

import uuid
from itertools import islice

import pytest

from git_registry.errors import UsageError
from git_registry.store.filesystem import connect
from git_registry.store.listing import objects
from git_registry.store.reference import describe

from .conftest import KEYS
from .test_reference import FILES, put


@pytest.fixture(params=["memory", "s3"])
def place(request):
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}"
    return request.getfixturevalue("bucket")


@pytest.fixture
def asked(monkeypatch):
    """Which S3 calls were made."""
    import s3fs

    calls: list[str] = []
    call = s3fs.S3FileSystem.call_s3

    def noted(self, method, *args, **kwargs):
        calls.append(method)
        return call(self, method, *args, **kwargs)

    monkeypatch.setattr(s3fs.S3FileSystem, "call_s3", noted)
    return calls


def test_it_finds_what_fsspec_finds(place):
    put(f"{place}/raw", {**FILES, "deep/er/c": b"", "deeper": b"", "deep/b b": b"", "ü/#1?": b""})
    put(f"{place}/raw2", {"other": b""})
    remote = connect(place)

    for uri in (f"{place}/raw", f"{place}/raw/", f"{place}/raw/deep", place):
        path = remote.path(uri)
        listed = {f"{path}/{below}": info["size"] for below, info in objects(remote, path)}
        assert listed == {
            name: info["size"]
            for name, info in remote.fs.find(path, detail=True).items()
            if info["type"] == "file"
        }


def test_there_is_nothing(place):
    put(f"{place}/raw", FILES)
    remote = connect(place)

    assert list(objects(remote, remote.path(f"{place}/ra"))) == []


@pytest.fixture(scope="module")
def full(s3_endpoint):
    """The URI of one object more than a page has."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": s3_endpoint}.items():
            patch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem.clear_instance_cache()
        name = f"bucket-{uuid.uuid4().hex[:12]}"
        s3fs.S3FileSystem().mkdir(name)
        put(f"s3://{name}/raw", {f"{number:04}": b"" for number in range(1_001)})
        s3fs.S3FileSystem.clear_instance_cache()
    return f"s3://{name}/raw"


def test_pages_follow_one_another_only_while_somebody_reads(full, s3_environment, asked):
    remote = connect(full)

    first = list(islice(objects(remote, remote.path(full)), 1_000))
    assert asked == ["list_objects_v2"]
    every = list(objects(remote, remote.path(full)))

    assert asked == ["list_objects_v2"] * 3
    assert [below for below, _ in every] == [f"{number:04}" for number in range(1_001)]
    assert every[:1_000] == first


def test_too_many_are_refused_before_all_are_listed(full, s3_environment, asked):

    with pytest.raises(UsageError, match="more than 3 objects"):
        describe(full, max_objects=3, checksum=True)

    assert asked == ["list_objects_v2"]


def test_directories_are_listed_only_while_somebody_reads(monkeypatch):
    place = f"memory://{uuid.uuid4().hex}"
    put(place, {f"{number}/x": b"" for number in range(100)})
    remote = connect(place)
    listed: list[str] = []
    ls = type(remote.fs).ls

    def noted(self, path, *args, **kwargs):
        listed.append(path)
        return ls(self, path, *args, **kwargs)

    monkeypatch.setattr(type(remote.fs), "ls", noted)

    assert len(list(islice(objects(remote, remote.path(place)), 2))) == 2
    assert len(listed) == 3
